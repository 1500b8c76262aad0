/// The nearest right spelling of what somebody wrote.
package enum Spelling {
  /// The candidate that is fewest edits away, or nil where none is near: one edit for every three characters, at
  /// least one, a transposition of neighbors being one edit. Case does not count.
  package static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
    near(to: word, among: candidates, atMost: 1).first
  }

  /// The candidates that are near, see ``nearest(to:among:)``, the nearest first, each once.
  package static func near(to word: String, among candidates: some Sequence<String>, atMost limit: Int) -> [String] {
    let length = word.unicodeScalars.count
    guard (1...64).contains(length) else { return [] }
    let word = word.lowercased()
    var best: [(candidate: String, distance: Int)] = []
    for candidate in candidates {
      let distance = distance(from: word, to: candidate.lowercased())
      guard distance <= max(1, max(length, candidate.count) / 3), distance < length else { continue }
      guard !best.contains(where: { $0.candidate == candidate }) else { continue }
      let place = best.firstIndex { distance < $0.distance } ?? best.count
      guard place < limit else { continue }
      best.insert((candidate, distance), at: place)
      if best.count > limit { best.removeLast() }
    }
    return best.map(\.candidate)
  }

  /// The Damerau-Levenshtein distance in its "optimal string alignment" form: no part is edited twice.
  package static func distance(from left: String, to right: String) -> Int {
    let left = Array(left.unicodeScalars.prefix(128))
    let right = Array(right.unicodeScalars.prefix(128))
    var beforePrevious: [Int] = []
    var previous = Array(0...right.count)
    for row in 0..<left.count {
      var current = [row + 1]
      for column in 0..<right.count {
        var edits = min(
          previous[column] + (left[row] == right[column] ? 0 : 1), previous[column + 1] + 1, current[column] + 1)
        if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
          edits = min(edits, beforePrevious[column - 1] + 1)
        }
        current.append(edits)
      }
      (beforePrevious, previous) = (previous, current)
    }
    return previous[right.count]
  }
}
