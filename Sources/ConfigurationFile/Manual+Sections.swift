extension Manual {
  /// What can be asked for by ``text(of:)``, in order: every option, and every section of them.
  package static var names: [String] {
    Settings.schema.flatMap { $0.entries("") }.map { plain($0.path) }
  }

  /// The names at the top.
  package static var sections: [String] { names.filter { !$0.contains(".") } }

  /// The options of one section, or one option; nil where nothing is called so.
  package static func text(of section: String) -> String? {
    let wanted = plain(section)
    let entries = Settings.schema.flatMap { $0.entries("") }.filter { entry in
      let path = plain(entry.path)
      return path == wanted || path.hasPrefix(wanted + ".")
    }
    guard !wanted.isEmpty, !entries.isEmpty else { return nil }
    return entries.map(paragraph).joined(separator: "\n\n")
  }

  /// The path without the marks of lists: `subnets[].pool` is found as `subnets.pool`.
  private static func plain(_ path: String) -> String {
    String(path.filter { !"[]<>".contains($0) })
  }

  private static func paragraph(_ entry: Entry) -> String {
    let standard =
      switch entry.standard {
      case .required: "required"
      case .value(let value): "default \(value)"
      case .words(let words): "default: \(words)"
      case .none: ""
      }
    return "\(entry.path): \(entry.expected)\(standard.isEmpty ? "" : "; \(standard)")\n  \(entry.meaning)"
  }
}
