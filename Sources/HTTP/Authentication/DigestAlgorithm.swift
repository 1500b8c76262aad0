/// The algorithms of digest authentication (RFC 7616 §3.3) that are spoken here.
package enum DigestAlgorithm: String, Hashable, Sendable, CaseIterable {
  case md5 = "MD5"
  /// The session variant, whose key also covers the first nonces.
  case md5Session = "MD5-sess"
  case sha256 = "SHA-256"
  case sha256Session = "SHA-256-sess"

  /// By its name, the case aside; nil for one that is not spoken.
  package init?(named name: String) {
    guard let algorithm = Self.allCases.first(where: { $0.rawValue.isSameIgnoringCase(as: name) }) else { return nil }
    self = algorithm
  }

  package var isSession: Bool { self == .md5Session || self == .sha256Session }

  /// Whether a ``DigestKey`` does for it.
  package var takesKey: Bool { self == .md5 || self == .md5Session }
}

/// The hash functions, which this part is given because it has none: bytes in, lower-case hexadecimal digits out.
package struct HashFunctions: Sendable {
  package typealias Function = @Sendable ([UInt8]) -> String

  package let md5: Function
  package let sha256: Function

  package init(md5: @escaping Function, sha256: @escaping Function) {
    self.md5 = md5
    self.sha256 = sha256
  }

  /// Of the parts with a colon between each two.
  func hash(_ parts: [String], with algorithm: DigestAlgorithm) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(parts.reduce(parts.count) { $0 + $1.utf8.count })
    for (number, part) in parts.enumerated() {
      if number > 0 { bytes.append(UInt8(ascii: ":")) }
      bytes.append(contentsOf: part.utf8)
    }
    return switch algorithm {
    case .md5, .md5Session: md5(bytes)
    case .sha256, .sha256Session: sha256(bytes)
    }
  }
}
