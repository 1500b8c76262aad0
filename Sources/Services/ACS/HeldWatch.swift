import CWMP
import Net
import Synchronization

/// Who was held for a person lately: claims to be a router that has credentials of its own, and devices that would have
/// the inventory's row of another. What is beyond its bounds is held all the same, and not listed.
final class HeldWatch: Sendable {
  struct Case: Hashable, Sendable {
    /// The device whose identity is in question.
    let device: DeviceID
    let party: Party
  }

  enum Party: Hashable, Sendable {
    /// Somebody at this address claims to be the device.
    case claimant(IPv4Address)
    /// Another device has its serial number.
    case twin(DeviceID)
  }

  struct Held: Hashable, Sendable {
    let held: Case
    var reason: String
    let first: Timestamp
    var last: Timestamp
  }

  /// Seconds that a case is remembered after it was seen last: a router that was sent away comes again within 5120 s
  /// (TR-069 table "Session Retry Wait Intervals").
  static let window: Int64 = 7200
  /// Seconds after which a case that goes on is told again.
  static let pause: Int64 = 3600
  /// Cases that are remembered, about 200 bytes each; for a further one, the one that was seen longest ago is forgotten.
  static let limit = 4096
  /// Cases of one party: no host fills the list for all others.
  static let limitOfParty = 64
  /// Cases that are told of one device within ``pause``: nobody fills its journey.
  static let toldOfDevice = 8

  private struct State {
    var cases: [Case: Held] = [:]
    var counts: [Party: Int] = [:]
    /// Cases told of each device, since when.
    var told: [DeviceID: (start: Timestamp, count: Int)] = [:]
    var toldLast: [Case: Timestamp] = [:]
  }

  private let state = Mutex(State())

  /// Notes one; true where it is to be told.
  func note(_ held: Case, _ reason: String, at now: Timestamp) -> Bool {
    state.withLock { state in
      if var known = state.cases[held] {
        (known.reason, known.last) = (reason, now)
        state.cases[held] = known
      } else {
        guard state.counts[held.party, default: 0] < Self.limitOfParty else { return false }
        if state.cases.count >= Self.limit { Self.makeRoom(in: &state, at: now) }
        state.cases[held] = Held(held: held, reason: reason, first: now, last: now)
        state.counts[held.party, default: 0] += 1
      }
      return Self.isNews(held, in: &state, at: now)
    }
  }

  /// Those seen within ``window``, the first that began first.
  func present(at now: Timestamp) -> [Held] {
    state.withLock { state in
      for held in state.cases.values where now.seconds(since: held.last) >= Self.window {
        Self.remove(held.held, from: &state)
      }
      return state.cases.values.sorted { $0.first < $1.first }
    }
  }

  /// A person has decided it.
  func remove(_ held: Case) {
    state.withLock { Self.remove(held, from: &$0) }
  }

  /// A person has admitted the device, whosesoever twin it is.
  func removeTwin(_ device: DeviceID) {
    state.withLock { state in
      for held in Array(state.cases.keys) where held.party == .twin(device) { Self.remove(held, from: &state) }
    }
  }

  private static func isNews(_ held: Case, in state: inout State, at now: Timestamp) -> Bool {
    if let last = state.toldLast[held], now.seconds(since: last) < pause { return false }
    if state.told.count >= limit { state.told = state.told.filter { now.seconds(since: $0.value.start) < pause } }
    guard state.told[held.device] != nil || state.told.count < limit else { return false }
    var told = state.told[held.device] ?? (now, 0)
    if now.seconds(since: told.start) >= pause { told = (now, 0) }
    guard told.count < toldOfDevice else { return false }
    told.count += 1
    state.told[held.device] = told
    state.toldLast[held] = now
    return true
  }

  private static func makeRoom(in state: inout State, at now: Timestamp) {
    guard let oldest = state.cases.values.min(by: { $0.last < $1.last }) else { return }
    remove(oldest.held, from: &state)
  }

  private static func remove(_ held: Case, from state: inout State) {
    guard state.cases.removeValue(forKey: held) != nil else { return }
    state.toldLast[held] = nil
    let count = state.counts[held.party, default: 0] - 1
    state.counts[held.party] = count > 0 ? count : nil
  }
}
