/// A name and password in the clear, but for base64 (RFC 7617).
package struct BasicCredentials: Hashable, Sendable {
  package let username: String
  package let password: String

  package init(username: String, password: String) {
    self.username = username
    self.password = password
  }

  /// Reads the value of an Authorization field. The name ends at the first colon; bytes that are not UTF-8 are refused.
  package init(authorization fieldValue: String) throws(AuthenticationError) {
    var scanner = FieldScanner(fieldValue)
    scanner.skip(while: \.isBlank)
    guard scanner.take(while: \.isTokenCharacter).isSameIgnoringCase(as: "Basic") else { throw .otherScheme }
    guard let bytes = Base64.decode(scanner.rest.trimmed), let colon = bytes.firstIndex(of: UInt8(ascii: ":")),
      let username = String(validating: bytes[..<colon], as: UTF8.self),
      let password = String(validating: bytes[(colon + 1)...], as: UTF8.self)
    else { throw .malformed(parameter: "credentials") }
    self.username = username
    self.password = password
  }

  /// The value of an Authorization field.
  package var authorization: String {
    "Basic " + Base64.encode(Array("\(username):\(password)".utf8))
  }

  /// Compared in a time that does not tell how much of the password is right.
  package func matches(username: String, password: String) -> Bool {
    let sameName = isEqualInConstantTime(Array(self.username.utf8), Array(username.utf8))
    let samePassword = isEqualInConstantTime(Array(self.password.utf8), Array(password.utf8))
    return sameName && samePassword
  }

  /// The value of the WWW-Authenticate field that asks for such credentials.
  package static func challenge(realm: String) -> String {
    "Basic realm=\(quoted(realm)), charset=\"UTF-8\""
  }
}
