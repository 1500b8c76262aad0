/// An inventory as a file has it, with everything that is wrong with the file.
package struct InventoryReading: Sendable {
  /// What of it is right.
  package private(set) var inventory = Inventory()
  /// In the order of the file.
  package private(set) var errors: [InventoryError] = []
  /// How many more there are past the ``limit``.
  package private(set) var omitted = 0

  package static let limit = 100

  package init(csv bytes: [UInt8]) {
    let start = InventoryError.Place(line: 1, column: 1)
    guard bytes.count <= Inventory.sizeLimit else {
      note(.tooLong(limit: Inventory.sizeLimit), at: start)
      return
    }
    let text = CSVText(bytes)
    if let problem = text.problem { errors.append(problem) }
    var csv = CSV(text)
    guard let columns = header(&csv, else: start) else { return }
    inventory.variables = columns.compactMap { column in
      if case .variable(let name) = column { name } else { nil }
    }
    while inventory.rows.count <= Inventory.rowLimit {
      do throws(InventoryError) {
        guard let fields = try csv.nextRecord() else { return }
        read(fields, columns)
      } catch {
        note(error)
        csv.skipLine()
      }
    }
  }

  /// The columns that the first line with anything in it names.
  private mutating func header(_ csv: inout CSV, else start: InventoryError.Place) -> [InventoryColumn]? {
    do throws(InventoryError) {
      while let header = try csv.nextRecord() {
        guard !Self.isEmpty(header) else { continue }
        return InventoryColumn.columns(of: header) { note($0) }
      }
      throw InventoryError(.empty, at: start)
    } catch {
      note(error)
      return nil
    }
  }

  private mutating func read(_ fields: [CSV.Field], _ columns: [InventoryColumn]) {
    guard let first = fields.first, !Self.isEmpty(fields) else { return }
    let place = InventoryError.Place(line: first.line, column: first.column)
    // Spreadsheets write the empty cells beside a table, too.
    guard fields.count >= columns.count, Self.isEmpty(fields[columns.count...]) else {
      return note(.wrongFieldCount(expected: columns.count, found: fields.count), at: place)
    }
    guard inventory.rows.count < Inventory.rowLimit else {
      return note(.tooManyRows(limit: Inventory.rowLimit), at: place)
    }
    let before = errors.count + omitted
    var row = Inventory.Row(line: first.line)
    for (column, field) in zip(columns, fields) {
      do throws(InventoryError) { try column.read(field, into: &row) } catch { note(error) }
    }
    guard errors.count + omitted == before else { return }
    let problems = inventory.problems(of: row)
    for problem in problems { note(problem, at: place) }
    if problems.isEmpty { inventory.add(row) }
  }

  private static func isEmpty(_ fields: some Collection<CSV.Field>) -> Bool {
    fields.allSatisfy(\.text.trimmed.isEmpty)
  }

  private mutating func note(_ problem: InventoryError.Problem, at place: InventoryError.Place) {
    note(InventoryError(problem, at: place))
  }

  private mutating func note(_ error: InventoryError) {
    if errors.count < Self.limit { errors.append(error) } else { omitted += 1 }
  }
}
