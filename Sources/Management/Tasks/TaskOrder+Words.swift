import CWMP
import Provisioning

extension TaskOrder {
  /// What a command line asks: a word for the method, or its own name, and its arguments.
  package init(words: [String]) throws(TaskWordsError) {
    guard let word = words.first else { throw .noMethod }
    let arguments = Array(words.dropFirst())
    self.init(Self.words.first { $0.word == word }?.method ?? word)
    func first(_ what: String) throws(TaskWordsError) -> String {
      guard let argument = arguments.first else { throw .missing(what, word: word) }
      return argument
    }
    func number(_ place: Int, _ what: String) throws(TaskWordsError) -> Int {
      guard arguments.indices.contains(place) else { throw .missing(what, word: word) }
      guard let number = Int(arguments[place]), Self.delays.contains(number) else {
        throw .notANumber(arguments[place])
      }
      return number
    }
    var allowed = 0
    switch method {
    case "GetRPCMethods", "Reboot", "FactoryReset", "GetAllQueuedTransfers", "GetQueuedTransfers": break
    case "GetParameterValues", "GetParameterAttributes":
      _ = try first("a path")
      paths = arguments
      allowed = .max
    case "SetParameterValues":
      _ = try first("PATH=VALUE")
      parameters = []
      for argument in arguments { parameters?.append(try Self.parameter(argument)) }
      allowed = .max
    case "SetParameterAttributes":
      _ = try first("PATH=NOTIFICATION")
      attributes = []
      for argument in arguments { attributes?.append(try Self.attributes(argument)) }
      allowed = .max
    case "GetParameterNames", "Discover":
      path = arguments.first
      allowed = 1
    case "AddObject", "DeleteObject":
      path = try first("the path of an object")
      allowed = 1
    case "Download":
      try setFile(first("a file or a URL"))
      allowed = 1
    case "ScheduleDownload":
      try setFile(first("a file or a URL"))
      start = try number(1, "the start of a window, in seconds from now")
      end = try number(2, "the end of a window, in seconds from now")
      allowed = 3
    case "Upload":
      fileType = try arguments.first.map { argument throws(TaskWordsError) in try Self.uploadType(argument) }
      allowed = 1
    case "ScheduleInform":
      delay = try number(0, "a number of seconds")
      allowed = 1
    case "CancelTransfer":
      commandKey = try first("a command key")
      allowed = 1
    case "ChangeDUState":
      operations = [try Self.operation(word, arguments)]
      allowed = word == "update" ? 2 : 1
    default: throw .unknown(word)
    }
    guard arguments.count <= allowed else { throw .tooMany(arguments[allowed], word: word) }
  }

  /// The short words of the command line.
  package static let words: [(word: String, method: String, arguments: String)] = [
    ("get", "GetParameterValues", "PATH…"), ("set", "SetParameterValues", "PATH=VALUE…"),
    ("names", "GetParameterNames", "[PATH]"), ("attributes", "GetParameterAttributes", "PATH…"),
    ("notify", "SetParameterAttributes", "PATH=off|passive|active…"), ("add", "AddObject", "PATH"),
    ("delete", "DeleteObject", "PATH"), ("download", "Download", "FILE|URL"),
    ("schedule-download", "ScheduleDownload", "FILE|URL START END"), ("upload", "Upload", "[config|log]"),
    ("reboot", "Reboot", ""), ("factory-reset", "FactoryReset", ""), ("inform", "ScheduleInform", "SECONDS"),
    ("cancel-transfer", "CancelTransfer", "KEY"), ("transfers", "GetAllQueuedTransfers", ""),
    ("install", "ChangeDUState", "URL"), ("update", "ChangeDUState", "UUID [URL]"),
    ("uninstall", "ChangeDUState", "UUID"), ("methods", "GetRPCMethods", ""), ("discover", "Discover", "[PATH]"),
  ]

  /// Each word with its arguments.
  package static var choices: [String] {
    words.map { $0.arguments.isEmpty ? $0.word : "\($0.word) \($0.arguments)" }
  }

  private mutating func setFile(_ name: String) {
    if name.contains("://") { url = name } else { file = name }
  }

