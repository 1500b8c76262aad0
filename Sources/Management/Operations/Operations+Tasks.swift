package import CWMP
import Journey
package import Provisioning
package import Store

// Tasks, and what is known of parameters.
extension Operations {
  /// The device of the router that `name` names. Throws where there is none, or it has not informed yet.
  package func device(named name: String) throws -> DeviceID {
    guard let device = try knownRouter(named: name).device.flatMap({ DeviceID($0) }) else {
      throw ErrorReport(
        error: "notInformed", text: "Router \(name) has not informed the ACS yet; there is nothing to ask of it.")
    }
    return device
  }

  /// Newest first.
  package func tasks(of device: DeviceID?, open: Bool, limit: Int) throws(StoreError) -> [TaskReport] {
    try queries.tasks(of: device, open: open, limit: limit).map { task throws(StoreError) in try report(task) }
  }

  /// What waits for more than a session says so: nothing is asked of a router that is not admitted.
  package func report(_ task: DeviceTask) throws(StoreError) -> TaskReport {
    var report = TaskReport(task)
    guard case .waiting = task.state, let device = try queries.device(task.device) else { return report }
    guard case .admitted = device.admission else {
      report.text = "for the router to be admitted, by `usher admit` or the inventory"
      return report
    }
    return report
  }

  /// The task that `name` numbers. Throws where there is none.
  package func task(named name: String) throws -> DeviceTask {
    if let number = Int64(name), let task = try queries.task(number) { return task }
    let last = try queries.lastTask()
    throw ErrorReport(
      error: "unknownTask",
      text: "There is no task \(name) on record; "
        + (last == 0 ? "none was ever asked." : "the newest is \(last), and `usher task list --all` lists them."))
  }

  /// In order of path. A path that begins with `~.` is under the router's own root.
  package func parameters(
    of device: DeviceID, below path: String, after: String, limit: Int
  ) throws(StoreError) -> [ParameterReport] {
    let path = try queries.device(device)?.dataModel.path(path) ?? path
    return try queries.parameters(of: device, below: path, after: after, limit: limit).map {
      ParameterReport($0, of: device)
    }
  }

  /// The devices that have a parameter whose path ends so, with that value or any.
  package func devices(
    withParameter path: String, value: String?, limit: Int
  ) throws(StoreError) -> [ParameterReport] {
    let ending = path.hasPrefix("~.") ? String(path.dropFirst(2)) : path
    return try queries.devices(withParameter: ending, value: value, limit: limit).map { found in
      ParameterReport(found.parameter, of: found.device)
    }
  }

  /// Newest first.
  package func transcripts(of device: DeviceID?, limit: Int) throws(StoreError) -> [TranscriptReport] {
    try queries.transcripts(of: device, limit: limit).map { TranscriptReport($0) }
  }

  /// In the form of ``CWMP/Transcript``.
  package func transcript(_ number: Int64) throws(StoreError) -> [UInt8]? {
    try queries.transcript(number)
  }
}
