/// One word of a master file, with its escapes as they stand.
struct MasterToken: Hashable {
  let text: String
  let isQuoted: Bool
  let line: Int
  let column: Int
}

/// One entry of a master file: a line, or several within parentheses.
struct MasterEntry {
  /// Whether the first word stands at the beginning of the line, where the owner belongs.
  let hasOwner: Bool
  let tokens: [MasterToken]
}

/// Cuts a master file into entries (RFC 1035 section 5.1).
struct MasterScanner {
  /// Bytes of an entry, comments left out.
  private static let entryLimit = 65_536

  private let bytes: [UInt8]
  private var offset = 0
  private var lineStart = 0
  private(set) var line = 1

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// Nil at the end of the file.
  mutating func nextEntry() throws(MasterFileError) -> MasterEntry? {
    var tokens: [MasterToken] = []
    var depth = 0
    var size = 0
    var hasOwner = !isBlank(at: offset)
    while offset < bytes.count {
      switch bytes[offset] {
      case UInt8(ascii: "\n"):
        endLine()
        guard depth == 0 else { continue }
        if !tokens.isEmpty { return MasterEntry(hasOwner: hasOwner, tokens: tokens) }
        hasOwner = !isBlank(at: offset)
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): offset += 1
      case UInt8(ascii: ";"):
        while offset < bytes.count, bytes[offset] != UInt8(ascii: "\n") { offset += 1 }
      case UInt8(ascii: "("):
        depth += 1
        offset += 1
      case UInt8(ascii: ")"):
        guard depth > 0 else { throw error("a closing parenthesis without an opening one") }
        depth -= 1
        offset += 1
      default:
        let token = try bytes[offset] == UInt8(ascii: "\"") ? quoted() : word()
        tokens.append(token)
        size += token.text.utf8.count + 1
        guard size <= Self.entryLimit else { throw error("an entry of more than \(Self.entryLimit) bytes") }
      }
    }
    guard depth == 0 else { throw error("the file ends within parentheses") }
    return tokens.isEmpty ? nil : MasterEntry(hasOwner: hasOwner, tokens: tokens)
  }

  private func isBlank(at offset: Int) -> Bool {
    offset < bytes.count && (bytes[offset] == UInt8(ascii: " ") || bytes[offset] == UInt8(ascii: "\t"))
  }

  private mutating func endLine() {
    offset += 1
    line += 1
    lineStart = offset
  }

  private mutating func word() throws(MasterFileError) -> MasterToken {
    let start = offset
    while offset < bytes.count, !" \t\r\n;()\"".utf8.contains(bytes[offset]) {
      offset += bytes[offset] == UInt8(ascii: "\\") ? 2 : 1
    }
    offset = min(offset, bytes.count)
    return try token(start..<offset, isQuoted: false, start: start)
  }

  private mutating func quoted() throws(MasterFileError) -> MasterToken {
    let start = offset
    offset += 1
    while offset < bytes.count, bytes[offset] != UInt8(ascii: "\"") {
      guard bytes[offset] != UInt8(ascii: "\n") else { break }
      offset += bytes[offset] == UInt8(ascii: "\\") ? 2 : 1
    }
    guard offset < bytes.count, bytes[offset] == UInt8(ascii: "\"") else {
      offset = start
      throw error("a string without its closing quote")
    }
    offset += 1
    guard offset == bytes.count || " \t\r\n;()".utf8.contains(bytes[offset]) else {
      throw error("something right behind a string")
    }
    return try token(start + 1..<offset - 1, isQuoted: true, start: start)
  }

  private func token(_ range: Range<Int>, isQuoted: Bool, start: Int) throws(MasterFileError) -> MasterToken {
    // Bytes that are no UTF-8 are written `\DDD`.
    guard let text = String(validating: bytes[range], as: UTF8.self) else {
      throw error("bytes that are not UTF-8 text")
    }
    return MasterToken(text: text, isQuoted: isQuoted, line: line, column: start - lineStart + 1)
  }

  private func error(_ message: String) -> MasterFileError {
    MasterFileError(line: line, column: offset - lineStart + 1, message: message, expected: nil)
  }
}
