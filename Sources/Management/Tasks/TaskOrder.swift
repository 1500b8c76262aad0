package import CWMP
package import Provisioning

/// What an operator asks of a router, as it comes over the control socket: the method, and of the other members those
/// that the method has.
package struct TaskOrder: Codable, Sendable, Equatable {
  package var method: String
  package var path: String?
  package var paths: [String]?
  package var parameters: [Parameter]?
  package var attributes: [TaskRequest.Attributes]?
  package var nextLevel: Bool?
  /// A file of the store, by name.
  package var file: String?
  package var url: String?
  package var fileType: String?
  package var targetFileName: String?
  /// Seconds until the router begins.
  package var delay: Int?
  /// Of a ScheduleDownload: seconds from its sending on.
  package var start: Int?
  package var end: Int?
  package var mode: String?
  package var commandKey: String?
  package var operations: [TaskRequest.Operation]?
  /// Seconds until it is given up if it has not been begun.
  package var lifetime: Int64?
  package var attempts: Int?
  /// Whether it is asked though the router is not known to have what it names.
  package var asSpelled: Bool?

  /// In seconds: a year at most.
  package static let lifetimes: ClosedRange<Int64> = 1...366 * 86_400
  package static let attemptLimits = 1...100
  /// Of delays and windows, in seconds: unsignedInt (TR-069 annex A).
  package static let delays = 0...Int(UInt32.max)

  package struct Parameter: Codable, Sendable, Equatable {
    package var path: String
    package var value: String
    /// Nil: what the router is known to have.
    package var type: ValueType?

    package init(path: String, value: String, type: ValueType? = nil) {
      self.path = path
      self.value = value
      self.type = type
    }
  }

  package init(_ method: String) {
    self.method = method
  }
}

extension TaskOrder {
  /// What a router is asked by this. `type` tells what a parameter of it is known to be.
  package func request(type: (String) -> ValueType?) throws(TaskOrderError) -> TaskRequest {
    if let lifetime, !Self.lifetimes.contains(lifetime) {
      throw .outOfRange("lifetime", "seconds from \(Self.lifetimes.lowerBound) to \(Self.lifetimes.upperBound)")
    }
    if let attempts, !Self.attemptLimits.contains(attempts) {
      throw .outOfRange("limit of attempts", "a number from 1 to \(Self.attemptLimits.upperBound)")
    }
    for case (let name, let seconds?) in [("delay", delay), ("start", start), ("end", end)]
    where !Self.delays.contains(seconds) {
      throw .outOfRange(name, "seconds from 0 to \(Self.delays.upperBound)")
    }
    switch method {
    case "GetRPCMethods": return .getRPCMethods
    case "GetParameterValues": return .getParameterValues(try given(paths, "a path"))
    case "SetParameterValues": return .setParameterValues(try values(type: type))
    case "GetParameterNames": return .getParameterNames(path: path ?? "", nextLevel: nextLevel ?? false)
    case "GetParameterAttributes": return .getParameterAttributes(try given(paths, "a path"))
    case "SetParameterAttributes": return .setParameterAttributes(try given(attributes, "attributes"))
    case "AddObject": return .addObject(path: try object())
    case "DeleteObject": return .deleteObject(path: try object())
    case "Download": return .download(try transferFile(), delay: delay ?? 0)
    case "ScheduleDownload":
      let window = (start ?? 0, end ?? 0)
      guard window.0 >= 0, window.1 > window.0 else { throw .emptyWindow }
      return .scheduleDownload(
        try transferFile(), start: window.0, end: window.1, mode: mode ?? TimeWindow.Mode.atAnyTime.rawValue)
    case "Upload": return .upload(fileType: fileType ?? "1 Vendor Configuration File", delay: delay ?? 0)
    case "Reboot": return .reboot
    case "FactoryReset": return .factoryReset
    case "ScheduleInform":
      guard let delay, delay > 0 else { throw .missing("a delay of one second or more", method: method) }
      return .scheduleInform(delay: delay)
    case "CancelTransfer":
      guard let commandKey else { throw .missing("a command key", method: method) }
      return .cancelTransfer(commandKey: commandKey)
    case "GetAllQueuedTransfers", "GetQueuedTransfers": return .getQueuedTransfers
    case "ChangeDUState": return .changeDUState(try given(operations, "operations"))
    case "Discover": return .discover(path: path ?? "")
    default: throw .unknownMethod(method)
    }
  }

