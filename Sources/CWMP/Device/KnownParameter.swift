package import Net

/// What is known of one parameter or object of a router's data model.
package struct KnownParameter: Hashable, Sendable, Codable {
  /// The full path; an object's ends in a dot.
  package let path: String
  /// Nil where the router has not said it. Of an object: whether instances can be added.
  package var isWritable: Bool?
  package var type: ValueType?
  /// Nil where it has not been read, and for objects.
  package var value: String?
  /// 0 to 6, see ``Notification``; nil where it has not been read.
  package var notification: Int?
  /// When the router last told of it.
  package var seen: Timestamp

  package init(
    path: String, isWritable: Bool? = nil, type: ValueType? = nil, value: String? = nil, notification: Int? = nil,
    seen: Timestamp
  ) {
    self.path = path
    self.isWritable = isWritable
    self.type = type
    self.value = value
    self.notification = notification
    self.seen = seen
  }

  /// A longer value is cut to so many characters.
  package static let valueLimit = 4096
}
