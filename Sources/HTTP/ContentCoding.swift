/// A content coding (RFC 9110 §8.4.1) that we know: what was done to a body for its way.
package enum ContentCoding: String, Hashable, Sendable {
  /// RFC 1952. `x-gzip` means the same.
  case gzip
  /// RFC 1950, which says zlib; many clients send RFC 1951 without its wrapping.
  case deflate

  /// For the Accept-Encoding field of an answer: what requests may be coded with (RFC 9110 §15.5.16).
  package static let accepted = "gzip, x-gzip, deflate, identity"

  /// The coding of a message, nil where its body is as it is. One coding only: nobody sends two but to do harm.
  package init?(of headers: Headers) throws(UnknownContentCoding) {
    let named = headers.values(of: "Content-Encoding").flatMap(Self.members)
      .filter { !$0.isEmpty && !$0.isSameIgnoringCase(as: "identity") }
    guard let name = named.first else { return nil }
    guard named.count == 1, let coding = Self(name: name) else {
      throw UnknownContentCoding(name: named.joined(separator: ", "))
    }
    self = coding
  }

  /// Whether the client that sent these headers reads an answer in this coding, by its own word: a missing field is
  /// none (RFC 9110 §12.5.3).
  package func isAccepted(by headers: Headers) -> Bool {
    var others = false
    for member in headers.values(of: "Accept-Encoding").flatMap(Self.members) {
      let parts = member.split(separator: ";", maxSplits: 1)
      guard let name = parts.first.map(\.trimmed) else { continue }
      let isWanted = parts.count == 1 || !Self.isZero(quality: parts[1])
      if Self(name: name) == self { return isWanted }
      if name == "*" { others = isWanted }
    }
    return others
  }

  private init?(name: Substring) {
    if name.isSameIgnoringCase(as: "gzip") || name.isSameIgnoringCase(as: "x-gzip") {
      self = .gzip
    } else if name.isSameIgnoringCase(as: "deflate") {
      self = .deflate
    } else {
      return nil
    }
  }

  private static func members(_ value: String) -> [Substring] {
    value.split(separator: ",").map(\.trimmed)
  }

  /// `q=0`, `q=0.000`.
  private static func isZero(quality parameter: Substring) -> Bool {
    let text = parameter.trimmed
    guard text.prefix(2).isSameIgnoringCase(as: "q=") else { return false }
    return text.dropFirst(2).utf8.allSatisfy { $0 == UInt8(ascii: "0") || $0 == UInt8(ascii: ".") }
  }
}

/// A coding, or several, that we do not know.
package struct UnknownContentCoding: Error, Hashable, Sendable, CustomStringConvertible {
  package let name: String

  package init(name: String) {
    self.name = name
  }

  package var description: String { "bodies are not taken with the content coding \(name)" }
}