  /// `PATH=VALUE`, or `PATH:TYPE=VALUE`.
  private static func parameter(_ text: String) throws(TaskWordsError) -> Parameter {
    guard let equals = text.firstIndex(of: "="), equals > text.startIndex else { throw .notAnAssignment(text) }
    let (left, value) = (text[..<equals], String(text[text.index(after: equals)...]))
    guard let colon = left.lastIndex(of: ":") else { return Parameter(path: String(left), value: value) }
    let name = String(left[left.index(after: colon)...])
    guard let type = ValueType(rawValue: name) else { throw .unknownType(name) }
    return Parameter(path: String(left[..<colon]), value: value, type: type)
  }

  private static func attributes(_ text: String) throws(TaskWordsError) -> TaskRequest.Attributes {
    guard let equals = text.lastIndex(of: "="), equals > text.startIndex else { throw .notAnAssignment(text) }
    let word = text[text.index(after: equals)...]
    let number = Notification.range.first { Notification(rawValue: $0).word == word || Int(word) == $0 }
    guard let number else { throw .notANotification(String(word)) }
    return TaskRequest.Attributes(path: String(text[..<equals]), notification: number)
  }

  private static func uploadType(_ word: String) throws(TaskWordsError) -> String {
    switch word {
    case "config", "configuration": "1 Vendor Configuration File"
    case "log": "2 Vendor Log File"
    case let word where word.first?.isNumber == true: word
    default: throw .unknownFile(word)
    }
  }

  private static func operation(
    _ word: String, _ arguments: [String]
  ) throws(TaskWordsError) -> TaskRequest.Operation {
    guard let first = arguments.first else { throw .missing(word == "install" ? "a URL" : "a UUID", word: word) }
    switch word {
    case "install": return .install(url: first, uuid: "", environment: "")
    case "update": return .update(url: arguments.dropFirst().first ?? "", uuid: first, version: "")
    case "uninstall": return .uninstall(uuid: first, version: "", environment: "")
    default: throw .unknown(word)
    }
  }
}

/// What is wrong with the words of a command line.
package enum TaskWordsError: Error, Equatable, Sendable, CustomStringConvertible {
  case noMethod
  case unknown(String)
  case missing(String, word: String)
  case tooMany(String, word: String)
  case notANumber(String)
  case notAnAssignment(String)
  case unknownType(String)
  case notANotification(String)
  case unknownFile(String)
  /// An option that goes with other methods.
  case foreignOption(String, methods: [String], method: String)

  package var description: String {
    switch self {
    case .noMethod: "What is to be asked? \(Self.choices)"
    case .unknown(let word):
      "\"\(word)\" is nothing that a router can be asked"
        + ErrorReport.suggestion(for: word, among: TaskOrder.words.map(\.word) + TaskOrder.methods, end: ".")
        + " \(Self.choices)"
    case .missing(let what, let word): "\(word) needs \(what)\(Self.form(of: word))."
    case .tooMany(let argument, let word): "\(word) does not take \"\(argument)\"\(Self.form(of: word))."
    case .notANumber(let text): "\"\(text)\" is no number of seconds from 0 to \(TaskOrder.delays.upperBound)."
    case .notAnAssignment(let text): "\"\(text)\" gives no value to a parameter: write PATH=VALUE."
    case .unknownType(let name):
      "There is no type \(name)"
        + ErrorReport.suggestion(for: name, among: ValueType.allCases.map(\.rawValue), end: ".")
        + " There are \(ValueType.allCases.map(\.rawValue).joined(separator: ", "))."
    case .notANotification(let word): "\"\(word)\" is no notification: off, passive, active, or 0 to 6."
    case .foreignOption(let name, let methods, let method):
      "\(name) goes with \(methods.joined(separator: ", ")), not with \(method)."
    case .unknownFile(let word): "\"\(word)\" cannot be uploaded: config, log, or a FileType in full."
    }
  }

  /// How it is written, where that is known.
  private static func form(of word: String) -> String {
    guard let known = TaskOrder.words.first(where: { $0.word == word || $0.method == word }) else { return "" }
    return ": write `\(([word] + (known.arguments.isEmpty ? [] : [known.arguments])).joined(separator: " "))`"
  }

  private static var choices: String { "There are \(TaskOrder.choices.joined(separator: "; "))." }
}
