/// The text of a CSV file as spreadsheets write it: in UTF-8 or UTF-16, its lines ended by LF, CRLF or CR alone, its
/// fields parted by commas, semicolons, tabs or bars.
struct CSVText {
  /// In UTF-8, without a byte order mark.
  let bytes: [UInt8]
  /// What parts the fields.
  let separator: UInt8
  /// The lines before the first record: one where `sep=;` stands there, as Excel writes and reads it.
  let linesBefore: Int
  /// Where a byte was no text, with U+FFFD in its place: what follows is read nevertheless, to tell all that is wrong.
  let problem: InventoryError?

  init(_ file: [UInt8]) {
    let (decoded, problem) = Self.decode(file)
    var bytes = decoded
    if !bytes.contains(UInt8(ascii: "\n")), bytes.dropLast().contains(UInt8(ascii: "\r")) {
      bytes = bytes.map { $0 == UInt8(ascii: "\r") ? UInt8(ascii: "\n") : $0 }
    }
    self.problem = problem
    if let named = Self.namedSeparator(bytes) {
      separator = named.separator
      self.bytes = Array(bytes[named.end...])
      linesBefore = 1
    } else {
      separator = Self.usedSeparator(bytes)
      self.bytes = bytes
      linesBefore = 0
    }
  }

  private static func decode(_ file: [UInt8]) -> ([UInt8], InventoryError?) {
    let start = InventoryError.Place(line: 1, column: 1)
    if let isBigEndian = isUTF16(file) {
      let units = units(of: file, isBigEndian)
      let text = String(validating: units, as: UTF16.self)
      let problem = text == nil || file.count % 2 != 0 ? InventoryError(.notUTF16, at: start) : nil
      return (Array((text ?? String(decoding: units, as: UTF16.self)).utf8), problem)
    }
    let bytes = file.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(file.dropFirst(3)) : file
    guard String(validating: bytes, as: UTF8.self) == nil else { return (bytes, nil) }
    return (Array(String(decoding: bytes, as: UTF8.self).utf8), firstMistake(in: bytes))
  }

  /// Without the byte order mark.
  private static func units(of file: [UInt8], _ isBigEndian: Bool) -> [UInt16] {
    var units: [UInt16] = []
    units.reserveCapacity(file.count / 2)
    for index in stride(from: 0, to: file.count - 1, by: 2) {
      let (first, second) = (UInt16(file[index]), UInt16(file[index + 1]))
      units.append(isBigEndian ? first << 8 | second : second << 8 | first)
    }
    return units.first == 0xFEFF ? Array(units.dropFirst()) : units
  }

  /// Nil where it is not UTF-16: without its byte order mark it is known by the zeros of the first letters.
  private static func isUTF16(_ file: [UInt8]) -> Bool? {
    if file.starts(with: [0xFF, 0xFE]) { return false }
    if file.starts(with: [0xFE, 0xFF]) { return true }
    guard file.count >= 4 else { return nil }
    if file[0] == 0, file[1] != 0, file[2] == 0, file[3] != 0 { return true }
    if file[0] != 0, file[1] == 0, file[2] != 0, file[3] == 0 { return false }
    return nil
  }

  private static func firstMistake(in bytes: [UInt8]) -> InventoryError {
    var (index, line, column) = (0, 1, 1)
    while index < bytes.count {
      let length = characterLength(bytes[index...])
      guard length > 0 else { break }
      column += 1
      if bytes[index] == UInt8(ascii: "\n") { (line, column) = (line + 1, 1) }
      index += length
    }
    let byte = index < bytes.count ? bytes[index] : 0
    return InventoryError(.notUTF8(byte: byte), at: .init(line: line, column: column))
  }

  /// The bytes of the character that begins here; 0 where none does.
  private static func characterLength(_ bytes: ArraySlice<UInt8>) -> Int {
    (1...4).first { length in
      bytes.count >= length && String(validating: bytes.prefix(length), as: UTF8.self) != nil
    } ?? 0
  }

  /// What a first line `sep=X` names, and where the line after it begins.
  private static func namedSeparator(_ bytes: [UInt8]) -> (separator: UInt8, end: Int)? {
    var line = Array(bytes.prefix { $0 != UInt8(ascii: "\n") })
    let end = min(line.count + 1, bytes.count)
    line.removeAll { $0 == UInt8(ascii: "\r") || $0 == UInt8(ascii: "\"") }
    // What comes after it are the separators of a table's empty cells.
    guard line.count >= 5, line.prefix(4).elementsEqual("sep=".utf8, by: { $0 | 0x20 == $1 | 0x20 }),
      line.dropFirst(5).allSatisfy({ $0 == line[4] }), separators.contains(line[4])
    else { return nil }
    return (line[4], end)
  }

  /// The one with which the first line has the column `serial` or `mac`; else the one that it has most of.
  private static func usedSeparator(_ bytes: [UInt8]) -> UInt8 {
    let isBreak: (UInt8) -> Bool = { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
    let header = bytes.drop { isBreak($0) || separators.contains($0) || $0 == 0x20 }.prefix { !isBreak($0) }
    for separator in separators {
      let names = header.split(separator: separator).map { name in
        String(decoding: name, as: UTF8.self).filter { $0 != "\"" && $0 != "=" }.trimmed.lowercased()
      }
      if names.contains("serial") || names.contains("mac") { return separator }
    }
    let counts = separators.map { separator in header.count { $0 == separator } }
    return zip(separators, counts).max { $0.1 < $1.1 }?.0 ?? UInt8(ascii: ",")
  }

  private static let separators: [UInt8] = [0x2C, 0x3B, 0x09, 0x7C]
}
