import Net

/// A mapping with options of its own. Its initial values are the defaults; ``schema`` has one row for each option, and
/// that row is all there is to say about it: it reads, checks, prints and documents the option.
protocol Section: Hashable, Sendable {
  init()
  static var schema: [Row<Self>] { get }
  /// Where the section was read from.
  var origin: Origin { get set }
  /// What must hold between options, told where it does not.
  func check(into findings: inout Findings)
}

extension Section {
  func check(into findings: inout Findings) {}
}

/// One option of a section.
struct Row<Root: Section>: Sendable {
  let name: String
  let isRequired: Bool
  let expected: String
  let read: @Sendable (Branch, inout Root, inout Findings) -> Void
  /// Nil where the option is absent.
  let output: @Sendable (Root) -> Output?
  let entries: @Sendable (_ path: String) -> [Manual.Entry]

  init<Value>(
    _ name: String, _ property: any WritableKeyPath<Root, Value> & Sendable, _ form: Form<Value>,
    required: Bool = false,
    _ meaning: String
  ) {
    self.name = name
    isRequired = required
    expected = form.expected
    read = { branch, root, findings in
      if let value = form.read(branch, &findings) { root[keyPath: property] = value }
    }
    output = { form.output($0[keyPath: property]) }
    entries = { path in
      let path = Branch.path(path, name)
      let nested = form.entries(path)
      // A default is worth a word where it is a value, not where it is the defaults of many options.
      let initial = form.output(Root()[keyPath: property])
      let standard: Manual.Standard =
        if required {
          .required
        } else if initial.hasOptions {
          .none
        } else {
          .value(initial.inline)
        }
      return [Manual.Entry(path: path, expected: form.expected, standard: standard, meaning: meaning)] + nested
    }
  }

  /// An option that may be absent.
  /// - Parameter absent: what holds then.
  init<Value>(
    _ name: String, _ property: any WritableKeyPath<Root, Value?> & Sendable, _ form: Form<Value>, absent: String,
    _ meaning: String
  ) {
    self.name = name
    isRequired = false
    expected = form.expected
    read = { branch, root, findings in
      if let value = form.read(branch, &findings) { root[keyPath: property] = value }
    }
    output = { $0[keyPath: property].map(form.output) }
    entries = { path in
      let path = Branch.path(path, name)
      return [Manual.Entry(path: path, expected: form.expected, standard: .words(absent), meaning: meaning)]
        + form.entries(path)
    }
  }
}

extension Form where Value: Section {
  /// A mapping with the section's options.
  static var section: Form {
    Form(
      expected: "a mapping of options",
      read: { branch, findings in Value.read(branch, into: &findings) },
      output: { section in
        .mapping(
          Value.schema.compactMap { row in row.output(section).map { (key: row.name, value: $0) } })
      },
      entries: { path in Value.schema.flatMap { $0.entries(path) } })
  }
}

extension Section {
  fileprivate static func read(_ branch: Branch, into findings: inout Findings) -> Self? {
    guard case .mapping(let entries) = branch.content else {
      findings.add(branch.mismatch(expected: "a mapping of options"))
      return nil
    }
    var section = Self()
    section.origin = Origin(path: branch.path, position: branch.position)
    for entry in entries {
      guard let row = schema.first(where: { $0.name == entry.key }) else {
        findings.add(unknown(entry, in: branch))
        continue
      }
      let before = findings.count
      if !entry.value.isRefused { row.read(entry.value, &section, &findings) }
      section.origin.note(entry.value, as: row.name, isRight: findings.count == before)
    }
    for row in schema where row.isRequired && !section.origin.isGiven(row.name) {
      findings.add(
        Problem(
          position: branch.position, path: Branch.path(branch.path, row.name),
          message: "\(branch.path) has no \(quoted(row.name))", expected: row.expected))
      section.origin.noteMissing(row.name)
    }
    section.check(into: &findings)
    return section
  }

  private static func unknown(_ entry: Branch.Entry, in branch: Branch) -> Problem {
    let names = schema.map(\.name)
    return Problem(
      position: entry.position, path: entry.value.path,
      message: "unknown option \(quoted(entry.key))" + (branch.path.isEmpty ? "" : " in \(branch.path)"),
      expected: "one of \(names.joined(separator: ", "))", suggestion: Spelling.nearest(to: entry.key, among: names))
  }
}
