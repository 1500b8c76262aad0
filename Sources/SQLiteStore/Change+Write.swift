import CWMP
import DHCP
import FoundationEssentials
import GRDB
import Journey
import Store

extension Change {
  /// Writes the change within the transaction of `db`, by statements that are prepared once.
  func write(to db: Database, pruning: inout EventPruning) throws {
    switch self {
    case .lease(let lease):
      try lease.write(to: db)
    case .router(let router):
      try router.write(to: db)
    case .merge(let former, let router):
      guard former != router else { return }
      try db.execute(sql: "DELETE FROM router WHERE id = ?", arguments: [former.rawValue])
      try db.execute(
        sql: "UPDATE event SET router = ? WHERE router = ?", arguments: [router.rawValue, former.rawValue])
      try pruning.prune(router, in: db)
    case .forget(let router):
      try db.cachedStatement(sql: "DELETE FROM router WHERE id = ?").execute(arguments: [router.rawValue])
      try db.cachedStatement(sql: "DELETE FROM event WHERE router = ?").execute(arguments: [router.rawValue])
    case .event(let event):
      try event.write(to: db)
      try pruning.noteEvent(of: event.router, in: db)
    case .device(let device):
      try db.cachedStatement(sql: Device.upsert).execute(arguments: try device.columns)
    case .contact(let id, let moment):
      try db.cachedStatement(sql: "UPDATE device SET last_inform = ? WHERE id = ?")
        .execute(arguments: [moment.rawValue, "\(id)"])
    case .setting(let name, let value):
      try db.cachedStatement(sql: "INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)")
        .execute(arguments: [name, Data(value)])
    }
  }
}
