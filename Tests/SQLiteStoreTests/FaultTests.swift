import Foundation
import GRDB
import SQLiteStore
import Store
import Testing

/// A commit that fails leaves nothing, and the next one works when the cause is gone.
struct FaultTests {
  private let everything: [Change] = [
    .lease(lease(1)), .router(router(1)), .router(router(2)), .event(event(1, "a")), .device(device("1")),
    .setting(name: "key", value: [1]), .lease(lease(2)), .event(event(1, "b")),
  ]

  private func expectNothing(in store: SQLiteStore) throws {
    #expect(try store.leases().isEmpty)
    #expect(try store.routers().isEmpty)
    #expect(try store.lastRouter().rawValue == 0)
    #expect(try store.texts(of: nil).isEmpty)
    #expect(try store.devices().isEmpty)
    #expect(try store.setting(named: "key") == nil)
  }

  private func expectEverything(in store: SQLiteStore) throws {
    #expect(try store.leases() == [lease(1), lease(2)])
    #expect(try store.routers() == [router(1), router(2)])
    #expect(try store.texts(of: 1) == ["a", "b"])
    #expect(try store.devices() == [device("1")])
    #expect(try store.setting(named: "key") == [1])
  }

  @Test(arguments: 1...8)
  func `where the nth row is refused, the whole commit is`(nth: Int) throws {
    let folder = try Folder()
    let store = try SQLiteStore(path: folder.path("store.db"))
    let other = try DatabaseQueue(path: folder.path("store.db"))
    try other.write { db in
      try db.execute(sql: "CREATE TABLE fault (remaining INTEGER); INSERT INTO fault VALUES (\(nth))")
      for table in ["lease", "router", "event", "device", "setting"] {
        try db.execute(
          sql: """
            CREATE TRIGGER fault_\(table) AFTER INSERT ON \(table) BEGIN
              UPDATE fault SET remaining = remaining - 1;
              SELECT RAISE(ABORT, 'injected') FROM fault WHERE remaining = 0;
            END
            """)
      }
    }
    for _ in 1...2 {
      let error = #expect(throws: StoreError.self) { try store.commit(everything) }
      guard case .refused(let text) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(text.contains("injected"))
      try expectNothing(in: store)
    }

    try other.write { db in try db.execute(sql: "UPDATE fault SET remaining = 1000") }
    try store.commit(everything)
    try expectEverything(in: store)
  }

