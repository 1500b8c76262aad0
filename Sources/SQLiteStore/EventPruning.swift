import GRDB
import Journey
import Store

/// Keeps the events of each router within ``EventLimit``: at the first event of a router since the start (unless it was
/// new then), and after every `slack` further ones, the old ones are removed in the transaction of the new one.
struct EventPruning {
  /// How many events were added since the router was looked at last.
  private var added: [RouterID: Int] = [:]
  /// Routers with a higher number than this have no events from before the start.
  private var lastBefore: RouterID

  /// With the events as they are at the start.
  init(before db: Database) throws {
    lastBefore = RouterID(rawValue: try Int64.fetchOne(db, sql: "SELECT max(router) FROM event") ?? 0)
  }

  /// To be called after an event of `router` was added.
  mutating func noteEvent(of router: RouterID, in db: Database) throws {
    let atStart = router.rawValue > lastBefore.rawValue ? 0 : EventLimit.slack
    let isDue = Self.count(&added[router, default: atStart])
    guard isDue else { return }
    try prune(router, in: db)
  }

  /// Counts one more; whether there were so many before that it is time to look.
  private static func count(_ added: inout Int) -> Bool {
    guard added < EventLimit.slack else { return true }
    added += 1
    return false
  }

  mutating func prune(_ router: RouterID, in db: Database) throws {
    try db.cachedStatement(
      sql: """
        DELETE FROM event WHERE router = ?1 AND number <=
          (SELECT number FROM event WHERE router = ?1 ORDER BY number DESC LIMIT 1 OFFSET ?2)
        """
    ).execute(arguments: [router.rawValue, EventLimit.kept])
    added[router] = 1
  }

  /// After a failed commit: what was noted may not have happened.
  mutating func forget() {
    added.removeAll()
    lastBefore = RouterID(rawValue: .max)
  }
}
