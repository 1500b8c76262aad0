import Net

/// A TFTP packet (RFC 1350 section 5).
package enum Packet: Hashable, Sendable {
  /// RRQ
  case readRequest(Request)
  /// WRQ
  case writeRequest(Request)
  /// Blocks count from 1, and on from 65,535 to 0.
  case data(block: UInt16, [UInt8])
  case acknowledgment(block: UInt16)
  case error(ErrorCode, message: String)
  /// OACK (RFC 2347)
  case optionAcknowledgment([Option])

  /// Reads a whole datagram, and takes what can be understood: a string that the end cuts is whole, unless that leaves
  /// open what was meant.
  package init(decoding bytes: RawSpan) throws(PacketError) {
    var reader = PacketReader(bytes)
    let opcode = try reader.readUInt16()
    switch opcode {
    case 1:
      self = .readRequest(try Request(decoding: &reader))
    case 2:
      self = .writeRequest(try Request(decoding: &reader))
    case 3:
      self = .data(block: try reader.readUInt16(), try reader.readRest())
    case 4:
      self = .acknowledgment(block: try reader.readUInt16())
      guard reader.isAtEnd else { throw .trailingBytes(at: reader.offset) }
    case 5:
      self = .error(ErrorCode(rawValue: try reader.readUInt16()), message: try reader.readText().value)
      guard reader.isAtEnd else { throw .trailingBytes(at: reader.offset) }
    case 6:
      self = .optionAcknowledgment(try [Option](decoding: &reader))
    default:
      throw .opcode(opcode)
    }
  }

  package func encode() -> [UInt8] {
    var writer = ByteWriter(reserving: room)
    switch self {
    case .readRequest(let request):
      writer.write(UInt16(1))
      request.encode(into: &writer)
    case .writeRequest(let request):
      writer.write(UInt16(2))
      request.encode(into: &writer)
    case .data(let block, let bytes):
      writer.write(UInt16(3))
      writer.write(block)
      writer.write(bytes)
    case .acknowledgment(let block):
      writer.write(UInt16(4))
      writer.write(block)
    case .error(let code, let message):
      writer.write(UInt16(5))
      writer.write(code.rawValue)
      writer.write(text: message)
    case .optionAcknowledgment(let options):
      writer.write(UInt16(6))
      options.encode(into: &writer)
    }
    return writer.bytes
  }

  /// Bytes to begin with: those of the packets that there are many of.
  private var room: Int {
    switch self {
    case .data(_, let bytes): 4 + bytes.count
    case .readRequest, .writeRequest, .acknowledgment, .error, .optionAcknowledgment: 64
    }
  }
}
