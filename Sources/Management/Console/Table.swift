/// Rows under headings. Where nothing limits the width, each column is as wide as its widest cell; else no line is wider
/// than the limit, and what is widest gives way.
package struct Table: Sendable {
  package struct Column: Sendable, ExpressibleByStringLiteral {
    package enum Give: Sendable {
      /// Addresses, numbers, single words: the last to be broken.
      case firm
      /// What names something: it is broken where other texts cannot give more, and never cut.
      case name
      /// Wraps in its column.
      case text
      /// A sentence or a value of any length: goes below its row where there is little room beside it.
      case note
    }

    package let heading: String
    /// What stands there in its place where there is little room.
    package let short: String
    package let give: Give

    package init(_ heading: String, short: String? = nil, _ give: Give = .firm) {
      self.heading = heading
      self.short = short ?? heading
      self.give = give
    }

    package init(stringLiteral heading: String) {
      self.init(heading)
    }

    package static func name(_ heading: String) -> Column { Column(heading, .name) }
    package static func text(_ heading: String) -> Column { Column(heading, .text) }
    package static func note(_ heading: String) -> Column { Column(heading, .note) }
  }

  package let columns: [Column]
  private(set) var rows: [[Cell]] = []

  /// The lines of one cell that are shown at most; the last says by "…" that there is more.
  static let longestCell = 8
  /// A note has at least so many columns, or goes below its row.
  static let noteWidth = 32
  static let gap = 2

  package init(_ columns: Column...) {
    self.columns = columns
  }

  package mutating func add(_ cells: Cell...) {
    rows.append(cells)
  }

  /// The lines of the headings and those below them. `width` is nil where nothing limits it.
  package func lines(width: Int?) -> (head: [String], rows: [String]) {
    let layout = layout(width)
    let shown = layout.shown
    func lines(of cells: [String]) -> [String] {
      Self.lines(
        of: shown.map { column in
          cells[column].wrapped(
            to: layout.widths[column], most: columns[column].give == .name ? .max : Self.longestCell)
        }, widths: shown.map { layout.widths[$0] })
    }
    let head = lines(of: layout.headings)
    var rows: [String] = []
    for row in layout.cells {
      rows += lines(of: row)
      for note in layout.notes where row[note] != Cell.absent {
        rows += Self.note(columns[note].heading, row[note], width: width ?? .max)
      }
    }
    return (head, rows)
  }

  /// One row: as many lines as its highest cell.
  private static func lines(of cells: [[String]], widths: [Int]) -> [String] {
    (0..<(cells.map(\.count).max() ?? 0)).map { line in
      var text = ""
      var due = 0
      for (cell, width) in zip(cells, widths) {
        if line < cell.count, !cell[line].isEmpty { text = text.padding(to: due) + cell[line] }
        due += width + gap
      }
      return text
    }
  }

  private static func note(_ heading: String, _ text: String, width: Int) -> [String] {
    let title = "  \(heading.lowercased()): "
    let lines = text.wrapped(to: width - 4, first: width - title.columns, most: longestCell)
    return lines.enumerated().map { $0.offset == 0 ? title + $0.element : "    " + $0.element }
  }
}
