/// Why bytes are not a DHCP message. One bad option does not make them none: see ``OptionDefect``.
package enum MessageError: Error, Hashable, Sendable {
  /// Fewer bytes than the fixed fields and the cookie have.
  case tooShort(count: Int)
  /// More bytes than ``Message/maximumSize``.
  case tooLong(count: Int)
  /// `op` is neither 1 nor 2.
  case unknownOperation(UInt8)
  /// `hlen` is more than the 16 bytes of `chaddr`.
  case hardwareAddressLength(UInt8)
  /// No magic cookie: plain BOOTP (RFC 1534), which is not served.
  case noCookie

  /// The stable name under which such packets are counted.
  package var counter: String {
    switch self {
    case .tooShort: "dhcp.undecodable.tooShort"
    case .tooLong: "dhcp.undecodable.tooLong"
    case .unknownOperation: "dhcp.undecodable.unknownOperation"
    case .hardwareAddressLength: "dhcp.undecodable.hardwareAddressLength"
    case .noCookie: "dhcp.undecodable.noCookie"
    }
  }
}

extension MessageError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .tooShort(let count): "\(count) bytes, fewer than the \(Message.fixedSize) of the fixed fields"
    case .tooLong(let count): "\(count) bytes, more than \(Message.maximumSize)"
    case .unknownOperation(let value): "op \(value) is neither 1 nor 2"
    case .hardwareAddressLength(let length): "hlen \(length) is more than 16"
    case .noCookie: "no DHCP cookie at byte 236: plain BOOTP is not served"
    }
  }
}
