/// An option of a message that says nothing to us, while the rest of the message stands: a receiver is liberal (RFC 2131
/// section 4.1), so one bad option costs its client nothing but that option.
package struct OptionDefect: Hashable, Sendable {
  package enum Reason: String, CaseIterable, Sendable {
    /// Its length runs past the end of its area; what came before it was read.
    case truncated
    /// Its value is not what the option's RFC says: the wrong length, most often.
    case malformed
  }

  package let code: OptionCode
  package let reason: Reason

  package init(_ code: OptionCode, _ reason: Reason) {
    self.code = code
    self.reason = reason
  }

  /// The stable name under which such options are counted.
  package var counter: String { "dhcp.optionDropped.\(reason.rawValue).\(code.rawValue)" }
}

extension OptionDefect.Reason: CustomStringConvertible {
  package var description: String {
    switch self {
    case .truncated: "its length runs past the end of the message"
    case .malformed: "its value is not of that option's form"
    }
  }
}
