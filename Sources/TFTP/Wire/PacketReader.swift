import Net

/// Reads a packet: a ``ByteReader`` whose errors say what is wrong with the packet.
struct PacketReader: ~Escapable {
  private var bytes: ByteReader

  @_lifetime(copy bytes)
  init(_ bytes: RawSpan) {
    self.bytes = ByteReader(bytes)
  }

  var offset: Int { bytes.offset }
  var count: Int { bytes.count }
  var isAtEnd: Bool { bytes.isAtEnd }

  @_lifetime(self: copy self)
  mutating func readUInt16() throws(PacketError) -> UInt16 {
    do throws(ByteError) { return try bytes.readUInt16() } catch { throw PacketError(error) }
  }

  /// Reads all that is left.
  @_lifetime(self: copy self)
  mutating func readRest() throws(PacketError) -> [UInt8] {
    do throws(ByteError) { return try bytes.readBytes(bytes.remaining) } catch { throw PacketError(error) }
  }

  /// Reads text up to the zero after it.
  @_lifetime(self: copy self)
  mutating func readText() throws(PacketError) -> String {
    let start = offset
    var text: [UInt8] = []
    while true {
      guard !isAtEnd else { throw .unterminated(at: start) }
      let byte: UInt8
      do throws(ByteError) { byte = try bytes.readUInt8() } catch { throw PacketError(error) }
      guard byte != 0 else { break }
      text.append(byte)
    }
    guard let valid = String(validating: text, as: UTF8.self) else { throw .notText(at: start) }
    return valid
  }
}

extension ByteWriter {
  /// Writes text and a zero after it; a zero in the text would end it, and is left out.
  mutating func write(text: String) {
    write(text.utf8.lazy.filter { $0 != 0 })
    write(UInt8(0))
  }
}
