import CWMP
import SQLiteStore
import Services
import Store
import Transport

/// Whether a key is the one that a store's secrets are sealed with. The store keeps a word that only that key opens.
struct KeyCheck {
  enum Verdict {
    case fits
    /// The store has no check yet, and nothing in it speaks against the key.
    case isUnchecked
    case isAnother
  }

  private static let setting = "key-check"
  private static let word = "usher"

  private let vault: Vault
  private let keyring: Keyring

  init(key: [UInt8]) throws(Failure) {
    do {
      vault = try Vault(key: key)
      keyring = try Keyring(key: key)
    } catch {
      throw Failure("\(error).")
    }
  }

  /// What gives the store its check.
  var change: Change {
    get throws(Failure) {
      do throws(VaultError) {
        return .setting(name: Self.setting, value: try vault.seal(Self.word, for: Self.setting))
      } catch {
        throw Failure("\(error).")
      }
    }
  }

  /// A store of before there were checks is judged by the credentials in it.
  func verdict(on store: SQLiteStore) throws(StoreError) -> Verdict {
    if let sealed = try store.setting(named: Self.setting) {
      return (try? vault.openText(sealed, for: Self.setting)) == Self.word ? .fits : .isAnother
    }
    var opened = false
    var count = 0
    try store.forEachDevice { device in
      guard !opened, let credentials = device.credentials.sealed else { return }
      count += 1
      opened = (try? keyring.open(credentials, of: device.id)) != nil
    }
    return count == 0 || opened ? .isUnchecked : .isAnother
  }
}

extension Credentials {
  fileprivate var sealed: SealedCredentials? {
    switch self {
    case .bootstrap: nil
    case .proposed(let sealed), .confirmed(let sealed): sealed
    }
  }
}
