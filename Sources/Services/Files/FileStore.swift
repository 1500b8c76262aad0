import CWMP
package import HTTP
import Journey
import Net
package import Store
import Synchronization
package import Transport

/// The files that the appliance keeps: the operator's for its routers, and those that routers upload. Contents lie in a
/// folder, under their digests; names and all else are rows of the store, committed once the content is durable.
package final class FileStore: Sendable {
  package struct Limits: Hashable, Sendable {
    /// Bytes of one file.
    package var file: Int
    /// Bytes of all files together, those that are on their way included.
    package var total: Int

    package init(file: Int = 1 << 30, total: Int = 8 << 30) {
      self.file = file
      self.total = total
    }
  }

  /// So many bytes of the file system are left to the database and the log.
  package static let diskReserve = 64 << 20
  /// How often the room on the disk is looked at while a file comes, in bytes.
  private static let lookInterval = 16 << 20

  private struct State {
    var limits: Limits
    /// As committed.
    private(set) var records: [FileRecord.Name: FileRecord]
    /// Bytes of their contents, each counted once.
    private(set) var used = 0
    /// Bytes of files on their way.
    var pending = 0
    var busy: Set<FileRecord.Name> = []
    /// Contents that are in place, or about to be, for a record to come.
    var pins: [String: Int] = [:]
    var missing: Set<String>

    init(limits: Limits, records: [FileRecord], missing: Set<String>) {
      self.limits = limits
      self.records = Dictionary(records.map { ($0.name, $0) }) { $1 }
      self.missing = missing
      count()
    }

    /// Puts a record in the place of the one of that name, which it returns; nil takes that away.
    mutating func replace(_ name: FileRecord.Name, by record: FileRecord?) -> FileRecord? {
      let former = records[name]
      records[name] = record
      count()
      return former
    }

    private mutating func count() {
      var digests: Set<String> = []
      used = records.values.reduce(0) { digests.insert($1.digest).inserted ? $0 + $1.size : $0 }
    }
  }

  private let folder: ContentFolder
  private let journey: JourneyRecorder
  private let counters: Counters
  private let state: Mutex<State>

  /// Removes from the folder what a crash has left in it.
  package init(
    folder: ContentFolder, records: [FileRecord], limits: Limits, journey: JourneyRecorder, counters: Counters
  ) throws(FileError) {
    self.folder = folder
    self.journey = journey
    self.counters = counters
    let (removed, missing) = try folder.removeLeftovers(keeping: Set(records.map(\.digest)))
    counters.increment("files.leftovers", by: removed)
    state = Mutex(State(limits: limits, records: records, missing: missing))
  }

  package func configure(_ limits: Limits) {
    state.withLock { $0.limits = limits }
  }

  package var limits: Limits { state.withLock(\.limits) }

  /// In order of name.
  package var files: [FileRecord] {
    state.withLock { $0.records.values.sorted { $0.name.rawValue < $1.name.rawValue } }
  }

  package func file(named name: FileRecord.Name) -> FileRecord? {
    state.withLock { $0.records[name] }
  }

  /// A file whose digest begins so.
  package func file(digest prefix: String) -> FileRecord? {
    state.withLock { state in state.records.values.first { $0.digest.hasPrefix(prefix) } }
  }

  /// The files on record whose content was not there at the start.
  package var lost: [FileRecord.Name] {
    state.withLock { state in
      guard !state.missing.isEmpty else { return [] }
      return state.records.values.filter { state.missing.contains($0.digest) }.map(\.name)
        .sorted { $0.rawValue < $1.rawValue }
    }
  }

  // MARK: - Out

  package func open(_ record: FileRecord) async throws(FileStoreError) -> ServedFile {
    let folder = folder
    let file: ServedFile?
    do throws(FileError) {
      file = try await DiskWork.run { () throws(FileError) in try folder.open(record.digest) }
    } catch {
      throw .file(error)
    }
    guard let file, file.size == record.size else { throw .lost(record.name) }
    return file
  }

  // MARK: - In

  /// Takes a file in, piece by piece; it is on record and durable when this returns. Where it throws, nothing is left of
  /// it. `length` is what was announced of it, in bytes.
  package func add(
    _ body: IncomingBody, length: Int?, as name: FileRecord.Name, kind: FileKind, from origin: FileRecord.Origin,
    replacing: Bool
  ) async throws(FileStoreError) -> FileRecord {
    do throws(FileStoreError) {
      try reserve(name, length: length ?? 0, from: origin, replacing: replacing)
      defer { state.withLock { _ = $0.busy.remove(name) } }
      let record = try await receive(body, length: length, as: name, kind: kind, from: origin)
      counters.increment("files.added")
      return record
    } catch {
      counters.increment("files.refused.\(error.counterName)")
      throw error
    }
  }

  private func reserve(
    _ name: FileRecord.Name, length: Int, from origin: FileRecord.Origin, replacing: Bool
  ) throws(FileStoreError) {
    let refusal: FileStoreError? = state.withLock { state in
      if length > state.limits.file { return .tooLarge(limit: state.limits.file) }
      if let record = state.records[name], !replacing || record.origin != origin { return .exists(name) }
      if state.used + state.pending + length > state.limits.total { return .storeFull(total: state.limits.total) }
      return state.busy.insert(name).inserted ? nil : .busy(name)
    }
    if let refusal { throw refusal }
  }

  private func receive(
    _ body: IncomingBody, length: Int?, as name: FileRecord.Name, kind: FileKind, from origin: FileRecord.Origin
  ) async throws(FileStoreError) -> FileRecord {
    let folder = folder
    try await look(for: length ?? 0)
    let writer = try await disk { () throws(FileError) in try folder.begin() }
    var size = 0
    defer { state.withLock { [size] in $0.pending -= size } }
    while let piece = try await next(of: body) {
      try admit(piece.count, to: size)
      if size / Self.lookInterval != (size + piece.count) / Self.lookInterval { try await look(for: piece.count) }
      size += piece.count
      try await disk { () throws(FileError) in try writer.write(piece) }
    }
    let (digest, _) = try await disk { () throws(FileError) in try writer.finish() }

    state.withLock { $0.pins[digest, default: 0] += 1 }
    defer { unpin(digest) }
    try await disk { () throws(FileError) in try writer.keep(as: digest) }
    let record = FileRecord(
      name: name, kind: kind, size: size, digest: digest, moment: SteadyClock.now(), origin: origin)
    do throws(StoreError) {
      try await journey.commit([.file(record)] + events(of: record))
    } catch {
      throw .store(error)
    }
    let former = state.withLock { state in
      state.missing.remove(digest)
      return state.replace(name, by: record)
    }
    if let former { removeUnused(former.digest) }
    return record
  }

  private func next(of body: IncomingBody) async throws(FileStoreError) -> [UInt8]? {
    do throws(BodyError) {
      return try await body.next()
    } catch {
      throw .body(error)
    }
  }

  private func admit(_ count: Int, to size: Int) throws(FileStoreError) {
    let refusal: FileStoreError? = state.withLock { state in
      if size + count > state.limits.file { return .tooLarge(limit: state.limits.file) }
      if state.used + state.pending + count > state.limits.total { return .storeFull(total: state.limits.total) }
      state.pending += count
      return nil
    }
    if let refusal { throw refusal }
  }

  /// What was uploaded belongs to its router's journey.
  private func events(of record: FileRecord) -> [Change] {
    guard case .device(let device) = record.origin, let router = journey.router(device: "\(device)") else { return [] }
    return [
      .event(
        Event(
          router: router.id, moment: record.moment,
          fact: .fileUploaded(file: record.name.rawValue, bytes: record.size)))
    ]
  }

  // MARK: - Away

  package func remove(_ name: FileRecord.Name) async throws(FileStoreError) {
    let known: FileRecord? = state.withLock { state in
      guard let record = state.records[name], state.busy.insert(name).inserted else { return nil }
      return record
    }
    guard let known else { throw file(named: name) == nil ? .unknown(name.rawValue) : .busy(name) }
    defer { state.withLock { _ = $0.busy.remove(name) } }
    do throws(StoreError) {
      try await journey.commit([.fileRemoved(name)])
    } catch {
      throw .store(error)
    }
    state.withLock { _ = $0.replace(name, by: nil) }
    removeUnused(known.digest)
    counters.increment("files.removed")
  }

  private func unpin(_ digest: String) {
    state.withLock { state in
      let count = (state.pins[digest] ?? 1) - 1
      state.pins[digest] = count > 0 ? count : nil
    }
    removeUnused(digest)
  }

  /// Under the lock, so that nobody pins it meanwhile. What cannot be removed now is a leftover at the next start.
  private func removeUnused(_ digest: String) {
    let folder = folder
    let isFailed = state.withLock { state in
      guard state.pins[digest] == nil, !state.records.values.contains(where: { $0.digest == digest }) else {
        return false
      }
      do throws(FileError) {
        try folder.remove(digest)
        return false
      } catch {
        return true
      }
    }
    if isFailed { counters.increment("files.removeFailed") }
  }

  // MARK: - The disk

  /// Throws where so many bytes more would leave less than is kept free.
  private func look(for count: Int) async throws(FileStoreError) {
    let folder = folder
    let free = try await disk { () throws(FileError) in try folder.freeBytes() }
    guard free - count >= Self.diskReserve else { throw .diskFull(free: max(0, free)) }
  }

  private func disk<Value: Sendable>(
    _ body: @escaping @Sendable () throws(FileError) -> Value
  ) async throws(FileStoreError) -> Value {
    do throws(FileError) {
      return try await DiskWork.run(body)
    } catch {
      throw FileStoreError(error, free: (try? folder.freeBytes()) ?? 0)
    }
  }
}
