import Net
import Synchronization

/// Addresses at which routers were last seen to be all that they should be.
final class SettledPeers: Sendable {
  /// So many are remembered; beyond that all are forgotten, and noticed anew.
  private static let limit = 262_144

  private let state = Mutex<Set<IPv4Address>>([])

  func contains(_ address: IPv4Address) -> Bool {
    state.withLock { $0.contains(address) }
  }

  func note(_ address: IPv4Address, isSettled: Bool) {
    state.withLock { addresses in
      guard isSettled else {
        addresses.remove(address)
        return
      }
      if addresses.count >= Self.limit { addresses.removeAll() }
      addresses.insert(address)
    }
  }
}
