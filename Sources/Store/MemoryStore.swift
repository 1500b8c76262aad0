package import CWMP
package import DHCP
package import Journey
package import Net
package import Provisioning
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

  package func leases(after: IPv4Address?, limit: Int) -> [Lease] {
    Array(leases().filter { lease in after.map { $0 < lease.address } ?? true }.prefix(max(1, limit)))
  }

  package func routers(after: RouterID, limit: Int) -> [Router] {
    Array(routers().filter { $0.id.rawValue > after.rawValue }.prefix(max(1, limit)))
  }

  package func routers(with key: RouterKey) -> [Router] {
    let found = routers().filter { router in
      switch key {
      case .serialNumber(let name): router.serialNumber == name
      case .device(let name): router.device == name
      case .hostname(let name): router.hostname == name
      case .hardware(let hardware): router.hardware == hardware
      case .address(let address): router.address == address
      }
    }
    return Array(found.prefix(RouterKey.limit))
  }

  package func router(_ id: RouterID) -> Router? {
    state.withLock { $0.facts.routers[id] }
  }

  package func devices(skipping skipped: Int, limit: Int) -> [Device] {
    let devices = state.withLock { $0.facts.devices.values.sorted(by: Self.informedLater) }
    return Array(devices.dropFirst(max(0, skipped)).prefix(max(1, limit)))
  }

  package func counts(at now: Timestamp) -> StoredCounts {
    state.withLock { state in
      StoredCounts(
        routers: state.facts.routers.count, leases: state.facts.leases.values.count { $0.isActive(at: now) },
        devices: state.facts.devices.count)
    }
  }

  package func lastRouter() -> RouterID {
    state.withLock { RouterID(rawValue: $0.facts.lastRouter) }
  }

  package func forEachDevice(_ body: (Device) -> Void) {
    for device in state.withLock({ $0.facts.devices.values.sorted(by: Self.informedLater) }) { body(device) }
  }

  package func device(_ id: DeviceID) -> Device? {
    state.withLock { $0.facts.devices[id] }
  }

  package func transcripts(of device: DeviceID?, limit: Int) -> [StoredTranscript] {
    let records = state.withLock { $0.facts.transcripts.map(\.record) }
    let found = records.reversed().filter { record in device.map { "\($0)" == record.device } ?? true }
    return Array(found.prefix(max(1, limit)))
  }

  package func transcript(_ number: Int64) -> [UInt8]? {
    state.withLock { $0.facts.transcripts.first { $0.record.number == number }?.bytes }
  }

  package func lastTask() -> Int64 {
    state.withLock(\.facts.lastTask)
  }

  package func task(_ number: Int64) -> DeviceTask? {
    state.withLock { $0.facts.tasks[number] }
  }

  package func tasks(of device: DeviceID?, open: Bool, limit: Int) -> [DeviceTask] {
    let tasks = state.withLock { state in
      state.facts.tasks.values.filter { (device == nil || $0.device == device) && (!open || $0.isOpen) }
    }
    return Array(tasks.sorted { $0.number > $1.number }.prefix(max(1, limit)))
  }

  package func parameters(of device: DeviceID, below prefix: String, after: String, limit: Int) -> [KnownParameter] {
    let known = state.withLock { $0.facts.parameters[device] ?? [:] }
    let found = known.values.filter { parameter in
      parameter.path.hasPrefix(prefix) && after.utf8.lexicographicallyPrecedes(parameter.path.utf8)
    }
    return Array(found.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }.prefix(max(1, limit)))
  }

  package func parameter(_ path: String, of device: DeviceID) -> KnownParameter? {
    state.withLock { $0.facts.parameters[device]?[path] }
  }

  package func devices(
    withParameter path: String, value: String?, limit: Int
  ) -> [(device: DeviceID, parameter: KnownParameter)] {
    let known = state.withLock(\.facts.parameters)
    let found = known.flatMap { device, parameters in
      parameters.values.filter { parameter in
        (parameter.path == path || parameter.path.hasSuffix("." + path)) && parameter.value != nil
          && (value == nil || parameter.value == value)
      }.map { (device: device, parameter: $0) }
    }
    return Array(found.sorted { "\($0.device)" < "\($1.device)" }.prefix(max(1, limit)))
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
