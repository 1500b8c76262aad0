package import DHCP
package import DNS
package import Net
import Synchronization

/// Holds the zones that are answered from, and makes the next ones as leases come and go. Readers get a snapshot and
/// are never held up by more than the swap.
package final class ZonePublisher: Sendable {
  /// Where the names of leases go.
  package struct LeaseNames: Hashable, Sendable {
    package let domain: Name
    /// Seconds.
    package let timeToLive: UInt32

    package init(domain: Name, timeToLive: UInt32) {
      self.domain = domain
      self.timeToLive = timeToLive
    }
  }

  private struct State {
    var zones: ZoneSet
    var names: LeaseNames
    /// What each active lease put into the zones, to be taken out again.
    var records: [IPv4Address: [ResourceRecord]] = [:]
    /// When each of those ends.
    var expiries: [IPv4Address: Timestamp] = [:]
  }

  private let snapshot: Mutex<ZoneSet>
  private let state: Mutex<State>
  private let counters: Counters

  package init(_ zones: ZoneSet, names: LeaseNames, counters: Counters) {
    self.counters = counters
    snapshot = Mutex(zones)
    state = Mutex(State(zones: zones, names: names))
  }

  package var zones: ZoneSet {
    snapshot.withLock { $0 }
  }

  /// Takes new zones of the configuration, with the leases as they are at `now`.
  package func replace(_ zones: ZoneSet, names: LeaseNames, leases: [Lease], now: Timestamp) {
    state.withLock { state in
      state = State(zones: zones, names: names)
      apply(leases, now: now, to: &state)
    }
  }

  /// Makes the names of committed leases visible, and those of ended ones vanish.
  package func apply(_ leases: [Lease], now: Timestamp) {
    state.withLock { state in
      apply(leases, now: now, to: &state)
    }
  }

  /// Takes away the names of leases that have run out. To be called now and then.
  package func removeExpired(now: Timestamp) {
    state.withLock { state in
      let expired = state.expiries.filter { $0.value <= now }.keys
      guard !expired.isEmpty else { return }
      let removed = expired.flatMap { address in
        state.expiries[address] = nil
        return state.records.removeValue(forKey: address) ?? []
      }
      publish(state.zones.updating(adding: [], removing: removed), in: &state)
    }
  }

  private func apply(_ leases: [Lease], now: Timestamp, to state: inout State) {
    var added: [ResourceRecord] = []
    var removed: [ResourceRecord] = []
    for lease in leases {
      removed += state.records.removeValue(forKey: lease.address) ?? []
      state.expiries[lease.address] = nil
      guard lease.isActive(at: now) else { continue }
      let records = state.zones.leaseRecords(
        of: lease.address, hostname: lease.hostname, in: state.names.domain, timeToLive: state.names.timeToLive)
      state.records[lease.address] = records
      state.expiries[lease.address] = lease.expiry
      added += records
    }
    // A renewal takes out and puts in the same: then nothing changes, and the serial stays.
    let kept = Set(added).intersection(removed)
    publish(
      state.zones.updating(
        adding: added.filter { !kept.contains($0) }, removing: removed.filter { !kept.contains($0) }), in: &state)
  }

  private func publish(_ update: ZoneUpdate, in state: inout State) {
    counters.increment(update.refusals.map(\.counter))
    state.zones = update.zones
    snapshot.withLock { $0 = update.zones }
  }
}
