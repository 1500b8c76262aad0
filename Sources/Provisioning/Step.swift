package import CWMP
package import Net

/// What is to be done next with a router.
package enum Step: Hashable, Sendable {
  package enum Purpose: Hashable, Sendable {
    /// So that it comes back by itself, whatever happens to the rest.
    case periodicInform
    /// So that it can be asked to come, though it is behind a NAT.
    case stun
    case profile
  }

  /// Give it credentials of its own: those already proposed to it, where some are.
  case secure
  case setParameters([ParameterValue], Purpose)
  case download(Goal.File, commandKey: String, attempt: Int)
  /// Its TransferComplete is to come; past the moment, the download is tried again.
  case awaitTransfer(until: Timestamp)
  case reboot(commandKey: String, attempt: Int)
  /// Its Inform after the reboot is to come.
  case awaitBoot(until: Timestamp)
  /// Get these parameters and hold them against the goal.
  case readBack([String])
  case done
  /// Nothing is done before `retryAt` (nil: before somebody decides).
  case halted(Halt, retryAt: Timestamp?)
}

/// What keeps a plan from going on.
package enum Halt: Hashable, Sendable {
  case notAdmitted
  case setback(Setback.Kind)
  case downloadFailed(file: String, code: Int, text: String, attempt: Int)
  /// It never answered the Download, or its TransferComplete never came.
  case downloadUnanswered(file: String, attempt: Int)
  /// It never informed after being asked to reboot.
  case rebootUnanswered(attempt: Int)
}

extension Halt: CustomStringConvertible {
  package var description: String {
    switch self {
    case .notAdmitted: "it is not admitted"
    case .setback(.refused(let method, let path, let code, let text)):
      "it refused \(path?.quoted ?? method) with fault \(code) \(text.quoted)"
    case .setback(.mismatched(let path, let wanted, let found)):
      "\(path.quoted) reads back \(found.quoted), where \(wanted.quoted) is wanted"
    case .downloadFailed(let file, let code, let text, let attempt):
      "attempt \(attempt) to download \(file.quoted) failed with fault \(code) \(text.quoted)"
    case .downloadUnanswered(let file, let attempt): "attempt \(attempt) to download \(file.quoted) was never completed"
    case .rebootUnanswered(let attempt): "attempt \(attempt) to reboot it had no effect"
    }
  }
}
