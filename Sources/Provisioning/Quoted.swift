import Net

extension String {
  /// Between quotes, with what cannot be printed replaced, cut after 80 characters.
  var quoted: String { quoted(longest: 80) }

  func quoted(longest limit: Int) -> String {
    "\"\(printable(longest: limit))\""
  }

  /// Whether it can stand in a line of a configuration without ending it.
  var isOneLine: Bool {
    unicodeScalars.allSatisfy { scalar in
      if scalar.isASCII { return scalar.value >= 0x20 && scalar.value != 0x7F }
      return switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator: false
      default: true
      }
    }
  }
}

/// `; did you mean "…"?`, or nothing.
func suggestion(_ nearest: String?) -> String {
  nearest.map { "; did you mean \($0.quoted)?" } ?? ""
}
