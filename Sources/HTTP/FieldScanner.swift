/// Reads a header value from left to right. It never reads past the end, and every step of a loop over it goes on by at
/// least one byte or ends.
struct FieldScanner {
  private let text: [UInt8]
  private var position = 0

  init(_ text: String) {
    self.text = Array(text.utf8)
  }

  var isAtEnd: Bool { position == text.count }

  var next: UInt8? { isAtEnd ? nil : text[position] }

  /// What is left.
  var rest: String { String(decoding: text[position...], as: UTF8.self) }

  mutating func skip(while condition: (UInt8) -> Bool) {
    while position < text.count, condition(text[position]) { position += 1 }
  }

  /// Goes past that character where it is next.
  mutating func skip(_ character: UInt8) -> Bool {
    guard next == character else { return false }
    position += 1
    return true
  }

  mutating func take(while condition: (UInt8) -> Bool) -> String {
    let start = position
    skip(while: condition)
    return String(decoding: text[start..<position], as: UTF8.self)
  }

  /// A quoted string (RFC 9110 §5.6.4), its backslashes resolved, where one is next; nil, with nothing read, where none
  /// is or where its closing quote is missing.
  mutating func takeQuoted() -> String? {
    guard next == UInt8(ascii: "\"") else { return nil }
    var bytes: [UInt8] = []
    var index = position + 1
    var start = index
    while index < text.count {
      switch text[index] {
      case UInt8(ascii: "\""):
        position = index + 1
        guard !bytes.isEmpty else { return String(decoding: text[start..<index], as: UTF8.self) }
        return String(decoding: bytes + text[start..<index], as: UTF8.self)
      case UInt8(ascii: "\\"):
        bytes += text[start..<index]
        // What follows is taken as it is.
        start = index + 1
        index += 2
      default:
        index += 1
      }
    }
    return nil
  }
}

/// The text as a quoted string.
func quoted(_ text: String) -> String {
  let span = text.utf8.span
  let isPlain = span.indices.allSatisfy {
    !span[$0].isControl && span[$0] != UInt8(ascii: "\"") && span[$0] != UInt8(ascii: "\\")
  }
  guard !isPlain else { return "\"\(text)\"" }
  var bytes: [UInt8] = [UInt8(ascii: "\"")]
  for character in text.utf8 where !character.isControl {
    if character == UInt8(ascii: "\"") || character == UInt8(ascii: "\\") { bytes.append(UInt8(ascii: "\\")) }
    bytes.append(character)
  }
  bytes.append(UInt8(ascii: "\""))
  return String(decoding: bytes, as: UTF8.self)
}
