import Foundation
import GRDB
import Store
import Testing

@testable import SQLiteStore

struct SchemaTests {
  private let steps = ["CREATE TABLE a (x)", "CREATE TABLE b (x); INSERT INTO b SELECT x FROM a", "CREATE TABLE c (x)"]

  private func version(_ queue: DatabaseQueue) throws -> Int? {
    try queue.read { try Int.fetchOne($0, sql: "PRAGMA user_version") }
  }

  @Test func `a file takes the steps that it has not seen, once, and keeps its rows`() throws {
    let queue = try DatabaseQueue()
    try queue.inDatabase { try Schema.migrate($0, by: Array(steps.prefix(1))) }
    try queue.inDatabase { try $0.execute(sql: "INSERT INTO a VALUES (7)") }
    try queue.inDatabase { try Schema.migrate($0, by: steps) }
    try queue.inDatabase { try Schema.migrate($0, by: steps) }
    #expect(try version(queue) == 3)
    #expect(try queue.read { try Int.fetchAll($0, sql: "SELECT x FROM b") } == [7])
  }

  @Test func `a step that fails leaves the steps before it and nothing of itself`() throws {
    let queue = try DatabaseQueue()
    let broken = [steps[0], "CREATE TABLE b (x); INSERT INTO nowhere VALUES (1)"]
    #expect(throws: DatabaseError.self) { try queue.inDatabase { try Schema.migrate($0, by: broken) } }
    #expect(try version(queue) == 1)
    try queue.inDatabase { try Schema.migrate($0, by: steps) }
    #expect(try version(queue) == 3)
  }

  @Test(arguments: [Schema.steps.count + 1, Int(Int32.max)])
  func `a file of a newer version is refused and its rows are left alone`(found: Int) throws {
    let folder = try Folder()
    let store = try SQLiteStore(path: folder.path("store.db"))
    try store.commit([.lease(lease(1))])
    try store.close()
    let queue = try DatabaseQueue(path: folder.path("store.db"))
    try queue.inDatabase { try $0.execute(sql: "PRAGMA user_version = \(found)") }

    #expect(throws: StoreError.newerSchema(found: found, known: Schema.steps.count)) {
      try SQLiteStore(path: folder.path("store.db"))
    }
    #expect(try queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM lease") } == 1)
    #expect(try version(queue) == found)
  }

  @Test func `a negative schema number is not taken for an old one`() throws {
    let folder = try Folder()
    try DatabaseQueue(path: folder.path("store.db")).inDatabase { try $0.execute(sql: "PRAGMA user_version = -1") }
    #expect(throws: StoreError.corrupt("schema -1")) { try SQLiteStore(path: folder.path("store.db")) }
  }

  @Test func `devices of the first schema are carried over, with their last Informs`() throws {
    let folder = try Folder()
    let path = folder.path("store.db")
    var old = device("1")
    let later = old.lastInform.advanced(bySeconds: 60)
    try DatabaseQueue(path: path).inDatabase { db in
      try Schema.migrate(db, by: Array(Schema.steps.prefix(1)))
      try db.execute(
        sql: "INSERT INTO device VALUES (?, '', '', '', NULL, ?, ?)",
        arguments: ["\(old.id)", later.rawValue, try JSONEncoder().encode(old)])
    }
    let store = try SQLiteStore(path: path)
    old.lastInform = later
    #expect(try store.devices() == [old])
    try store.commit([.device(device("1"))])
    #expect(try store.devices() == [device("1")])
  }

  @Test func `a device of the first schema is read as it was written then`() throws {
    let folder = try Folder()
    let path = folder.path("store.db")
    let record = """
      {"id":{"oui":"000FE2","productClass":"MSR36","serialNumber":"S1"},"manufacturer":"H3C",\
      "dataModel":"InternetGatewayDevice.","firstInform":1000,"lastInform":1000,"admission":{"undecided":{}},\
      "credentials":{"bootstrap":{}},"parameters":[]}
      """
    try DatabaseQueue(path: path).inDatabase { db in
      try Schema.migrate(db, by: Array(Schema.steps.prefix(1)))
      try db.execute(
        sql: "INSERT INTO device VALUES ('000FE2-MSR36-S1', '', '', '', NULL, 1000, ?)", arguments: [Data(record.utf8)])
    }
    let device = try #require(try SQLiteStore(path: path).devices().first)
    #expect(device.id.serialNumber == "S1" && device.manufacturer == "H3C" && device.admission == .undecided)
    #expect(device.drifts.isEmpty && device.habits.booleans == nil)
  }

  @Test func `released steps are as they were released`() {
    // A new step adds its digest here; a digest that is here never changes.
    let digests =
      [
        0xB2FB_D3BA_03B3_40EA, 0x90DF_F529_2D0C_B1E0, 0xAAD9_9DAB_1601_DB1F, 0x17DE_868E_F87A_CA26,
        0xFF32_0526_9A72_D95F, 0xE3BB_5CB6_2AEE_6FAD,
      ] as [UInt64]
    #expect(Schema.steps.map(digest) == digests)
  }

  /// FNV-1a, 64 bits.
  private func digest(_ text: String) -> UInt64 {
    text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }
}
