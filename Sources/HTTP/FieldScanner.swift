/// Reads a header value from left to right. It never reads past the end, and every step of a loop over it goes on by at
/// least one byte or ends.
struct FieldScanner {
  private let text: Substring.UTF8View
  private var position: Substring.UTF8View.Index

  init(_ text: String) {
    self.text = Substring(text).utf8
    position = self.text.startIndex
  }

  var isAtEnd: Bool { position == text.endIndex }

  var next: UInt8? { isAtEnd ? nil : text[position] }

  /// What is left.
  var rest: Substring { Substring(text[position...]) }

  mutating func skip(while condition: (UInt8) -> Bool) {
    position = text[position...].firstIndex { !condition($0) } ?? text.endIndex
  }

  /// Goes past that character where it is next.
  mutating func skip(_ character: UInt8) -> Bool {
    guard next == character else { return false }
    position = text.index(after: position)
    return true
  }

  mutating func take(while condition: (UInt8) -> Bool) -> Substring {
    let start = position
    skip(while: condition)
    return Substring(text[start..<position])
  }

  /// A quoted string (RFC 9110 §5.6.4), its backslashes resolved, where one is next; nil, with nothing read, where none
  /// is or where its closing quote is missing.
  mutating func takeQuoted() -> String? {
    guard next == UInt8(ascii: "\"") else { return nil }
    var bytes: [UInt8] = []
    var index = text.index(after: position)
    while index < text.endIndex {
      var character = text[index]
      index = text.index(after: index)
      switch character {
      case UInt8(ascii: "\""):
        position = index
        return String(decoding: bytes, as: UTF8.self)
      case UInt8(ascii: "\\"):
        guard index < text.endIndex else { return nil }
        character = text[index]
        index = text.index(after: index)
        bytes.append(character)
      default:
        bytes.append(character)
      }
    }
    return nil
  }
}

/// The text as a quoted string.
func quoted(_ text: String) -> String {
  var bytes: [UInt8] = [UInt8(ascii: "\"")]
  for character in text.utf8 where !character.isControl {
    if character == UInt8(ascii: "\"") || character == UInt8(ascii: "\\") { bytes.append(UInt8(ascii: "\\")) }
    bytes.append(character)
  }
  bytes.append(UInt8(ascii: "\""))
  return String(decoding: bytes, as: UTF8.self)
}
