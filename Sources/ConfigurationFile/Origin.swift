/// Where a section of the configuration stands in its file, and where each of its options does. Origins are all equal:
/// two configurations that say the same are the same, wherever they say it.
package struct Origin: Sendable {
  /// The path of the section, such as `subnets[0]`; empty for the whole file.
  package let path: String
  /// Nil for what comes from no file.
  package let position: Position?
  private var positions: [String: Position] = [:]
  private var wrong: Set<String> = []

  init(path: String = "", position: Position? = nil) {
    self.path = path
    self.position = position
  }

  /// Where the value of an option stands; for an element of a list, `pool[2]`. Nil where it is not given.
  package func position(of option: String) -> Position? {
    positions[option]
  }

  /// A problem with the value of an option that only the caller can find, such as a file that is not there. It is told
  /// at the option where it is given, else at its section.
  package func problem(
    at option: String, _ message: String, expected: String? = nil, suggestion: String? = nil
  ) -> Problem {
    Problem(
      position: positions[option] ?? position ?? .start, path: path.isEmpty ? option : "\(path).\(option)",
      message: message, expected: expected, suggestion: suggestion)
  }

  func isGiven(_ option: String) -> Bool {
    positions[option] != nil
  }

  /// Whether the option has a value to compare others with: one that was given and is right in itself, or a default.
  func isRight(_ option: String) -> Bool {
    !wrong.contains(option)
  }

  mutating func note(_ branch: Branch, as option: String, isRight: Bool) {
    positions[option] = branch.position
    if !isRight || branch.isRefused { wrong.insert(option) }
    guard case .list(let elements) = branch.content else { return }
    if elements.contains(where: \.isRefused) { wrong.insert(option) }
    for (index, element) in elements.enumerated() { positions["\(option)[\(index)]"] = element.position }
  }

  mutating func noteMissing(_ option: String) {
    wrong.insert(option)
  }
}

extension Origin: Hashable {
  package static func == (left: Origin, right: Origin) -> Bool { true }

  package func hash(into hasher: inout Hasher) {}
}
