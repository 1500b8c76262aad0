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
    fileName = try reader.readText()
    let mode = try reader.readText()
    guard let known = Mode(rawValue: mode.lowercased()) else { throw .mode(mode) }
    self.mode = known
    options = try [Option](decoding: &reader)
  }

  func encode(into writer: inout ByteWriter) {
    writer.write(text: fileName)
    writer.write(text: mode.rawValue)
    options.encode(into: &writer)
  }
}
