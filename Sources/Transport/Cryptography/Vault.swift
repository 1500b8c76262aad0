import Crypto

/// Seals secrets for storage: AES-256-GCM, a random nonce each. What is sealed for one place (a device's row, say) does
/// not open in another. The key is derived from the one that it is given; what was sealed with that one itself, as
/// versions before did, still opens.
package struct Vault: Sendable {
  package static let keyLength = 32
  /// The first byte of what is sealed tells the format.
  private static let format: UInt8 = 2
  /// Sealed with the key that is given itself.
  private static let underivedFormat: UInt8 = 1

  private let key: SymmetricKey
  private let underived: SymmetricKey

  /// `key` has 32 bytes.
  package init(key: [UInt8]) throws(VaultError) {
    guard key.count == Self.keyLength else { throw .wrongKeyLength(bytes: key.count) }
    self.key = DerivedKey.vault.of(key)
    underived = SymmetricKey(data: key)
  }

  /// `place` names where the secret belongs; it is not part of the result.
  package func seal(_ secret: [UInt8], for place: String) throws(VaultError) -> [UInt8] {
    do {
      let box = try AES.GCM.seal(secret, using: key, authenticating: Array(place.utf8))
      return [Self.format] + Array(box.nonce) + Array(box.ciphertext) + Array(box.tag)
    } catch {
      throw .notSealed
    }
  }

  package func open(_ sealed: [UInt8], for place: String) throws(VaultError) -> [UInt8] {
    guard let format = sealed.first, sealed.count >= 1 + 12 + 16 else { throw .truncated(bytes: sealed.count) }
    let key: SymmetricKey
    switch format {
    case Self.format: key = self.key
    case Self.underivedFormat: key = underived
    default: throw .unknownFormat(format)
    }
    do {
      let box = try AES.GCM.SealedBox(combined: sealed.dropFirst())
      return Array(try AES.GCM.open(box, using: key, authenticating: Array(place.utf8)))
    } catch {
      throw .notOurs
    }
  }
}

extension Vault {
  package func seal(_ secret: String, for place: String) throws(VaultError) -> [UInt8] {
    try seal(Array(secret.utf8), for: place)
  }

  /// For a secret that was sealed as text.
  package func openText(_ sealed: [UInt8], for place: String) throws(VaultError) -> String {
    guard let text = String(validating: try open(sealed, for: place), as: UTF8.self) else { throw .notText }
    return text
  }
}

/// Why a secret cannot be sealed or opened.
package enum VaultError: Error, Hashable, Sendable {
  case wrongKeyLength(bytes: Int)
  case truncated(bytes: Int)
  case unknownFormat(UInt8)
  /// Another key, another place, or changed bytes: the three cannot be told apart.
  case notOurs
  case notText
  case notSealed

  package var counterName: String {
    switch self {
    case .wrongKeyLength: "vault.wrongKeyLength"
    case .truncated: "vault.truncated"
    case .unknownFormat: "vault.unknownFormat"
    case .notOurs: "vault.notOurs"
    case .notText: "vault.notText"
    case .notSealed: "vault.notSealed"
    }
  }
}

extension VaultError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .wrongKeyLength(let count): "the vault's key has \(count) bytes instead of \(Vault.keyLength)"
    case .truncated(let count): "a sealed secret of \(count) bytes is cut short"
    case .unknownFormat(let format): "a sealed secret has the unknown format \(format)"
    case .notOurs: "a sealed secret does not open: it was sealed with another key or for another place, or is damaged"
    case .notText: "a sealed secret is not text"
    case .notSealed: "the secret could not be sealed"
    }
  }
}
