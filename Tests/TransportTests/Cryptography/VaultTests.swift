import Testing
import Transport

struct VaultTests {
  private let vault: Vault

  init() throws {
    vault = try Vault(key: Array(0..<32))
  }

  @Test func `a secret opens where it was sealed for`() throws {
    let sealed = try vault.seal("pässword", for: "device 1")
    #expect(try vault.openText(sealed, for: "device 1") == "pässword")
    #expect(try vault.open(try vault.seal([UInt8](), for: ""), for: "") == [])
  }

  @Test func `the same secret is sealed differently each time`() throws {
    #expect(try vault.seal("secret", for: "x") != vault.seal("secret", for: "x"))
  }

  @Test func `another place or another key does not open it`() throws {
    let sealed = try vault.seal("secret", for: "device 1")
    #expect(throws: VaultError.notOurs) { try vault.open(sealed, for: "device 2") }
    #expect(throws: VaultError.notOurs) { try Vault(key: Array(1..<33)).open(sealed, for: "device 1") }
  }

  /// Sealed by a version that used the key as it is: format, nonce, ciphertext and tag.
  @Test func `what was sealed with the key itself still opens, and is sealed with a derived one from now on`() throws {
    let old: [UInt8] =
      [1] + Array(0..<12) + [
        0x28, 0x6E, 0xB2, 0x64, 0xB5, 0xE0, 0xFB, 0x52, 0x9F, 0xEB, 0x7A, 0x97, 0x65, 0xC3, 0xB8, 0xE6, 0xB8,
        0x8F,
        0x7E,
      ]
    #expect(try vault.openText(old, for: "x") == "old")
    #expect(throws: VaultError.notOurs) { try vault.open([2] + old.dropFirst(), for: "x") }
    let new = try vault.seal("new", for: "x")
    #expect(new.first == 2)
    #expect(throws: VaultError.notOurs) { try vault.open([1] + new.dropFirst(), for: "x") }
  }

  @Test func `no changed or cut bytes open`() throws {
    let sealed = try vault.seal("secret", for: "x")
    for place in sealed.indices {
      var changed = sealed
      changed[place] ^= 1
      #expect(throws: VaultError.self) { try vault.open(changed, for: "x") }
      #expect(throws: VaultError.self) { try vault.open(Array(sealed[..<place]), for: "x") }
    }
  }

  @Test func `a key of another length is refused`() {
    #expect(throws: VaultError.wrongKeyLength(bytes: 16)) { try Vault(key: Array(0..<16)) }
  }

  @Test func `what is not text is not opened as text`() throws {
    let sealed = try vault.seal([0xFF], for: "x")
    #expect(throws: VaultError.notText) { try vault.openText(sealed, for: "x") }
  }
}
