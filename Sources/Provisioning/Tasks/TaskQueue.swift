package import Net

/// The tasks of one router that are open, in the order in which they were queued, and what becomes of them. What it
/// changes is committed before anything is sent, or promised.
package struct TaskQueue: Hashable, Sendable {
  package private(set) var tasks: [DeviceTask]
  /// As they are now, those that were changed and not yet taken.
  private var changes: [Int64: DeviceTask] = [:]

  package init(_ tasks: [DeviceTask]) {
    self.tasks = tasks.sorted { $0.number < $1.number }
  }

  /// What changed since this was last asked, to be committed.
  package mutating func takeChanges() -> [DeviceTask] {
    defer { changes = [:] }
    return changes.values.sorted { $0.number < $1.number }
  }

  /// The task to be sent now, nil where there is none. It is noted as sent, with its new command key.
  package mutating func next(at now: Timestamp) -> DeviceTask? {
    for task in tasks {
      switch task.state {
      case .waiting(let notBefore):
        if now >= task.expiry {
          set(task) { $0.state = .expired(at: now) }
        } else if notBefore.map({ now >= $0 }) ?? true {
          return send(task, at: now)
        }
      case .requested:
        // One request is outstanding at a time, and it is our turn: the answer will not come.
        if task.request.isRepeatable, task.attempts < task.attemptLimit, now < task.expiry {
          return send(task, at: now)
        }
        fail(task, .unanswered, at: now)
      case .accepted(let until):
        if now >= until { fail(task, .uncompleted, at: now) }
      case .done, .failed, .expired, .canceled: break
      }
    }
    return nil
  }

  /// The router did it.
  package mutating func complete(_ number: Int64, _ result: TaskResult, at now: Timestamp) {
    guard let task = open(number) else { return }
    set(task) { $0.state = .done(result, at: now) }
  }

  /// The router took it on and will say when it is done; where the answer says all, it is done.
  package mutating func accept(_ number: Int64, _ result: TaskResult, at now: Timestamp) {
    guard let task = open(number) else { return }
    if let time = task.request.completionTime {
      set(task) { $0.state = .accepted(until: now.advanced(bySeconds: time)) }
    } else {
      complete(number, result, at: now)
    }
  }

  package mutating func fail(_ number: Int64, _ failure: TaskFailure, at now: Timestamp) {
    guard let task = open(number) else { return }
    fail(task, failure, at: now)
  }

  /// A transfer ended, or a change of software modules. It is matched by its command key; without one it is that of the
  /// only task that waits for such word, where nothing else waits for it (`isOnlyTransfer`). False where it is no
  /// task's. `wasFetched` tells whether the device fetched the file of a task, nil where that is not known.
  package mutating func transferCompleted(
    commandKey: String, code: Int, text: String, isOnlyTransfer: Bool = false,
    wasFetched: (DeviceTask) -> Bool? = { _ in nil }, at now: Timestamp
  ) -> Bool {
    let meant: DeviceTask?
    if commandKey.isEmpty {
      let waiting = tasks.filter { if case .accepted = $0.state { $0.request.isTransfer } else { false } }
      meant = isOnlyTransfer && waiting.count == 1 ? waiting.first : nil
    } else {
      meant = tasks.first { $0.isOpen && $0.hasHad(commandKey: commandKey) }
    }
    guard let task = meant else { return false }
    if code == 0 {
      let isDoubtful = wasFetched(task) == false
      complete(
        task.number,
        TaskResult(
          isDoubtful
            ? "doubtful: it says that the transfer is complete, and never fetched the file here"
            : "the transfer is complete"), at: now)
    } else if commandKey.isEmpty || commandKey == task.commandKey {
      fail(task, .fault(code: code, text: String(text.prefix(256)), parameters: []), at: now)
    }
    return true
  }

  /// The router informed that it has booted: that is the end of a Reboot, and with `0 BOOTSTRAP` of a FactoryReset.
  package mutating func booted(isBootstrap: Bool, commandKeys: [String], at now: Timestamp) {
    for task in tasks where task.isOpen && task.attempts > 0 {
      switch task.request {
      case .reboot: complete(task.number, TaskResult("it has rebooted"), at: now)
      case .factoryReset where isBootstrap: complete(task.number, TaskResult("it was reset"), at: now)
      default:
        // Its session was cut by the boot, before it could answer.
        if commandKeys.contains(task.commandKey), task.request.completionTime == nil {
          complete(task.number, TaskResult("it has said that it is done"), at: now)
        }
      }
    }
  }

  /// The router has taken on no longer what the transfer with this key was: that task will not end of itself.
  /// `number` is the task that asked for it.
  mutating func transferCanceled(commandKey: String, by number: Int64, at now: Timestamp) {
    guard let task = tasks.first(where: { $0.isOpen && $0.hasHad(commandKey: commandKey) }) else { return }
    set(task) { $0.state = .canceled(at: now, by: number) }
  }

  /// Ends what has waited too long, for routers that do not come.
  package mutating func passTime(to now: Timestamp) {
    for task in tasks where task.isOverdue(at: now) {
      switch task.state {
      case .waiting: set(task) { $0.state = .expired(at: now) }
      case .requested: fail(task, .unanswered, at: now)
      case .accepted: fail(task, .uncompleted, at: now)
      case .done, .failed, .expired, .canceled: break
      }
    }
  }

  /// False where there is no such task, or it has ended, or the router has it already.
  package mutating func cancel(_ number: Int64, at now: Timestamp) -> Bool {
    guard let task = open(number), case .waiting = task.state else { return false }
    set(task) { $0.state = .canceled(at: now) }
    return true
  }

  private func open(_ number: Int64) -> DeviceTask? {
    tasks.first { $0.number == number && $0.isOpen }
  }

  private mutating func send(_ task: DeviceTask, at now: Timestamp) -> DeviceTask {
    set(task) {
      $0.attempts += 1
      $0.state = .requested(at: now)
    }
  }

  private mutating func fail(_ task: DeviceTask, _ failure: TaskFailure, at now: Timestamp) {
    let delay = DeviceTask.delays[min(max(task.attempts, 1), DeviceTask.delays.count) - 1]
    let retry = now.advanced(bySeconds: delay)
    set(task) {
      if failure.isPassing, task.attempts < task.attemptLimit, retry < task.expiry {
        $0.state = .waiting(notBefore: retry)
        $0.setback = failure
      } else {
        $0.state = .failed(failure, at: now)
      }
    }
  }

  @discardableResult
  private mutating func set(_ task: DeviceTask, _ change: (inout DeviceTask) -> Void) -> DeviceTask {
    var task = task
    change(&task)
    if !task.isOpen { task.request = task.request.withoutSecrets }
    if let place = tasks.firstIndex(where: { $0.number == task.number }) { tasks[place] = task }
    changes[task.number] = task
    return task
  }
}

extension DeviceTask {
  /// Seconds within which a session that asked for it is over.
  private static let sessionTime: Int64 = 3600

  /// Whether it is to end, be its router there or not.
  package func isOverdue(at now: Timestamp) -> Bool {
    switch state {
    case .waiting: now >= expiry
    case .requested(let moment): now >= expiry && now.seconds(since: moment) >= Self.sessionTime
    case .accepted(let until): now >= until
    case .done, .failed, .expired, .canceled: false
    }
  }

  /// Whether one of its attempts had this key.
  fileprivate func hasHad(commandKey: String) -> Bool {
    guard commandKey.hasPrefix("task-\(number)-"), let attempt = Int(commandKey.split(separator: "-").last ?? "") else {
      return false
    }
    return (1...max(1, attempts)).contains(attempt)
  }
}
