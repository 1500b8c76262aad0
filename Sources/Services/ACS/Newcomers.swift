import Net
import Synchronization

/// How many devices that nobody expects each address may bring: a client that makes up a serial number for each Inform
/// fills neither the record nor the disk.
final class Newcomers: Sendable {
  /// New devices from one address within an hour, at most.
  static let limit = 4_096
  private static let period: Int64 = 3600
  /// Addresses that are counted at once; beyond that all are counted anew.
  private static let addressLimit = 65_536

  private struct Tally {
    var start: Timestamp
    var count: Int
  }

  private let tallies = Mutex<[IPv4Address: Tally]>([:])

  /// Counts one more; false where there are too many.
  func admit(from address: IPv4Address, at now: Timestamp) -> Bool {
    tallies.withLock { tallies in
      var tally = tallies[address] ?? Tally(start: now, count: 0)
      if now.seconds(since: tally.start) >= Self.period { tally = Tally(start: now, count: 0) }
      guard tally.count < Self.limit else { return false }
      tally.count += 1
      if tallies[address] == nil, tallies.count >= Self.addressLimit { tallies.removeAll() }
      tallies[address] = tally
      return true
    }
  }
}
