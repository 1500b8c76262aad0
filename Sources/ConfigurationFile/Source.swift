/// The text of a configuration file, with its lines as YAML counts them (YAML 1.1 section 4.1.4).
struct Source: Hashable, Sendable {
  /// The most bytes that a file may have, in UTF-8.
  static let limit = 1 << 20

  let text: String

  init(_ text: String) {
    self.text = text.first == "\u{FEFF}" ? String(text.dropFirst()) : text
  }

  /// What keeps the text from being read at all: its size, or a character that YAML does not allow.
  var problem: Problem? {
    let size = text.utf8.count
    guard size <= Self.limit else {
      return Problem(
        position: .start, path: "", message: "the file has \(size) bytes", expected: "at most \(Self.limit) bytes")
    }
    var line = 1
    var column = 1
    var previous: Unicode.Scalar = " "
    for scalar in text.unicodeScalars {
      if !Self.isAllowed(scalar) {
        return Problem(
          position: Position(line: line, column: column), path: "",
          message: "the character U+\(Self.code(scalar)) is not allowed here", expected: "text in UTF-8")
      }
      if Self.isBreak(scalar) {
        if !(previous == "\r" && scalar == "\n") { line += 1 }
        column = 1
      } else {
        column += 1
      }
      previous = scalar
    }
    return nil
  }

  /// The line and a caret under the column, each on a line of its own, or nothing past the end of the text.
  func excerpt(at position: Position) -> String {
    guard let line = line(position.line) else { return "" }
    let gutter = String(position.line)
    let margin = String(repeating: " ", count: max(0, 5 - gutter.count))
    // A long line is shown from a little before the column.
    let skipped = position.column > 100 ? position.column - 40 : 0
    let shown = line.dropFirst(skipped).prefix(120).map { isControl($0) ? " " : $0 }
    var text = skipped > 0 ? "…" : ""
    text.unicodeScalars.append(contentsOf: shown)
    let indent = String(repeating: " ", count: max(0, position.column - 1 - skipped) + (skipped > 0 ? 1 : 0))
    return "\n\(margin)\(gutter) | \(text)\n\(margin)\(String(repeating: " ", count: gutter.count)) | \(indent)^"
  }

  private func line(_ number: Int) -> [Unicode.Scalar]? {
    guard number >= 1, text.utf8.count <= Self.limit else { return nil }
    var line = 1
    var found: [Unicode.Scalar] = []
    var previous: Unicode.Scalar = " "
    for scalar in text.unicodeScalars {
      if Self.isBreak(scalar) {
        if !(previous == "\r" && scalar == "\n") { line += 1 }
        if line > number { return found }
      } else if line == number {
        found.append(scalar)
      }
      previous = scalar
    }
    return line == number && !found.isEmpty ? found : nil
  }

  static func isBreak(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}": true
    default: false
    }
  }

  /// YAML 1.1 section 4.1.1, "printable".
  private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0A, 0x0D, 0x20...0x7E, 0x85, 0xA0...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD, 0x1_0000...0x10_FFFF:
      true
    default: false
    }
  }

  private static func code(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}
