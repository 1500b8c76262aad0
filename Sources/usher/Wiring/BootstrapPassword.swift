import SQLiteStore
import Store
import Transport

/// The password that opens a router's first session, where the configuration sets none: made once, and kept sealed.
/// Versions before kept it in the clear: what they left is sealed at the first start, and erased from the files.
struct BootstrapPassword {
  private static let setting = "bootstrap-password"
  /// Characters of a generated password: five bits each or more.
  private static let length = 16

  private let vault: Vault
  private let store: SQLiteStore

  /// `key` is that of the state folder.
  init(key: [UInt8], store: SQLiteStore) throws(VaultError) {
    vault = try Vault(key: key)
    self.store = store
  }

  /// The password, made at the first start.
  func value() throws(Failure) -> String {
    let kept = try read()
    if let kept, !Self.isClear(kept) { return try open(kept) }
    let password = kept.map { String(decoding: $0, as: UTF8.self) } ?? Randomness.token(characters: Self.length)
    try keep(password)
    return password
  }

  /// A generated password is of letters and digits, and what is sealed begins with the number of its format.
  private static func isClear(_ bytes: [UInt8]) -> Bool {
    (bytes.first ?? 0) >= UInt8(ascii: "0")
  }

  private func read() throws(Failure) -> [UInt8]? {
    let bytes: [UInt8]?
    do throws(StoreError) { bytes = try store.setting(named: Self.setting) } catch { throw Failure("\(error).") }
    return bytes
  }

  private func open(_ sealed: [UInt8]) throws(Failure) -> String {
    let text: String
    do throws(VaultError) {
      text = try vault.openText(sealed, for: Self.setting)
    } catch {
      throw Failure("The password of routers' first sessions does not open: \(error). Put back a copy of the database.")
    }
    return text
  }

  private func keep(_ password: String) throws(Failure) {
    let sealed: [UInt8]
    do throws(VaultError) { sealed = try vault.seal(password, for: Self.setting) } catch { throw Failure("\(error).") }
    do throws(StoreError) {
      try store.commit([.setting(name: Self.setting, value: sealed)])
      store.eraseFormerRows()
    } catch {
      throw Failure("\(error).")
    }
  }
}
