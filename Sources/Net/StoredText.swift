// Numbers and texts of any length, for what we write for ourselves to read again.

extension ByteWriter {
  /// Seven bits a byte, the lowest first, the highest bit set in all but the last (as LEB128).
  package mutating func writeCount(_ value: Int) {
    var rest = UInt64(bitPattern: Int64(value))
    while rest > 0x7F {
      write(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    write(UInt8(truncatingIfNeeded: rest))
  }

  /// The number of its UTF-8 bytes, then those.
  package mutating func writeText(_ text: String) {
    writeCount(text.utf8.count)
    write(text.utf8)
  }

  package mutating func writeText(_ text: String?) {
    write(UInt8(text == nil ? 0 : 1))
    if let text { writeText(text) }
  }

  package mutating func writeMoment(_ moment: Timestamp) {
    write(UInt32(truncatingIfNeeded: moment.rawValue >> 32))
    write(UInt32(truncatingIfNeeded: moment.rawValue))
  }
}

extension ByteReader {
  @_lifetime(self: copy self)
  package mutating func readCount() throws(ByteError) -> Int {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while true {
      let byte = try readUInt8()
      guard shift < 64 else { throw .truncated(at: offset, needed: 0) }
      value |= UInt64(byte & 0x7F) << shift
      if byte & 0x80 == 0 { return Int(Int64(bitPattern: value)) }
      shift += 7
    }
  }

  @_lifetime(self: copy self)
  package mutating func readText() throws(ByteError) -> String {
    try readText(byteCount: readCount())
  }

  @_lifetime(self: copy self)
  package mutating func readOptionalText() throws(ByteError) -> String? {
    try readUInt8() == 0 ? nil : try readText()
  }

  @_lifetime(self: copy self)
  package mutating func readMoment() throws(ByteError) -> Timestamp {
    let high = try readUInt32()
    return Timestamp(rawValue: Int64(bitPattern: UInt64(high) << 32 | UInt64(try readUInt32())))
  }
}
