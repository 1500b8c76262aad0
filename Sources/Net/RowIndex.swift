/// Finds rows of a table by a key that stands in the rows: a hash table with open addressing that holds their numbers
/// alone, four bytes each. Hashes are the caller's, and seeded (`Hasher`), so that no client can choose its place.
package struct RowIndex: Sendable {
  package static let none: Int32 = -1
  private static let minimumCapacity = 16

  /// A power of two; at most three quarters of them are taken.
  private var places: [Int32]
  private var count = 0

  package init(minimumCount: Int = 0) {
    var capacity = Self.minimumCapacity
    while capacity / 4 * 3 < minimumCount { capacity *= 2 }
    places = Array(repeating: Self.none, count: capacity)
  }

  /// The row of this hash for which `matches` holds, ``none`` where there is none.
  package func find(_ hash: Int, _ matches: (Int32) -> Bool) -> Int32 {
    place(hash, matches).map { places[$0] } ?? Self.none
  }

  /// Puts a row whose key is not there yet. `hashOf` tells the hash of any row that is there.
  package mutating func insert(_ row: Int32, hash: Int, hashOf: (Int32) -> Int) {
    if count + 1 > places.count / 4 * 3 {
      var wider = RowIndex(minimumCount: (count + 1) * 2)
      for other in places where other != Self.none { wider.put(other, hash: hashOf(other)) }
      self = wider
    }
    put(row, hash: hash)
  }

  /// Puts another row in the place of one that has the same key.
  package mutating func replace(_ row: Int32, by other: Int32, hash: Int) {
    if let place = place(hash, { $0 == row }) { places[place] = other }
  }

  /// Takes a row out. What stands behind it moves up, so that no search ends too early.
  package mutating func remove(_ row: Int32, hash: Int, hashOf: (Int32) -> Int) {
    guard var hole = place(hash, { $0 == row }) else { return }
    count -= 1
    var place = next(hole)
    while places[place] != Self.none {
      let home = hashOf(places[place]) & (places.count - 1)
      // It may move to the hole unless its search begins behind that.
      if distance(from: home, to: place) >= distance(from: hole, to: place) {
        places[hole] = places[place]
        hole = place
      }
      place = next(place)
    }
    places[hole] = Self.none
  }

  private mutating func put(_ row: Int32, hash: Int) {
    var place = hash & (places.count - 1)
    while places[place] != Self.none { place = next(place) }
    places[place] = row
    count += 1
  }

  private func place(_ hash: Int, _ matches: (Int32) -> Bool) -> Int? {
    var place = hash & (places.count - 1)
    while places[place] != Self.none {
      if matches(places[place]) { return place }
      place = next(place)
    }
    return nil
  }

  private func next(_ place: Int) -> Int {
    (place + 1) & (places.count - 1)
  }

  private func distance(from start: Int, to end: Int) -> Int {
    (end - start) & (places.count - 1)
  }
}
