package import CWMP
package import Net
package import Provisioning
package import Store
import Synchronization

/// The tasks that have not ended, in memory: each session asks for its router's. It follows what is committed, in that
/// order; see ``Committer``.
package final class TaskDirectory: Sendable {
  /// Tasks that have not ended: of all routers, and of one.
  package static let limit = 100_000
  package static let deviceLimit = 100

  private struct State {
    var open: [DeviceID: [DeviceTask]] = [:]
    var count = 0
    var next: Int64 = 1
    /// Those that are being sent, or taken back, at this moment.
    var claimed: Set<Int64> = []
  }

  private let state = Mutex(State())

  /// Of no tasks.
  package init() {}

  /// Reads those on record. To be called before anything is committed.
  package func load(_ queries: some FactQueries) throws(StoreError) {
    let (last, open) = (try queries.lastTask(), try queries.tasks(of: nil, open: true, limit: Self.limit))
    state.withLock { state in
      state.next = last + 1
      for task in open { Self.set(task, in: &state) }
    }
  }

  /// Takes over what was committed.
  package func apply(_ changes: [Change]) {
    for change in changes {
      if case .task(let task) = change { state.withLock { Self.set(task, in: &$0) } }
    }
  }

  package func open(of device: DeviceID) -> [DeviceTask] {
    state.withLock { $0.open[device] ?? [] }
  }

  /// Takes a task for oneself, until it is released: what is being sent is not taken back meanwhile, nor the other way
  /// about. False where another has it, or it has ended.
  package func claim(_ number: Int64, of device: DeviceID) -> Bool {
    state.withLock { state in
      guard state.open[device]?.contains(where: { $0.number == number }) == true else { return false }
      return state.claimed.insert(number).inserted
    }
  }

  package func release(_ number: Int64) {
    state.withLock { _ = $0.claimed.remove(number) }
  }

  /// Whose tasks have waited longer than they may.
  func devicesWithOverdueTasks(at now: Timestamp) -> [DeviceID] {
    state.withLock { state in
      state.open.filter { $0.value.contains { $0.isOverdue(at: now) } }.map(\.key)
    }
  }

  package var count: Int { state.withLock(\.count) }

  /// A task with a number of its own, to be committed; nil where too many wait already.
  package func make(
    for device: DeviceID, _ request: TaskRequest, lifetime: Int64, attemptLimit: Int, at now: Timestamp
  ) -> DeviceTask? {
    state.withLock { state in
      guard state.count < Self.limit, state.open[device]?.count ?? 0 < Self.deviceLimit else { return nil }
      defer { state.next += 1 }
      return DeviceTask(
        number: state.next, device: device, request: request, created: now, lifetime: lifetime,
        attemptLimit: attemptLimit)
    }
  }

  private static func set(_ task: DeviceTask, in state: inout State) {
    var tasks = state.open[task.device] ?? []
    state.count -= tasks.count
    tasks.removeAll { $0.number == task.number }
    if task.isOpen { tasks.append(task) }
    state.count += tasks.count
    state.open[task.device] = tasks.isEmpty ? nil : tasks
  }
}
