/// The nearest right spelling of a name that somebody wrote.
enum Spelling {
  /// The candidate fewest edits away, a transposition being one edit, or nil where none is near: one edit for every
  /// three characters, at least one. Case does not count, and of equals the first in order wins.
  static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
    let limit = max(1, word.unicodeScalars.count / 3)
    let near = candidates.sorted().map { ($0, distance(from: word.lowercased(), to: $0.lowercased())) }
      .filter { $0.1 <= limit && $0.1 < word.unicodeScalars.count }
    return near.min { $0.1 < $1.1 }?.0
  }

  /// How many characters must be inserted, deleted, replaced or swapped with their neighbor (of the first 64).
  static func distance(from left: String, to right: String) -> Int {
    let left = Array(left.unicodeScalars.prefix(64))
    let right = Array(right.unicodeScalars.prefix(64))
    var rows = [Array(0...right.count)]
    for i in 0..<left.count {
      var row = [i + 1]
      for j in 0..<right.count {
        var edits = min(rows[i][j] + (left[i] == right[j] ? 0 : 1), rows[i][j + 1] + 1, row[j] + 1)
        if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] { edits = min(edits, rows[i - 1][j - 1] + 1) }
        row.append(edits)
      }
      rows.append(row)
    }
    return rows[left.count][right.count]
  }
}

extension String {
  /// Between quotes, with what cannot be printed replaced, cut after 80 characters.
  var quoted: String {
    let shown = unicodeScalars.prefix(80).map { scalar in
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: "\u{FFFD}"
      default: String(scalar)
      }
    }
    return "\"\(shown.joined())\(unicodeScalars.count > 80 ? "…" : "")\""
  }

  /// Whether it can stand in a line of a configuration without ending it.
  var isOneLine: Bool {
    unicodeScalars.allSatisfy { scalar in
      switch scalar.properties.generalCategory {
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
