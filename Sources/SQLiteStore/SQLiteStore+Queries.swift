package import CWMP
package import DHCP
import FoundationEssentials
import GRDB
package import Journey
package import Net
package import Store

extension SQLiteStore: FactQueries {
  package func leases() throws(StoreError) -> [Lease] {
    var leases: [Lease] = []
    try forEachLease { leases.append($0) }
    return leases
  }

  package func lease(at address: IPv4Address) throws(StoreError) -> Lease? {
    try read { db in
      var lease: Lease?
      let statement = try PreparedStatement("\(Lease.select) WHERE address = ?", in: db)
      try statement.bind(Int64(address.rawValue), at: 1)
      try statement.forEachRow { lease = try Lease(row: $0) }
      return lease
    }
  }

  package func latestLeaseStart() throws(StoreError) -> Timestamp? {
    try read { db in try Int64.fetchOne(db, sql: "SELECT max(start) FROM lease").map(Timestamp.init(rawValue:)) }
  }

  package func forEachLease(_ body: (Lease) -> Void) throws(StoreError) {
    try read { db in
      try PreparedStatement("\(Lease.select) ORDER BY address", in: db).forEachRow { body(try Lease(row: $0)) }
    }
  }

  package func routers() throws(StoreError) -> [Router] {
    try read { db in
      try all("\(Router.select) ORDER BY id", in: db, as: Router.init(row:))
    }
  }

  package func leases(after: IPv4Address?, limit: Int) throws(StoreError) -> [Lease] {
    try read { db in
      var leases: [Lease] = []
      let statement = try PreparedStatement("\(Lease.select) WHERE address > ? ORDER BY address LIMIT ?", in: db)
      try statement.bind(after.map { Int64($0.rawValue) } ?? -1, at: 1)
      try statement.bind(Int64(max(1, limit)), at: 2)
      try statement.forEachRow { leases.append(try Lease(row: $0)) }
      return leases
    }
  }

  package func routers(after: RouterID, limit: Int) throws(StoreError) -> [Router] {
    try read { db in
      try all(
        "\(Router.select) WHERE id > ? ORDER BY id LIMIT ?", [after.rawValue, Int64(max(1, limit))], in: db,
        as: Router.init(row:))
    }
  }

  package func routers(with key: RouterKey) throws(StoreError) -> [Router] {
    try read { db in
      let column =
        switch key {
        case .serialNumber: "serial_number"
        case .device: "device"
        case .hostname: "hostname"
        case .hardware: "hardware"
        case .address: "address"
        }
      let statement = try PreparedStatement(
        "\(Router.select) WHERE \(column) = ? ORDER BY id LIMIT \(RouterKey.limit)", in: db)
      switch key {
      case .serialNumber(let name), .device(let name), .hostname(let name): try statement.bind(name, at: 1)
      case .hardware(let hardware): try statement.bind(hardware.stored, at: 1)
      case .address(let address): try statement.bind(Int64(address.rawValue), at: 1)
      }
      var routers: [Router] = []
      try statement.forEachRow { routers.append(try Router(row: $0)) }
      return routers
    }
  }

  package func router(_ id: RouterID) throws(StoreError) -> Router? {
    try read { db in
      try all("\(Router.select) WHERE id = ?", [id.rawValue], in: db, as: Router.init(row:)).first
    }
  }

  package func counts(at now: Timestamp) throws(StoreError) -> StoredCounts {
    try read { db in
      func count(_ sql: String, _ arguments: StatementArguments = []) throws -> Int {
        try Int.fetchOne(db, sql: sql, arguments: arguments) ?? 0
      }
      return StoredCounts(
        routers: try count("SELECT count(*) FROM router"),
        leases: try count(Lease.countActive, [now.rawValue]), devices: try count("SELECT count(*) FROM contact"))
    }
  }

  package func lastRouter() throws(StoreError) -> RouterID {
    try read { db in
      RouterID(rawValue: try Int64.fetchOne(db, sql: "SELECT seq FROM sqlite_sequence WHERE name = 'router'") ?? 0)
    }
  }

  package func forEachDevice(_ body: (Device) -> Void) throws(StoreError) {
    try read { db in
      try PreparedStatement("\(Device.select) ORDER BY moment DESC, id", in: db).forEachRow {
        body(try Device(row: $0))
      }
    }
  }

  package func devices(skipping skipped: Int, limit: Int) throws(StoreError) -> [Device] {
    try read { db in
      try all(Device.selectPage, [Int64(max(1, limit)), Int64(max(0, skipped))], in: db, as: Device.init(row:))
    }
  }

  package func device(_ id: DeviceID) throws(StoreError) -> Device? {
    try read { db in
      var device: Device?
      let statement = try PreparedStatement("\(Device.select) WHERE id = ?", in: db)
      try statement.bind("\(id)", at: 1)
      try statement.forEachRow { device = try Device(row: $0) }
      return device
    }
  }

  package func events(of router: RouterID?, after: Int64, limit: Int) throws(StoreError) -> [RecordedEvent] {
    try read { db in
      let condition = router == nil ? "number > ?1" : "router = ?3 AND number > ?1"
      return try all(
        "\(RecordedEvent.select) WHERE \(condition) ORDER BY number LIMIT ?2",
        [after, Int64(max(1, limit))]
          + (router.map { [$0.rawValue] } ?? []), in: db, as: RecordedEvent.init(row:))
    }
  }

  package func lastEvent() throws(StoreError) -> Int64 {
    try read { db in try Int64.fetchOne(db, sql: "SELECT max(number) FROM event") ?? 0 }
  }

  package func files() throws(StoreError) -> [FileRecord] {
    try read { db in try fetch("\(FileRecord.select) ORDER BY name", from: db, as: FileRecord.init(row:)) }
  }

  package func file(named name: FileRecord.Name) throws(StoreError) -> FileRecord? {
    try read { db in
      try fetch("\(FileRecord.select) WHERE name = ?", [name.rawValue], from: db, as: FileRecord.init(row:)).first
    }
  }

  package func setting(named name: String) throws(StoreError) -> [UInt8]? {
    try read { db in
      try Data.fetchOne(db, sql: "SELECT value FROM setting WHERE name = ?", arguments: [name]).map { [UInt8]($0) }
    }
  }

  func read<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
    try StoreError.translating { try pool.read(body) }
  }

  /// Of statements that are asked often, or for very many rows.
  private func all<Value>(
    _ sql: String, _ numbers: [Int64] = [], in db: Database, as value: (PreparedStatement) throws -> Value
  ) throws -> [Value] {
    let statement = try PreparedStatement(sql, in: db)
    for (index, number) in numbers.enumerated() { try statement.bind(number, at: Int32(index + 1)) }
    var values: [Value] = []
    try statement.forEachRow { values.append(try value($0)) }
    return values
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
