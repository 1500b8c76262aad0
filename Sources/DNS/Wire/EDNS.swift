import Net

/// What an OPT record says (RFC 6891 section 6.1).
package struct EDNS: Hashable, Sendable {
  package struct Option: Hashable, Sendable {
    package var code: UInt16
    package var bytes: [UInt8]

    /// COOKIE (RFC 7873 section 4).
    package static let cookie: UInt16 = 10
    /// EXTENDED ERROR (RFC 8914).
    package static let extendedError: UInt16 = 15

    package init(code: UInt16, bytes: [UInt8]) {
      self.code = code
      self.bytes = bytes
    }
  }

  /// The largest UDP payload that the sender can take, in bytes.
  package var payloadSize: UInt16
  /// The upper eight bits of the response code.
  package var extendedResponseCode: UInt8
  package var version: UInt8
  /// Bit 0 is DO; the others are zero so far.
  package var flags: UInt16
  package var options: [Option]

  package static let dnssecOK: UInt16 = 0x8000

  package init(
    payloadSize: UInt16 = 1232, extendedResponseCode: UInt8 = 0, version: UInt8 = 0, flags: UInt16 = 0,
    options: [Option] = []
  ) {
    self.payloadSize = payloadSize
    self.extendedResponseCode = extendedResponseCode
    self.version = version
    self.flags = flags
    self.options = options
  }

  /// Reads a whole OPT record at the reader's place.
  init(decoding reader: inout MessageReader) throws(MessageError) {
    let start = reader.offset
    guard try reader.readUInt8() == 0 else { throw .misplacedOPT(at: start) }
    try reader.skip(2)
    payloadSize = try reader.readUInt16()
    extendedResponseCode = try reader.readUInt8()
    version = try reader.readUInt8()
    flags = try reader.readUInt16()
    let length = Int(try reader.readUInt16())
    let end = reader.offset + length
    options = []
    while reader.offset < end {
      let code = try reader.readUInt16()
      let bytes = try reader.readBytes(Int(try reader.readUInt16()))
      options.append(Option(code: code, bytes: bytes))
    }
    guard reader.offset == end else { throw .dataLength(.opt, at: start) }
  }

  func encode(into writer: inout ByteWriter) {
    Name.root.encode(into: &writer)
    writer.write(RecordType.opt.rawValue)
    writer.write(payloadSize)
    writer.write(extendedResponseCode)
    writer.write(version)
    writer.write(flags)
    let lengthOffset = writer.count
    writer.write(UInt16(0))
    for option in options {
      writer.write(option.code)
      writer.write(UInt16(truncatingIfNeeded: option.bytes.count))
      writer.write(option.bytes)
    }
    writer.replace(at: lengthOffset, with: UInt16(truncatingIfNeeded: writer.count - lengthOffset - 2))
  }
}
