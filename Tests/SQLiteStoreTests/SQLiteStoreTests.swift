import Foundation
import GRDB
import Store
import Testing

@testable import SQLiteStore

/// What the engine on a medium must do beyond the contract.
struct SQLiteStoreTests {
  @Test func `what was committed is in the files as they lie when the commit returns`() throws {
    let folder = try Folder()
    let store = try SQLiteStore(path: folder.path("store.db"))
    for round in 1...10 {
      try store.commit([.lease(lease(round)), .event(event(1, "\(round)"))])
      // The files as a power cut or `kill -9` would leave them. The log's index, which SQLite makes anew, stays behind.
      let copy = try Folder()
      for name in ["store.db", "store.db-wal"] {
        try FileManager.default.copyItem(atPath: folder.path(name), toPath: copy.path(name))
      }
      let reopened = try SQLiteStore(path: copy.path("store.db"))
      #expect(try reopened.leases() == (1...round).map { lease($0) })
      #expect(try reopened.texts(of: 1) == (1...round).map { "\($0)" })

      // The log that was found is in the file at once: it cannot grow from one start to the next.
      let file = try Folder()
      try FileManager.default.copyItem(atPath: copy.path("store.db"), toPath: file.path("store.db"))
      #expect(try SQLiteStore(path: file.path("store.db")).leases().count == round)
    }
  }

  @Test func `a copy cut anywhere in its log holds whole commits, the first ones, and opens`() throws {
    let folder = try Folder()
    let store = try SQLiteStore(path: folder.path("store.db"))
    for round in 1...8 { try store.commit([.lease(lease(round)), .event(event(1, "\(round)"))]) }
    let log = try Data(contentsOf: URL(filePath: folder.path("store.db-wal")))
    var counts: [Int] = []
    for length in stride(from: 0, through: log.count, by: 1_001) {
      let copy = try Folder()
      try FileManager.default.copyItem(atPath: folder.path("store.db"), toPath: copy.path("store.db"))
      try log.prefix(length).write(to: URL(filePath: copy.path("store.db-wal")))
      let reopened = try SQLiteStore(path: copy.path("store.db"))
      let leases = try reopened.leases()
      #expect(leases == (1...8).prefix(leases.count).map { lease($0) })
      #expect(try reopened.texts(of: 1).count == leases.count)
      counts.append(leases.count)
    }
    #expect(counts == counts.sorted())
    #expect(counts.first == 0)
    #expect(Set(counts).count > 5)
  }

  @Test func `a closed store is whole in its one file, and takes nothing more`() throws {
    let folder = try Folder()
    let store = try SQLiteStore(path: folder.path("store.db"))
    try store.commit([.lease(lease(1)), .router(router(1)), .event(event(1, "a")), .device(device("1"))])
    #expect(try store.lastEvent() == 1)
    try store.close()
    #expect(try folder.size(of: "store.db-wal") == 0)
    #expect(throws: StoreError.self) { try store.commit([.lease(lease(2))]) }
    #expect(throws: StoreError.self) { try store.leases() }

    let reopened = try SQLiteStore(path: folder.path("store.db"))
    #expect(try reopened.leases() == [lease(1)])
    #expect(try reopened.routers() == [router(1)])
    #expect(try reopened.texts(of: nil) == ["a"])
    #expect(try reopened.devices() == [device("1")])
  }

  @Test func `every commit is synced, and none carries the log into the file`() throws {
    let folder = try Folder()
    let store = try SQLiteStore(path: folder.path("store.db"))
    try store.pool.writeWithoutTransaction { db throws in
      #expect(try String.fetchOne(db, sql: "PRAGMA journal_mode") == "wal")
      #expect(try Int.fetchOne(db, sql: "PRAGMA synchronous") == 2)
      #expect(try Int.fetchOne(db, sql: "PRAGMA wal_autocheckpoint") == 0)
    }
  }

  @Test func `nobody but the owner may read the files`() throws {
    let folder = try Folder()
    try Data().write(to: URL(filePath: folder.path("store.db")))
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: folder.path("store.db"))
    let store = try SQLiteStore(path: folder.path("store.db"))
    try store.commit([.lease(lease(1))])
    for name in ["store.db", "store.db-wal", "store.db-shm"] {
      #expect(try folder.mode(of: name) == 0o600, "\(name)")
    }
  }

  @Test func `a folder that is not there is said so`() throws {
    let folder = try Folder()
    let path = folder.path("missing/store.db")
    #expect(throws: StoreError.unavailable("\(path): No such file or directory")) { try SQLiteStore(path: path) }
  }

  @Test(arguments: [100, 4_096, 10_000])
  func `a file that is no database is refused and left alone`(size: Int) throws {
    let folder = try Folder()
    let content = Data(repeating: 0x41, count: size)
    try content.write(to: URL(filePath: folder.path("store.db")))
    let error = #expect(throws: StoreError.self) { try SQLiteStore(path: folder.path("store.db")) }
    guard case .corrupt = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(try Data(contentsOf: URL(filePath: folder.path("store.db"))) == content)
  }

  @Test func `the log is carried into the file while commits and readers go on, and does not grow with them`()
    async throws
  {
    let folder = try Folder()
    let store = try SQLiteStore(path: folder.path("store.db"), checkpointInterval: 100)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        for index in 0..<3_000 {
          try store.commit([.lease(lease(index))])
          if index.isMultiple(of: 100) { await Task.yield() }
        }
      }
      group.addTask {
        // There are few threads for all tests: one that is kept may be the one that the writer waits for.
        while !Task.isCancelled {
          _ = try store.lastEvent()
          await Task.yield()
        }
      }
      try await group.next()
      group.cancelAll()
    }
    #expect(store.checkpoints.done >= 5)
    // A reader that is not let run in the middle of a read holds one up for longer than it waits.
    #expect(store.checkpoints.failed <= 2)
    // 3,000 commits of at least a page each would be more than 12 MB.
    #expect(try folder.size(of: "store.db-wal") < 11_000_000)
    #expect(try store.leases().count == 3_000)
  }

  @Test func `the old events of a router are removed across starts too`() throws {
    let folder = try Folder()
    for round in 0..<30 {
      let store = try SQLiteStore(path: folder.path("store.db"))
      try store.commit((0..<50).map { .event(event(1, "\(round) \($0)")) })
      try store.close()
    }
    let store = try SQLiteStore(path: folder.path("store.db"))
    let count = try store.texts(of: 1).count
    #expect((EventLimit.kept...EventLimit.kept + EventLimit.slack).contains(count))
  }
}
