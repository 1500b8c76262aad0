import SQLiteStore
import Store
import Transport

/// What the daemon keeps between starts: the store, and the key that its secrets are sealed with. Both, or neither, are
/// there: one without the other is a loss, which is told and not made good by a new one.
struct StateFolder {
  let store: SQLiteStore
  /// 32 bytes.
  let key: [UInt8]
  /// Held as long as the process lives.
  private let lock: FolderLock

  /// Opens the folder, and makes what is in it at the first start.
  init(path: String) throws(Failure) {
    try Folder.make(path, mode: 0o700, toKeep: "leases and devices", option: "--state")
    lock = try Self.lock(path)
    let files = StateFiles(folder: path)
    let parts = try files.find()
    store = try files.openStore()
    key = parts.key
    let check = try KeyCheck(key: key)
    switch try Self.asked({ () throws(StoreError) in try check.verdict(on: store) }, in: path) {
    case .fits: break
    case .isUnchecked:
      let change = try check.change
      try Self.asked({ () throws(StoreError) in try store.commit([change]) }, in: path)
    case .isAnother: throw Failure(files.anotherKey(isBegun: parts.isBegun))
    }
    if parts.isBegun { try files.keep(key) }
  }

  private static func asked<Value>(
    _ body: () throws(StoreError) -> Value, in path: String
  ) throws(Failure) -> Value {
    do throws(StoreError) { return try body() } catch { throw Failure("The store in \(path): \(error).") }
  }

  private static func lock(_ path: String) throws(Failure) -> FolderLock {
    do throws(FolderLockError) {
      return try FolderLock("\(path)/usher.lock")
    } catch {
      switch error {
      case .held(let process):
        throw Failure(
          "Another usher\(process.map { ", process \($0)," } ?? "") serves with the folder \(path). End it first "
            + "(`systemctl stop usher` where it is the service), or name another folder with --state.")
      case .file(let error): throw Failure("The lock of the state folder: \(error).")
      }
    }
  }

  /// The password that opens a router's first session, where the configuration sets none.
  func bootstrapPassword() throws(Failure) -> String {
    let password: BootstrapPassword
    do throws(VaultError) {
      password = try BootstrapPassword(key: key, store: store)
    } catch {
      throw Failure("\(error).")
    }
    return try password.value()
  }
}
