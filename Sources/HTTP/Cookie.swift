/// A cookie as a client returns it (RFC 6265 §4.2).
package struct Cookie: Hashable, Sendable {
  package let name: String
  package let value: String

  package init(name: String, value: String) {
    self.name = name
    self.value = value
  }

  /// At most so many pairs are read from a request.
  package static let maximumCount = 64

  /// Attributes of Set-Cookie and Cookie2 that some routers send back as if they were cookies.
  private static let attributes = [
    "path", "domain", "expires", "max-age", "version", "httponly", "secure", "samesite", "comment", "port",
  ]

  /// Reads the values of all Cookie fields. Routers join cookies by comma as well as by semicolon, quote their values,
  /// and return the attributes that came with them; those are left out. What has no name is skipped.
  package static func parse(_ values: [String]) -> [Cookie] {
    var cookies: [Cookie] = []
    for value in values {
      var scanner = FieldScanner(value)
      while !scanner.isAtEnd, cookies.count < maximumCount {
        scanner.skip { $0.isBlank || $0.isCookieSeparator }
        let name = scanner.take { $0 != UInt8(ascii: "=") && !$0.isCookieSeparator }.trimmed
        guard scanner.skip(UInt8(ascii: "=")) else { continue }
        scanner.skip(while: \.isBlank)
        let value: String
        if let quoted = scanner.takeQuoted() {
          value = quoted
          scanner.skip { !$0.isCookieSeparator }
        } else {
          value = scanner.take { !$0.isCookieSeparator }.trimmed
        }
        guard !name.isEmpty, !name.hasPrefix("$"), !attributes.contains(where: name.isSameIgnoringCase) else {
          continue
        }
        cookies.append(Cookie(name: name, value: value))
      }
    }
    return cookies
  }
}

/// A cookie as a server sets it (RFC 6265 §4.1).
package struct SetCookie: Hashable, Sendable {
  package var name: String
  package var value: String
  package var path: String?
  /// Seconds; 0 or less takes the cookie away. nil: until the client ends its session.
  package var maxAge: Int?
  package var isHTTPOnly: Bool
  package var isSecure: Bool

  /// Name and value are ours: letters, digits and other characters of a token.
  package init(
    name: String, value: String, path: String? = nil, maxAge: Int? = nil, isHTTPOnly: Bool = false,
    isSecure: Bool = false
  ) {
    precondition(!name.isEmpty && name.utf8.allSatisfy(\.isTokenCharacter), "a cookie's name is a token")
    precondition(value.utf8.allSatisfy { $0.isTokenCharacter || $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: "/") })
    self.name = name
    self.value = value
    self.path = path
    self.maxAge = maxAge
    self.isHTTPOnly = isHTTPOnly
    self.isSecure = isSecure
  }

  /// The value of the Set-Cookie field. Without attributes it is the bare pair, which the simplest clients understand.
  package var fieldValue: String {
    var text = "\(name)=\(value)"
    if let path { text += "; Path=\(path)" }
    if let maxAge { text += "; Max-Age=\(maxAge)" }
    if isHTTPOnly { text += "; HttpOnly" }
    if isSecure { text += "; Secure" }
    return text
  }
}

extension UInt8 {
  fileprivate var isCookieSeparator: Bool { self == UInt8(ascii: ";") || self == UInt8(ascii: ",") }
}
