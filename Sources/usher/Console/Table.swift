/// Rows under headings, each column as wide as its widest cell.
struct Table {
  let headings: [String]
  private(set) var rows: [[String]] = []

  init(_ headings: String...) {
    self.headings = headings
  }

  mutating func add(_ cells: String?...) {
    rows.append(cells.map { ($0 ?? "-").printable })
  }

  func lines(style: Style) -> [String] {
    let widths = headings.indices.map { column in
      ([headings] + rows).map { $0[column].count }.max() ?? 0
    }
    func line(_ cells: [String]) -> String {
      var text = ""
      for (column, cell) in cells.enumerated() {
        text += cell
        if column < cells.count - 1 { text += String(repeating: " ", count: widths[column] - cell.count + 2) }
      }
      return text
    }
    return [style(.strong, line(headings))] + rows.map(line)
  }

  func print(style: Style = .standardOutput) {
    for line in lines(style: style) { Swift.print(line) }
  }
}