  /// In the order of TR-069 annex A.
  package static let methods = [
    "GetRPCMethods", "SetParameterValues", "GetParameterValues", "GetParameterNames", "SetParameterAttributes",
    "GetParameterAttributes", "AddObject", "DeleteObject", "Download", "Reboot", "Upload", "FactoryReset",
    "ScheduleInform", "GetAllQueuedTransfers", "ScheduleDownload", "CancelTransfer", "ChangeDUState", "Discover",
  ]

  private func given<Value>(_ values: [Value]?, _ what: String) throws(TaskOrderError) -> [Value] {
    guard let values, !values.isEmpty else { throw .missing(what, method: method) }
    return values
  }

  private func object() throws(TaskOrderError) -> String {
    guard let path, !path.isEmpty else { throw .missing("the path of an object", method: method) }
    return path.hasSuffix(".") ? path : path + "."
  }

  private func transferFile() throws(TaskOrderError) -> TaskRequest.File {
    guard file != nil || url != nil else { throw .missing("a file or a URL", method: method) }
    return TaskRequest.File(
      name: file, url: url, fileType: fileType ?? Download.FileType.configuration.rawValue,
      targetFileName: targetFileName ?? file ?? "")
  }

  private func values(type: (String) -> ValueType?) throws(TaskOrderError) -> [ParameterValue] {
    var values: [ParameterValue] = []
    for parameter in try given(parameters, "a parameter") {
      guard !parameter.path.isEmpty else { throw .missing("a path for each value", method: method) }
      guard !Self.isOurs(parameter.path) else { throw .ourCredentials(path: parameter.path) }
      let known = parameter.type ?? type(parameter.path) ?? .string
      let value = ParameterValue(path: parameter.path, value: parameter.value, type: known)
      guard known.accepts(parameter.value) else {
        let shown = value.isConfidential ? "***" : value.value
        throw .illegalValue(path: parameter.path, value: shown, type: known, isKnown: parameter.type == nil)
      }
      values.append(value)
    }
    return values
  }

  /// A router that is given another login than the one on record is locked out.
  private static func isOurs(_ path: String) -> Bool {
    ["Username", "Password", "ConnectionRequestUsername", "ConnectionRequestPassword"].contains {
      path.hasSuffix(".ManagementServer.\($0)")
    }
  }
}

/// Why a router cannot be asked that.
package enum TaskOrderError: Error, Equatable, Sendable, CustomStringConvertible {
  case unknownMethod(String)
  case missing(String, method: String)
  case emptyWindow
  /// What it is, and what it is to be.
  case outOfRange(String, String)
  case ourCredentials(path: String)
  /// `isKnown`: the type is the router's word, not the operator's.
  case illegalValue(path: String, value: String, type: ValueType, isKnown: Bool)

  package var description: String {
    switch self {
    case .unknownMethod(let name):
      "There is no method \(name)" + ErrorReport.suggestion(for: name, among: TaskOrder.methods, end: ".")
        + " There are \(TaskOrder.methods.joined(separator: ", "))."
    case .missing(let what, let method): "\(method) needs \(what)."
    case .emptyWindow: "The window of a ScheduleDownload ends after it starts, in seconds from now on."
    case .outOfRange(let what, let range): "A task's \(what) wants \(range)."
    case .ourCredentials(let path):
      "\(path) is not set by hand: each router has a login of its own, and with another it would be locked out."
    case .illegalValue(let path, let value, let type, let isKnown):
      "\(path) is of type \(type.rawValue)\(isKnown ? ", as the router says" : ""), and \"\(value)\" is not."
    }
  }
}
