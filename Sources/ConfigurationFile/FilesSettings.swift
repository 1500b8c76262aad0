/// The files that the appliance keeps: firmware for routers, and what routers upload.
package struct FilesSettings: Section {
  /// Bytes of one file.
  package var limit = 1 << 30
  /// Bytes of all files together.
  package var total = 8 << 30
  package var origin = Origin()

  package init() {}

  static let schema: [Row<FilesSettings>] = [
    Row("limit", \.limit, .size(1...(1 << 40)), "How large one file may be, the operator's and a router's."),
    Row("total", \.total, .size(1...(1 << 44)), "How large all files together may be."),
  ]

  func check(into findings: inout Findings) {
    guard origin.isRight("limit"), origin.isRight("total"), limit > total else { return }
    findings.add(
      origin.problem(
        at: "limit", "files.limit lets one file be larger than files.total all together",
        expected: "at most files.total"))
  }
}
