import Net
import Synchronization

/// Remembers which hardware address answered for an address a moment ago. To ask the kernel reads its whole table, and
/// everybody can have us ask.
final class NeighborMemo: Sendable {
  /// Milliseconds.
  private static let lifetime: Int64 = 1000
  /// Addresses that are remembered at once; beyond that all are asked for anew.
  private static let limit = 256

  private let state = Mutex<[IPv4Address: (hardware: MACAddress?, moment: Timestamp)]>([:])

  func hardware(of address: IPv4Address, at now: Timestamp, ask: (IPv4Address) -> MACAddress?) -> MACAddress? {
    if let known = state.withLock({ $0[address] }), now.milliseconds(since: known.moment) < Self.lifetime {
      return known.hardware
    }
    let hardware = ask(address)
    state.withLock { known in
      if known.count >= Self.limit { known.removeAll() }
      known[address] = (hardware, now)
    }
    return hardware
  }
}
