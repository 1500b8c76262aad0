/// The server's side of digest authentication: it challenges, and judges the answers.
package struct DigestAuthenticator: Sendable {
  package enum Verdict: Hashable, Sendable {
    /// The place, in the passwords given, of the one that was proved.
    case accepted(password: Int)
    case refused(DigestRefusal)
  }

  package let realm: String
  /// What is offered, in that order; the first is what nearly every router takes.
  package var algorithms: [DigestAlgorithm]
  private let hashes: HashFunctions
  private var nonces: NonceTable

  /// `secret` is at least 16 random bytes, new for each start. Only MD5 is offered unless more is asked for: many
  /// routers read no further than the first challenge, and some fail at a second.
  package init(
    realm: String, algorithms: [DigestAlgorithm] = [.md5], secret: [UInt8], nonceLifetimeSeconds: Int64 = 300,
    nonceCapacity: Int = 16_384, hashes: HashFunctions
  ) {
    self.realm = realm
    self.algorithms = algorithms
    self.hashes = hashes
    nonces = NonceTable(
      secret: secret, lifetimeSeconds: nonceLifetimeSeconds, capacity: nonceCapacity, hashes: hashes)
  }

  /// The values of the WWW-Authenticate fields for a 401. `moment` is in milliseconds since 1970.
  package mutating func challenge(after refusal: DigestRefusal, at moment: Int64) -> [String] {
    let nonce = nonces.issue(at: moment)
    return algorithms.map {
      DigestChallenge(realm: realm, nonce: nonce, algorithm: $0, isStale: refusal.isStale).fieldValue
    }
  }

  /// Judges credentials against the passwords that their user may have: none, one, or several while they change. The
  /// password is judged before the nonce, so that a wrong one is always told as such.
  package mutating func judge(
    _ credentials: DigestCredentials, method: Method, passwords: [String], at moment: Int64
  ) -> Verdict {
    judge(credentials, at: moment) { hashes in
      passwords.firstIndex { credentials.prove(password: $0, method: method, hashes: hashes) }
    }
  }

  /// The same against the key that stands for the one password, which is of place 0.
  package mutating func judge(
    _ credentials: DigestCredentials, method: Method, key: DigestKey, at moment: Int64
  ) -> Verdict {
    judge(credentials, at: moment) { credentials.prove(key: key, method: method, hashes: $0) ? 0 : nil }
  }

  private mutating func judge(
    _ credentials: DigestCredentials, at moment: Int64, prove: (HashFunctions) -> Int?
  ) -> Verdict {
    guard credentials.realm == realm else { return .refused(.otherRealm) }
    guard let algorithm = credentials.knownAlgorithm, algorithms.contains(algorithm) else {
      return .refused(.algorithmNotOffered)
    }
    if let qop = credentials.qop, !qop.isSameIgnoringCase(as: "auth") { return .refused(.qopNotOffered) }
    guard let proved = prove(hashes) else { return .refused(.wrongPassword) }

    let count = credentials.qop == nil ? nil : credentials.nonceCount.flatMap { UInt32($0, radix: 16) }
    switch nonces.use(credentials.nonce, count: count, at: moment) {
    case .fresh: return .accepted(password: proved)
    case .unknown: return .refused(.unknownNonce)
    case .expired: return .refused(.expiredNonce)
    case .replayed: return .refused(.replayed)
    }
  }
}

/// Why a request is answered with 401.
package enum DigestRefusal: Error, Hashable, Sendable {
  /// It has no Authorization field: the first step of every digest exchange, and no fault.
  case noCredentials
  case unreadable(AuthenticationError)
  case otherRealm
  case algorithmNotOffered
  case qopNotOffered
  /// Nobody of that name, or not that password.
  case wrongPassword
  case unknownNonce
  case expiredNonce
  case replayed

  /// Whether all but the nonce was right, so that the client should try again by itself.
  package var isStale: Bool {
    switch self {
    case .unknownNonce, .expiredNonce, .replayed: true
    case .noCredentials, .unreadable, .otherRealm, .algorithmNotOffered, .qopNotOffered, .wrongPassword: false
    }
  }

  package var counterName: String {
    switch self {
    case .noCredentials: "digest.noCredentials"
    case .unreadable: "digest.unreadable"
    case .otherRealm: "digest.otherRealm"
    case .algorithmNotOffered: "digest.algorithmNotOffered"
    case .qopNotOffered: "digest.qopNotOffered"
    case .wrongPassword: "digest.wrongPassword"
    case .unknownNonce: "digest.unknownNonce"
    case .expiredNonce: "digest.expiredNonce"
    case .replayed: "digest.replayed"
    }
  }
}

extension DigestRefusal: CustomStringConvertible {
  package var description: String {
    switch self {
    case .noCredentials: "no credentials were sent"
    case .unreadable(let error): error.description
    case .otherRealm: "the credentials are for another realm"
    case .algorithmNotOffered: "the digest's algorithm was not offered"
    case .qopNotOffered: "the digest's quality of protection was not offered"
    case .wrongPassword: "the name or the password is wrong"
    case .unknownNonce: "the nonce is not one of ours"
    case .expiredNonce: "the nonce has expired"
    case .replayed: "the nonce was used before"
    }
  }
}
