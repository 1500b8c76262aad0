/// The second 16 bits of a message's header: bits, OPCODE and RCODE (RFC 1035 section 4.1.1; RFC 4035 section 3.1.6).
package struct Flags: OptionSet, Hashable, Sendable {
  package let rawValue: UInt16

  package init(rawValue: UInt16) {
    self.rawValue = rawValue
  }

  package init(_ bits: Flags = [], opcode: Opcode = .query, responseCode: ResponseCode = .noError) {
    rawValue = bits.rawValue & ~0x780F | UInt16(opcode.rawValue & 15) << 11 | responseCode.rawValue & 15
  }

  /// QR: the message is a response.
  package static let response = Flags(rawValue: 0x8000)
  /// AA
  package static let authoritative = Flags(rawValue: 0x0400)
  /// TC: the answer was cut; ask again over TCP.
  package static let truncated = Flags(rawValue: 0x0200)
  /// RD
  package static let recursionDesired = Flags(rawValue: 0x0100)
  /// RA
  package static let recursionAvailable = Flags(rawValue: 0x0080)
  /// AD
  package static let authenticData = Flags(rawValue: 0x0020)
  /// CD
  package static let checkingDisabled = Flags(rawValue: 0x0010)

  package var opcode: Opcode { Opcode(rawValue: UInt8(rawValue >> 11 & 15)) }

  /// The lower four bits of the response code; EDNS holds the upper eight.
  package var responseCode: ResponseCode { ResponseCode(rawValue: rawValue & 15) }
}

/// OPCODE, 4 bits (RFC 1035 section 4.1.1).
package struct Opcode: RawRepresentable, Hashable, Sendable {
  package let rawValue: UInt8

  package init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  package static let query = Opcode(rawValue: 0)
  package static let notify = Opcode(rawValue: 4)
  package static let update = Opcode(rawValue: 5)
}

/// RCODE: 4 bits in the header, 12 with EDNS (RFC 1035 section 4.1.1; RFC 6891 section 6.1.3).
package struct ResponseCode: RawRepresentable, Hashable, Sendable {
  package let rawValue: UInt16

  package init(rawValue: UInt16) {
    self.rawValue = rawValue
  }

  package static let noError = ResponseCode(rawValue: 0)
  /// FORMERR
  package static let formatError = ResponseCode(rawValue: 1)
  /// SERVFAIL
  package static let serverFailure = ResponseCode(rawValue: 2)
  /// NXDOMAIN
  package static let nameError = ResponseCode(rawValue: 3)
  /// NOTIMP
  package static let notImplemented = ResponseCode(rawValue: 4)
  package static let refused = ResponseCode(rawValue: 5)
  /// BADVERS
  package static let badVersion = ResponseCode(rawValue: 16)
}

extension ResponseCode: CustomStringConvertible {
  package var description: String {
    switch self {
    case .noError: "NOERROR"
    case .formatError: "FORMERR"
    case .serverFailure: "SERVFAIL"
    case .nameError: "NXDOMAIN"
    case .notImplemented: "NOTIMP"
    case .refused: "REFUSED"
    case .badVersion: "BADVERS"
    default: "RCODE\(rawValue)"
    }
  }
}
