import Glibc

/// A call to the kernel that failed: what was being done, and the kernel's error number.
package struct SystemError: Error, Hashable, Sendable {
  /// What was tried, as a phrase: `opening /var/lib/usher/key`.
  package let operation: String
  /// An errno value, positive.
  package let code: Int32

  package init(_ operation: String, code: Int32) {
    self.operation = operation
    self.code = code
  }

  package static let counterName = "system.failed"
}

extension SystemError: CustomStringConvertible {
  package var description: String { "\(operation): \(String(cString: strerror(code)))" }
}

/// The result of a call of CLinux, whose negative values are errors.
func checked(_ operation: @autoclosure () -> String, _ result: Int32) throws(SystemError) -> Int32 {
  guard result >= 0 else { throw SystemError(operation(), code: -result) }
  return result
}
