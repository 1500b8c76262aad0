import SQLiteStore
import Store
import Transport

/// What the daemon keeps between starts: the store, and the key that its secrets are sealed with.
struct StateFolder {
  let store: SQLiteStore
  /// 32 bytes.
  let key: [UInt8]

  private static let keyLength = 32

  /// Opens the folder, and makes what is missing in it.
  init(path: String) throws(Failure) {
    try Folder.make(path, mode: 0o700, toKeep: "leases and devices", option: "--state")
    let keyPath = "\(path)/secret.key"
    do throws(FileError) {
      key = try File.read(keyPath, limit: 1024)
    } catch {
      guard case .notFound = error else { throw Failure("The key of the stored secrets: \(error).") }
      let fresh = Randomness.bytes(Self.keyLength)
      do throws(FileError) {
        try File.replace(keyPath, with: fresh)
      } catch {
        throw Failure("The key of the stored secrets cannot be made: \(error).")
      }
      key = fresh
    }
    guard key.count == Self.keyLength else {
      throw Failure(
        "\(keyPath) is not a key of \(Self.keyLength) bytes. Put the right one back: without it the routers' passwords are lost."
      )
    }
    do throws(StoreError) {
      store = try SQLiteStore(path: "\(path)/usher.db")
    } catch {
      throw Failure("The store in \(path): \(error).")
    }
  }

  /// The password that opens a router's first session, where the configuration sets none: made once, and kept.
  func bootstrapPassword() throws(StoreError) -> String {
    let name = "bootstrap-password"
    if let bytes = try store.setting(named: name) { return String(decoding: bytes, as: UTF8.self) }
    let password = Randomness.token(characters: 16)
    try store.commit([.setting(name: name, value: Array(password.utf8))])
    return password
  }
}
