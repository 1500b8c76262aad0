import Net

/// Data of types without a case of their own in which senders may compress names nevertheless, because the types are older
/// than the rule against it (RFC 3597 section 4). The names are expanded, so that the bytes mean the same elsewhere.
enum OldRecordData {
  private enum Field {
    case name
    case bytes(Int)
    /// Bytes after a byte of their number.
    case string
    case rest
  }

  /// Reads the data, of `length` bytes in the message; the caller holds that the reader stands at their end then.
  static func expanded(
    _ type: RecordType, length: Int, from reader: inout MessageReader
  ) throws(MessageError) -> [UInt8] {
    guard let fields = fields(of: type) else { return try reader.readBytes(length) }
    let start = reader.offset
    var writer = ByteWriter()
    for field in fields {
      switch field {
      case .name:
        try Name(decoding: &reader).encode(into: &writer)
      case .bytes(let count):
        writer.write(try reader.readBytes(count))
      case .string:
        let count = try reader.readUInt8()
        writer.write(count)
        writer.write(try reader.readBytes(Int(count)))
      case .rest:
        let count = start + length - reader.offset
        guard count >= 0 else { throw .dataLength(type, at: start) }
        writer.write(try reader.readBytes(count))
      }
    }
    return writer.bytes
  }

  private static func fields(of type: RecordType) -> [Field]? {
    switch type.rawValue {
    // MD, MF, MB, MG, MR (RFC 1035 section 3.3), DNAME (RFC 6672).
    case 3, 4, 7, 8, 9, 39: [.name]
    // MINFO (RFC 1035), RP (RFC 1183).
    case 14, 17: [.name, .name]
    // AFSDB, RT (RFC 1183), KX (RFC 2230).
    case 18, 21, 36: [.bytes(2), .name]
    // SIG (RFC 2535 section 4.1).
    case 24: [.bytes(18), .name, .rest]
    // PX (RFC 2163).
    case 26: [.bytes(2), .name, .name]
    // NXT (RFC 2535 section 5.2).
    case 30: [.name, .rest]
    // NAPTR (RFC 3403 section 4.1).
    case 35: [.bytes(4), .string, .string, .string, .name]
    default: nil
    }
  }
}
