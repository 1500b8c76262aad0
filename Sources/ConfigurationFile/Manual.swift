/// The reference of all options, made from the schema.
package enum Manual {
  struct Entry: Sendable {
    let path: String
    let expected: String
    let standard: Standard
    let meaning: String
  }

  /// What holds where an option is absent.
  enum Standard: Sendable {
    case required
    case value(String)
    case words(String)
    case none
  }

  /// Every option with what it takes, its default and its meaning, in Markdown.
  package static var text: String {
    var text = """
      # The configuration file

      One YAML file, UTF-8, at most \(Source.limit / 1024) KiB. Every option may be left out unless it is required. An \
      unknown option, a value of the wrong kind, or a contradiction between options is an error with its line and \
      column, and nothing starts with it. Anchors, aliases and tags are refused. A text may stand without quotes where \
      YAML allows it and is taken as it is written: `no` is the text "no" where a text is expected, and an error where \
      `true` or `false` is. Durations are seconds (`90`, `90s`), minutes (`15m`), hours (`12h`) or days (`7d`).

      | option | takes | default | meaning |
      |---|---|---|---|

      """
    for entry in Settings.schema.flatMap({ $0.entries("") }) {
      text +=
        "| `\(entry.path)` | \(cell(entry.expected)) | \(cell(words(entry.standard))) | \(cell(entry.meaning)) |\n"
    }
    return text
  }

  private static func words(_ standard: Standard) -> String {
    switch standard {
    case .required: "required"
    case .value(let value): "`\(value)`"
    case .words(let words): words
    case .none: ""
    }
  }

  private static func cell(_ text: String) -> String {
    String(text.flatMap { $0 == "|" ? "\\|" : String($0) })
  }
}
