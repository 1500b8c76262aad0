import DNS
import Net
import Synchronization

/// Why a router that asked for an address of a name got none.
enum Unresolved: Hashable {
  /// The name is in our zones, and is not there.
  case noSuchName
  /// It is there, without an address.
  case noAddress
  /// It is outside our zones, and the client's questions are not forwarded.
  case notForwarded
  /// What the servers that were asked for it said.
  case forwarded(ResponseCode)

  /// Nil for what was answered, or did not ask for an address. That a name has no IPv6 address is nothing to tell.
  init?(_ outcome: Outcome) {
    guard outcome.type == .a || outcome.type == .aaaa else { return nil }
    switch outcome.verdict {
    case .nameError: self = .noSuchName
    case .noData where outcome.type == .a: self = .noAddress
    case .refused(.outsideZones): self = .notForwarded
    case .answered, .noData, .referral, .refused, .notImplemented, .formatError, .badVersion, .dropped: return nil
    }
  }

  /// The same for an answer to a question that was forwarded.
  init?(forwarded reply: [UInt8]) {
    guard reply.count >= 4 else { return nil }
    let code = Flags(rawValue: UInt16(reply[2]) << 8 | UInt16(reply[3])).responseCode
    guard [.nameError, .serverFailure, .refused].contains(code) else { return nil }
    self = .forwarded(code)
  }

  var reason: String {
    switch self {
    case .noSuchName: "there is no such name in the zones that are served here"
    case .noAddress: "the name has no address here"
    case .notForwarded: "the name is outside the zones that are served here, and its questions are not forwarded"
    case .forwarded(.nameError): "the servers that were asked for it say that there is no such name"
    case .forwarded(.refused): "no server may be asked for it"
    case .forwarded: "no server that was asked for it answered"
    }
  }
}

/// What the journey was told of just now: a router that asks for a name again and again is told once, and one that asks
/// for ever others is told so often.
struct UnresolvedGate: Sendable {
  private static let count = 1024
  private var names = [(key: UInt64, moment: Timestamp)](repeating: (0, .distantPast), count: Self.count)
  private var budget = SightingBudget()

  /// Whether this client's question may be told; its bytes are looked at, and nothing is kept of them.
  mutating func lets(_ message: RawSpan, from client: IPv4Address, at now: Timestamp) -> Bool {
    let key = (Responder.questionHash(of: message) ^ UInt64(client.rawValue)) &* 0x0000_0100_0000_01B3
    let place = Int(key % UInt64(Self.count))
    let last = names[place]
    if last.key == key, now.milliseconds(since: last.moment) < SightingBudget.interval { return false }
    guard budget.take(for: client, at: now) else { return false }
    names[place] = (key, now)
    return true
  }
}

/// Tells the journey of names that routers asked for in vain.
final class UnresolvedNames: Sendable {
  /// A router that has found its ACS is told of again after so many milliseconds: what it asks for is something else.
  private static let interval: Int64 = 3_600_000
  private static let count = 4096

  private struct State {
    var gate = UnresolvedGate()
    var names = [(key: Int, moment: Timestamp)](repeating: (0, .distantPast), count: UnresolvedNames.count)
  }

  private let journey: JourneyRecorder
  private let state = Mutex(State())

  init(journey: JourneyRecorder) {
    self.journey = journey
  }

  /// For a question that did not come the fast way.
  func noteOnce(_ unresolved: Unresolved, of message: [UInt8], from client: IPv4Address, at now: Timestamp) {
    guard state.withLock({ $0.gate.lets(message.span.bytes, from: client, at: now) }),
      let name = Responder.questionName(of: message.span.bytes)
    else { return }
    note(unresolved, name, from: client, at: now)
  }

  /// For a question that an ``UnresolvedGate`` has let pass.
  func note(_ unresolved: Unresolved, _ name: Name, from client: IPv4Address, at now: Timestamp) {
    guard let router = journey.router(at: client) else { return }
    var hasher = Hasher()
    hasher.combine(router.id)
    hasher.combine(name)
    let key = hasher.finalize()
    let isRepeated = state.withLock { state in
      let place = Int(UInt(bitPattern: key) % UInt(Self.count))
      let last = state.names[place]
      if router.device != nil, last.key == key, now.milliseconds(since: last.moment) < Self.interval { return true }
      state.names[place] = (key, now)
      return false
    }
    if isRepeated { return }
    journey.sighting(of: router.id, .nameUnresolved(name: "\(name)", reason: unresolved.reason))
  }
}
