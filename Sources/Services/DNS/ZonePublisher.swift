package import DHCP
package import DNS
package import Net
import ServiceLifecycle
import Synchronization
import Transport

/// Holds the zones that are answered from, and makes the next ones as leases come and go. Readers get a snapshot and
/// are never held up by more than the swap; who commits leases hands them over and goes on.
package final class ZonePublisher: Service {
  /// So long, in milliseconds, changes gather before they are made visible.
  package static let interval = 20

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
    /// What became of leases since they were published.
    var pending: [LeaseName] = []
    /// The same, since somebody began to read the leases for new zones; nil where nobody does.
    var meanwhile: [Lease]?
    /// When each leased address is free again.
    var expiries: [IPv4Address: Timestamp] = [:]
    /// No lease ends before it.
    var nextExpiry = Timestamp.distantFuture
  }

  private let snapshot: Mutex<ZoneSet>
  /// The same zones, held while the next ones are made.
  private let latest: Mutex<ZoneSet>
  private let state = Mutex(State())
  /// Told when the first change waits.
  private let changed = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))

  package init(_ zones: ZoneSet, names: LeaseNames) {
    let zones = zones.namingLeases(in: names.domain, timeToLive: names.timeToLive)
    snapshot = Mutex(zones)
    latest = Mutex(zones)
  }

  package var zones: ZoneSet {
    snapshot.withLock { $0 }
  }

  /// Takes new zones of the configuration, with the leases as they are at `now`: those that `read` hands over one by one
  /// from the record, and what becomes of them while it reads.
  package func replace(
    _ zones: ZoneSet, names: LeaseNames, now: Timestamp, read: ((Lease) -> Void) throws -> Void
  ) rethrows {
    state.withLock { $0.meanwhile = [] }
    defer { state.withLock { $0.meanwhile = nil } }
    var next = State()
    try read { Self.note($0, now: now, in: &next) }
    latest.withLock { latest in
      state.withLock { state in
        for lease in state.meanwhile ?? [] { Self.note(lease, now: now, in: &next) }
        state = next
      }
      latest = zones.namingLeases(in: names.domain, timeToLive: names.timeToLive)
      publish(&latest)
    }
  }

  /// Makes the names of committed leases visible soon, and those of ended ones vanish.
  package func apply(_ leases: [Lease], now: Timestamp) {
    let isFirst = state.withLock { state in
      let isFirst = state.pending.isEmpty
      for lease in leases {
        Self.note(lease, now: now, in: &state)
        state.meanwhile?.append(lease)
      }
      return isFirst && !state.pending.isEmpty
    }
    if isFirst { changed.continuation.yield() }
  }

  /// Makes visible what waits.
  package func publish() {
    latest.withLock { publish(&$0) }
  }

  /// Takes away the names of leases that have run out. To be called now and then.
  package func removeExpired(now: Timestamp) {
    let isAny = state.withLock { state in
      guard state.nextExpiry <= now else { return false }
      var next = Timestamp.distantFuture
      var expired: [IPv4Address] = []
      for (address, expiry) in state.expiries {
        if expiry <= now { expired.append(address) } else { next = min(next, expiry) }
      }
      for address in expired {
        state.expiries[address] = nil
        state.pending.append(LeaseName(address, isLeased: false))
      }
      state.nextExpiry = next
      return true
    }
    if isAny { publish() }
  }

  package func run() async throws {
    await cancelWhenGracefulShutdown {
      await withTaskGroup { group in
        group.addTask {
          for await _ in self.changed.stream {
            guard (try? await Task.sleep(for: .milliseconds(Self.interval))) != nil else { return }
            self.publish()
          }
        }
        group.addTask {
          while (try? await Task.sleep(for: .seconds(1))) != nil { self.removeExpired(now: SteadyClock.now()) }
        }
      }
    }
  }

  private static func note(_ lease: Lease, now: Timestamp, in state: inout State) {
    let isLeased = lease.isActive(at: now)
    state.pending.append(LeaseName(lease.address, isLeased: isLeased, hostname: lease.hostname))
    state.expiries[lease.address] = isLeased ? lease.expiry : nil
    if isLeased { state.nextExpiry = min(state.nextExpiry, lease.expiry) }
  }

  private func publish(_ latest: inout ZoneSet) {
    let pending = state.withLock { state in
      defer { state.pending = [] }
      return state.pending
    }
    guard !pending.isEmpty else { return }
    latest = latest.updating(pending)
    let zones = latest
    snapshot.withLock { $0 = zones }
  }
}
