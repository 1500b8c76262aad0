package import CWMP
import Transport

/// The credentials of routers: made at random, opened only here.
package struct Keyring: Sendable {
  /// What one router logs in with, and what the ACS logs in with at the router.
  package struct Secrets: Hashable, Sendable {
    package let password: String
    package let connectionRequestUsername: String
    package let connectionRequestPassword: String
  }

  /// Characters of a generated password: letters and digits that are not mistaken for each other, five bits each or
  /// more.
  private static let passwordLength = 24

  private let vault: Vault

  /// `key` has 32 bytes. Throws `VaultError`.
  package init(key: [UInt8]) throws {
    vault = try Vault(key: key)
  }

  /// New credentials for a device. Its user names are its own name, so that a log of either side says who it is.
  package func make(for device: DeviceID) throws -> SealedCredentials {
    let words = [
      Randomness.token(characters: Self.passwordLength), Self.username(of: device),
      Randomness.token(characters: Self.passwordLength),
    ]
    return SealedCredentials(
      username: Self.username(of: device),
      secrets: try vault.seal(words.joined(separator: "\n"), for: Self.place(device)))
  }

  /// Throws `VaultError` where the key is another one than they were sealed with.
  package func open(_ sealed: SealedCredentials, of device: DeviceID) throws -> Secrets {
    let words = try vault.openText(sealed.secrets, for: Self.place(device)).split(separator: "\n").map(String.init)
    guard words.count == 3 else { throw KeyringError.unreadable }
    return Secrets(password: words[0], connectionRequestUsername: words[1], connectionRequestPassword: words[2])
  }

  private static func username(of device: DeviceID) -> String {
    String("\(device)".prefix(200))
  }

  private static func place(_ device: DeviceID) -> String {
    "credentials of \(device)"
  }
}

/// Why credentials that opened are none.
enum KeyringError: Error, CustomStringConvertible {
  case unreadable

  var description: String { "the stored credentials are not in the form that this version knows" }
}
