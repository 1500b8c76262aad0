/// Why a transfer came to no good end, on either side.
package enum TransferFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// The peer said so in an ERROR packet.
  case peer(ErrorCode, String)
  /// No answer to this block (0: to the request or its OACK), however often it was sent.
  case timedOut(block: Int)
  /// All was sent, but the last acknowledgment never came: the client may have everything.
  case lastBlockUnacknowledged
  /// A packet that has no place in a transfer in this direction.
  case unexpectedPacket
  /// The server agreed to an option that was not asked for, or to a value out of its range.
  case option(String)
  /// More bytes than the receiver takes.
  case tooLarge(limit: Int)
  /// A block with more bytes than agreed.
  case blockTooLarge(Int)
  /// The file could not be sent to its end.
  case content(ContentError)
  /// The client asked for something else from the same port.
  case superseded

  package var counter: String {
    let reason =
      switch self {
      case .peer: "peer"
      case .timedOut: "timedOut"
      case .lastBlockUnacknowledged: "lastBlockUnacknowledged"
      case .unexpectedPacket: "unexpectedPacket"
      case .option: "option"
      case .tooLarge: "tooLarge"
      case .blockTooLarge: "blockTooLarge"
      case .content(.changed): "contentChanged"
      case .content(.unreadable): "contentUnreadable"
      case .superseded: "superseded"
      }
    return "tftp.failed.\(reason)"
  }

  package var description: String {
    switch self {
    case .peer(let code, let message): "the other side ended it: error \(code.rawValue), \(message.debugDescription)"
    case .timedOut(let block): "no answer to block \(block)"
    case .lastBlockUnacknowledged: "the last block was not acknowledged"
    case .unexpectedPacket: "a packet that does not belong to the transfer"
    case .option(let name): "the option \(name.debugDescription) was not asked for, or not with this value"
    case .tooLarge(let limit): "the file is larger than \(limit) bytes"
    case .blockTooLarge(let count): "a block of \(count) bytes, more than agreed"
    case .content(let error): "\(error)"
    case .superseded: "the client asked for something else from the same port"
    }
  }
}
