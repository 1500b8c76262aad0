import Journey
import Net
import Synchronization

/// How often the log and the journey of a router are told that somebody else was refused what is the router's: each
/// reason once in ten minutes, so that nobody fills either with it. The counters have all.
final class StrangerWatch: Sendable {
  /// Milliseconds.
  static let interval: Int64 = 600_000
  /// Routers and kinds of refusal that are remembered at once, about 64 bytes each; where there are more, they are
  /// forgotten together.
  static let limit = 4096

  private struct Key: Hashable {
    let router: RouterID
    let kind: String
  }

  private let told = Mutex<[Key: Timestamp]>([:])

  /// Whether it is to be told now.
  func isNews(_ kind: String, of router: RouterID, at now: Timestamp) -> Bool {
    told.withLock { told in
      let key = Key(router: router, kind: kind)
      if let last = told[key], now.milliseconds(since: last) < Self.interval { return false }
      if told.count >= Self.limit { told.removeAll(keepingCapacity: true) }
      told[key] = now
      return true
    }
  }
}
