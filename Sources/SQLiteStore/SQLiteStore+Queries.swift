package import CWMP
package import DHCP
import FoundationEssentials
import GRDB
package import Journey
package import Store

extension SQLiteStore: FactQueries {
  package func leases() throws(StoreError) -> [Lease] {
    try read { db in
      try fetch("\(Lease.select) ORDER BY address", from: db, as: Lease.init(row:))
    }
  }

  package func routers() throws(StoreError) -> [Router] {
    try read { db in
      try fetch("\(Router.select) ORDER BY id", from: db, as: Router.init(row:))
    }
  }

  package func lastRouter() throws(StoreError) -> RouterID {
    try read { db in
      RouterID(rawValue: try Int64.fetchOne(db, sql: "SELECT seq FROM sqlite_sequence WHERE name = 'router'") ?? 0)
    }
  }

  package func devices() throws(StoreError) -> [Device] {
    try read { db in
      try fetch("\(Device.select) ORDER BY last_inform DESC, id", from: db, as: Device.init(row:))
    }
  }

  package func device(_ id: DeviceID) throws(StoreError) -> Device? {
    try read { db in
      try fetch("\(Device.select) WHERE id = ?", ["\(id)"], from: db, as: Device.init(row:)).first
    }
  }

  package func device(username: String) throws(StoreError) -> Device? {
    try read { db in
      let sql = "\(Device.select) WHERE username = ? ORDER BY last_inform DESC, id LIMIT 1"
      return try fetch(sql, [username], from: db, as: Device.init(row:)).first
    }
  }

  package func events(of router: RouterID?, after: Int64, limit: Int) throws(StoreError) -> [RecordedEvent] {
    try read { db in
      let order = "ORDER BY number LIMIT ?"
      guard let router else {
        let sql = "\(RecordedEvent.select) WHERE number > ? \(order)"
        return try fetch(sql, [after, max(1, limit)], from: db, as: RecordedEvent.init(row:))
      }
      let sql = "\(RecordedEvent.select) WHERE router = ? AND number > ? \(order)"
      return try fetch(sql, [router.rawValue, after, max(1, limit)], from: db, as: RecordedEvent.init(row:))
    }
  }

  package func lastEvent() throws(StoreError) -> Int64 {
    try read { db in try Int64.fetchOne(db, sql: "SELECT max(number) FROM event") ?? 0 }
  }

  package func setting(named name: String) throws(StoreError) -> [UInt8]? {
    try read { db in
      try Data.fetchOne(db, sql: "SELECT value FROM setting WHERE name = ?", arguments: [name]).map { [UInt8]($0) }
    }
  }

  private func read<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
    try StoreError.translating { try pool.read(body) }
  }

  private func fetch<Value>(
    _ sql: String, _ arguments: StatementArguments = [], from db: Database, as value: (Row) throws -> Value
  ) throws -> [Value] {
    let rows = try Row.fetchCursor(try db.cachedStatement(sql: sql), arguments: arguments)
    var values: [Value] = []
    while let row = try rows.next() { values.append(try value(row)) }
    return values
  }
}
