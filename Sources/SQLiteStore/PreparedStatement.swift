import GRDB
import GRDBSQLite

/// A statement that is prepared once for a connection and then run very often: values go in and out by SQLite's own
/// calls. GRDB's arguments and rows box each value, which costs more than SQLite takes to store a lease. For use within
/// one transaction of `db`.
struct PreparedStatement {
  private let db: Database
  private let handle: OpaquePointer

  /// Prepares `sql`, or finds it prepared, with no values bound to it.
  init(_ sql: String, in db: Database) throws {
    self.db = db
    handle = try db.cachedStatement(sql: sql).sqliteStatement
    clear()
  }

  /// Takes the bound values away.
  func clear() {
    sqlite3_clear_bindings(handle)
  }

  // MARK: Values that go in, by their place from 1

  func bind(_ value: Int64?, at place: Int32) throws {
    guard let value else { return }
    try check(sqlite3_bind_int64(handle, place, value))
  }

  func bind(_ text: String?, at place: Int32) throws {
    guard var text else { return }
    let result = text.withUTF8 { utf8 in
      utf8.withMemoryRebound(to: CChar.self) {
        sqlite3_bind_text(handle, place, $0.baseAddress ?? Self.nothing, Int32($0.count), Self.copied)
      }
    }
    try check(result)
  }

  func bind(_ bytes: [UInt8]?, at place: Int32) throws {
    guard let bytes else { return }
    let result = bytes.withUnsafeBytes {
      $0.isEmpty
        ? sqlite3_bind_zeroblob(handle, place, 0)
        : sqlite3_bind_blob(handle, place, $0.baseAddress, Int32($0.count), Self.copied)
    }
    try check(result)
  }

  /// Runs a statement that has no rows to tell.
  func run() throws {
    let result = sqlite3_step(handle)
    // The result of a reset is that of the step before it.
    sqlite3_reset(handle)
    guard result == SQLITE_DONE || result == SQLITE_ROW else { throw failure(result) }
  }

  // MARK: Values that come out, by their place from 0

  /// Calls `body` at each row.
  func forEachRow(_ body: (PreparedStatement) throws -> Void) throws {
    defer { sqlite3_reset(handle) }
    while true {
      switch sqlite3_step(handle) {
      case SQLITE_ROW: try body(self)
      case SQLITE_DONE: return
      case let result: throw failure(result)
      }
    }
  }

  func int64(at place: Int32) -> Int64 {
    sqlite3_column_int64(handle, place)
  }

  func optionalInt64(at place: Int32) -> Int64? {
    isNull(place) ? nil : int64(at: place)
  }

  func text(at place: Int32) -> String? {
    guard let start = sqlite3_column_text(handle, place) else { return nil }
    let count = Int(sqlite3_column_bytes(handle, place))
    return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
  }

  func bytes(at place: Int32) -> [UInt8]? {
    guard !isNull(place) else { return nil }
    let count = Int(sqlite3_column_bytes(handle, place))
    guard count > 0, let start = sqlite3_column_blob(handle, place) else { return [] }
    return Array(UnsafeRawBufferPointer(start: start, count: count))
  }

  private func isNull(_ place: Int32) -> Bool {
    sqlite3_column_type(handle, place) == SQLITE_NULL
  }

  // MARK: Results

  private func check(_ result: CInt) throws {
    guard result == SQLITE_OK else { throw failure(result) }
  }

  private func failure(_ result: CInt) -> DatabaseError {
    DatabaseError(
      resultCode: ResultCode(rawValue: result), message: db.sqliteConnection.map { String(cString: sqlite3_errmsg($0)) }
    )
  }

  /// SQLITE_TRANSIENT: SQLite takes a copy before the call returns.
  private static var copied: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }

  /// What an empty text points to; a null pointer would mean no text.
  private static var nothing: UnsafePointer<CChar>? { UnsafePointer(bitPattern: 1) }
}
