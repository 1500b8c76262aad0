import Net

/// Spreads a crowd of routers over the time that it takes to serve them: so many sessions at once, and each router beyond
/// that is told when its turn will be. Routers come at once when the power of a town comes back; told the same time, they
/// would come at once again.
struct SessionAdmission: Sendable {
  /// Sessions under way beyond which new ones are told to come later.
  let limit: Int
  /// The shortest time that a router is told, in seconds, and the longest.
  static let shortest: Int64 = 3
  static let longest: Int64 = 300
  /// Sessions a second that are counted on at least: who comes too early is told another turn.
  private static let slowest: Int64 = 400

  /// The turn of the router that was told the latest one.
  private var lastTurn = Timestamp(rawValue: .min)
  /// Sessions that ended in the present second, and a running mean of those of the seconds before.
  private var second: Int64 = 0
  private var ended: Int64 = 0
  private var rate: Int64 = 0

  init(limit: Int) {
    self.limit = limit
  }

  /// Seconds after which the router is to come again; nil where its session may begin now.
  mutating func wait(underWay: Int, at now: Timestamp) -> Int64? {
    guard underWay >= limit else { return nil }
    advance(to: now)
    let earliest = now.advanced(bySeconds: Self.shortest)
    let turn = max(earliest, min(lastTurn, now.advanced(bySeconds: Self.longest)))
    lastTurn = turn.advanced(byMilliseconds: max(1, 1000 / max(rate, Self.slowest)))
    return min(Self.longest, (turn.milliseconds(since: now) + 999) / 1000)
  }

  mutating func sessionEnded(at now: Timestamp) {
    advance(to: now)
    ended += 1
  }

  private mutating func advance(to now: Timestamp) {
    let present = now.rawValue / 1000
    guard present != second else { return }
    rate = present - second > 10 ? 0 : rate == 0 ? ended : (3 * rate + ended) / 4
    ended = 0
    second = present
  }
}
