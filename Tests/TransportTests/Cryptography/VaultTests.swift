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
