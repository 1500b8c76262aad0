/// The user name that a STUN client is given: of a multiple of four bytes, as RFC 3489 section 11.2.6 wants it. Some
/// clients do not fill up a name of another length, and one ends itself over it.
package enum STUNUsername {
  /// None that routers take off the end of a value, and none that a device's name has.
  private static let filling: Character = "="

  package static func padded(_ name: String) -> String {
    name + String(repeating: filling, count: STUNMessage.padding(of: name.utf8.count))
  }

  /// The name that ``padded(_:)`` was given.
  static func unpadded(_ name: String) -> String {
    guard name.utf8.count.isMultiple(of: 4) else { return name }
    let filled = name.suffix(3).reversed().prefix { $0 == filling }.count
    return String(name.dropLast(filled))
  }
}
