import DHCP
import Net
import Testing

private let firstExample =
  "0127687474703A2F2F3136392E3235342E37362E33313A373534372F61637320313233342035363738".lowercased()
private let secondExample =
  "013B687474703A2F2F6163732E64617461626173653A393039302F616373207669636B79203132333435".lowercased()
private let broadbandForumExample =
  "0120687474703a2f2f6163732e6578616d706c652e6e65743a373534372f63776d70" + "02074d53522e4c4142" + "030135"
  + "040432303030"

private func bytes(_ hexadecimal: String) -> [UInt8] { Hexadecimal.decode(hexadecimal) ?? [] }

struct Option43Tests {
  @Test func `D67 the manual's first example comes out bit for bit`() throws {
    let parameters = ComwareParameters(url: "http://169.254.76.31:7547/acs", username: "1234", password: "5678")
    #expect(Hexadecimal.encode(try parameters.encode()) == firstExample)
    #expect(try Option43(decoding: bytes(firstExample)) == .comware(parameters))
  }

  @Test func `Comware parameters without credentials, and with a service provider`() throws {
    let bare = ComwareParameters(url: "http://192.0.2.1:7547/acs")
    #expect(Hexadecimal.encode(try bare.encode()) == "0119687474703a2f2f3139322e302e322e313a373534372f616373")
    let full = ComwareParameters(
      url: "http://192.0.2.1:7547/acs", username: "u", password: "p", serviceProvider: "ISP1")
    #expect(
      Hexadecimal.encode(try full.encode())
        == "011d687474703a2f2f3139322e302e322e313a373534372f61637320752070" + "020449535031")
    #expect(try ComwareParameters(decoding: full.encode()) == full)
  }

  @Test func `PXE servers in sub-option 80 are kept intact`() throws {
    let pxe = SubOption.comwarePXE(servers: [IPv4Address(192, 0, 2, 9)])
    #expect(Hexadecimal.encode(SubOption.encode([pxe])) == "80070000" + "01c0000209")
    #expect(pxe.comwarePXEServers == [IPv4Address(192, 0, 2, 9)])
    let parameters = ComwareParameters(url: "http://192.0.2.1/acs", username: "u", password: "p", others: [pxe])
    #expect(try Option43(decoding: parameters.encode()) == .comware(parameters))
  }

  @Test func `D66 the Broadband Forum's example comes out bit for bit, and its strings have no NUL`() throws {
    let parameters = BroadbandForumParameters(
      url: "http://acs.example.net:7547/cwmp", provisioningCode: "MSR.LAB", retryMinimumWait: 5, retryMultiplier: 2000)
    #expect(Hexadecimal.encode(try parameters.encode()) == broadbandForumExample)
    #expect(try Option43(decoding: bytes(broadbandForumExample)) == .broadbandForum(parameters))
    var value: [UInt8] = []
    try parameters.vendorIdentifyingOptions().write(into: &value)
    #expect(
      Hexadecimal.encode(value)
        == "00000de9340b20687474703a2f2f6163732e6578616d706c652e6e65743a373534372f63776d70" + "0c074d53522e4c4142"
        + "0d0135" + "0e0432303030")
  }

  @Test func `a CPE after TR-069 takes off a NUL at the end of a text`() throws {
    let url = Array("http://192.0.2.1/acs".utf8)
    let read = try BroadbandForumParameters(decoding: [1, UInt8(url.count + 1)] + url + [0])
    #expect(read == BroadbandForumParameters(url: "http://192.0.2.1/acs"))
  }

  @Test func `a bare URL is read and written as it stands`() throws {
    let url = "http://192.0.2.1:7547/acs"
    #expect(try Option43(decoding: Array(url.utf8)) == .bareURL(url))
    #expect(try Option43.bareURL(url).encode() == Array(url.utf8))
  }

  @Test func `what cannot be written is refused with its reason`() {
    func comware(_ url: String, _ username: String? = nil, _ password: String? = nil) -> Option43Error? {
      refusal { () throws(Option43Error) in
        try ComwareParameters(url: url, username: username, password: password).encode()
      }
    }
    let url = "http://192.0.2.1/acs"
    #expect(comware("ftp://192.0.2.1/") == .notHTTP(url: "ftp://192.0.2.1/"))
    #expect(comware("https://") == .notHTTP(url: "https://"))
    #expect(comware("http://") == .length(.url, count: 7, allowed: 8...255))
    #expect(comware("http://192.0.2.1/a b") == .character(.url, byte: 0x20, at: 18))
    #expect(comware(url, "ü") == .character(.username, byte: 0xC3, at: 0))
    #expect(comware(url, "u", "p\u{0}") == .character(.password, byte: 0, at: 1))
    #expect(comware(url, "") == .length(.username, count: 0, allowed: 1...255))
    #expect(comware(url, nil, "p") == .passwordWithoutUsername)
    let long = url + String(repeating: "x", count: 230)
    #expect(comware(long, "u", "p") == .tooLong(count: 254, limit: 253))
    #expect(comware(String(long.dropLast()), "u", "p") == nil)
    #expect(
      refusal { () throws(Option43Error) in try BroadbandForumParameters(url: url, retryMultiplier: 999).encode() }
        == .number(.retryMultiplier, value: 999, allowed: 1000...65_535))
  }

  @Test func `what cannot be read is refused with its place`() {
    func strict(_ hexadecimal: String) -> Option43Error? {
      refusal { () throws(Option43Error) in try Option43(decoding: bytes(hexadecimal)).encode() }
    }
    #expect(strict("") == .empty)
    #expect(strict(secondExample) == .truncated(subOption: 1, at: 0, needed: 19))
    #expect(strict(firstExample + "ff") == .truncated(subOption: 255, at: 41, needed: 1))
    #expect(strict("02024142") == .noACSParameters)
    #expect(strict(firstExample + firstExample) == .repeated(subOption: 1))
    #expect(
      strict("0119687474703a2f2f3139322e302e322e313a373534372f616320") == .length(.username, count: 0, allowed: 1...255)
    )
    #expect(strict(broadbandForumExample.replacing("030135", with: "030141")) == .notANumber(.retryMinimumWait))
  }

  @Test func `every cut and mutation is read or refused, by the strict and the lenient reader, and none traps`() {
    var random = SplitMix64(state: 3)
    for seed in [firstExample, secondExample, broadbandForumExample].map(bytes) {
      for count in 0...seed.count {
        _ = try? Option43(decoding: Array(seed[..<count]))
        _ = Option43.inspect(Array(seed[..<count]))
      }
      for _ in 0..<3000 {
        var mutated = seed
        for _ in 0...Int(random.next() % 4) {
          mutated[Int(random.next() % UInt64(mutated.count))] = UInt8(truncatingIfNeeded: random.next())
        }
        if let read = try? Option43(decoding: mutated), let written = try? read.encode() {
          if (try? Option43(decoding: written)) != read { Issue.record("\(read) reads back otherwise") }
        }
        _ = Option43.inspect(mutated, as: Dialect.allCases.randomElement(using: &random))
      }
    }
  }

  @Test func `the bytes are rendered for other servers`() {
    let value: [UInt8] = [1, 2, 0xAB, 0xCD]
    #expect(Option43Rendering.comware.render(value) == "option 43 hex 0102ABCD")
    #expect(Option43Rendering.dhcpd.render(value) == "option vendor-encapsulated-options 01:02:ab:cd;")
    #expect(Option43Rendering.dnsmasq.render(value) == "dhcp-option-force=43,01:02:ab:cd")
    #expect(Option43Rendering.kea.render(value).contains(#""data": "0102ABCD""#))
  }

  private func refusal(_ body: () throws(Option43Error) -> [UInt8]) -> Option43Error? {
    do throws(Option43Error) {
      _ = try body()
      return nil
    } catch {
      return error
    }
  }
}

