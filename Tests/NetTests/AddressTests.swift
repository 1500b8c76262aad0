import Net
import Testing

struct AddressTests {
  @Test func `an IPv4 address is four decimal numbers without leading zeros`() {
    #expect(IPv4Address("192.0.2.1") == IPv4Address(192, 0, 2, 1))
    #expect(IPv4Address("192.0.2.1")?.description == "192.0.2.1")
    #expect(IPv4Address("0.0.0.0") == .unspecified && IPv4Address("255.255.255.255") == .broadcast)
    #expect(IPv4Address("10.100.20.0") == IPv4Address(10, 100, 20, 0))
    for wrong in [
      "", "1.2.3", "1.2.3.4.5", "256.0.0.1", "01.2.3.4", "00.0.0.0", "1..2.3", ".1.2.3", "1.2.3.", "1.2.3.4.",
      "1.2.3.1234",
      " 1.2.3.4", "1.2.3.4 ", "a.b.c.d", "1.2.3.-4", "1.2.3.+4",
    ] {
      #expect(IPv4Address(wrong) == nil, "\(wrong)")
    }
  }

  @Test func `counting past either end of the IPv4 space gives no address`() {
    #expect(IPv4Address.broadcast.advanced(by: 1) == nil)
    #expect(IPv4Address.unspecified.advanced(by: -1) == nil)
    #expect(IPv4Address(10, 0, 0, 255).advanced(by: 1) == IPv4Address(10, 0, 1, 0))
  }

  @Test(arguments: [
    ("2001:db8::1", "2001:db8::1"), ("::", "::"), ("::1", "::1"), ("fe80::", "fe80::"),
    ("2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("1:0:2:0:3:0:4:0", "1:0:2:0:3:0:4:0"),
    ("::ffff:192.0.2.1", "::ffff:c000:201"),
  ])
  func `an IPv6 address prints as RFC 5952 wants`(text: String, canonical: String) {
    #expect(IPv6Address(text)?.description == canonical)
  }

  @Test(arguments: [
    "", ":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "g::", "1:2:3:4:5:6:7:8::", "1:",
  ])
  func `what is not an IPv6 address is refused`(text: String) {
    #expect(IPv6Address(text) == nil)
  }

  @Test(arguments: ["00:0f:e2:00:00:01", "00-0F-E2-00-00-01", "000f-e200-0001", "000f.e200.0001", "000fe2000001"])
  func `a hardware address is read in every usual form`(text: String) {
    #expect(MACAddress(text)?.description == "00:0f:e2:00:00:01")
    #expect(MACAddress(text)?.oui == "000FE2")
  }

  @Test(arguments: ["", "00:0f:e2:00:00", "00:0f:e2:00:00:01:02", "0:f:e2:0:0:1", "00:0f:e2:00:00:0g", "000fe2-000001"])
  func `what is not a hardware address is refused`(text: String) {
    #expect(MACAddress(text) == nil)
  }

  @Test func `a subnet knows its mask, its broadcast and its hosts`() throws {
    let subnet = try #require(Subnet("192.0.2.0/24"))
    #expect(subnet.mask.description == "255.255.255.0")
    #expect(subnet.broadcast.description == "192.0.2.255")
    #expect(subnet.hosts.description == "192.0.2.1-192.0.2.254")
    #expect(subnet.contains(IPv4Address(192, 0, 2, 77)))
    #expect(!subnet.contains(IPv4Address(192, 0, 3, 1)))
    #expect(Subnet("10.0.0.4/31")?.hosts.description == "10.0.0.4-10.0.0.5")
    #expect(Subnet("0.0.0.0/0")?.contains(.broadcast) == true)
  }

  @Test(arguments: ["192.0.2.1/24", "192.0.2.0", "192.0.2.0/33", "192.0.2.0/-1", "192.0.2.0/024", "192.0.2.0/24/1"])
  func `what is not a subnet is refused`(text: String) {
    #expect(Subnet(text) == nil)
  }

  @Test func `a range is read in order only`() {
    #expect(AddressRange("10.0.0.1 - 10.0.0.9")?.count == 9)
    #expect(AddressRange("10.0.0.9-10.0.0.1") == nil)
    #expect(AddressRange("10.0.0.9")?.count == 1)
    #expect(AddressRange("10.0.0.1-10.0.0.2-10.0.0.3") == nil)
  }
}
