import DHCP
import Foundation
import Net
import Testing

/// Values of option 43 as makers have them.
struct Option43VectorTests {
  private static let folder = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Vectors/option43")

  private static let url = "http://192.0.2.1:7547/acs"

  private func bytes(_ name: String) throws -> [UInt8] {
    let text = try String(contentsOf: Self.folder.appending(path: "\(name).hex"), encoding: .utf8)
    let digits = text.split(separator: "\n").filter { !$0.hasPrefix("#") }.joined().filter { !$0.isWhitespace }
    return try #require(Hexadecimal.decode(digits))
  }

  @Test(arguments: ["comware-grouped", "huawei-ar", "eltex", "eltex-text"])
  func `a right value of a known maker has nothing wrong and is read`(name: String) throws {
    let bytes = try bytes(name)
    let inspection = Option43.inspect(bytes)
    #expect(inspection.findings.isEmpty && inspection.correction == nil)
    let read = try Option43(decoding: bytes)
    #expect(inspection.meaning == read)
    #expect(try read.encode() == bytes)
  }

  @Test func `Huawei's credentials are read and written`() throws {
    let parameters = HuaweiParameters(url: Self.url, username: "user", password: "word")
    #expect(try Option43(decoding: bytes("huawei-ar")) == .huawei(parameters))
    #expect(try Option43.huawei(parameters).encode() == bytes("huawei-ar"))
    #expect(throws: Option43Error.character(.password, byte: 0x3B, at: 1)) {
      try HuaweiParameters(url: Self.url, username: "user", password: "a;b").encode()
    }
  }

  @Test func `Eltex's credentials are read and written, as sub-options and as text`() throws {
    let server = SubOption(code: 5, value: Array("tftp://192.0.2.1".utf8))
    var parameters = EltexParameters(
      url: Self.url, provisioningCode: "lab", username: "user", password: "word", others: [server])
    #expect(try Option43(decoding: bytes("eltex")) == .eltex(parameters))
    #expect(try Option43.eltex(parameters).encode() == bytes("eltex"))
    parameters.others = []
    parameters.form = .text
    #expect(try Option43(decoding: bytes("eltex-text")) == .eltex(parameters))
    #expect(throws: Option43Error.character(.username, byte: 0x7C, at: 0)) {
      try EltexParameters(url: Self.url, username: "|", password: "a", form: .text).encode()
    }
  }

  @Test func `what is wrong in Huawei's form is told, and corrected where nothing is lost`() throws {
    let inspection = Option43.inspect(try bytes("huawei-ar-without-semicolon"))
    #expect(inspection.findings.map(\.kind) == [.missingSemicolon])
    let right = try bytes("huawei-ar")
    #expect(inspection.correction == right)
    let wrong = Option43.inspect(try bytes("huawei-ar-wrong-key"))
    #expect(wrong.findings.map(\.kind) == [.unknownKey, .noCredentials] && wrong.correction == nil)
    #expect(throws: Option43Error.unknownKey("user")) { try Option43(decoding: bytes("huawei-ar-wrong-key")) }
  }

  @Test func `a NUL behind Eltex's password is taken off, and the password stays`() throws {
    let inspection = Option43.inspect(try bytes("eltex-with-nul"))
    #expect(inspection.findings.map(\.kind) == [.trailingNUL])
    let right = EltexParameters(url: Self.url, username: "user", password: "word")
    let correction = try right.encode()
    #expect(inspection.meaning == .eltex(right) && inspection.correction == correction)
  }

  @Test func `a correction that would leave out credentials is not proposed`() throws {
    let inspection = Option43.inspect(try bytes("repeated-credentials"))
    #expect(inspection.findings.map(\.kind) == [.repeatedSubOption] && inspection.correction == nil)
    // User name and password in sub-options of their own, read as the Broadband Forum's.
    let eltex = try bytes("eltex")
    #expect(Option43.inspect(eltex, as: .broadbandForum).correction == nil)
    #expect(Option43.inspect(try bytes("huawei-ar"), as: .comware).correction == nil)
  }

  @Test(arguments: [
    ("unifi", Option43Foreign.unifi(IPv4Address(192, 0, 2, 10))), ("controllers", .controllers),
    ("huawei-access-point", .wirelessController), ("cisco-access-point", .ciscoController), ("exos", .exos),
    ("ios-xr", .iosXR), ("skype", .skype), ("unify", .unify), ("pxe", .pxe),
    ("raspberry-pi", .text("Raspberry Pi Boot")), ("openflow", .text("tcp:192.0.2.10:6653")),
  ])
  func `what is for others than CPEs is told as such`(name: String, foreign: Option43Foreign) throws {
    let bytes = try bytes(name)
    let inspection = Option43.inspect(bytes)
    #expect(inspection.findings.map(\.kind) == [.foreign] && inspection.correction == nil)
    #expect(inspection.findings.first?.text == "\(foreign)")
    #expect(throws: Option43Error.foreign(foreign)) { try Option43(decoding: bytes) }
  }

  @Test func `every value in the folder is tried`() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path).count
    #expect(files == 19)
  }

  @Test func `a byte is named as it is in the option`() throws {
    let address = try bytes("unifi")
    let asComware = Option43.inspect(address, as: .comware).findings
    #expect(asComware.map(\.kind) == [.badCharacter, .noCredentials])
    #expect(asComware.first?.offset == 2 && asComware.first?.text.contains("0xc0") == true)
    #expect(throws: Option43Error.character(.url, byte: 0xC0, at: 0)) { try ComwareParameters(decoding: address) }
    #expect(throws: Option43Error.character(.url, byte: 0xC0, at: 0)) {
      try BroadbandForumParameters(decoding: address)
    }
    // Digits as text: the place is that of the digit.
    let text = Array("0x01,0x08,0x68,0x74,0x74,0x70,0x3a,0x2f,0x2f,0xc3".utf8)
    let spelled = Option43.inspect(text).findings
    #expect(spelled.map(\.kind) == [.hexadecimalText, .badCharacter, .noCredentials])
    #expect(spelled.map(\.offset) == [0, 47, 2])
  }

  @Test func `no mutation of a maker's value traps, and what is read reads back`() throws {
    var random = SplitMix64(state: 9)
    for name in ["huawei-ar", "eltex", "eltex-text", "unifi", "unify"] {
      let seed = try bytes(name)
      for count in 0...seed.count { _ = Option43.inspect(Array(seed[..<count])) }
      for _ in 0..<2000 {
        var mutated = seed
        for _ in 0...Int(random.next() % 4) {
          mutated[Int(random.next() % UInt64(mutated.count))] = UInt8(truncatingIfNeeded: random.next())
        }
        let inspection = Option43.inspect(mutated, as: random.next() % 2 == 0 ? nil : Dialect.allCases.randomElement())
        if let correction = inspection.correction { #expect(correction != mutated) }
        guard let read = try? Option43(decoding: mutated), let written = try? read.encode() else { continue }
        #expect((try? Option43(decoding: written)) == read)
      }
    }
  }
}
