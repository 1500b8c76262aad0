import ArgumentParser

/// How much of a long list is shown.
struct PageOptions: ParsableArguments {
  @Option(help: "Show so many at most.")
  var limit = 200
  @Flag(help: "Show all, however many there are.")
  var all = false

  func validate() throws {
    if limit < 1 { throw ValidationError("--limit wants a number from 1 on.") }
  }

  private static let page = 500

  /// The rows that `get` finds, page by page: `after` is the last row of the page before, `skipped` how many there were.
  /// One row more than is wanted is asked for, to know whether there are more.
  func rows<Row>(_ get: (_ after: Row?, _ skipped: Int, _ limit: Int) async throws -> [Row]) async throws -> [Row] {
    var rows: [Row] = []
    while true {
      let wanted = all ? Self.page : min(Self.page, limit + 1 - rows.count)
      let page = try await get(rows.last, rows.count, wanted)
      rows += page
      if page.count < wanted || !all && rows.count > limit { break }
    }
    guard !all, rows.count > limit else { return rows }
    StandardError.print("The first \(limit) are shown; --all shows the rest, --limit more of them.")
    return Array(rows.prefix(limit))
  }
}