struct Option43LintTests {
  @Test func `the manual's first example is right`() {
    let inspection = Option43.inspect(bytes(firstExample))
    #expect(inspection.findings.isEmpty)
    #expect(inspection.correction == nil)
  }

  @Test func `the manual's second example has a wrong length, and 28 would be right`() {
    let inspection = Option43.inspect(bytes(secondExample))
    #expect(kinds(secondExample) == [.wrongLength])
    #expect(inspection.findings.first?.offset == 1)
    #expect(inspection.findings.first?.text.contains("59 bytes (0x3b), but has 40 (0x28)") == true)
    #expect(inspection.correction.map { Hexadecimal.encode($0) } == "0128" + secondExample.dropFirst(4))
    #expect(
      inspection.meaning
        == .comware(ComwareParameters(url: "http://acs.database:9090/acs", username: "vicky", password: "12345")))
  }

  @Test func `a length that counts itself, or is too short, or reaches over its neighbor, is found`() {
    let text = firstExample.dropFirst(4)
    #expect(Option43.lint(bytes("0128" + text)).first?.text.contains("must not count itself") == true)
    #expect(kinds("0126" + text) == [.wrongLength])
    #expect(Option43.inspect(bytes("0126" + text)).correction == bytes(firstExample))
    #expect(kinds("012d" + text + "020449535031") == [.swallowedSubOption])
    #expect(
      Option43.inspect(bytes("012d" + text + "020449535031")).correction == bytes(firstExample + "020449535031"))
  }

  @Test func `dnsmasq's stray FF and zeros at the end are found and left out`() {
    #expect(kinds(firstExample + "ff") == [.trailingEnd])
    #expect(Option43.inspect(bytes(firstExample + "ff")).correction == bytes(firstExample))
    #expect(kinds(firstExample + "0000") == [.padding])
  }

  @Test func `the option's own header is found, with a right or a wrong length`() {
    #expect(kinds("2b29" + firstExample) == [.optionHeader])
    #expect(kinds("2b30" + firstExample) == [.optionHeader])
    #expect(Option43.inspect(bytes("2b29" + firstExample)).correction == bytes(firstExample))
  }

  @Test func `a missing sub-option header is found, and set`() {
    let value = String(firstExample.dropFirst(4))
    #expect(kinds(value, as: .comware) == [.bareURL])
    #expect(Option43.inspect(bytes(value), as: .comware).correction == bytes(firstExample))
  }

  @Test func `blanks in a URL for a CPE after TR-069 are found`() {
    #expect(kinds(firstExample, as: .broadbandForum) == [.blankInURL])
    #expect(kinds(firstExample + "030135") == [.blankInURL])
    #expect(kinds(broadbandForumExample) == [.noCredentials])
    #expect(kinds(broadbandForumExample, as: .broadbandForum) == [])
  }

  @Test func `other mistakes are found`() {
    #expect(kinds("") == [.empty])
    #expect(kinds("02024142") == [.noACSParameters])
    #expect(kinds(Hexadecimal.encode(firstExample.utf8)) == [.hexadecimalText])
    #expect(kinds(comware("http://192.0.2.1/acs  u p")) == [.blanks])
    #expect(kinds(comware("http://192.0.2.1/acs u p q")) == [.tooManyWords])
    #expect(kinds(comware("http://192.0.2.1/acs u p\u{0}")) == [.trailingNUL])
    #expect(kinds(comware("tftp://192.0.2.1/acs u p")) == [.badURL])
    #expect(kinds(comware("http://192.0.2.1/acs u p\u{1}")) == [.badCharacter])
    #expect(kinds(comware("http://192.0.2.1/acs u p") + "80020000") == [.badPXE])
    #expect(kinds(comware("http://192.0.2.1/acs u p") + "0500") == [.unknownSubOption])
    #expect(kinds(firstExample + firstExample) == [.repeatedSubOption])
    #expect(kinds(broadbandForumExample + "05", as: .broadbandForum) == [.truncated])
  }

  private func kinds(_ hexadecimal: String, as dialect: Dialect? = nil) -> [Option43Finding.Kind] {
    Option43.lint(bytes(hexadecimal), as: dialect).map(\.kind)
  }

  private func comware(_ text: String) -> String {
    Hexadecimal.encode([1, UInt8(text.utf8.count)] + Array(text.utf8))
  }
}
