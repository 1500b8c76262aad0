/// The value of a Content-Type field (RFC 9110 §8.3): `text/xml; charset="utf-8"`.
package struct MediaType: Hashable, Sendable {
  /// `text/xml`, in lower case.
  package let name: String
  /// Where it names one, as it names it.
  package let charset: String?

  /// nil where there is no type to be read; a charset after an unreadable parameter is not found.
  package init?(_ fieldValue: String) {
    var scanner = FieldScanner(fieldValue)
    scanner.skip(while: \.isBlank)
    let name = scanner.take { $0.isTokenCharacter || $0 == UInt8(ascii: "/") }
    guard name.utf8.count(where: { $0 == UInt8(ascii: "/") }) == 1 else { return nil }
    self.name = String(decoding: name.utf8.map(\.lowercasedASCII), as: UTF8.self)

    var charset: String?
    while charset == nil, !scanner.isAtEnd {
      scanner.skip { $0.isBlank || $0 == UInt8(ascii: ";") }
      let parameter = scanner.take(while: \.isTokenCharacter)
      guard scanner.skip(UInt8(ascii: "=")) else { break }
      let value = scanner.takeQuoted() ?? scanner.take(while: \.isTokenCharacter)
      if parameter.isSameIgnoringCase(as: "charset"), !value.isEmpty { charset = value }
    }
    self.charset = charset
  }
}
