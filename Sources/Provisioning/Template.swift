import Net

/// Text with places for variables: `{{ name }}`, or `{{ name | default "text" }}`; `{{ "{{" }}` stands for the braces
/// themselves. Nothing else happens in it. A variable that is not known, or that could break out of its line, is an
/// error: a router's configuration is never rendered with a hole or a foreign command in it.
package struct Template: Hashable, Sendable {
  /// Bytes of a template, and of what is rendered from one.
  package static let sizeLimit = 1 << 20

  let parts: [Part]

  enum Part: Hashable, Sendable {
    case text(String)
    case variable(name: String, absent: String?, at: Position)
  }

  /// From 1; the column counts characters.
  package struct Position: Hashable, Sendable {
    package let line: Int
    package let column: Int

    package init(line: Int, column: Int) {
      self.line = line
      self.column = column
    }
  }

  package init(_ text: String) throws(TemplateError) {
    guard text.utf8.count <= Self.sizeLimit else { throw .tooLong(limit: Self.sizeLimit) }
    var parser = TemplateParser(text)
    parts = try parser.parts()
  }

  /// The variables that it names, in their order, each once.
  package var names: [String] {
    var names: [String] = []
    for case .variable(let name, _, _) in parts where !names.contains(name) { names.append(name) }
    return names
  }

  package func render(_ variables: Variables) throws(TemplateError) -> String {
    var text = ""
    for part in parts {
      switch part {
      case .text(let words): text += words
      case .variable(let name, let absent, let position):
        text += try Self.value(of: name, else: absent, variables, at: position)
      }
      guard text.utf8.count <= Self.sizeLimit else { throw .tooLong(limit: Self.sizeLimit) }
    }
    return text
  }

  private static func value(
    of name: String, else absent: String?, _ variables: Variables, at position: Position
  ) throws(TemplateError) -> String {
    guard let value = variables[name] ?? absent else {
      guard !variables.isKnown(name) else { throw .noValue(name: name, at: position) }
      throw .unknown(name: name, at: position, nearest: Spelling.nearest(to: name, among: variables.names.sorted()))
    }
    guard value.isOneLine else { throw .unsafeValue(name: name, at: position) }
    return value
  }
}

/// Why a template cannot be read or rendered, and where in it.
package enum TemplateError: Error, Hashable, Sendable {
  /// Braces that are opened and not closed.
  case unclosed(at: Template.Position)
  /// Between the braces stands something else than a name or a quoted text.
  case malformed(found: String, at: Template.Position)
  case unknown(name: String, at: Template.Position, nearest: String?)
  /// The variable exists, and this router has no value for it.
  case noValue(name: String, at: Template.Position)
  /// The value holds a line break or another control character.
  case unsafeValue(name: String, at: Template.Position)
  /// In bytes.
  case tooLong(limit: Int)
}

extension TemplateError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .unclosed(let place): "\(place): \"{{\" without its \"}}\""
    case .malformed(let found, let place):
      "\(place): \(found.quoted) is no variable; write {{ name }} or {{ name | default \"text\" }}"
    case .unknown(let name, let place, let nearest): "\(place): no variable \(name.quoted)\(suggestion(nearest))"
    case .noValue(let name, let place): "\(place): this router has no value for the variable \(name.quoted)"
    case .unsafeValue(let name, let place):
      "\(place): the value of \(name.quoted) holds a line break or another control character"
    case .tooLong(let limit): "more than \(limit) bytes"
    }
  }
}

extension Template.Position: CustomStringConvertible {
  package var description: String { "line \(line), column \(column)" }
}
