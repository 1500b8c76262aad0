import ArgumentParser
import CWMP

/// What the exit code of a command says: one scheme for all of them.
enum ExitStatus: Int32, CaseIterable {
  case done = 0
  /// What was asked for failed, was refused, or showed that something is wrong.
  case failed = 1
  /// The configuration, or a file that it names, cannot be used.
  case configuration = 2
  /// No daemon answers on the control socket, or the socket may not be used.
  case unreachable = 3
  /// The command was written wrong, or names what there is not (EX_USAGE of sysexits.h).
  case usage = 64

  var meaning: String {
    switch self {
    case .done: "done"
    case .failed: "what was asked for failed, was refused, or is not in order"
    case .configuration: "the configuration cannot be used"
    case .unreachable: "no daemon answers on the control socket, or you may not use it"
    case .usage: "the command is written wrong, or names what there is not"
    }
  }

  /// For `usher --help`.
  static let help =
    "Exit codes:\n"
    + allCases.map { status in
      let code = String(status.rawValue)
      return String(repeating: " ", count: 4 - code.count) + "\(code)  \(status.meaning)"
    }.joined(separator: "\n")
}

extension ExitCode {
  init(_ status: ExitStatus) {
    self.init(status.rawValue)
  }
}

/// A failure that is told in one sentence, without the usage text.
struct Failure: Error, CustomStringConvertible {
  let description: String
  let status: ExitStatus

  init(_ description: String, _ status: ExitStatus = .failed) {
    self.description = DeviceID.naming(description)
    self.status = status
  }
}

/// The command is written wrong: told with the usage of the command that was meant.
struct Misuse: Error, CustomStringConvertible {
  let description: String
  /// The command that was meant; nil: the one that runs.
  let command: (any ParsableCommand.Type)?

  init(_ description: String, of command: (any ParsableCommand.Type)? = nil) {
    self.description = description
    self.command = command
  }
}
