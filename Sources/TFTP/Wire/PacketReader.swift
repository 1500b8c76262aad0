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

  /// A string of a packet.
  struct Text {
    let value: String
    /// Whether a zero stood after it, as one must (RFC 1350 section 5), or the packet ended.
    let isTerminated: Bool
  }

  /// Reads text up to the zero after it, or to the end. RFC 1350 has netascii there; clients send UTF-8 too, and bytes
  /// that are not UTF-8 are taken as Latin-1, so that whoever sent them gets an answer.
  @_lifetime(self: copy self)
  mutating func readText() throws(PacketError) -> Text {
    var text: [UInt8] = []
    while !isAtEnd {
      let byte: UInt8
      do throws(ByteError) { byte = try bytes.readUInt8() } catch { throw PacketError(error) }
      guard byte != 0 else { return Text(value: Self.string(text), isTerminated: true) }
      text.append(byte)
    }
    return Text(value: Self.string(text), isTerminated: false)
  }

  /// Firmware that reads option 67 of its lease up to a zero takes the END option (0xFF) behind it along, which is no
  /// byte of UTF-8.
  private static func string(_ bytes: [UInt8]) -> String {
    let text = bytes.prefix(bytes.count - bytes.reversed().prefix { $0 == 0xFF }.count)
    if let valid = String(validating: text, as: UTF8.self) { return valid }
    return String(String.UnicodeScalarView(text.map { Unicode.Scalar($0) }))
  }
}

extension ByteWriter {
  /// Writes text and a zero after it; a zero in the text would end it, and is left out.
  mutating func write(text: String) {
    write(text.utf8.lazy.filter { $0 != 0 })
    write(UInt8(0))
  }
}
