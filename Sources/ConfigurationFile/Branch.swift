/// A part of the file: a value with its place and its path, free of everything that this configuration does not take
/// from YAML (aliases, tags, keys that are not text).
struct Branch: Sendable {
  enum Content: Sendable {
    /// Text as it is written, never reinterpreted: what it means depends on the option that it is given to.
    case scalar(String, isQuoted: Bool)
    /// No value at all, `~`, or `null`.
    case nothing
    case list([Branch])
    case mapping([Entry])
    /// Something that is not taken from YAML at all, which has been told.
    case refused
  }

  struct Entry: Sendable {
    let key: String
    let position: Position
    let value: Branch
  }

  let position: Position
  let path: String
  let content: Content

  var isRefused: Bool {
    if case .refused = content { true } else { false }
  }

  /// The problem that this value is not what the option takes.
  func mismatch(expected: String, suggestion: String? = nil) -> Problem {
    let subject = path.isEmpty ? "the file" : path
    let message =
      switch content {
      case .scalar(let text, let isQuoted): "\(subject) is \(isQuoted ? "the text " : "")\(quoted(text))"
      case .nothing: "\(subject) has no value"
      case .list: "\(subject) is a list"
      case .mapping: "\(subject) is a mapping"
      case .refused: "\(subject) cannot be read"
      }
    return Problem(position: position, path: path, message: message, expected: expected, suggestion: suggestion)
  }

  /// The path of an option in the mapping at `path`.
  static func path(_ path: String, _ key: String) -> String {
    let isPlain = key.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
        true
      default: false
      }
    }
    guard isPlain, !key.isEmpty else { return "\(path)[\(quoted(key))]" }
    return path.isEmpty ? key : "\(path).\(key)"
  }
}

/// The problems found so far in a file. Past ``ConfigurationError/limit`` they are counted only.
struct Findings {
  private(set) var problems: [Problem] = []
  private(set) var count = 0

  mutating func add(_ problem: @autoclosure () -> Problem) {
    count += 1
    if problems.count < ConfigurationError.limit { problems.append(problem()) }
  }
}
