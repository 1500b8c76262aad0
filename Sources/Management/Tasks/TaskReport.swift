import CWMP
package import Provisioning

/// A task as the operator is told of it.
package struct TaskReport: Codable, Sendable, Equatable {
  package var task: Int64
  package var device: String
  package var method: String
  /// The request in one line, without secrets.
  package var request: String
  package var created: String
  package var expires: String
  package var attempts: Int
  /// `waiting`, `sent`, `accepted`, `done`, `failed`, `expired` or `canceled`.
  package var state: String
  /// What came of it, or why it failed, or what it waits for.
  package var text: String
  package var values: [TaskOrder.Parameter]
  /// What else the router answered: names, attributes, transfers.
  package var lines: [String]
  /// Whether values or lines were left out.
  package var isCut: Bool
  /// What the router refused, by parameter.
  package var refused: [Refusal]
  /// Of its last attempt, for CancelTransfer.
  package var commandKey: String?
  /// What AddObject made.
  package var instance: Int?
  /// When it is tried again.
  package var retry: String?

  /// A parameter that the router refused.
  package struct Refusal: Codable, Sendable, Equatable {
    package var path: String
    /// TR-069 table "Fault Codes".
    package var code: Int
    package var text: String
    /// The same in a sentence.
    package var reason: String
  }

  package var isOpen: Bool { ["waiting", "sent", "accepted"].contains(state) }
}

extension TaskReport {
  package init(_ task: DeviceTask) {
    let (state, text, result): (String, String, TaskResult?) =
      switch task.state {
      case .waiting(nil): ("waiting", "for the router's next session", nil)
      case .waiting: ("waiting", task.trouble() ?? "", nil)
      case .requested(let moment): ("sent", "at \(moment); no answer yet", nil)
      case .accepted(let until): ("accepted", "the router is to say that it is done, until \(until)", nil)
      case .done(let result, _): ("done", result.text, result)
      case .failed: ("failed", task.trouble() ?? "", nil)
      case .expired: ("expired", task.trouble() ?? "", nil)
      case .canceled(let moment, _): ("canceled", "at \(moment): \(task.trouble() ?? "")", nil)
      }
    var retry: String?
    if case .waiting(let moment?) = task.state { retry = "\(moment)" }
    self.init(
      task: task.number, device: "\(task.device)", method: task.request.method,
      request: DeviceID.naming("\(task.request)"),
      created: "\(task.created)", expires: "\(task.expiry)", attempts: task.attempts, state: state,
      text: DeviceID.naming(text),
      values: (result?.values ?? []).map { TaskOrder.Parameter(path: $0.path, value: $0.value, type: $0.type) },
      lines: result?.lines ?? [], isCut: result?.isCut ?? false,
      refused: task.refused.map { Refusal(path: $0.path, code: $0.code, text: $0.text, reason: "\($0)") },
      commandKey: task.attempts > 0 ? task.commandKey : nil,
      instance: result?.instance,
      retry: retry)
  }
}

/// What is known of a router's parameter.
package struct ParameterReport: Codable, Sendable, Equatable {
  package var device: String
  package var path: String
  package var value: String?
  package var type: String?
  package var writable: Bool?
  package var notification: Int?
  package var seen: String

  init(_ parameter: KnownParameter, of device: DeviceID) {
    self.device = "\(device)"
    path = parameter.path
    value = parameter.value
    type = parameter.type?.rawValue
    writable = parameter.isWritable
    notification = parameter.notification
    seen = "\(parameter.seen)"
  }
}
