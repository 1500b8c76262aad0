package import CWMP

/// Which datagrams wake the router (TR-069 annex G.2.2.3). None is answered: who does not know the password learns
/// nothing of it.
package struct UDPConnectionRequestGate: Sendable {
  package enum Verdict: Hashable, Sendable {
    /// A session is to follow.
    case accepted
    case ignored(Refusal)
  }

  package enum Refusal: Hashable, Sendable {
    case malformed(UDPConnectionRequestError)
    /// No ConnectionRequestPassword has been set: anybody could sign with none.
    case noPassword
    case username(String)
    case signature
    /// `ts` is below that of a request that was accepted.
    case stale(timestamp: Int64, last: Int64)
    /// Its `id` was accepted before: a copy of the request, or a replay.
    case repeated
    /// So many were accepted in the second that they are of.
    case tooMany(limit: Int)
  }

  /// Of requests with the same `ts`.
  static let idLimit = 64

  package var username = ""
  package var password = ""
  /// The `ts` that was accepted last.
  private var last: Int64?
  /// Accepted with that `ts`.
  private var ids: Set<String> = []
  private let hmac: HMACSHA1

  package init(hmac: @escaping HMACSHA1) {
    self.hmac = hmac
  }

  /// Nothing is remembered of a datagram whose signature is not right.
  package mutating func receive(_ datagram: [UInt8]) -> Verdict {
    var signature = ""
    let request: UDPConnectionRequest
    do throws(UDPConnectionRequestError) {
      request = try UDPConnectionRequest(decoding: datagram, signature: &signature)
    } catch {
      return .ignored(.malformed(error))
    }
    guard !password.isEmpty else { return .ignored(.noPassword) }
    guard request.username == username else { return .ignored(.username(request.username)) }
    guard request.signature(password: password, hmac: hmac) == signature else { return .ignored(.signature) }
    if let last, request.timestamp < last { return .ignored(.stale(timestamp: request.timestamp, last: last)) }
    if request.timestamp != last { ids = [] }
    guard !ids.contains(request.id) else { return .ignored(.repeated) }
    guard ids.count < Self.idLimit else { return .ignored(.tooMany(limit: Self.idLimit)) }
    ids.insert(request.id)
    last = request.timestamp
    return .accepted
  }
}

extension UDPConnectionRequestGate.Refusal: CustomStringConvertible {
  package var description: String {
    switch self {
    case .malformed(let error): "it is no connection request: \(error)"
    case .noPassword: "no ConnectionRequestPassword has been set"
    case .username(let name): "\(String(name.prefix(64)).debugDescription) is not the ConnectionRequestUsername"
    case .signature: "its signature is wrong"
    case .stale(let timestamp, let last): "its ts \(timestamp) is below \(last), which was accepted before"
    case .repeated: "its id was accepted before"
    case .tooMany(let limit): "\(limit) were accepted with the same ts"
    }
  }
}
