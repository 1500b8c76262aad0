import Net

/// Why a datagram is no STUN message, and where: offsets count from its first byte.
package enum STUNError: Error, Hashable, Sendable, CustomStringConvertible {
  case truncated(at: Int, needed: Int)
  case messageType(UInt16)
  /// The header says another length than there are bytes behind it.
  case messageLength(UInt16, found: Int)
  /// A value of another size than its attribute has.
  case attributeLength(Int, at: Int)
  /// An address other than IPv4.
  case addressFamily(UInt8, at: Int)
  case errorCode(class: UInt8, number: UInt8, at: Int)
  /// A text that is not UTF-8.
  case notText(at: Int)

  init(_ error: ByteError) {
    switch error {
    case .truncated(let offset, let needed): self = .truncated(at: offset, needed: needed)
    }
  }

  package var counter: String {
    let reason =
      switch self {
      case .truncated: "truncated"
      case .messageType: "messageType"
      case .messageLength: "messageLength"
      case .attributeLength: "attributeLength"
      case .addressFamily: "addressFamily"
      case .errorCode: "errorCode"
      case .notText: "notText"
      }
    return "stun.malformed.\(reason)"
  }

  package var description: String {
    switch self {
    case .truncated(let offset, let needed): "truncated at byte \(offset): \(needed) more needed"
    case .messageType(let type): "unknown message type 0x\(String(type, radix: 16))"
    case .messageLength(let said, let found): "the header says \(said) bytes, and \(found) follow it"
    case .attributeLength(let count, let offset): "\(count) bytes at byte \(offset), which its attribute cannot have"
    case .addressFamily(let family, let offset): "address family \(family) at byte \(offset)"
    case .errorCode(let hundreds, let number, let offset): "error class \(hundreds), number \(number) at byte \(offset)"
    case .notText(let offset): "the text at byte \(offset) is not UTF-8"
    }
  }
}
