import CWMP
import Foundation
import GRDB
import Provisioning
import Store
import Synchronization
import Testing

@testable import SQLiteStore

/// What a task was to set in secret is in no file once the task has ended.
struct SecretErasureTests {
  private static let word = "geheim-4711-nobody-else"

  private func task(_ value: String) -> DeviceTask {
    DeviceTask(
      number: 1, device: device("a").id,
      request: .setParameterValues([
        ParameterValue(path: "Device.WiFi.AccessPoint.1.Security.KeyPassphrase", value: value),
        ParameterValue(path: "Device.Time.NTPServer1", value: "plain-and-kept"),
      ]), created: noon)
  }

  private func ended(_ task: DeviceTask) -> DeviceTask {
    var queue = TaskQueue([task])
    _ = queue.cancel(task.number, at: noon)
    return queue.tasks[0]
  }

  private func holds(_ word: String, _ folder: Folder) throws -> Bool {
    try ["store.db", "store.db-wal"].contains { name in
      try Data(contentsOf: URL(filePath: folder.path(name))).firstRange(of: Data(word.utf8)) != nil
    }
  }

  private func checkpoint(_ store: SQLiteStore) throws {
    try store.pool.writeWithoutTransaction { db in _ = try db.checkpoint(.truncate) }
  }

  private func eventually(_ condition: () throws -> Bool) async throws -> Bool {
    for _ in 0..<1000 {
      if try condition() { return true }
      try await Task.sleep(for: .milliseconds(20))
    }
    return false
  }

  /// A value in the row's own page, and one in pages beside it.
  @Test(arguments: [1, 2000]) func `the value is in the files until the task has ended, and no longer`(
    count: Int
  ) async throws {
    let folder = try Folder()
    let store = try SQLiteStore(path: folder.path("store.db"))
    let open = task(String(repeating: Self.word, count: count))
    for index in 0..<50 { try store.commit([.lease(lease(index)), .device(device("\(index)"))]) }
    try store.commit([.task(open)])
    #expect(try holds(Self.word, folder))
    // Also where a checkpoint has carried it into the file itself.
    try checkpoint(store)
    #expect(try holds(Self.word, folder))
    try store.commit([.task(ended(open)), .lease(lease(99))])
    #expect(try await eventually { try !holds(Self.word, folder) })
    #expect(try holds("plain-and-kept", folder))
    #expect(try store.task(1) == ended(open))
    #expect(try store.leases().count == 51)
  }

  @Test func `who reads meanwhile holds up neither commits nor, in the end, the erasure`() async throws {
    let folder = try Folder()
    let store = try SQLiteStore(path: folder.path("store.db"))
    try store.commit([.task(task(Self.word))])
    let (reading, done) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    let pool = store.pool
    Thread.detachNewThread {
      try? pool.read { db in
        _ = try Int.fetchOne(db, sql: "SELECT count(*) FROM task")
        reading.signal()
        done.wait()
      }
    }
    await withCheckedContinuation { continuation in
      Thread.detachNewThread {
        reading.wait()
        continuation.resume()
      }
    }
    try store.commit([.task(ended(task(Self.word)))])
    for index in 0..<100 { try store.commit([.lease(lease(index))]) }
    #expect(try holds(Self.word, folder))
    done.signal()
    #expect(try await eventually { try !holds(Self.word, folder) })
    #expect(try store.leases().count == 100)
  }

  @Test func `what is deleted is overwritten`() throws {
    let folder = try Folder()
    let store = try SQLiteStore(path: folder.path("store.db"))
    try store.pool.writeWithoutTransaction { db throws in
      #expect(try Int.fetchOne(db, sql: "PRAGMA secure_delete") == 1)
    }
  }
}
