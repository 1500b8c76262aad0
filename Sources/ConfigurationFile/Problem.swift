/// A place in a text: both numbers count from 1, the column in Unicode scalars.
package struct Position: Hashable, Sendable {
  package let line: Int
  package let column: Int

  package init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  static let start = Position(line: 1, column: 1)
}

extension Position: Comparable {
  package static func < (left: Position, right: Position) -> Bool {
    (left.line, left.column) < (right.line, right.column)
  }
}

/// One thing that is wrong in a configuration file.
package struct Problem: Hashable, Sendable {
  package let position: Position
  /// The option, such as `subnets[0].pool`; empty for the file as a whole.
  package let path: String
  /// What was found: `acs.port is "70000"`.
  package let message: String
  /// What would be right: `a number from 1 to 65535`.
  package let expected: String?
  /// The nearest right spelling, to be written instead of what was found.
  package let suggestion: String?

  package init(
    position: Position, path: String, message: String, expected: String? = nil, suggestion: String? = nil
  ) {
    self.position = position
    self.path = path
    self.message = message
    self.expected = expected
    self.suggestion = suggestion
  }
}

extension Problem: CustomStringConvertible {
  /// The problem in one line, without its place.
  package var description: String {
    var text = message
    if let expected { text += "; expected \(expected)" }
    if let suggestion { text += "; did you mean \(quoted(suggestion))?" }
    return text
  }
}

/// Text from the file in quotes, on one line, without control characters, cut where it is long.
func quoted(_ text: some StringProtocol) -> String {
  var result = "\""
  for scalar in text.unicodeScalars.prefix(60) {
    if isControl(scalar) {
      result += "\\u{\(String(scalar.value, radix: 16))}"
    } else {
      result.unicodeScalars.append(scalar)
    }
  }
  return result + (text.unicodeScalars.dropFirst(60).isEmpty ? "\"" : "…\"")
}

/// Characters that no option may hold, and that no message may print as they are.
func isControl(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.properties.generalCategory {
  case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: true
  default: false
  }
}
