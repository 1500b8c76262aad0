package import CWMP
package import Net

extension TaskQueue {
  /// The router answered the request that the task's ``DeviceTask/message(root:location:)`` made. `type` tells what a
  /// parameter is known to be; `refused` is what it refused of a request that was taken apart (``TaskBatch``).
  package mutating func answered(
    _ task: DeviceTask, _ answer: Session.Answer, refused: [TaskFailure.Parameter] = [],
    type: (String) -> ValueType?, at now: Timestamp
  ) {
    switch answer {
    case .fault(let fault) where !refused.isEmpty:
      fail(task.number, .fault(code: fault.code, text: String(fault.text.prefix(256)), parameters: refused), at: now)
    case .fault(let fault):
      fail(task.number, TaskFailure(fault, of: task.request, type: type), at: now)
    case .response(let response):
      if let failure = response.failure { return fail(task.number, .unclear(failure), at: now) }
      let result = TaskResult(response).without(refused)
      switch response {
      case .download(let download) where download.status == .done: complete(task.number, result, at: now)
      case .upload(let upload) where upload.status == .done: complete(task.number, result, at: now)
      default: accept(task.number, result, at: now)
      }
      if case .cancelTransfer(let key) = task.request { transferCanceled(commandKey: key, by: task.number, at: now) }
    }
  }
}

extension TaskFailure {
  fileprivate init(_ fault: Fault, of request: TaskRequest, type: (String) -> ValueType?) {
    var wanted: [ParameterValue] = []
    if case .setParameterValues(let values) = request { wanted = values }
    // Some routers repeat what they refuse.
    let secrets = wanted.secrets
    func told(_ text: String) -> String { String(text.blanking(secrets).prefix(256)) }
    func value(of path: String) -> String? {
      guard !Goal.Parameter.isConfidential(path) else { return nil }
      return wanted.first { $0.path == path || $0.path.hasPrefix("~.") && path.hasSuffix($0.path.dropFirst()) }?.value
    }
    var parameters = fault.parameters.prefix(Self.parameterLimit).map { parameter in
      Parameter(
        path: String(parameter.path.prefix(256)), code: parameter.code, text: told(parameter.text),
        value: value(of: parameter.path), type: type(parameter.path))
    }
    // Where it names none and only one was to be set, it is that one.
    if parameters.isEmpty, wanted.count == 1, let only = wanted.first {
      parameters = [
        Parameter(
          path: only.path, code: fault.code, text: told(fault.text), value: value(of: only.path),
          type: type(only.path))
      ]
    }
    self = .fault(code: fault.code, text: told(fault.text), parameters: Array(parameters))
  }
}

extension TaskResult {
  /// With what the router refused of it, which its text names.
  fileprivate func without(_ refused: [TaskFailure.Parameter]) -> TaskResult {
    guard !refused.isEmpty else { return self }
    var result = self
    result.refused = refused
    result.text += "; refused: " + refused.map(\.description).joined(separator: "; ")
    return result
  }

  fileprivate init(_ response: CPEResponse) {
    switch response {
    case .getRPCMethods(let response):
      self.init(response.methods.prefix(64).map { String($0.prefix(64)) }.joined(separator: ", "))
    case .getParameterValues(let response):
      self.init(Self.count(response.parameters, "value"), values: response.parameters)
    case .getParameterNames(let response):
      self.init(
        Self.count(response.parameters, "name"),
        lines: response.parameters.prefix(Self.valueLimit + 1).map { $0.path + ($0.isWritable ? " (writable)" : "") })
    case .getParameterAttributes(let response):
      self.init(
        "attributes of " + Self.count(response.parameters, "parameter"),
        lines: response.parameters.prefix(Self.valueLimit + 1).map { "\($0.path): \($0.notification.word)" })
    case .setParameterValues(let response): self.init(Self.text(response.status))
    case .addObject(let response):
      self.init("instance \(response.instance), \(Self.text(response.status))", instance: response.instance)
    case .deleteObject(let response): self.init(Self.text(response.status))
    case .download(let response): self.init(Self.text(response.status))
    case .upload(let response): self.init(Self.text(response.status))
    case .getQueuedTransfers(let response):
      self.init(Self.count(response.transfers, "transfer"), lines: response.transfers.map(Self.text))
    case .getAllQueuedTransfers(let response):
      self.init(
        Self.count(response.transfers, "transfer"),
        lines: response.transfers.map { "\(Self.text($0.transfer)), \($0.fileType.rawValue)" })
    case .setParameterAttributes: self.init("applied")
    case .cancelTransfer: self.init("canceled")
    case .reboot, .factoryReset, .scheduleInform, .scheduleDownload, .changeDUState: self.init("accepted")
    }
  }

  private static func count(_ things: [some Any], _ word: String) -> String {
    switch things.count {
    case 0: "no \(word)s"
    case 1: "1 \(word)"
    case let count: "\(count) \(word)s"
    }
  }

  private static func text(_ status: CompletionStatus) -> String {
    switch status {
    case .done: "applied"
    case .pending: "accepted, to be applied later"
    case .other: status.failure ?? ""
    }
  }

  private static func text(_ transfer: QueuedTransfer) -> String {
    let state =
      switch transfer.state {
      case .notStarted: "not started"
      case .inProgress: "in progress"
      case .completed: "completed"
      }
    return "\(transfer.commandKey.isEmpty ? "(no key)" : transfer.commandKey): \(state)"
  }
}