  @Test func `commits that fail do not keep old events from being removed`() throws {
    let folder = try Folder()
    let store = try SQLiteStore(path: folder.path("store.db"))
    try DatabaseQueue(path: folder.path("store.db")).write { db in
      try db.execute(
        sql: "CREATE TRIGGER fault BEFORE INSERT ON setting BEGIN SELECT RAISE(ABORT, 'injected'); END")
    }
    try store.commit((0...EventLimit.kept).map { .event(event(1, "\($0)")) })
    for round in 0..<5 {
      for index in 1..<EventLimit.slack { try store.commit([.event(event(1, "\(round) \(index)"))]) }
      #expect(throws: StoreError.self) {
        try store.commit([.event(event(1, "\(round) lost")), .setting(name: "key", value: [])])
      }
    }
    #expect(try store.texts(of: 1).count <= EventLimit.kept + EventLimit.slack)
    #expect(try store.texts(of: 1).last == "4 \(EventLimit.slack - 1)")
  }

  @Test func `while another program holds the file's lock, commits are refused and queries answered`() throws {
    let folder = try Folder()
    let store = try SQLiteStore(path: folder.path("store.db"))
    var configuration = Configuration()
    configuration.allowsUnsafeTransactions = true
    let other = try DatabaseQueue(path: folder.path("store.db"), configuration: configuration)
    try other.inDatabase { db in try db.execute(sql: "BEGIN IMMEDIATE") }
    let error = #expect(throws: StoreError.self) { try store.commit(everything) }
    #expect(error == .unavailable("database is locked (SQLite 5)"))
    try expectNothing(in: store)

    try other.inDatabase { db in try db.execute(sql: "COMMIT") }
    try store.commit(everything)
    try expectEverything(in: store)
  }

  @Test(
    arguments: [
      ("UPDATE lease SET state = 9", "lease of 10.0.0.1: state 9"),
      ("UPDATE lease SET client = x'07'", "lease of 10.0.0.1: client 07"),
      ("UPDATE lease SET address = -1", "lease: address -1"),
      ("UPDATE lease SET address = 1 << 32", "lease: address 4294967296"),
      ("UPDATE router SET address = -1", "router 1: address -1"),
      ("UPDATE event SET name = 'flown'", "event 1: flown"),
      ("UPDATE device SET facts = x'7b7d'", "device 000FE2-MSR-1:"),
      ("UPDATE device SET facts = x''", "device 000FE2-MSR-1:"),
    ])
  func `a row that cannot be understood is named, and traps nothing`(sql: String, words: String) throws {
    let folder = try Folder()
    let store = try SQLiteStore(path: folder.path("store.db"))
    try store.commit([.lease(lease(0)), .router(router(1)), .event(event(1, "a")), .device(device("1"))])
    try DatabaseQueue(path: folder.path("store.db")).write { db in try db.execute(sql: sql) }

    let error = #expect(throws: StoreError.self) {
      _ = try store.leases()
      _ = try store.routers()
      _ = try store.texts(of: nil)
      _ = try store.devices()
    }
    guard case .corrupt(let text) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(text.hasPrefix(words))
  }

  @Test func `a file with random bytes changed is refused or read, and traps nothing`() throws {
    let folder = try Folder()
    let path = folder.path("store.db")
    let store = try SQLiteStore(path: path)
    try store.commit(everything + (3..<200).map { .lease(lease($0)) })
    try store.close()
    let original = try Data(contentsOf: URL(filePath: path))
    var generator = Congruential(state: 1)
    var refusals = 0
    for _ in 0..<300 {
      var bytes = original
      for _ in 0..<20 {
        bytes[Int(generator.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: generator.next())
      }
      let copy = try Folder()
      try bytes.write(to: URL(filePath: copy.path("store.db")))
      do {
        let damaged = try SQLiteStore(path: copy.path("store.db"))
        _ = try damaged.leases()
        _ = try damaged.routers()
        _ = try damaged.texts(of: nil)
        _ = try damaged.devices()
        try damaged.commit(everything)
      } catch {
        refusals += 1
      }
    }
    #expect(refusals > 0)
  }

  /// The medium itself, as a small file system of this test's own.
  @Test(.enabled(if: geteuid() == 0, "needs root, to mount a file system"))
  func `on a full medium commits are refused and leave nothing, and go on when there is room again`() throws {
    let folder = try Folder()
    #expect(try run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder.url.path) == 0)
    defer { _ = try? run("umount", "-l", folder.url.path) }
    let store = try SQLiteStore(path: folder.path("store.db"))
    var committed = 0
    var failure: StoreError?
    while failure == nil, committed < 10_000 {
      do {
        try store.commit([.setting(name: "filler \(committed)", value: Array(repeating: 1, count: 3_000))])
        committed += 1
      } catch {
        failure = error
      }
    }
    guard case .unavailable(let text) = failure else {
      Issue.record("\(String(describing: failure)) after \(committed)")
      return
    }
    #expect(text.hasPrefix("database or disk is full") || text.hasPrefix("disk I/O error"))
    #expect(throws: StoreError.self) { try store.commit(everything) }
    try expectNothing(in: store)
    for index in 0..<committed { #expect(try store.setting(named: "filler \(index)") != nil) }
    #expect(try store.setting(named: "filler \(committed)") == nil)

    #expect(try run("mount", "-o", "remount,size=8m", folder.url.path) == 0)
    try store.commit(everything)
    try expectEverything(in: store)
  }

  private func run(_ arguments: String...) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = arguments
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }
}

/// Numbers that are the same in every run.
private struct Congruential: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state >> 16
  }
}
