import Net

/// How much of what clients do in vain the journey is told, where each time may name something else (a file, a path, a
/// name): nobody fills the record with it. Clients whose numbers fall together share what there is.
struct SightingBudget: Sendable {
  /// Milliseconds.
  static let interval: Int64 = 60_000
  /// Sightings of one client within that time.
  static let limit = 8
  private static let count = 1024

  private var places = [(begin: Timestamp, spent: Int)](repeating: (.distantPast, 0), count: Self.count)

  /// Whether one more may be told.
  mutating func take(for client: IPv4Address, at now: Timestamp) -> Bool {
    let place = Int(client.rawValue) % Self.count
    if now.milliseconds(since: places[place].begin) >= Self.interval { places[place] = (now, 0) }
    guard places[place].spent < Self.limit else { return false }
    places[place].spent += 1
    return true
  }
}
