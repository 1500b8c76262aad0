extension Template {
  /// A place where a variable stands.
  package struct Use: Hashable, Sendable {
    package let name: String
    /// What stands there where there is no value.
    package let absent: String?
    package let position: Position
  }

  package var uses: [Use] {
    parts.compactMap { part in
      switch part {
      case .text: nil
      case .variable(let name, let absent, let position): Use(name: name, absent: absent, position: position)
      }
    }
  }

  /// The bytes of what is rendered from it, without the values.
  var textSize: Int {
    parts.reduce(0) { size, part in
      switch part {
      case .text(let words): size + words.utf8.count
      case .variable: size
      }
    }
  }
}
