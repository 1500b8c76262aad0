package import CWMP
package import Net

/// Something that an operator has asked of one router, from when it was queued to how it ended.
package struct DeviceTask: Hashable, Sendable, Codable {
  package enum State: Hashable, Sendable, Codable {
    /// For the router's next session, or the one after `notBefore` where it has failed before.
    case waiting(notBefore: Timestamp?)
    /// It may have reached the router, which has not answered.
    case requested(at: Timestamp)
    /// The router has taken it on, and is to say when it is done.
    case accepted(until: Timestamp)
    case done(TaskResult, at: Timestamp)
    case failed(TaskFailure, at: Timestamp)
    case expired(at: Timestamp)
    /// By an operator before it was sent, or by the router, as a CancelTransfer asked: `by` is the number of that task.
    case canceled(at: Timestamp, by: Int64? = nil)
  }

  /// From 1, never used again.
  package let number: Int64
  package let device: DeviceID
  /// Once it has ended, without the secrets that were to be set.
  package internal(set) var request: TaskRequest
  package let created: Timestamp
  /// It is not begun after this.
  package let expiry: Timestamp
  /// How often it is tried at most.
  package let attemptLimit: Int
  package internal(set) var attempts = 0
  package internal(set) var state = State.waiting(notBefore: nil)
  /// The last failure of one that waits to be tried again.
  package internal(set) var setback: TaskFailure?

  package static let usualLifetime: Int64 = 7 * 86_400
  package static let usualAttempts = 4
  /// Seconds until it is tried again after the first, second, … failure; the last counts for all others.
  package static let delays: [Int64] = [30, 300, 3600]

  package init(
    number: Int64, device: DeviceID, request: TaskRequest, created: Timestamp, lifetime: Int64 = usualLifetime,
    attemptLimit: Int = usualAttempts
  ) {
    self.number = number
    self.device = device
    self.request = request
    self.created = created
    expiry = created.advanced(bySeconds: lifetime)
    self.attemptLimit = max(1, attemptLimit)
  }

  /// Of the present attempt; at most 32 characters.
  package var commandKey: String { "task-\(number)-\(attempts)" }

  /// Whether it has not come to its end.
  package var isOpen: Bool {
    switch state {
    case .waiting, .requested, .accepted: true
    case .done, .failed, .expired, .canceled: false
    }
  }
}

/// What a router answered, in words and, where they are few, in values.
package struct TaskResult: Hashable, Sendable, Codable {
  /// One line.
  package var text: String
  package var values: [ParameterValue]
  /// Of what was asked, the parts that the router refused; nil where it refused none.
  package var refused: [TaskFailure.Parameter]?
  /// What AddObject made.
  package var instance: Int?
  /// What else it answered, a line for each: names, attributes, transfers.
  package var lines: [String]
  /// Whether values or lines were left out.
  package var isCut: Bool

  /// Values, and lines. More are told of by their number; they stand in the router's parameters.
  package static let valueLimit = 256
  /// Characters of all values.
  package static let textLimit = 256 << 10
  /// Characters of a line.
  private static let lineLimit = 512

  /// What is a secret by its name is left out, though some routers tell it.
  package init(_ text: String, values: [ParameterValue] = [], instance: Int? = nil, lines: [String] = []) {
    self.text = text
    var size = 0
    let few = values.prefix(Self.valueLimit).prefix { value in
      size += value.path.utf8.count + value.value.utf8.count
      return size <= Self.textLimit
    }
    self.values = few.map { value in
      Goal.Parameter.isSecret(value.path) ? ParameterValue(path: value.path, value: "", type: value.type) : value
    }
    self.instance = instance
    self.lines = lines.prefix(Self.valueLimit).map { String($0.prefix(Self.lineLimit)) }
    isCut = few.count < values.count || lines.count > Self.valueLimit
  }
}

/// Why a router did not do it.
package enum TaskFailure: Hashable, Sendable, Codable {
  /// A fault of the router, with what it says of parameters.
  case fault(code: Int, text: String, parameters: [Parameter])
  /// The session ended before an answer came, and it is not to be asked twice.
  case unanswered
  /// It was taken on, and no word came that it was done.
  case uncompleted
  /// It cannot be asked so.
  case impossible(String)
  /// It answered neither with success nor with a fault: what it said.
  case unclear(String)

  /// Parameters of one fault that are kept.
  package static let parameterLimit = 256

  package struct Parameter: Hashable, Sendable, Codable {
    package var path: String
    package var code: Int
    package var text: String
    /// What was to be set.
    package var value: String?
    /// What the router says it is.
    package var type: ValueType?

    package init(path: String, code: Int, text: String, value: String? = nil, type: ValueType? = nil) {
      self.path = path
      self.code = code
      self.text = text
      self.value = value
      self.type = type
    }
  }
}

extension TaskFailure {
  /// Whether it may go well another time, with nothing else changed.
  var isPassing: Bool {
    switch self {
    case .fault(let code, _, _):
      switch code {
      // Internal error, resources, the faults of transfers but for those of the file itself, and a vendor's own.
      case 9002, 9004, 9010...9012, 9014...9017, 9019, 9020, 9800...9899: true
      default: false
      }
    case .unanswered, .impossible, .unclear: false
    case .uncompleted: true
    }
  }
}

extension TaskFailure: CustomStringConvertible {
  package var description: String {
    switch self {
    case .fault(let code, let text, let parameters):
      parameters.isEmpty
        ? FaultMeaning.sentence(code, text) : parameters.map(\.description).joined(separator: "; ")
    case .unanswered: "the session ended before the router answered"
    case .uncompleted: "the router took it on, and never said that it was done"
    case .impossible(let reason), .unclear(let reason): reason
    }
  }
}

extension TaskFailure.Parameter: CustomStringConvertible {
  package var description: String {
    let wanted = value.map { " = \($0.quoted)" } ?? ""
    // Of other faults the type is not to blame.
    let expected = [9003, 9006, 9007].contains(code) ? type.map { "; the router has it as \($0.rawValue)" } ?? "" : ""
    return "\(path)\(wanted): \(FaultMeaning.sentence(code, text))\(expected)"
  }
}
