import CWMP
import Management
import Net
import Provisioning
import Services
import Store

extension RunningAppliance {
  func ask(_ order: TaskOrder, of device: DeviceID) async throws(ErrorReport) -> DeviceTask {
    var order = order
    if let name = order.file {
      guard let file = FileRecord.Name(rawValue: name).flatMap({ files.file(named: $0) }) else {
        let near = ErrorReport.suggestion(for: name, among: files.files.map(\.name.rawValue))
        throw ErrorReport(
          error: "unknownFile",
          text: "There is no file \(name) here\(near.isEmpty ? ";" : near) `usher files add` brings one.")
      }
      switch file.kind {
      case .firmware: order.fileType = order.fileType ?? Download.FileType.firmware.rawValue
      case .configuration: order.fileType = order.fileType ?? Download.FileType.configuration.rawValue
      case .log, .other: break
      }
      guard order.fileType != nil else {
        throw ErrorReport(
          error: "illegalTask",
          text: "\(name) is kept as \(file.kind.rawValue); say by a file type what the router is to take it for.")
      }
    }
    let request: TaskRequest
    do throws(TaskOrderError) {
      request = try order.request { path in knownType(of: path, device) }
    } catch {
      throw ErrorReport(error: "illegalTask", text: "\(error)")
    }
    // Where the file will be is not known yet; a URL of the operator's own is.
    let location = DeviceTask.Location(url: order.url ?? "http://acs/")
    let trial = DeviceTask(number: 0, device: device, request: request, created: now)
    if let problem = trial.message(root: .internetGatewayDevice, location: { _ in location })?.problem {
      throw ErrorReport(error: "illegalTask", text: "\(request.method) cannot be sent: \(problem.withoutSecrets).")
    }
    if order.asSpelled != true { try check(request, of: device) }
    guard
      let task = tasks.make(
        for: device, request, lifetime: order.lifetime ?? DeviceTask.usualLifetime,
        attemptLimit: order.attempts ?? DeviceTask.usualAttempts, at: now)
    else {
      throw ErrorReport(
        error: "tooManyTasks",
        text:
          "\(device.name) has \(TaskDirectory.deviceLimit) tasks that wait, or all routers have \(TaskDirectory.limit)."
      )
    }
    try await commit(task)
    return task
  }

  func cancel(task number: Int64) async throws(ErrorReport) -> DeviceTask {
    do {
      guard let task = try store.task(number) else {
        throw ErrorReport(error: "unknownTask", text: "There is no task \(number) on record.")
      }
      let isClaimed = tasks.claim(number, of: task.device)
      defer { if isClaimed { tasks.release(number) } }
      var queue = TaskQueue(isClaimed ? tasks.open(of: task.device) : [])
      guard queue.cancel(number, at: now), let canceled = queue.takeChanges().first else {
        let state = TaskReport(task).state
        throw ErrorReport(
          error: "notCancelable",
          text: "Task \(number) is \(state == "waiting" ? "being sent" : state); only what waits can be taken back.")
      }
      try await commit(canceled)
      return canceled
    } catch let error as ErrorReport {
      throw error
    } catch {
      throw ErrorReport(error: "store", text: "\(error)")
    }
  }

  private func commit(_ task: DeviceTask) async throws(ErrorReport) {
    do throws(StoreError) {
      let router = journey.router(device: "\(task.device)")?.id
      try await journey.commit(Change.tasks([task], of: router, at: now))
    } catch {
      throw ErrorReport(error: error.counter, text: "\(error)")
    }
  }

  /// Throws where a path is spelled wrong, as far as is known.
  private func check(_ request: TaskRequest, of device: DeviceID) throws(ErrorReport) {
    guard let found = try? store.misspelling(in: request, of: device) else { return }
    throw ErrorReport(
      error: "misspelled",
      text: "\(device.name) has no \(found.path), as far as its data model was read; did you mean \(found.right)? "
        + "--as-spelled asks it all the same.")
  }

  private func knownType(of path: String, _ device: DeviceID) -> ValueType? {
    let path = (try? store.device(device))?.dataModel.path(path) ?? path
    return (try? store.parameter(path, of: device))?.type
  }
}
