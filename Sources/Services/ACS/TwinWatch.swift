import CWMP
import Net
import Synchronization

/// Notices that two routers inform under one serial number: as one device, by turns from two addresses; or as two
/// devices, both of which are there.
final class TwinWatch: Sendable {
  /// Seconds within which informing by turns counts, and after which it is told again while it goes on.
  static let window: Int64 = 3600
  /// Changes of address, each back to where it came from last, that make turns: there and back is a line that failed.
  static let changes = 3
  /// Devices that are watched at once, half of them at least for as long as it takes as many others to move.
  static let limit = 4096

  private struct Move {
    let from: IPv4Address
    let to: IPv4Address
    let moment: Timestamp
    let count: Int
  }

  private struct State {
    /// The latest moves, and those before them, which are forgotten all at once: a fleet that moves costs each of its
    /// devices the same.
    var moves: [DeviceID: Move] = [:]
    var formerMoves: [DeviceID: Move] = [:]
    var told: [String: Timestamp] = [:]
    var shared: [DeviceID: Timestamp] = [:]
  }

  private let state = Mutex(State())

  /// The device informed from another address than the last time; true where it does so by turns.
  func moved(_ device: DeviceID, from former: IPv4Address, to address: IPv4Address, at now: Timestamp) -> Bool {
    state.withLock { state in
      let last = state.moves[device] ?? state.formerMoves[device]
      let isBack =
        last.map { $0.from == address && $0.to == former && now.seconds(since: $0.moment) < Self.window } ?? false
      if state.moves.count >= Self.limit / 2 {
        state.formerMoves = state.moves
        state.moves = [:]
      }
      let count = isBack ? (last?.count ?? 0) + 1 : 1
      state.moves[device] = Move(from: former, to: address, moment: now, count: count)
      return count >= Self.changes
    }
  }

  /// Whether it is to be told that these devices share a serial number: the first time, and hourly while it goes on.
  func isNews(of devices: [DeviceID], at now: Timestamp) -> Bool {
    state.withLock { state in
      let name = devices.map(\.description).sorted().joined(separator: " ")
      let isNews = state.told[name].map { now.seconds(since: $0) >= Self.window } ?? true
      guard isNews else { return false }
      if state.told.count >= Self.limit {
        state.told = state.told.filter { now.seconds(since: $0.value) < 2 * Self.window }
        state.shared = state.shared.filter { now.seconds(since: $0.value) < 2 * Self.window }
        guard state.told.count < Self.limit else { return false }
      }
      state.told[name] = now
      for device in devices { state.shared[device] = now }
      return true
    }
  }

  /// The devices of which it was told lately.
  func shared(within seconds: Int64, at now: Timestamp) -> Set<DeviceID> {
    state.withLock { state in Set(state.shared.filter { now.seconds(since: $0.value) < seconds }.keys) }
  }
}
