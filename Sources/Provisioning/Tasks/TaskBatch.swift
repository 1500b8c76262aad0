package import CWMP

/// A task that asks for several parameters, and that the router has refused: it is taken apart within the session, so
/// that what the router has is read, or set, and what it has not is named.
package struct TaskBatch: Hashable, Sendable {
  package let task: DeviceTask
  private var bisection: Bisection
  /// Of the request under way.
  private var refused: [TaskFailure.Parameter] = []
  private var lastFault: Fault
  private var values: [ParameterValue] = []
  private var attributes: [ParameterAttributes] = []
  private var answers = 0

  /// Nil where the fault says nothing of names, or there is one alone.
  package init?(of task: DeviceTask, after fault: Fault) {
    let count = task.request.separableCount
    guard count > 1, Self.mayBeOfOne(fault.code) else { return nil }
    self.task = task
    lastFault = fault
    bisection = Bisection(of: count, batch: count)
    _ = bisection.refused()
  }

  /// Whether one of several parameters can be to blame for it (TR-069 table "Fault Codes"), or their number.
  private static func mayBeOfOne(_ code: Int) -> Bool {
    switch code {
    case 9002...9009, 9800...9899: true
    default: false
    }
  }

  /// What is to be asked for; nil where there is no more.
  package func message(root: DataModel) -> ACSRequest? {
    guard let places = bisection.next else { return nil }
    var part = task
    part.request = task.request.part(places)
    return part.message(root: root) { _ in nil }
  }

  package mutating func take(_ answer: Session.Answer) {
    switch answer {
    case .response(let response):
      guard let places = bisection.answered() else { return }
      answers += places.count
      switch response {
      case .getParameterValues(let response): values += response.parameters
      case .getParameterAttributes(let response): attributes += response.parameters
      default: break
      }
    case .fault(let fault):
      lastFault = fault
      guard let place = bisection.refused() else { return }
      refused.append(
        TaskFailure.Parameter(
          path: String(task.request.paths[place].prefix(256)), code: fault.code, text: String(fault.text.prefix(256))))
    }
  }

  /// What it comes to once there is no more to be asked: what the router did, and what it refused. It did nothing where
  /// it refused all.
  package var outcome: (answer: Session.Answer, refused: [TaskFailure.Parameter]) {
    guard answers > 0 else { return (.fault(refused.first?.fault ?? lastFault), refused) }
    return switch task.request {
    case .getParameterAttributes:
      (.response(.getParameterAttributes(GetParameterAttributesResponse(parameters: attributes))), refused)
    case .setParameterAttributes: (.response(.setParameterAttributes), refused)
    default: (.response(.getParameterValues(GetParameterValuesResponse(parameters: values))), refused)
    }
  }
}

extension TaskFailure.Parameter {
  fileprivate var fault: Fault { Fault(code: code, text: text) }
}

extension TaskRequest {
  /// How many requests it could be as well. Values are set all or none (TR-069 annex A.3.2.1), so it is one then.
  fileprivate var separableCount: Int {
    switch self {
    case .getParameterValues(let paths), .getParameterAttributes(let paths): paths.count
    case .setParameterAttributes(let attributes): attributes.count
    case .getRPCMethods, .setParameterValues, .getParameterNames, .addObject, .deleteObject, .download,
      .scheduleDownload, .upload, .reboot, .factoryReset, .scheduleInform, .cancelTransfer, .getQueuedTransfers,
      .changeDUState, .discover:
      1
    }
  }

  fileprivate func part(_ places: Range<Int>) -> TaskRequest {
    switch self {
    case .getParameterValues(let paths): .getParameterValues(Array(paths[places]))
    case .getParameterAttributes(let paths): .getParameterAttributes(Array(paths[places]))
    case .setParameterAttributes(let attributes): .setParameterAttributes(Array(attributes[places]))
    case .getRPCMethods, .setParameterValues, .getParameterNames, .addObject, .deleteObject, .download,
      .scheduleDownload, .upload, .reboot, .factoryReset, .scheduleInform, .cancelTransfer, .getQueuedTransfers,
      .changeDUState, .discover:
      self
    }
  }
}
