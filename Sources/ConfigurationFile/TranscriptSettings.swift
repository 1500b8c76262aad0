/// Which sessions are kept as transcripts.
package struct TranscriptSettings: Section {
  package enum Kept: String, CaseIterable, Sendable {
    /// Those in which a router refused something, or was refused, or that it left.
    case trouble
    /// Those in which anything was asked of a router, too.
    case work
    case all
  }

  package var keep = Kept.trouble
  /// Of each router, the newest.
  package var number = 5
  package var origin = Origin()

  package init() {}

  static let schema: [Row<TranscriptSettings>] = [
    Row(
      "keep", \.keep, .choice(),
      "Sessions with trouble, those in which anything was asked of a router too, or all of them."),
    Row("number", \.number, .integer(0...100), "How many are kept of each router."),
  ]
}
