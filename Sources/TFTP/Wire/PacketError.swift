import Net

/// Why a datagram is not a TFTP packet, and where: offsets count from its first byte.
package enum PacketError: Error, Hashable, Sendable, CustomStringConvertible {
  case truncated(at: Int, needed: Int)
  case opcode(UInt16)
  /// A string without its zero at the end.
  case unterminated(at: Int)
  /// A string that is not UTF-8.
  case notText(at: Int)
  /// A request longer than ``Request/maximumLength`` (RFC 2347).
  case requestTooLong(Int)
  /// A transfer mode other than netascii, octet and mail.
  case mode(String)
  /// An option's name without a value.
  case optionWithoutValue(String)
  /// Bytes after the end of an ACK.
  case trailingBytes(at: Int)

  init(_ error: ByteError) {
    switch error {
    case .truncated(let offset, let needed): self = .truncated(at: offset, needed: needed)
    }
  }

  package var counter: String {
    let reason =
      switch self {
      case .truncated: "truncated"
      case .opcode: "opcode"
      case .unterminated: "unterminated"
      case .notText: "notText"
      case .requestTooLong: "requestTooLong"
      case .mode: "mode"
      case .optionWithoutValue: "optionWithoutValue"
      case .trailingBytes: "trailingBytes"
      }
    return "tftp.malformed.\(reason)"
  }

  package var description: String {
    switch self {
    case .truncated(let offset, let needed): "truncated at byte \(offset): \(needed) more needed"
    case .opcode(let opcode): "unknown opcode \(opcode)"
    case .unterminated(let offset): "the string at byte \(offset) has no end"
    case .notText(let offset): "the string at byte \(offset) is not UTF-8"
    case .requestTooLong(let count): "a request of \(count) bytes; it may have \(Request.maximumLength)"
    case .mode(let mode): "unknown transfer mode \(mode.debugDescription)"
    case .optionWithoutValue(let name): "option \(name.debugDescription) has no value"
    case .trailingBytes(let offset): "bytes after the end of the packet at byte \(offset)"
    }
  }
}
