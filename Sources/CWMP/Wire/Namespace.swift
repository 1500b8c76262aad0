/// The namespace of CWMP's elements, `urn:dslforum-org:cwmp-1-N`. Versions 1.2, 1.3 and 1.4 share N = 2; some CPEs write
/// 3 or 4 all the same. What a CPE sent is what its replies get.
package struct Namespace: Hashable, Sendable {
  /// N, 0 to 9.
  package let minor: Int

  private static let prefix = "urn:dslforum-org:cwmp-1-"

  package static let newest = Namespace(minor: 2)

  private init(minor: Int) {
    self.minor = minor
  }

  /// Nil where the text is no CWMP namespace of major version 1.
  package init?(urn: String) {
    guard urn.hasPrefix(Self.prefix), urn.utf8.count == Self.prefix.utf8.count + 1, let digit = urn.utf8.last,
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit)
    else { return nil }
    minor = Int(digit - UInt8(ascii: "0"))
  }

  package var urn: String { Self.prefix + String(minor) }

  package func has(_ method: Method) -> Bool { method.firstMinor <= minor }
}
