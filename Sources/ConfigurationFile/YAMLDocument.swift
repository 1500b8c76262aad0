import Yams

/// Reads YAML into branches. Aliases, anchors, tags and keys that are not text are refused: an alias can make a small
/// file as large as memory, and none of them makes a configuration clearer.
struct YAMLDocument {
  /// How deep lists and mappings may stand in each other.
  static let depthLimit = 16
  /// How many things that look like aliases a file may have before it is refused unread.
  static let aliasLimit = 8
  /// How many keys given twice are found in one reading.
  static let duplicateLimit = 20

  /// Kept, because it owns the anchors of its nodes.
  private var parser: Parser?
  private var lines: [[Unicode.Scalar]]
  /// The first scalars of keys that come again later in their mapping. The YAML parser gives up at such a key, so it
  /// is read under another name, and put right in the branch.
  private var renamed: [Position: Unicode.Scalar] = [:]

  /// The root of the file; nil where it holds no value, or where nothing could be read.
  static func read(_ source: Source, into findings: inout Findings) -> Branch? {
    if let problem = source.problem ?? aliasProblem(source) {
      findings.add(problem)
      return nil
    }
    var document = YAMLDocument(source)
    guard let root = document.compose(source, into: &findings) else { return nil }
    return document.branch(root, path: "", depth: 0, into: &findings)
  }

  private init(_ source: Source) {
    lines = [[]]
    var previous: Unicode.Scalar = " "
    for scalar in source.text.unicodeScalars {
      if previous == "\r" && scalar == "\n" {
        lines[lines.count - 2].append(scalar)
      } else {
        lines[lines.count - 1].append(scalar)
        if Source.isBreak(scalar) { lines.append([]) }
      }
      previous = scalar
    }
  }

  // MARK: Text to nodes

  private mutating func compose(_ source: Source, into findings: inout Findings) -> Node? {
    var text = source.text
    while true {
      text.makeContiguousUTF8()
      do {
        let parser = try Parser(yaml: text, resolver: .basic, encoding: .utf8)
        self.parser = parser
        return try parser.singleRoot()
      } catch let error as YamlError {
        if case .duplicatedKeysInMapping(_, let context) = error, rename(at: Position(context.mark)) {
          text = String(String.UnicodeScalarView(lines.joined()))
        } else {
          findings.add(problem(error))
          return nil
        }
      } catch {
        findings.add(Problem(position: .start, path: "", message: "not YAML"))
        return nil
      }
    }
  }

  /// Replaces the first character of the key at `position` by one of the private use area, so that it differs from
  /// every other key; false where that is not plainly possible.
  private mutating func rename(at position: Position) -> Bool {
    guard renamed.count < Self.duplicateLimit, lines.indices.contains(position.line - 1) else { return false }
    let line = lines[position.line - 1]
    var index = position.column - 1
    if line.indices.contains(index), line[index] == "\"" || line[index] == "'" { index += 1 }
    guard line.indices.contains(index), line[index].properties.isAlphabetic, renamed[position] == nil,
      let replacement = Unicode.Scalar(0xE000 + UInt32(renamed.count))
    else { return false }
    renamed[position] = line[index]
    lines[position.line - 1][index] = replacement
    return true
  }

  private func problem(_ error: YamlError) -> Problem {
    switch error {
    case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      let position = Position(mark)
      let line = lines.indices.contains(position.line - 1) ? lines[position.line - 1] : []
      let isTab = line.indices.contains(position.column - 1) && line[position.column - 1] == "\t"
      let circumstances = context.map { " (\($0.text), line \($0.mark.line))" } ?? ""
      return Problem(
        position: position, path: "", message: "not YAML: \(problem)\(circumstances)",
        expected: isTab ? "spaces, not tabs, before an option" : nil)
    case .duplicatedKeysInMapping(let keys, let context):
      return Problem(
        position: Position(context.mark), path: "", message: "\(quoted(keys.first ?? "")) is given more than once",
        expected: "each option once")
    case .no, .memory, .reader, .writer, .emitter, .representer, .dataCouldNotBeDecoded:
      return Problem(position: .start, path: "", message: "not YAML: \(error)", expected: "text in UTF-8")
    }
  }

  // MARK: Nodes to branches

