/// How much of a document is read: each limit is a number, and a document that exceeds one is refused.
package struct XMLLimits: Hashable, Sendable {
  /// Bytes of the document as it came.
  package var bytes: Int
  /// Elements within each other.
  package var depth: Int
  /// Elements in all.
  package var elements: Int
  /// Attributes of one element, its namespace declarations included.
  package var attributes: Int
  /// Names, prefixes and namespaces that differ.
  package var names: Int

  /// The defaults take an answer with the whole data model of a large CPE: 8 MiB with about 80,000 parameters.
  package init(
    bytes: Int = 8 << 20, depth: Int = 64, elements: Int = 262_144, attributes: Int = 64, names: Int = 250
  ) {
    self.bytes = bytes
    self.depth = depth
    self.elements = elements
    self.attributes = attributes
    self.names = names
  }
}
