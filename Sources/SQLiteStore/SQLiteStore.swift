import GRDB
package import Store
import Synchronization

/// Facts in one SQLite file with a write-ahead log, synced to the medium before a commit returns. One connection
/// writes, a few read, one more carries the log into the file.
package final class SQLiteStore: FactStore {
  let pool: DatabasePool
  private let checkpointer: Checkpointer
  private let memory: Mutex<WriterMemory>

  /// Opens the store, makes it where there is none, and brings an older one to the present schema. Its folder must
  /// exist; nobody but its owner may read the file, because it holds credentials (if encrypted ones) and names.
  package convenience init(path: String) throws(StoreError) {
    try self.init(path: path, checkpointInterval: Checkpointer.usualInterval)
  }

  /// `checkpointInterval` counts changes.
  init(path: String, checkpointInterval: Int) throws(StoreError) {
    try DatabaseFile.prepare(path)
    let beginning: EventPruning
    (pool, checkpointer, beginning) = try StoreError.translating {
      let pool = try DatabasePool(path: path, configuration: Self.configuration)
      try pool.writeWithoutTransaction { db in
        // The pool itself asks for NORMAL only, which loses the last commits in a power cut.
        try db.execute(sql: "PRAGMA synchronous = FULL")
        try Schema.migrate(db)
      }
      let checkpointer = try Checkpointer(path: path, pool: pool, interval: checkpointInterval)
      return (pool, checkpointer, try pool.read(EventPruning.init(before:)))
    }
    memory = Mutex(WriterMemory(beginning))
    // A log that was left by a power cut does not add to the new one.
    checkpointer.checkpoint()
  }

  private static var configuration: GRDB.Configuration {
    var configuration = GRDB.Configuration()
    configuration.label = "store"
    configuration.foreignKeysEnabled = false
    // Only somebody else's program on the same file can hold a lock that we wait for, in seconds.
    configuration.busyMode = .timeout(1)
    configuration.maximumReaderCount = 4
    // Without it GRDB ends the program where not even a ROLLBACK succeeds.
    configuration.allowsUnsafeTransactions = true
    configuration.prepareDatabase { db in
      guard !db.configuration.readonly else { return }
      // In KiB: 200,000 leases and their recent events without reading a page twice.
      try db.execute(sql: "PRAGMA cache_size = -65536")
      try db.execute(sql: "PRAGMA wal_autocheckpoint = 0")
      // What is deleted is overwritten: some builds of SQLite do so by themselves, others do not.
      _ = try Int.fetchOne(db, sql: "PRAGMA secure_delete = ON")
    }
    return configuration
  }

  package func commit(_ changes: [Change]) throws(StoreError) {
    guard !changes.isEmpty else { return }
    let hasErasedSecrets = try StoreError.translating {
      try memory.withLock { memory in
        do {
          try pool.writeWithoutTransaction { db in
            if db.isInsideTransaction { try db.rollback() }
            try db.inTransaction(.immediate) {
              var statements = WriteStatements(in: db)
              for change in changes { try change.write(by: &statements, &memory) }
              return .commit
            }
          }
        } catch {
          memory.forget()
          throw error
        }
        defer { memory.hasErasedSecrets = false }
        return memory.hasErasedSecrets
      }
    }
    checkpointer.note(changes: changes.count)
    if hasErasedSecrets { checkpointer.emptyLog() }
  }

  /// Takes from the files, within a second or two, what rows held before they were changed.
  package func eraseFormerRows() { checkpointer.emptyLog() }

  /// How often the log was carried into the file since the start, and how often that failed.
  package var checkpoints: CheckpointCount { checkpointer.count }

  /// Ends all reading and writing; what was committed is in the file alone then. Further calls are refused.
  package func close() throws(StoreError) {
    checkpointer.stop()
    try StoreError.translating {
      // Where it cannot be done, the log stays beside the file, and nothing is lost.
      _ = try? pool.writeWithoutTransaction { db in try db.checkpoint(.truncate) }
      try pool.close()
    }
  }
}
