package import CWMP
package import DHCP
package import Journey
package import Net
import Synchronization

/// A store that forgets when the program ends: the reference of what commits and queries mean, for tests. It can be
/// told to fail.
package final class MemoryStore: FactStore {
  private let state = Mutex(State())

  package init() {}

  package func commit(_ changes: [Change]) throws(StoreError) {
    guard !changes.isEmpty else { return }
    let failure = state.withLock { state -> StoreError? in
      if let failure = state.takeFault() { return failure }
      for change in changes { state.facts.apply(change) }
      state.commits += 1
      return nil
    }
    if let failure { throw failure }
  }

  /// How many commits succeeded.
  package var commits: Int { state.withLock(\.commits) }

  /// Makes the `nth` commit from now fail (1 is the next one), and the `times - 1` after it. One plan at a time: the
  /// newest.
  package func fail(at nth: Int = 1, times: Int = 1, with error: StoreError = .unavailable("injected fault")) {
    precondition(nth >= 1 && times >= 1, "commits are counted from 1")
    state.withLock { $0.fault = Fault(before: nth - 1, times: times, error: error) }
  }
}

extension MemoryStore: FactQueries {
  package func latestLeaseStart() -> Timestamp? {
    leases().map(\.start).max()
  }

  package func lease(at address: IPv4Address) -> Lease? {
    state.withLock { $0.facts.leases[address] }
  }

  package func forEachLease(_ body: (Lease) -> Void) {
    for lease in leases() { body(lease) }
  }

  package func leases() -> [Lease] {
    state.withLock { $0.facts.leases.values.sorted { $0.address < $1.address } }
  }

  package func routers() -> [Router] {
    state.withLock { $0.facts.routers.values.sorted { $0.id.rawValue < $1.id.rawValue } }
  }

  package func lastRouter() -> RouterID {
    state.withLock { RouterID(rawValue: $0.facts.lastRouter) }
  }

  package func devices() -> [Device] {
    state.withLock { $0.facts.devices.values.sorted(by: Self.informedLater) }
  }

  package func device(_ id: DeviceID) -> Device? {
    state.withLock { $0.facts.devices[id] }
  }

  package func device(username: String) -> Device? {
    state.withLock {
      $0.facts.devices.values.filter { $0.credentials.username == username }.min(by: Self.informedLater)
    }
  }

  package func events(of router: RouterID?, after: Int64, limit: Int) -> [RecordedEvent] {
    state.withLock { state in
      let later = state.facts.events.lazy.filter { $0.number > after && (router == nil || $0.event.router == router) }
      return Array(later.prefix(max(1, limit)))
    }
  }

  package func lastEvent() -> Int64 {
    state.withLock(\.facts.lastEvent)
  }

  package func files() -> [FileRecord] {
    state.withLock {
      $0.facts.files.values.sorted { Array($0.name.rawValue.utf8).lexicographicallyPrecedes($1.name.rawValue.utf8) }
    }
  }

  package func file(named name: FileRecord.Name) -> FileRecord? {
    state.withLock { $0.facts.files[name] }
  }

  package func setting(named name: String) -> [UInt8]? {
    state.withLock { $0.facts.settings[name] }
  }

  private static func informedLater(_ left: Device, _ right: Device) -> Bool {
    (right.lastInform.rawValue, "\(left.id)") < (left.lastInform.rawValue, "\(right.id)")
  }
}

private struct State {
  var facts = MemoryFacts()
  var commits = 0
  var fault: Fault?

  /// The failure planned for the commit that comes now.
  mutating func takeFault() -> StoreError? {
    guard var fault else { return nil }
    defer { self.fault = fault.times > 0 ? fault : nil }
    guard fault.before == 0 else {
      fault.before -= 1
      return nil
    }
    fault.times -= 1
    return fault.error
  }
}

private struct Fault {
  var before: Int
  var times: Int
  let error: StoreError
}
