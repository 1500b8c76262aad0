import DHCP
import Net
import Testing

struct OptionDefinitionTests {
  @Test(arguments: [
    ("time-offset", ["-3600"], "fffff1f0"), ("time-servers", ["192.0.2.1", "192.0.2.2"], "c0000201c0000202"),
    ("boot-size", ["258"], "0102"), ("root-path", ["/a"], "2f61"), ("ip-forwarding", ["true"], "01"),
    ("default-ip-ttl", ["64"], "40"), ("interface-mtu", ["1400"], "0578"),
    ("broadcast-address", ["10.0.0.255"], "0a0000ff"),
    ("ipv6-only-preferred", ["1800"], "00000708"), ("captive-portal", ["https://x/"], "68747470733a2f2f782f"),
    ("ms-classless-routes", ["0.0.0.0/0 via 192.0.2.1"], "00c0000201"),
  ])
  func `a value is written in its type`(name: String, values: [String], hexadecimal: String) throws {
    let definition = try #require(OptionDefinition.named(name))
    #expect(Hexadecimal.encode(try definition.encode(values)) == hexadecimal)
  }

  @Test func `D49 classless routes have the significant octets only`() throws {
    let definition = try #require(OptionDefinition.named("classless-routes"))
    let bytes = try definition.encode(["10.1.2.0/24 via 192.0.2.1", "0.0.0.0/0 via 192.0.2.1"])
    #expect(Hexadecimal.encode(bytes) == "180a0102c000020100c0000201")
    #expect(definition.code == .classlessRoutes)
  }

  @Test func `D51 search domains end where others stand already`() throws {
    let definition = try #require(OptionDefinition.named("domain-search"))
    let bytes = try definition.encode(["eng.apple.com", "marketing.apple.com"])
    #expect(
      Hexadecimal.encode(bytes) == "03656e67056170706c6503636f6d00096d61726b6574696e67c004" && bytes.count == 27)
    #expect(Hexadecimal.encode(try definition.encode(["a.b", "a.b"])) == "0161016200c000")
  }

  @Test(
    arguments: [
      ("time-servers", ["192.0.2"], 0), ("time-servers", [], nil),
      ("broadcast-address", ["10.0.0.1", "10.0.0.2"], nil),
      ("ip-forwarding", ["yes"], 0), ("default-ip-ttl", ["0"], 0), ("default-ip-ttl", ["256"], 0),
      ("ipv6-only-preferred", ["299"], 0), ("domain-search", ["a.example", "b..example"], 1),
      ("classless-routes", ["10.0.0.0/8 192.0.2.1"], 0), ("classless-routes", ["10.0.0.1/8 via 192.0.2.1"], 0),
      ("root-path", [""], 0), ("boot-size", ["1e3"], 0),
    ] as [(String, [String], Int?)])
  func `what is no value of the type is refused at its place`(name: String, values: [String], index: Int?) throws {
    let definition = try #require(OptionDefinition.named(name))
    let error = #expect(throws: OptionDefinition.ValueError.self) { try definition.encode(values) }
    #expect(error?.index == index)
  }

  @Test func `names and codes are there once, and none is the server's own`() {
    #expect(Set(OptionDefinition.all.map(\.name)).count == OptionDefinition.all.count)
    #expect(Set(OptionDefinition.all.map(\.code)).count == OptionDefinition.all.count)
    #expect(OptionDefinition.all.allSatisfy { !$0.code.isServersOwn })
    #expect(OptionDefinition.all.map(\.code.rawValue) == OptionDefinition.all.map(\.code.rawValue).sorted())
  }
}
