import Net

/// What an option takes: how it is read, printed and described.
struct Form<Value: Sendable>: Sendable {
  /// What is expected, with its article: `a number from 1 to 65535`.
  let expected: String
  /// The value, or nil after telling the findings what is wrong.
  let read: @Sendable (Branch, inout Findings) -> Value?
  let output: @Sendable (Value) -> Output
  /// The options that stand within the value, for the manual, their paths after the given one.
  var entries: @Sendable (_ path: String) -> [Manual.Entry] = { _ in [] }
}

extension Form {
  /// A single value.
  /// - Parameters:
  ///   - isPlain: whether it may not stand in quotes, which make text of it.
  ///   - suggest: the nearest right spelling of a wrong one.
  ///   - parse: nil for a wrong spelling.
  static func scalar(
    _ expected: String,
    isPlain: Bool = false,
    suggest: @escaping @Sendable (_ text: String) -> String? = { _ in nil },
    parse: @escaping @Sendable (_ text: String) -> Value?,
    output: @escaping @Sendable (Value) -> Output
  ) -> Form {
    Form(
      expected: expected,
      read: { branch, findings in
        guard case .scalar(let text, let isQuoted) = branch.content else {
          findings.add(branch.mismatch(expected: expected))
          return nil
        }
        if isPlain, isQuoted {
          findings.add(branch.mismatch(expected: "\(expected), without quotes"))
          return nil
        }
        if let value = parse(text) { return value }
        findings.add(branch.mismatch(expected: expected, suggestion: suggest(text)))
        return nil
      },
      output: output)
  }

  /// A value that is written and printed as its description.
  static func described(
    _ expected: String, suggest: @escaping @Sendable (_ text: String) -> String? = { _ in nil }
  ) -> Form where Value: LosslessStringConvertible {
    .scalar(expected, suggest: suggest, parse: { Value($0) }, output: { .scalar($0.description) })
  }

  /// One of a few words.
  static func choice() -> Form where Value: CaseIterable & RawRepresentable, Value.RawValue == String {
    let words = Value.allCases.map(\.rawValue)
    return .scalar(
      "one of \(words.joined(separator: ", "))",
      suggest: { Spelling.nearest(to: $0, among: words) },
      parse: { Value(rawValue: $0) },
      output: { .scalar($0.rawValue) })
  }

  /// The same form with more to hold to.
  func matching(_ expected: String, _ isRight: @escaping @Sendable (Value) -> Bool) -> Form {
    Form(
      expected: expected,
      read: { branch, findings in
        let before = findings.count
        guard let value = read(branch, &findings) else { return nil }
        guard findings.count > before || isRight(value) else {
          findings.add(branch.mismatch(expected: expected))
          return nil
        }
        return value
      },
      output: output, entries: entries)
  }
}

// MARK: Lists and mappings

extension Form {
  static func list<Element>(of element: Form<Element>, _ plural: String, atMost limit: Int = 1000) -> Form
  where Value == [Element] {
    Form(
      expected: "a list of \(plural)",
      read: { branch, findings in
        guard case .list(let branches) = branch.content else {
          findings.add(branch.mismatch(expected: "a list of \(plural)"))
          return nil
        }
        guard branches.count <= limit else {
          findings.add(
            Problem(
              position: branch.position, path: branch.path, message: "\(branch.path) has \(branches.count) elements",
              expected: "at most \(limit)"))
          return nil
        }
        return branches.compactMap { $0.isRefused ? nil : element.read($0, &findings) }
      },
      output: { .list($0.map(element.output)) },
      entries: { element.entries("\($0)[]") })
  }

  /// A list, or its only element without the list around it.
  static func oneOrMore<Element>(of element: Form<Element>, _ plural: String, atMost limit: Int = 1000) -> Form
  where Value == [Element] {
    let list = Form.list(of: element, plural, atMost: limit)
    return Form(
      expected: "\(element.expected), or a list of such",
      read: { branch, findings in
        switch branch.content {
        case .list: list.read(branch, &findings)
        case .scalar, .nothing, .mapping, .refused: element.read(branch, &findings).map { [$0] }
        }
      },
      output: { $0.count == 1 ? element.output($0[0]) : list.output($0) },
      entries: { element.entries("\($0)[]") })
  }

  /// A mapping from names of the writer's own choice.
  /// - Parameter isName: which names may stand before the colon.
  static func mapping<Element>(
    _ expected: String, name: String, isName: @escaping @Sendable (String) -> Bool, atMost limit: Int = 1000,
    make: @escaping @Sendable (_ key: String, Branch, inout Findings) -> Element?,
    output: @escaping @Sendable (Element) -> (key: String, value: Output)
  ) -> Form where Value == [Element] {
    Form(
      expected: expected,
      read: { branch, findings in
        guard case .mapping(let entries) = branch.content else {
          findings.add(branch.mismatch(expected: expected))
          return nil
        }
        guard entries.count <= limit else {
          findings.add(
            Problem(
              position: branch.position, path: branch.path, message: "\(branch.path) has \(entries.count) entries",
              expected: "at most \(limit)"))
          return nil
        }
        return entries.compactMap { entry in
          guard isName(entry.key) else {
            findings.add(
              Problem(
                position: entry.position, path: entry.value.path, message: "\(branch.path) has \(quoted(entry.key))",
                expected: name))
            return nil
          }
          return entry.value.isRefused ? nil : make(entry.key, entry.value, &findings)
        }
      },
      output: { .mapping($0.map(output)) })
  }
}
