import CWMP
import DHCP
import FoundationEssentials
import GRDB
import Journey
import Store

extension Change {
  /// Writes the change within the transaction of `statements`.
  func write(by statements: inout WriteStatements, _ memory: inout WriterMemory) throws {
    let db = statements.db
    switch self {
    case .lease(let lease):
      try lease.write(by: &statements)
    case .router(let router):
      try router.write(by: &statements)
    case .merge(let former, let router):
      guard former != router else { return }
      try db.execute(sql: "DELETE FROM router WHERE id = ?", arguments: [former.rawValue])
      try db.execute(
        sql: "UPDATE event SET router = ? WHERE router = ?", arguments: [router.rawValue, former.rawValue])
      try memory.pruning.prune(router, in: db)
    case .forget(let router):
      try db.cachedStatement(sql: "DELETE FROM router WHERE id = ?").execute(arguments: [router.rawValue])
      try db.cachedStatement(sql: "DELETE FROM event WHERE router = ?").execute(arguments: [router.rawValue])
    case .event(let event):
      try event.write(by: &statements)
      try memory.pruning.noteEvent(of: event.router, in: db)
    case .device(let device):
      try device.write(by: &statements)
    case .contact(let id, let moment):
      try Device.writeContact(id, moment, by: &statements)
    case .task(let task):
      try task.write(in: db)
      if !task.isOpen, task.request.isConfidential { memory.hasErasedSecrets = true }
    case .parameters(let id, let parameters): try KnownParameter.write(parameters, of: id, &memory.paths, in: db)
    case .forgetParameters(let id, let moment): try KnownParameter.forget(of: id, before: moment, in: db)
    case .file(let file):
      try db.cachedStatement(sql: FileRecord.upsert).execute(arguments: file.columns)
    case .fileRemoved(let name):
      try db.cachedStatement(sql: "DELETE FROM file WHERE name = ?").execute(arguments: [name.rawValue])
    case .transcript(let id, let start, let bytes, let kept):
      try StoredTranscript.write(of: "\(id)", start, bytes, kept: kept, in: db)
    case .setting(let name, let value):
      try db.cachedStatement(sql: "INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)")
        .execute(arguments: [name, Data(value)])
    }
  }
}

/// The statements that thousands of changes a second are written by, looked up once in a transaction.
struct WriteStatements {
  let db: Database
  private var leases: PreparedStatement?
  private var routers: PreparedStatement?
  private var events: PreparedStatement?
  private var devices: PreparedStatement?
  private var firstContacts: PreparedStatement?
  private var contacts: PreparedStatement?

  init(in db: Database) {
    self.db = db
  }

  mutating func lease() throws -> PreparedStatement { try Self.find(Lease.upsert, in: db, &leases) }
  mutating func router() throws -> PreparedStatement { try Self.find(Router.upsert, in: db, &routers) }
  mutating func event() throws -> PreparedStatement { try Self.find(Event.insert, in: db, &events) }
  mutating func device() throws -> PreparedStatement { try Self.find(Device.upsert, in: db, &devices) }
  mutating func firstContact() throws -> PreparedStatement {
    try Self.find(Device.upsertContact, in: db, &firstContacts)
  }
  mutating func contact() throws -> PreparedStatement { try Self.find(Device.updateContact, in: db, &contacts) }

  private static func find(
    _ sql: String, in db: Database, _ known: inout PreparedStatement?
  ) throws -> PreparedStatement {
    if let known {
      known.clear()
      return known
    }
    let found = try PreparedStatement(sql, in: db)
    known = found
    return found
  }
}

/// What the one connection that writes remembers from transaction to transaction.
struct WriterMemory {
  var pruning: EventPruning
  var paths = PathNumbers()
  /// The log still holds what rows held until now, and must not.
  var hasErasedSecrets = false

  init(_ pruning: EventPruning) {
    self.pruning = pruning
  }

  /// After a transaction that failed.
  mutating func forget() {
    pruning.forget()
    paths.forget()
    hasErasedSecrets = false
  }
}
