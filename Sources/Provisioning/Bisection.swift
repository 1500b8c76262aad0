/// Finds what of a list a router refuses: it is asked for in batches, and a batch that is refused is halved until one
/// entry alone is. A fault of a request for several parameters seldom says which of them is to blame (9005).
package struct Bisection: Hashable, Sendable {
  /// Places of the list that are still to be asked for, last first.
  private var waiting: [Range<Int>]
  /// What was refused by itself.
  package private(set) var refusals = 0

  /// Where so many are refused, it is not the names: the rest is not asked for.
  package static let refusalLimit = 16

  package init(of count: Int, batch: Int) {
    waiting = stride(from: 0, to: count, by: max(1, batch)).reversed().map { $0..<min($0 + max(1, batch), count) }
  }

  /// What is to be asked for; nil where there is no more.
  package var next: Range<Int>? { refusals < Self.refusalLimit ? waiting.last : nil }

  /// What was asked for was answered: its places.
  package mutating func answered() -> Range<Int>? { waiting.popLast() }

  /// What was asked for was refused: its place, where it is one alone.
  package mutating func refused() -> Int? {
    guard let asked = waiting.popLast() else { return nil }
    guard asked.count > 1 else {
      refusals += 1
      return asked.lowerBound
    }
    let middle = asked.lowerBound + asked.count / 2
    waiting += [middle..<asked.upperBound, asked.lowerBound..<middle]
    return nil
  }
}
