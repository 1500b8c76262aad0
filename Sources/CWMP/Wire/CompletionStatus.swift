import XML

/// Whether what was asked is done, or still to come (the Status of several responses).
package enum CompletionStatus: Hashable, Sendable {
  case done
  /// Accepted, and not applied yet: after a reboot, or when the transfer has been made.
  case pending
  /// The router's own text, to which no standard gives a meaning. It is no success.
  case other(String)
}

extension CompletionStatus {
  /// 0 and 1, in any way that an int of XML Schema can be written.
  init(_ text: String) {
    switch Int32(text) {
    case 0?: self = .done
    case 1?: self = .pending
    case _?, nil: self = .other(text.shortened)
    }
  }

  var text: String {
    switch self {
    case .done: "0"
    case .pending: "1"
    case .other(let text): text
    }
  }

  /// Why it is no success; nil where it is one.
  package var failure: String? {
    switch self {
    case .done, .pending: nil
    case .other(let text):
      "it answered with the Status \"\(text)\", which is neither 0 (done) nor 1 (to be done later)"
    }
  }
}

extension XMLElement {
  /// The argument Status; the default where it is missing.
  func status(default standard: CompletionStatus, _ warnings: inout Warnings) -> CompletionStatus {
    guard let child = child("Status") else {
      warnings.add(.missing("\(name).Status"))
      return standard
    }
    let status = CompletionStatus(child.text.trimmed)
    if case .other(let text) = status { warnings.add(.illegalValue(element: "\(name).Status", text: text)) }
    return status
  }
}

extension CPEResponse {
  /// Why the response is no success, by its Status; nil where it is one, or has none.
  package var failure: String? {
    switch self {
    case .setParameterValues(let response): response.status.failure
    case .addObject(let response): response.status.failure
    case .deleteObject(let response): response.status.failure
    case .download(let response): response.status.failure
    case .upload(let response): response.status.failure
    case .getRPCMethods, .getParameterValues, .getParameterNames, .reboot, .factoryReset, .scheduleInform,
      .setParameterAttributes, .getParameterAttributes, .scheduleDownload, .cancelTransfer, .getQueuedTransfers,
      .getAllQueuedTransfers, .changeDUState:
      nil
    }
  }
}
