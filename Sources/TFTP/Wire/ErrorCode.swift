/// The code of an ERROR packet (RFC 1350 section 5; 8: RFC 2347).
package struct ErrorCode: RawRepresentable, Hashable, Sendable {
  package let rawValue: UInt16

  package init(rawValue: UInt16) {
    self.rawValue = rawValue
  }

  package static let notDefined = ErrorCode(rawValue: 0)
  package static let fileNotFound = ErrorCode(rawValue: 1)
  package static let accessViolation = ErrorCode(rawValue: 2)
  package static let diskFull = ErrorCode(rawValue: 3)
  package static let illegalOperation = ErrorCode(rawValue: 4)
  /// A packet from a port that no transfer of ours goes with.
  package static let unknownTransfer = ErrorCode(rawValue: 5)
  package static let optionNegotiation = ErrorCode(rawValue: 8)
}
