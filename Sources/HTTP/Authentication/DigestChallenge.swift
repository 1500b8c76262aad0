/// What a server asks of a client that is to prove a password (RFC 7616 §3.3; RFC 2617 §3.2.1 without qop).
package struct DigestChallenge: Hashable, Sendable {
  package var realm: String
  package var nonce: String
  package var opaque: String?
  /// nil where it is not named, which means MD5.
  package var algorithm: DigestAlgorithm?
  /// The qualities of protection offered, `auth` among them or none at all.
  package var qop: [String]
  /// The last answer was right but for its nonce: try again with this one, without asking anyone for a password.
  package var isStale: Bool

  package init(
    realm: String, nonce: String, opaque: String? = nil, algorithm: DigestAlgorithm? = .md5, qop: [String] = ["auth"],
    isStale: Bool = false
  ) {
    self.realm = realm
    self.nonce = nonce
    self.opaque = opaque
    self.algorithm = algorithm
    self.qop = qop
    self.isStale = isStale
  }

  /// The digest challenges that can be met, of the values of all WWW-Authenticate fields, in order. Challenges of other
  /// schemes, algorithms and qualities are passed over, and so are fields that cannot be read, where another can.
  package static func parse(_ fieldValues: [String]) throws(AuthenticationError) -> [DigestChallenge] {
    var challenges: [DigestChallenge] = []
    var problem: AuthenticationError?
    for value in fieldValues {
      do throws(AuthenticationError) {
        challenges += try read(value)
      } catch {
        // Some routers forget a quote, or break the line.
        if let repaired = try? read(ChallengeRepair.repaired(value)) {
          challenges += repaired
        } else {
          problem = problem ?? error
        }
      }
    }
    if challenges.isEmpty, let problem { throw problem }
    return challenges
  }

  private static func read(_ fieldValue: String) throws(AuthenticationError) -> [DigestChallenge] {
    var challenges: [DigestChallenge] = []
    for field in try AuthenticationField.parse(fieldValue) where field.isScheme("Digest") {
      guard let challenge = try DigestChallenge(field) else { continue }
      challenges.append(challenge)
    }
    return challenges
  }

  private init?(_ field: AuthenticationField) throws(AuthenticationError) {
    guard let realm = field["realm"] else { throw .missing(parameter: "realm") }
    guard let nonce = field["nonce"] else { throw .missing(parameter: "nonce") }
    if let name = field["algorithm"] {
      guard let algorithm = DigestAlgorithm(named: name) else { return nil }
      self.algorithm = algorithm
    }
    qop = (field["qop"] ?? "").utf8.split { $0 == UInt8(ascii: ",") || $0.isBlank }.map { String(Substring($0)) }
    guard qop.isEmpty || qop.contains(where: { $0.isSameIgnoringCase(as: "auth") }) else { return nil }
    self.realm = realm
    self.nonce = nonce
    opaque = field["opaque"]
    isStale = field["stale"]?.isSameIgnoringCase(as: "true") ?? false
  }

  /// The value of the WWW-Authenticate field.
  package var fieldValue: String {
    // Piece by piece: each 401 has one.
    var text = ""
    text.reserveCapacity(160)
    text += "Digest realm="
    text += quoted(realm)
    if !qop.isEmpty {
      text += ", qop="
      text += quoted(qop.count == 1 ? qop[0] : qop.joined(separator: ","))
    }
    if let algorithm {
      text += ", algorithm="
      text += algorithm.rawValue
    }
    text += ", nonce="
    text += quoted(nonce)
    if let opaque { text += ", opaque=\(quoted(opaque))" }
    if isStale { text += ", stale=true" }
    return text
  }
}
