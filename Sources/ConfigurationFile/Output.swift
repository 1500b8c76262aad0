/// A value on its way back to YAML.
indirect enum Output: Sendable {
  /// Text that is YAML already.
  case scalar(String)
  case list([Output])
  case mapping([(key: String, value: Output)])

  /// Text, in double quotes where YAML or a reader of YAML 1.1 could take it for something else.
  static func text(_ text: String) -> Output {
    .scalar(isPlain(text) ? text : doubleQuoted(text))
  }

  static func doubleQuoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      default:
        if isControl(scalar) {
          let digits = String(scalar.value, radix: 16)
          result += "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    return result + "\""
  }

  private static func isPlain(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first, first.isASCII, first.properties.isAlphabetic || first == "/" else {
      return false
    }
    let reserved = ["true", "false", "yes", "no", "on", "off", "y", "n", "null"]
    return !reserved.contains(text.lowercased())
      && text.unicodeScalars.allSatisfy { scalar in
        scalar.isASCII
          && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil
            || "./_-".unicodeScalars.contains(scalar))
      }
  }

  // MARK: Layout

  /// The value as a block that begins on a line of its own.
  func block(indent: Int = 0) -> String {
    let margin = String(repeating: " ", count: indent)
    guard !isInline else { return "\(margin)\(inline)\n" }
    switch self {
    case .scalar(let text): return "\(margin)\(text)\n"
    case .list(let elements):
      return elements.map { element in
        element.isInline
          ? "\(margin)- \(element.inline)\n"
          : "\(margin)- \(element.block(indent: indent + 2).dropFirst(indent + 2))"
      }.joined()
    case .mapping(let entries):
      return entries.map { key, value in
        value.isInline
          ? "\(margin)\(Self.key(key)): \(value.inline)\n"
          : "\(margin)\(Self.key(key)):\n\(value.block(indent: indent + 2))"
      }.joined()
    }
  }

  /// The value in one line.
  var inline: String {
    switch self {
    case .scalar(let text): text
    case .list(let elements): "[\(elements.map(\.inline).joined(separator: ", "))]"
    case .mapping(let entries): "{\(entries.map { "\(Self.key($0.key)): \($0.value.inline)" }.joined(separator: ", "))}"
    }
  }

  /// Whether it is a mapping, or a list of mappings, that says something.
  var hasOptions: Bool {
    switch self {
    case .scalar: false
    case .list(let elements): elements.contains(where: \.hasOptions)
    case .mapping(let entries): !entries.isEmpty
    }
  }

  private var isInline: Bool {
    switch self {
    case .scalar: true
    case .list(let elements):
      elements.allSatisfy { if case .scalar = $0 { true } else { false } }
    case .mapping(let entries): entries.isEmpty
    }
  }

  private static func key(_ key: String) -> String {
    isPlain(key) ? key : doubleQuoted(key)
  }
}
