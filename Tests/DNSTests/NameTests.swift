import DNS
import Net
import Testing

struct NameTests {
  @Test(arguments: [
    ("acs.lab.example", "acs.lab.example"), ("acs.lab.example.", "acs.lab.example"), (".", "."),
    (#"a\.b.c"#, #"a\.b.c"#), (#"\097\000\255"#, #"a\000\255"#), (#"\\."#, #"\\"#), ("a b", #"a\032b"#),
  ])
  func `a name is read and printed with escapes`(text: String, printed: String) throws {
    let name = try Name(text)
    #expect(name.description == printed)
    #expect(try Name(printed) == name)
  }

  @Test(arguments: [
    ("", NameError.empty), ("a..b", .emptyLabel), (".a", .emptyLabel), (#"a\"#, .badEscape), (#"\256"#, .badEscape),
    (#"\12"#, .badEscape), (String(repeating: "a", count: 64), .labelTooLong(64)),
  ])
  func `what is not a name is refused with its reason`(text: String, reason: NameError) {
    #expect(throws: reason) { try Name(text) }
  }

  @Test func `a name may have 255 bytes and not 256`() throws {
    let label = String(repeating: "a", count: 63)
    let longest = try Name("\(label).\(label).\(label).\(label.dropLast(2))")
    #expect(longest.wire.count == 255)
    #expect(throws: NameError.nameTooLong(256)) { try Name("\(label).\(label).\(label).\(label.dropLast(1))") }
    #expect(throws: NameError.nameTooLong(257)) { try Name("a".utf8, under: longest) }
  }

  @Test func `names are equal and hash alike whatever the case of ASCII letters, and only of those`() throws {
    let lower = try Name("acs-1.lab.example[z")
    let upper = try Name("ACS-1.LAB.eXaMpLe[Z")
    #expect(lower == upper)
    #expect(lower.hashValue == upper.hashValue)
    // These differ in the bit that tells the case of letters, and are no letters.
    for (left, right) in [("@", "`"), ("[", "{"), (#"\192"#, #"\224"#)] {
      #expect(try Name("\(left)23456789") != Name("\(right)23456789"))
      #expect(try Name("12345678\(left)") != Name("12345678\(right)"))
    }
  }

  @Test func `a name lies within itself and within each name above it, and by whole labels only`() throws {
    let acs = try Name("acs.LAB.example")
    #expect(acs.isWithin(acs))
    #expect(acs.isWithin(try Name("lab.example")))
    #expect(acs.isWithin(.root))
    #expect(!acs.isWithin(try Name("s.lab.example")))
    #expect(!(try Name("lab.example")).isWithin(acs))
    #expect(acs.parent?.description == "LAB.example")
    #expect(Name.root.parent == nil)
  }

  @Test func `the reverse name of an address is its octets backward in in-addr arpa`() {
    #expect(Name(reverse: IPv4Address(192, 0, 2, 10)).description == "10.2.0.192.in-addr.arpa")
  }

  @Test(arguments: [
    ("192.0.2.0/24", ["2.0.192.in-addr.arpa"]), ("192.0.2.64/26", ["2.0.192.in-addr.arpa"]),
    ("192.0.2.1/32", ["2.0.192.in-addr.arpa"]), ("10.1.0.0/16", ["1.10.in-addr.arpa"]),
    ("10.0.0.0/8", ["10.in-addr.arpa"]), ("192.0.2.0/23", ["2.0.192.in-addr.arpa", "3.0.192.in-addr.arpa"]),
  ])
  func `reverse zones are cut at whole octets`(subnet: String, zones: [String]) throws {
    #expect(Name.reverseZones(of: try #require(Subnet(subnet))).map(\.description) == zones)
  }

  @Test func `no subnet has more than 256 reverse zones`() {
    for length in 0...32 {
      let zones = Name.reverseZones(of: Subnet(containing: IPv4Address(203, 0, 113, 7), prefixLength: length))
      #expect((1...256).contains(zones.count))
      #expect(length < 1 || zones.count <= 128)
    }
  }
}
