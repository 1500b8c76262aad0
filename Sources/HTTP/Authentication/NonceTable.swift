/// The nonces of one server. A nonce carries its own time and seal, so handing one out keeps nothing, and a flood of
/// unauthenticated requests takes no memory; only nonces that proved a password are remembered, by how far they were
/// counted. Nonces belong to the server, not to a connection: a router that reconnects may go on using its own.
package struct NonceTable: Sendable {
  package enum Standing: Hashable, Sendable {
    case fresh
    /// Not made here, or before the last restart.
    case unknown
    case expired
    /// Its count was used before, or is not above the last one.
    case replayed
  }

  private struct Use {
    let issued: Int64
    var count: UInt32
  }

  /// Milliseconds that a nonce is good for.
  package let lifetime: Int64
  /// So many nonces in use are remembered; beyond that the older half is given up, and is stale from then on.
  package let capacity: Int
  private let secret: [UInt8]
  private let hashes: HashFunctions
  private var serial: UInt32 = 0
  private var uses: [String: Use] = [:]
  /// Nonces issued up to this moment have been given up.
  private var floor = Int64.min

  /// `secret` is at least 16 random bytes, new for each start of the process.
  package init(secret: [UInt8], lifetimeSeconds: Int64 = 300, capacity: Int = 16_384, hashes: HashFunctions) {
    precondition(secret.count >= 16, "the secret behind the nonces has 16 bytes or more")
    precondition((1...86_400).contains(lifetimeSeconds) && capacity >= 2)
    self.secret = secret
    self.hashes = hashes
    self.capacity = capacity
    lifetime = lifetimeSeconds * 1000
  }

  /// How many nonces are remembered.
  package var count: Int { uses.count }

  /// Characters of a nonce: some routers keep no more than 32. Of these, 11 are its time, 5 its number and 16 its seal.
  package static let length = 32
  private static let timeLength = 11
  private static let stemLength = 16

  /// A new nonce of 32 hexadecimal digits; of a million in one millisecond no two are the same. `moment` is in
  /// milliseconds since 1970.
  package mutating func issue(at moment: Int64) -> String {
    serial &+= 1
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Self.length)
    bytes.append(hexadecimal: UInt64(max(0, moment)), digits: Self.timeLength)
    bytes.append(hexadecimal: UInt64(serial), digits: Self.stemLength - Self.timeLength)
    bytes += seal(bytes[...])
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Judges a nonce without using it up.
  package func standing(of nonce: String, count: UInt32?, at moment: Int64) -> Standing {
    guard let issued = issueTime(of: nonce) else { return .unknown }
    return standing(of: nonce, issued: issued, count: count, at: moment)
  }

  private func standing(of nonce: String, issued: Int64, count: UInt32?, at moment: Int64) -> Standing {
    guard issued > floor, moment - issued <= lifetime, issued - moment <= lifetime else { return .expired }
    guard let use = uses[nonce] else { return .fresh }
    // Without qop there is no count, so such a nonce is good for one request.
    guard let count, count > use.count else { return .replayed }
    return .fresh
  }

  /// Uses a nonce, which has to be fresh, up to that count. To be called once the password is proved.
  package mutating func use(_ nonce: String, count: UInt32?, at moment: Int64) -> Standing {
    guard let issued = issueTime(of: nonce) else { return .unknown }
    let standing = standing(of: nonce, issued: issued, count: count, at: moment)
    guard standing == .fresh else { return standing }
    if uses[nonce] == nil, uses.count >= capacity { makeRoom(at: moment) }
    uses[nonce] = Use(issued: issued, count: count ?? .max)
    return .fresh
  }

  private mutating func makeRoom(at moment: Int64) {
    uses = uses.filter { moment - $0.value.issued <= lifetime }
    guard uses.count >= capacity else { return }
    let times = uses.values.map(\.issued).sorted()
    let floor = times[times.count / 2]
    self.floor = max(self.floor, floor)
    uses = uses.filter { $0.value.issued > floor }
  }

  /// Milliseconds since 1970, where the seal is ours.
  private func issueTime(of nonce: String) -> Int64? {
    guard nonce.utf8.count == Self.length else { return nil }
    let bytes = Array(nonce.utf8)
    guard isEqualInConstantTime(seal(bytes[..<Self.stemLength]), bytes[Self.stemLength...]) else { return nil }
    return bytes[..<Self.timeLength].reduce(0) { $0 << 4 | Int64($1.hexadecimalValue ?? 0) }
  }

  /// A keyed hash. Secret and stem have fixed lengths and the digest is cut, so nothing can be made longer.
  private func seal(_ stem: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    Array(hashes.sha256(secret + stem).utf8).prefix(Self.length - Self.stemLength)
  }
}
