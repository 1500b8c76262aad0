import Dispatch
import GRDB
import Synchronization

/// How often the write-ahead log was carried into the database file.
package struct CheckpointCount: Hashable, Sendable {
  package var done = 0
  /// The log stays, and grows, until one succeeds.
  package var failed = 0
}

/// Carries the write-ahead log into the database file, beside the commits rather than within one of them, so that the
/// log stays short (which keeps reading, and the start after a power cut, quick) and no commit pays for it.
final class Checkpointer: Sendable {
  /// After so many changes: they fill about 10,000 pages (40 MB) where each comes alone, fewer in groups.
  static let usualInterval = 5_000

  private struct Progress {
    var changes = 0
    var isRunning = false
    /// The log is to be emptied within a second.
    var isEmptyingDue = false
    var count = CheckpointCount()
  }

  private let interval: Int
  private let connection: DatabaseQueue
  private let pool: DatabasePool
  private let queue = DispatchQueue(label: "store.checkpoint", qos: .utility)
  private let progress = Mutex(Progress())

  init(path: String, pool: DatabasePool, interval: Int) throws {
    var configuration = Configuration()
    configuration.label = "store.checkpoint"
    configuration.busyMode = .timeout(1)
    configuration.prepareDatabase { db in
      try db.execute(sql: "PRAGMA synchronous = FULL")
    }
    connection = try DatabaseQueue(path: path, configuration: configuration)
    self.pool = pool
    self.interval = interval
  }

  var count: CheckpointCount { progress.withLock(\.count) }

  /// Tells of committed changes; starts a checkpoint where it is time.
  func note(changes: Int) {
    let isDue = progress.withLock { progress in
      progress.changes += changes
      guard progress.changes >= interval, !progress.isRunning else { return false }
      progress.changes = 0
      progress.isRunning = true
      return true
    }
    if isDue { queue.async { self.checkpoint() } }
  }

  /// Carries the log into the file and cuts it to nothing: it holds what rows held before. Done within a second, once
  /// for all who ask meanwhile; tried for a while, as long as somebody reads.
  func emptyLog() { emptyLogSoon(attempt: 1) }

  private func emptyLogSoon(attempt: Int) {
    let isFirst = progress.withLock { progress in
      defer { progress.isEmptyingDue = true }
      return !progress.isEmptyingDue
    }
    guard isFirst else { return }
    queue.asyncAfter(deadline: .now() + 1) { [weak self] in self?.emptyLog(attempt: attempt) }
  }

  private func emptyLog(attempt: Int) {
    progress.withLock { $0.isEmptyingDue = false }
    checkpoint()
    do {
      // Commits wait meanwhile, and so it must not wait for readers itself.
      try connection.writeWithoutTransaction { db in
        try db.execute(sql: "PRAGMA busy_timeout = \(Self.emptyingPatience)")
        defer { try? db.execute(sql: "PRAGMA busy_timeout = 1000") }
        _ = try db.checkpoint(.truncate)
      }
    } catch {
      guard attempt < Self.emptyings else { return progress.withLock { $0.count.failed += 1 } }
      emptyLogSoon(attempt: attempt + 1)
    }
  }

  /// In milliseconds.
  private static let emptyingPatience = 20
  /// How often it is tried, once a second. What remains is overwritten as the log is used again.
  private static let emptyings = 30

  /// Waits for a checkpoint that is under way, and lets none follow.
  func stop() {
    queue.sync {
      progress.withLock { $0.isRunning = true }
      try? connection.close()
    }
  }

  /// Called on the queue, or before there are commits. A failure is counted: the log stays, and is tried again later.
  func checkpoint() {
    let succeeded: Bool
    do {
      // The log starts anew only after a moment in which all of it is in the file. While commits go on, that moment
      // does not come by itself: the first pass carries nearly all, the second what came during the first, and the
      // third, with the commits held, the few pages that are left.
      for _ in 1...2 {
        try connection.writeWithoutTransaction { db in _ = try db.checkpoint(.passive) }
      }
      try pool.writeWithoutTransaction { db in _ = try db.checkpoint(.passive) }
      succeeded = true
    } catch {
      succeeded = false
    }
    progress.withLock { progress in
      progress.isRunning = false
      if succeeded { progress.count.done += 1 } else { progress.count.failed += 1 }
    }
  }
}
