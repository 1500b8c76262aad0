/// What of a table is shown, and how wide each column is.
struct TableLayout: Sendable {
  var headings: [String]
  var cells: [[String]]
  var widths: [Int]
  /// The columns that stand below their rows.
  var notes: [Int] = []

  init(headings: [String], cells: [[String]]) {
    self.headings = headings
    self.cells = cells
    widths = headings.map(\.columns)
    for row in cells {
      for (column, cell) in row.enumerated() { widths[column] = max(widths[column], cell.columns) }
    }
  }

  /// The columns that stand beside each other.
  var shown: [Int] { widths.indices.filter { !notes.contains($0) } }

  /// What all columns take, and the gaps between them.
  var total: Int {
    shown.reduce(0) { $0 + widths[$1] } + Table.gap * max(0, shown.count - 1)
  }

  /// Makes columns narrower until the line has `width` columns, the widest of `candidates` first, none of them narrower
  /// than `floor`.
  mutating func shrink(_ candidates: [Int], to width: Int, floor: Int) {
    while total > width {
      guard let widest = candidates.max(by: { widths[$0] < widths[$1] }), widths[widest] > floor else { return }
      let others = candidates.filter { $0 != widest }.map { widths[$0] }.filter { $0 < widths[widest] }.max()
      widths[widest] = max(widths[widest] - (total - width), min(others ?? floor, widths[widest] - 1), floor)
    }
  }
}

extension Table {
  func layout(_ width: Int?) -> TableLayout {
    var layout = layout(form: 0)
    guard let width, layout.total > width else { return layout }
    for form in 1...2 {
      layout = self.layout(form: form)
      if layout.total <= width { return layout }
      placeNotes(in: &layout, width)
      if layout.total <= width { return layout }
    }
    func columns(_ give: Column.Give) -> [Int] { layout.shown.filter { self.columns[$0].give == give } }
    layout.shrink(columns(.text), to: width, floor: 8)
    layout.shrink(columns(.name), to: width, floor: 16)
    for floor in [8, 3, 1] { layout.shrink(layout.shown, to: width, floor: floor) }
    return layout
  }

  private func layout(form: Int) -> TableLayout {
    TableLayout(
      headings: columns.map { form == 0 ? $0.heading : $0.short }, cells: rows.map { $0.map { $0.forms[form] } })
  }

  /// A note takes what the other columns leave, or goes below its row.
  private func placeNotes(in layout: inout TableLayout, _ width: Int) {
    for note in columns.indices where columns[note].give == .note {
      let others = layout.total - layout.widths[note]
      if width - others >= Self.noteWidth {
        layout.widths[note] = min(layout.widths[note], width - others)
      } else {
        layout.notes.append(note)
      }
    }
  }
}
