import SQLiteStore
import Store
import Transport

/// The files of a state folder that belong together: the database, and the key that its secrets are sealed with.
///
/// At the first start the key is written under a name of its own, then the database with the check of the key, and then
/// the key gets its name: a start that was cut short anywhere goes on with the next.
struct StateFiles {
  let folder: String

  private static let keyLength = 32

  private var keyPath: String { "\(folder)/secret.key" }
  private var begunPath: String { "\(folder)/secret.key.new" }
  private var databasePath: String { "\(folder)/usher.db" }

  struct Parts {
    let key: [UInt8]
    /// Whether the first start is not done yet: the key has not its name, and the store not its check.
    let isBegun: Bool
  }

  /// The key, made at the first start. Throws where the key or the database is there without the other.
  func find() throws(Failure) -> Parts {
    let key = try readKey(keyPath)
    let hasDatabase = try self.hasDatabase()
    if let key {
      guard hasDatabase else {
        throw Failure(
          "\(databasePath) is gone, and \(keyPath) says that there was one: the routers' credentials, the leases and the "
            + "journeys are in it. Put it back; or, to begin anew with no router known, move \(keyPath) away, too.")
      }
      return Parts(key: key, isBegun: false)
    }
    if let begun = try readKey(begunPath) { return Parts(key: begun, isBegun: true) }
    guard !hasDatabase else {
      throw Failure(
        "\(keyPath) is gone, the key of \(databasePath): without it the routers' passwords in there are lost. Put it back; "
          + "or, to begin anew with no router known, move \(databasePath) away, too, and reset the routers.")
    }
    let fresh = Randomness.bytes(Self.keyLength)
    try write(fresh, to: begunPath)
    return Parts(key: fresh, isBegun: true)
  }

  func openStore() throws(Failure) -> SQLiteStore {
    do throws(StoreError) {
      return try SQLiteStore(path: databasePath)
    } catch {
      if case .corrupt = error {
        throw Failure(
          "\(databasePath): \(error). Put back a copy; or, to begin anew with no router known, move it and \(keyPath) away."
        )
      }
      throw Failure("\(databasePath): \(error).")
    }
  }

  /// The first start is done.
  func keep(_ key: [UInt8]) throws(Failure) {
    try write(key, to: keyPath)
    do throws(FileError) { try File.remove(begunPath) } catch { throw Failure("\(error).") }
  }

  func anotherKey(isBegun: Bool) -> String {
    isBegun
      ? "\(keyPath) is gone, the key of \(databasePath), and \(begunPath) is another. Put the right one back."
      : "\(keyPath) is not the key of \(databasePath): the routers' passwords in there do not open with it. Put the right "
        + "key back, or the database that belongs to this one."
  }

  /// An empty file is none: nothing was ever written.
  private func hasDatabase() throws(Failure) -> Bool {
    do throws(FileError) {
      return try (File.size(databasePath) ?? 0) > 0
    } catch {
      throw Failure("The database: \(error)\(error.cure.map { ": \($0)" } ?? "").")
    }
  }

  private func readKey(_ path: String) throws(Failure) -> [UInt8]? {
    let key: [UInt8]?
    do throws(FileError) {
      key = try File.readIfThere(path, limit: 1024)
    } catch {
      throw Failure("The key of the stored secrets: \(error)\(error.cure.map { ": \($0)" } ?? "").")
    }
    guard key == nil || key?.count == Self.keyLength else {
      throw Failure(
        "\(path) is not a key of \(Self.keyLength) bytes. Put the right one back: without it the routers' passwords are "
          + "lost.")
    }
    return key
  }

  private func write(_ key: [UInt8], to path: String) throws(Failure) {
    do throws(FileError) {
      try File.replace(path, with: key)
    } catch {
      throw Failure("The key of the stored secrets cannot be made: \(error).")
    }
  }
}
