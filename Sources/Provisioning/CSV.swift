/// Comma-separated values as RFC 4180 has them: fields in quotes where they hold commas, quotes (doubled) or line
/// breaks; lines end in CRLF or LF. A byte order mark at the start and empty lines are skipped. A reader of its own,
/// because each error says where it is.
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
  private var offset = 0
  private var line = 1
  /// Up to where the columns of this line have been counted, and how many there are.
  private var counted = (offset: 0, columns: 0)

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
      offset = 3
      counted.offset = 3
    }
  }

  /// The next line that is not empty, or nil at the end.
  mutating func nextRecord() throws(InventoryError) -> [Field]? {
    while offset < bytes.count, skipLineBreak() {}
    guard offset < bytes.count else { return nil }
    var fields: [Field] = []
    while true {
      guard fields.count < Self.columnLimit else { throw error(.tooManyColumns(limit: Self.columnLimit)) }
      fields.append(try field())
      guard peek == UInt8(ascii: ",") else { break }
      offset += 1
    }
    _ = skipLineBreak()
    return fields
  }

  private var peek: UInt8? { offset < bytes.count ? bytes[offset] : nil }

  private mutating func field() throws(InventoryError) -> Field {
    let start = place()
    let text = peek == UInt8(ascii: "\"") ? try quotedField(from: start) : try bareField()
    guard text.count <= Self.fieldLimit else {
      throw InventoryError(.fieldTooLong(limit: Self.fieldLimit), at: start)
    }
    guard let text = String(validating: text, as: UTF8.self) else { throw InventoryError(.notUTF8, at: start) }
    return Field(text: text, line: start.line, column: start.column)
  }

  private mutating func bareField() throws(InventoryError) -> [UInt8] {
    let start = offset
    while let byte = peek, byte != UInt8(ascii: ","), byte != UInt8(ascii: "\n"), !isLineBreak {
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
          guard peek == nil || peek == UInt8(ascii: ",") || isLineBreak else { throw error(.strayQuote) }
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
