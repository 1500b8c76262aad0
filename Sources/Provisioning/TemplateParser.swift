/// Parts a template's text into words and variables.
struct TemplateParser {
  private let text: [Character]
  private var offset = 0
  private var line = 1
  private var column = 1

  init(_ text: String) {
    self.text = Array(text)
  }

  mutating func parts() throws(TemplateError) -> [Template.Part] {
    var parts: [Template.Part] = []
    var words = ""
    while let character = peek() {
      guard isOpening else {
        words.append(character)
        advance()
        continue
      }
      switch try expression() {
      case .text(let literal): words += literal
      case .variable(let name, let absent, let position):
        if !words.isEmpty { parts.append(.text(words)) }
        words = ""
        parts.append(.variable(name: name, absent: absent, at: position))
      }
    }
    if !words.isEmpty { parts.append(.text(words)) }
    return parts
  }

  private var isOpening: Bool { peek() == "{" && peek(1) == "{" }

  /// What stands from `{{` to `}}`.
  private mutating func expression() throws(TemplateError) -> Template.Part {
    let start = Template.Position(line: line, column: column)
    advance()
    advance()
    let begin = offset
    skipSpaces()
    let position = Template.Position(line: line, column: column)
    if peek() == "\"" {
      let literal = try quotedText(from: start)
      try close(from: start, since: begin, at: position)
      return .text(literal)
    }
    let name = word()
    guard Variables.isName(name) else { throw unclosedOrMalformed(start, begin, position) }
    skipSpaces()
    var absent: String?
    if peek() == "|" {
      advance()
      skipSpaces()
      guard word() == "default" else { throw unclosedOrMalformed(start, begin, position) }
      skipSpaces()
      guard peek() == "\"" else { throw unclosedOrMalformed(start, begin, position) }
      absent = try quotedText(from: start)
    }
    try close(from: start, since: begin, at: position)
    return .variable(name: name, absent: absent, at: position)
  }

  private mutating func quotedText(from start: Template.Position) throws(TemplateError) -> String {
    advance()
    var literal = ""
    while let character = peek(), character != "\"" {
      guard !character.isNewline else { throw .unclosed(at: start) }
      literal.append(character)
      advance()
    }
    guard peek() != nil else { throw .unclosed(at: start) }
    advance()
    return literal
  }

  private mutating func close(
    from start: Template.Position, since begin: Int, at position: Template.Position
  ) throws(TemplateError) {
    skipSpaces()
    guard peek() == "}", peek(1) == "}" else { throw unclosedOrMalformed(start, begin, position) }
    advance()
    advance()
  }

  /// An expression ends on its line.
  private func unclosedOrMalformed(
    _ start: Template.Position, _ begin: Int, _ position: Template.Position
  ) -> TemplateError {
    var end = begin
    while end < text.count, !text[end].isNewline {
      if text[end] == "}", end + 1 < text.count, text[end + 1] == "}" {
        let found = String(text[begin..<end])
        return .malformed(found: String(found.drop { $0 == " " }), at: position)
      }
      end += 1
    }
    return .unclosed(at: start)
  }

  private mutating func word() -> String {
    var word = ""
    while let character = peek(), Variables.isNamePart(character) {
      word.append(character)
      advance()
    }
    return word
  }

  private mutating func skipSpaces() {
    while let character = peek(), character == " " || character == "\t" { advance() }
  }

  private func peek(_ distance: Int = 0) -> Character? {
    let index = offset + distance
    return index < text.count ? text[index] : nil
  }

  private mutating func advance() {
    guard let character = peek() else { return }
    offset += 1
    if character.isNewline {
      line += 1
      column = 1
    } else {
      column += 1
    }
  }
}
