import Net

/// Reads a message: a ``ByteReader`` whose errors say what is wrong with the message.
struct MessageReader: ~Escapable {
  private var bytes: ByteReader

  @_lifetime(copy bytes)
  init(_ bytes: RawSpan) {
    self.bytes = ByteReader(bytes)
  }

  var offset: Int { bytes.offset }
  var isAtEnd: Bool { bytes.isAtEnd }

  @_lifetime(self: copy self)
  mutating func readUInt8() throws(MessageError) -> UInt8 {
    do throws(ByteError) { return try bytes.readUInt8() } catch { throw MessageError(error) }
  }

  @_lifetime(self: copy self)
  mutating func readUInt16() throws(MessageError) -> UInt16 {
    do throws(ByteError) { return try bytes.readUInt16() } catch { throw MessageError(error) }
  }

  @_lifetime(self: copy self)
  mutating func readUInt32() throws(MessageError) -> UInt32 {
    do throws(ByteError) { return try bytes.readUInt32() } catch { throw MessageError(error) }
  }

  @_lifetime(self: copy self)
  mutating func readBytes(_ count: Int) throws(MessageError) -> [UInt8] {
    do throws(ByteError) { return try bytes.readBytes(count) } catch { throw MessageError(error) }
  }

  @_lifetime(self: copy self)
  mutating func skip(_ count: Int) throws(MessageError) {
    do throws(ByteError) { try bytes.skip(count) } catch { throw MessageError(error) }
  }

  @_lifetime(self: copy self)
  mutating func seek(to position: Int) throws(MessageError) {
    do throws(ByteError) { try bytes.seek(to: position) } catch { throw MessageError(error) }
  }

  /// Passes over a name without following its pointer, if it has one.
  @_lifetime(self: copy self)
  mutating func skipName() throws(MessageError) {
    while true {
      let start = offset
      let length = try readUInt8()
      switch length {
      case 0: return
      case 1...63: try skip(Int(length))
      case 0xC0...: return try skip(1)
      default: throw .labelType(length, at: start)
      }
    }
  }
}
