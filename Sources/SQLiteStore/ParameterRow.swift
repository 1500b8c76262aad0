import CWMP
import GRDB
import Net
import Store

/// A parameter of a device as a row. Paths are numbers here; a type is its place among all types, which never changes.
extension KnownParameter {
  static let select = """
    SELECT text, writable, type, value, notification, seen FROM parameter JOIN path ON path.number = parameter.path
    """

  init(row: PreparedStatement) {
    self.init(
      path: row.text(at: 0) ?? "", isWritable: row.optionalInt64(at: 1).map { $0 != 0 },
      type: row.optionalInt64(at: 2).flatMap { number in
        ValueType.allCases.indices.contains(Int(number)) ? ValueType.allCases[Int(number)] : nil
      }, value: row.text(at: 3), notification: row.optionalInt64(at: 4).map { Int($0) },
      seen: Timestamp(rawValue: row.int64(at: 5)))
  }

  private static let upsert = """
    INSERT INTO parameter (device, path, writable, type, value, notification, seen) VALUES (?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (device, path) DO UPDATE SET
        writable = ifnull(excluded.writable, writable), type = ifnull(excluded.type, type),
        value = ifnull(excluded.value, value), notification = ifnull(excluded.notification, notification),
        seen = excluded.seen
    """

  /// Nothing for a device that is not on record.
  static func write(
    _ parameters: [KnownParameter], of device: DeviceID, _ paths: inout PathNumbers, in db: Database
  ) throws {
    guard let number = try Self.number(of: device, in: db) else { return }
    let row = try PreparedStatement(upsert, in: db)
    for parameter in parameters {
      let path = try paths.number(of: parameter.path, in: db)
      row.clear()
      try row.bind(number, at: 1)
      try row.bind(path, at: 2)
      try row.bind(parameter.isWritable.map { $0 ? 1 : 0 }, at: 3)
      try row.bind(parameter.type.flatMap { ValueType.allCases.firstIndex(of: $0) }.map { Int64($0) }, at: 4)
      try row.bind(parameter.value, at: 5)
      try row.bind(parameter.notification.map { Int64($0) }, at: 6)
      try row.bind(parameter.seen.rawValue, at: 7)
      try row.run()
    }
  }

  static func forget(of device: DeviceID, before moment: Timestamp, in db: Database) throws {
    guard let number = try number(of: device, in: db) else { return }
    let row = try PreparedStatement("DELETE FROM parameter WHERE device = ? AND seen < ?", in: db)
    try row.bind(number, at: 1)
    try row.bind(moment.rawValue, at: 2)
    try row.run()
  }

  static func number(of device: DeviceID, in db: Database) throws -> Int64? {
    try number("SELECT number FROM device WHERE id = ?", "\(device)", in: db)
  }

  fileprivate static func number(_ sql: String, _ text: String, in db: Database) throws -> Int64? {
    let row = try PreparedStatement(sql, in: db)
    try row.bind(text, at: 1)
    var number: Int64?
    try row.forEachRow { number = $0.int64(at: 0) }
    return number
  }
}

/// The numbers of paths, as far as they are known from earlier transactions.
struct PathNumbers {
  /// Beyond that they are looked up.
  private static let limit = 50_000

  private var numbers: [String: Int64] = [:]

  mutating func number(of path: String, in db: Database) throws -> Int64 {
    if let number = numbers[path] { return number }
    let number =
      try KnownParameter.number("SELECT number FROM path WHERE text = ?", path, in: db) ?? insert(path, in: db)
    if numbers.count < Self.limit { numbers[path] = number }
    return number
  }

  /// After a transaction that failed: what it inserted is not there.
  mutating func forget() {
    numbers = [:]
  }

  private func insert(_ path: String, in db: Database) throws -> Int64 {
    let insert = try PreparedStatement("INSERT INTO path (text) VALUES (?)", in: db)
    try insert.bind(path, at: 1)
    try insert.run()
    return db.lastInsertedRowID
  }
}
