import Net

/// The body of a read or write request (RFC 1350 section 5; options: RFC 2347).
package struct Request: Hashable, Sendable {
  /// The bytes of a whole request packet (RFC 2347).
  package static let maximumLength = 512

  /// How the content's bytes stand in the packets.
  package enum Mode: String, Hashable, Sendable {
    /// Lines end with CR LF, and a lone CR is CR NUL.
    case netascii
    /// As they are.
    case octet
    /// Obsolete (RFC 1350 section 1).
    case mail
  }

  /// The name as sent; ``FileName`` says whether it may be used.
  package var fileName: String
  package var mode: Mode
  package var options: [Option]

  package init(fileName: String, mode: Mode = .octet, options: [Option] = []) {
    self.fileName = fileName
    self.mode = mode
    self.options = options
  }

  init(decoding reader: inout PacketReader) throws(PacketError) {
    guard reader.count <= Self.maximumLength else { throw .requestTooLong(reader.count) }
    let start = reader.offset
    let name = try reader.readText()
    guard name.isTerminated else { throw .unterminated(at: start) }
    fileName = name.value
    let mode = try reader.readText().value
    guard let known = Mode(rawValue: mode.lowercased()) else { throw .mode(mode) }
    self.mode = known
    options = try [Option](decoding: &reader)
  }

  /// What a request that cannot be read asks for, as far as that shows; nil for what is no request.
  package static func fileName(ofUnreadable bytes: RawSpan) -> String? {
    var reader = PacketReader(bytes)
    guard let opcode = try? reader.readUInt16(), opcode == 1 || opcode == 2 else { return nil }
    return (try? reader.readText().value).map { String($0.prefix(FileName.maximumLength)) }
  }

  func encode(into writer: inout ByteWriter) {
    writer.write(text: fileName)
    writer.write(text: mode.rawValue)
    options.encode(into: &writer)
  }
}
