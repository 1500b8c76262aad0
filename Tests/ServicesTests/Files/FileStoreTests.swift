import CWMP
import Foundation
import HTTP
import Journey
import Net
import Store
import Synchronization
import Testing
import Transport

@testable import Services

struct FileStoreTests {
  /// A file store over a store in memory, in a folder of its own.
  final class Lab: Sendable {
    let path = FileManager.default.temporaryDirectory.appending(path: "usher-\(UUID().uuidString)").path
    let store = MemoryStore()
    let counters = Counters()
    let journey: JourneyRecorder

    init() {
      journey = JourneyRecorder(
        routers: [], last: RouterID(rawValue: 0), committer: Committer(store: store), counters: counters)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// As at a start of the daemon.
    func open(_ limits: FileStore.Limits = FileStore.Limits(file: 1000, total: 2500)) throws -> FileStore {
      try FileStore(
        folder: ContentFolder(path: path), records: store.files(), limits: limits, journey: journey, counters: counters)
    }

    var contents: [String] {
      get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
    }
  }

  private let device = DeviceID(oui: "000FE2", productClass: "MSR", serialNumber: "1")

  private func name(_ text: String) throws -> FileRecord.Name { try #require(FileRecord.Name(rawValue: text)) }

  private func body(_ pieces: [UInt8]..., then error: BodyError? = nil) -> IncomingBody {
    let rest = Mutex(pieces[...])
    return IncomingBody { () async throws(BodyError) in
      if let piece = rest.withLock({ $0.popFirst() }) { return piece }
      if let error { throw error }
      return nil
    }
  }

  private func add(
    _ body: IncomingBody, length: Int? = nil, as text: String, from origin: FileRecord.Origin = .operator,
    replacing: Bool = false, to files: FileStore
  ) async throws -> FileRecord {
    try await files.add(
      body, length: length, as: try name(text), kind: .firmware, from: origin, replacing: replacing)
  }

  @Test func `a file is on record when it is durable, and there after a restart`() async throws {
    let lab = Lab()
    let files = try lab.open()
    let record = try await add(body(Array("a".utf8), Array("bc".utf8)), as: "a.ipe", to: files)
    #expect(record.size == 3 && record.digest.hasPrefix("ba7816bf"))
    #expect(try lab.contents == [record.digest])
    for files in [files, try lab.open()] {
      #expect(files.files == [record] && files.file(digest: "ba7816bf8f01cfea") == record && files.lost == [])
      #expect(try await files.open(record).read(at: 0, count: 9) == Array("abc".utf8))
    }
  }

  @Test func `two names share one content, which goes with the last of them`() async throws {
    let lab = Lab()
    let files = try lab.open()
    let first = try await add(body([1]), as: "a", to: files)
    _ = try await add(body([1]), as: "b", to: files)
    try await files.remove(try name("a"))
    #expect(try lab.contents == [first.digest])
    try await files.remove(try name("b"))
    #expect(try lab.contents == [] && lab.store.files() == [])
    await #expect(throws: FileStoreError.unknown("b")) { try await files.remove(try name("b")) }
  }

  @Test func `a name is taken until it is replaced, and never by another's file`() async throws {
    let lab = Lab()
    let files = try lab.open()
    _ = try await add(body([1]), as: "a", to: files)
    await #expect(throws: FileStoreError.exists(try name("a"))) { try await add(body([2]), as: "a", to: files) }
    await #expect(throws: FileStoreError.exists(try name("a"))) {
      try await add(body([2]), as: "a", from: .device(device), replacing: true, to: files)
    }
    let second = try await add(body([2]), as: "a", replacing: true, to: files)
    #expect(files.files == [second])
    #expect(try lab.contents == [second.digest])
  }

  @Test func `more bytes than a file or all files may have are refused, announced or not`() async throws {
    let lab = Lab()
    let files = try lab.open()
    let piece = [UInt8](repeating: 0, count: 600)
    await #expect(throws: FileStoreError.tooLarge(limit: 1000)) {
      try await add(body(), length: 1001, as: "a", to: files)
    }
    await #expect(throws: FileStoreError.tooLarge(limit: 1000)) {
      try await add(body(piece, piece), as: "a", to: files)
    }
    for (index, text) in ["a", "b", "c", "d"].enumerated() {
      _ = try await add(body([UInt8](repeating: UInt8(index), count: 600)), as: text, to: files)
    }
    await #expect(throws: FileStoreError.storeFull(total: 2500)) { try await add(body([9], piece), as: "e", to: files) }
    #expect(try lab.contents.count == 4)
    #expect(lab.counters.all["files.refused.tooLarge"] == 2 && lab.counters.all["files.refused.storeFull"] == 1)
    #expect(FileStoreError.storeFull(total: 1).status == .insufficientStorage)
    _ = try await add(body([UInt8](repeating: 0, count: 100)), as: "e", to: files)
  }

  @Test func `a body that breaks off, and a commit that fails, leave nothing`() async throws {
    let lab = Lab()
    let files = try lab.open()
    await #expect(throws: FileStoreError.body(.interrupted)) {
      try await add(body([1], then: .interrupted), as: "a", to: files)
    }
    lab.store.fail()
    await #expect(throws: FileStoreError.store(.unavailable("injected fault"))) {
      try await add(body([1]), as: "a", to: files)
    }
    #expect(try lab.contents == [] && files.files == [])
    _ = try await add(body([1]), as: "a", to: files)
  }

  @Test func `a content that is gone is told at the start, and not served`() async throws {
    let lab = Lab()
    let record = try await add(body([1]), as: "a", to: try lab.open())
    try FileManager.default.removeItem(atPath: "\(lab.path)/\(record.digest)")
    let files = try lab.open()
    #expect(files.lost == [record.name])
    await #expect(throws: FileStoreError.lost(record.name)) { try await files.open(record) }
    _ = try await add(body([1]), as: "a", replacing: true, to: files)
    #expect(files.lost == [])
  }

  @Test func `what a router uploads is its own, and part of its journey`() async throws {
    let lab = Lab()
    let files = try lab.open()
    let (router, changes, _) = try #require(
      lab.journey.informed(device: "\(device)", serialNumber: "1", from: nil, at: SteadyClock.now()))
    try await lab.journey.commit(changes)
    let record = try await add(body([1, 2]), as: "a.cfg", from: .device(device), to: files)
    #expect(lab.store.files() == [record] && record.origin == .device(device))
    #expect(
      lab.store.events(of: router, after: 0, limit: 9).map(\.event.fact) == [.fileUploaded(file: "a.cfg", bytes: 2)])
  }
}