  private func branch(_ node: Node, path: String, depth: Int, into findings: inout Findings) -> Branch {
    let position = node.mark.map(Position.init) ?? .start
    func refuse(_ message: String, expected: String) -> Branch {
      findings.add(Problem(position: position, path: path, message: message, expected: expected))
      return Branch(position: position, path: path, content: .refused)
    }
    func refuse(_ tag: Tag) -> Branch {
      refuse("the tag \(quoted(tag.description)) stands here", expected: "the value without a tag")
    }
    if let anchor = node.anchor {
      let subject = path.isEmpty ? "the file" : path
      return refuse(
        "\(subject) has the anchor \(quoted(anchor.rawValue)) or is an alias of it", expected: "the value itself")
    }
    guard depth <= Self.depthLimit else {
      return refuse(
        "values stand in each other more than \(Self.depthLimit) deep", expected: "at most \(Self.depthLimit) levels")
    }
    switch node {
    case .scalar(let scalar):
      let isPlain = scalar.style == .plain
      guard isPlain ? hasNoTag(scalar.tag) : scalar.tag.description == Tag.Name.str.rawValue else {
        return refuse(scalar.tag)
      }
      let isNothing = isPlain && ["", "~", "null", "Null", "NULL"].contains(scalar.string)
      return Branch(
        position: position, path: path,
        content: isNothing ? .nothing : .scalar(scalar.string, isQuoted: !isPlain))
    case .sequence(let sequence):
      guard hasNoTag(sequence.tag) else { return refuse(sequence.tag) }
      var elements: [Branch] = []
      for (index, element) in sequence.enumerated() {
        elements.append(branch(element, path: "\(path)[\(index)]", depth: depth + 1, into: &findings))
      }
      return Branch(position: position, path: path, content: .list(elements))
    case .mapping(let mapping):
      guard hasNoTag(mapping.tag) else { return refuse(mapping.tag) }
      let entries = entries(mapping, path: path, depth: depth, into: &findings)
      return Branch(position: position, path: path, content: .mapping(entries))
    case .alias:
      return refuse("an alias stands here", expected: "the value itself")
    }
  }

  private func entries(
    _ mapping: Node.Mapping, path: String, depth: Int, into findings: inout Findings
  ) -> [Branch.Entry] {
    var entries: [Branch.Entry] = []
    var first: [String: Position] = [:]
    for (keyNode, value) in mapping {
      let position = keyNode.mark.map(Position.init) ?? .start
      guard case .scalar(let scalar) = keyNode, scalar.anchor == nil,
        scalar.tag.description == Tag.Name.str.rawValue || hasNoTag(scalar.tag)
      else {
        findings.add(
          Problem(
            position: position, path: path, message: "what stands before the colon is no name",
            expected: "the name of an option"))
        continue
      }
      var key = scalar.string
      if let original = renamed[position] {
        key = String(String.UnicodeScalarView([original] + key.unicodeScalars.dropFirst()))
      }
      let keyPath = Branch.path(path, key)
      if let earlier = first[key] {
        findings.add(
          Problem(
            position: position, path: keyPath,
            message: "\(keyPath) is given more than once, first in line \(earlier.line)",
            expected: "each option once"))
        continue
      }
      first[key] = position
      let value = branch(value, path: keyPath, depth: depth + 1, into: &findings)
      entries.append(Branch.Entry(key: key, position: position, value: value))
    }
    return entries
  }

  /// Looks at the tag without resolving it, which would write to it.
  private func hasNoTag(_ tag: Tag) -> Bool {
    tag.description == Tag.Name.implicit.rawValue
  }

  // MARK: Aliases

  /// Refuses a file with many aliases before it is parsed, because the parser follows them where keys are compared.
  /// What only looks like an alias, in quotes or a comment, counts too, but only a file with something that looks like
  /// an anchor is refused.
  private static func aliasProblem(_ source: Source) -> Problem? {
    var aliases = 0
    var firstAnchor: Position?
    var line = 1
    var column = 1
    let scalars = Array(source.text.unicodeScalars)
    for (index, scalar) in scalars.enumerated() {
      if scalar == "&" || scalar == "*" {
        let isNamed = index + 1 < scalars.count && isNamePart(scalars[index + 1])
        if isNamed, index == 0 || startsToken(after: scalars[index - 1]) {
          if scalar == "*" { aliases += 1 }
          if scalar == "&", firstAnchor == nil { firstAnchor = Position(line: line, column: column) }
        }
      }
      if Source.isBreak(scalar) {
        if !(index > 0 && scalars[index - 1] == "\r" && scalar == "\n") { line += 1 }
        column = 1
      } else {
        column += 1
      }
    }
    guard aliases > aliasLimit, let firstAnchor else { return nil }
    return Problem(
      position: firstAnchor, path: "", message: "the file has an anchor here and \(aliases) aliases",
      expected: "no anchors and no aliases")
  }

  private static func isNamePart(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar == "_" || scalar == "-"
  }

  private static func startsToken(after scalar: Unicode.Scalar) -> Bool {
    !(scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
  }
}

extension Position {
  fileprivate init(_ mark: Mark) {
    self.init(line: mark.line, column: mark.column)
  }
}
