import Net

/// Why a datagram is not a TFTP packet, and where: offsets count from its first byte.
package enum PacketError: Error, Hashable, Sendable, CustomStringConvertible {
  case truncated(at: Int, needed: Int)
  case opcode(UInt16)
  /// A file name without its zero at the end, so that there is no mode either.
  case unterminated(at: Int)
  /// A request longer than ``Request/maximumLength`` (RFC 2347).
  case requestTooLong(Int)
  /// A transfer mode other than netascii, octet and mail.
  case mode(String)
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
      case .requestTooLong: "requestTooLong"
      case .mode: "mode"
      case .trailingBytes: "trailingBytes"
      }
    return "tftp.malformed.\(reason)"
  }

  package var description: String {
    switch self {
    case .truncated(let offset, let needed): "truncated at byte \(offset): \(needed) more needed"
    case .opcode(let opcode): "unknown opcode \(opcode)"
    case .unterminated(let offset): "the string at byte \(offset) has no end"
    case .requestTooLong(let count): "a request of \(count) bytes; it may have \(Request.maximumLength)"
    case .mode(let mode): "unknown transfer mode \(mode.debugDescription)"
    case .trailingBytes(let offset): "bytes after the end of the packet at byte \(offset)"
    }
  }
}
