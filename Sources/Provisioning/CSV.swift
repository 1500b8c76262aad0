/// Comma-separated values as RFC 4180 has them: fields in quotes where they hold commas, quotes (doubled) or line
/// breaks; lines end in CRLF or LF. Empty lines are skipped, and `="…"`, by which a spreadsheet is kept from taking a
/// text for a number, is that text. A reader of its own, because each error says where it is.
struct CSV {
  struct Field: Hashable {
    var text: String
    var line: Int
    var column: Int
  }

  /// In bytes.
  static let fieldLimit = 4096
  static let columnLimit = 256

  private let bytes: [UInt8]
  private let separator: UInt8
  private var offset = 0
  private var line: Int
  /// Up to where the columns of this line have been counted, and how many there are.
  private var counted = (offset: 0, columns: 0)

  init(_ text: CSVText) {
    bytes = text.bytes
    separator = text.separator
    line = 1 + text.linesBefore
  }

  /// The next line that is not empty, or nil at the end.
  mutating func nextRecord() throws(InventoryError) -> [Field]? {
    while offset < bytes.count, skipLineBreak() {}
    guard offset < bytes.count else { return nil }
    var fields: [Field] = []
    while true {
      guard fields.count < Self.columnLimit else { throw error(.tooManyColumns(limit: Self.columnLimit)) }
      fields.append(try field())
      guard peek == separator else { break }
      offset += 1
    }
    _ = skipLineBreak()
    return fields
  }

  /// After an error: to the end of the line that it is in.
  mutating func skipLine() {
    while offset < bytes.count, !isLineBreak { offset += 1 }
    _ = skipLineBreak()
  }

  private var peek: UInt8? { offset < bytes.count ? bytes[offset] : nil }

  private mutating func field() throws(InventoryError) -> Field {
    let start = place()
    let quote = UInt8(ascii: "\"")
    if peek == UInt8(ascii: "="), offset + 1 < bytes.count, bytes[offset + 1] == quote { offset += 1 }
    var text = peek == quote ? try quotedField(from: start) : try bareField()
    if text.count > 2, text.starts(with: "=\"".utf8), text.last == quote { text = Array(text[2..<(text.count - 1)]) }
    guard text.count <= Self.fieldLimit else {
      throw InventoryError(.fieldTooLong(limit: Self.fieldLimit), at: start)
    }
    return Field(text: String(decoding: text, as: UTF8.self), line: start.line, column: start.column)
  }

  private mutating func bareField() throws(InventoryError) -> [UInt8] {
    let start = offset
    while let byte = peek, byte != separator, byte != UInt8(ascii: "\n"), !isLineBreak {
      guard byte != UInt8(ascii: "\"") else { throw error(.strayQuote) }
      offset += 1
    }
    return Array(bytes[start..<offset])
  }

  private mutating func quotedField(from start: InventoryError.Place) throws(InventoryError) -> [UInt8] {
    offset += 1
    var text: [UInt8] = []
    while let byte = peek {
      offset += 1
      if byte == UInt8(ascii: "\"") {
        guard peek == byte else {
          guard peek == nil || peek == separator || isLineBreak else { throw error(.strayQuote) }
          return text
        }
        offset += 1
      } else if byte == UInt8(ascii: "\n") {
        line += 1
        counted = (offset, 0)
      }
      text.append(byte)
    }
    throw InventoryError(.unclosedQuote, at: start)
  }

  /// LF, CRLF, or CR at the end of the text.
  private var isLineBreak: Bool {
    switch peek {
    case UInt8(ascii: "\n"): true
    case UInt8(ascii: "\r"): offset + 1 == bytes.count || bytes[offset + 1] == UInt8(ascii: "\n")
    default: false
    }
  }

  private mutating func skipLineBreak() -> Bool {
    guard isLineBreak else { return false }
    if peek == UInt8(ascii: "\r") { offset += 1 }
    if peek == UInt8(ascii: "\n") { offset += 1 }
    line += 1
    counted = (offset, 0)
    return true
  }

  /// Here. Bytes that go on with a character of UTF-8 are not counted.
  private mutating func place() -> InventoryError.Place {
    counted.columns += bytes[counted.offset..<offset].count { $0 & 0xC0 != 0x80 }
    counted.offset = offset
    return .init(line: line, column: counted.columns + 1)
  }

  private mutating func error(_ problem: InventoryError.Problem) -> InventoryError {
    InventoryError(problem, at: place())
  }
}
