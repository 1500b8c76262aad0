/// The routers that hold no address and have never informed, in the order in which that became so. An entry that is no
/// longer true is skipped when its turn comes, so that nothing is searched for.
struct UnleasedQueue: Sendable {
  private let limit: Int
  private var entries: [RouterID?] = []
  private var places: [RouterID: Int] = [:]
  /// Entries before this one are gone.
  private var head = 0

  init(limit: Int) {
    self.limit = max(1, limit)
  }

  mutating func append(_ id: RouterID) {
    guard places[id] == nil else { return }
    places[id] = entries.count
    entries.append(id)
  }

  mutating func remove(_ id: RouterID) {
    guard let place = places.removeValue(forKey: id) else { return }
    entries[place] = nil
  }

  /// Takes out the oldest until no more than the limit are left, and returns those of which `isTrue` still holds. At
  /// most two for each call of ``append(_:)``, on average.
  mutating func overflow(where isTrue: (RouterID) -> Bool) -> [RouterID] {
    var taken: [RouterID] = []
    while places.count > limit, head < entries.count {
      defer { head += 1 }
      guard let id = entries[head] else { continue }
      places[id] = nil
      entries[head] = nil
      if isTrue(id) { taken.append(id) }
    }
    compact()
    return taken
  }

  /// Drops what is gone once it is more than what is left.
  private mutating func compact() {
    guard entries.count > 64, places.count < entries.count / 2 else { return }
    entries = entries[head...].filter { $0 != nil }
    head = 0
    for (place, id) in entries.enumerated() {
      if let id { places[id] = place }
    }
  }
}
