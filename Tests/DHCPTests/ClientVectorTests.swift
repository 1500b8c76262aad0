import DHCP
import Foundation
import Net
import Testing

/// What clients send that do not keep to the standard, from `Tests/Vectors/dhcp`, as they come over the wire.
struct ClientVectorTests {
  private static let folder = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Vectors/dhcp")

  private static let acs = ACSParameters(url: "http://192.0.2.1:7547/acs", username: "cpe", password: "secret")

  private func packet(_ name: String) throws -> [UInt8] {
    let text = try String(contentsOf: Self.folder.appending(path: "\(name).hex"), encoding: .utf8)
    let digits = text.split(separator: "\n").filter { !$0.hasPrefix("#") }.joined()
    return try #require(Hexadecimal.decode(digits))
  }

  private func decide(_ name: String, in lab: inout Lab) throws -> Decision {
    lab.server.decide(
      try Message(decoding: packet(name)),
      from: Arrival(interfaceAddresses: [Lab.serverAddress], source: .unspecified, destination: .broadcast),
      table: &lab.table, now: lab.now)
  }

  @Test(arguments: [
    ("client-identifier-empty", [OptionDefect(.clientIdentifier, .malformed)]),
    ("client-identifier-of-one-byte", [OptionDefect(.clientIdentifier, .malformed)]),
    ("requested-address-empty", [OptionDefect(.requestedAddress, .malformed)]),
    ("last-option-cut", [OptionDefect(.hostName, .truncated)]),
    ("host-name-empty", [OptionDefect(.hostName, .malformed)]),
    ("fqdn-ascii-marked-as-wire", [OptionDefect(.clientFQDN, .malformed)]),
    ("host-name-with-nul", []), ("garbage-after-end", []), ("no-parameter-list", []), ("comware-5-discover", []),
    ("discover-with-ciaddr", []),
  ])
  func `a client is offered an address whatever one option of its message is, and that is told`(
    name: String, defects: [OptionDefect]
  ) throws {
    var lab = Lab()
    let decision = try decide(name, in: &lab)
    #expect(decision.reply?.type == .offer)
    let told = decision.outcomes.compactMap { if case .optionDropped(let defect) = $0 { defect } else { nil } }
    #expect(told == defects)
  }

  @Test func `options 54 and 50 make it SELECTING whatever ciaddr says, and the answer goes to the hardware`() throws {
    var lab = Lab()
    let offer = try #require(try decide("discover-with-ciaddr", in: &lab).reply)
    let address = IPv4Address(192, 0, 2, 105)
    #expect(offer.message.yiaddr == address)
    let decision = try decide("selecting-with-ciaddr", in: &lab)
    #expect(decision.reply?.type == .acknowledgement && decision.reply?.message.yiaddr == address)
    #expect(decision.reply?.destination == .unicast(address, MACAddress(rawValue: 0x0200_5E00_A101)))
    #expect(decision.changes.map(\.address) == [address])
  }

  @Test func `a client whose identifier cannot be used is known by its hardware address`() throws {
    var lab = Lab()
    _ = try decide("client-identifier-empty", in: &lab)
    let hardware = try #require(MACAddress("02:00:5e:00:a1:02"))
    #expect(lab.table.offer(to: .hardware(type: 1, address: hardware.octets)) == Lab.local)
  }

  @Test func `Comware is told by the form of its client identifier, and gets option 43 unasked`() throws {
    var lab = Lab()
    lab.server = Server(try configuration(of: lab) { $0.advisor = try Advisor(acs: Self.acs) })
    let reply = try #require(try decide("comware-5-discover", in: &lab).reply)
    #expect(
      reply.message.options[.vendorSpecific].map { String(decoding: $0.dropFirst(2), as: UTF8.self) }
        == "http://192.0.2.1:7547/acs cpe secret")
  }

  @Test func `Comware is answered beside another server`() throws {
    var lab = Lab()
    lab.server = Server(
      try configuration(of: lab) {
        $0.advisor = try Advisor(acs: Self.acs)
        $0.audience = .known(inventory: [])
      })
    #expect(try decide("comware-5-discover", in: &lab).reply?.type == .offer)
    #expect(try decide("host-name-with-nul", in: &lab).outcomes == [.ignored(.notServed)])
  }

  @Test func `left-over memory in option 60 is no vendor class`() throws {
    var lab = Lab()
    #expect(
      try decide("comware-5-discover", in: &lab).outcomes.first
        == .discovered(vendorClass: nil, hostname: "client", relay: nil))
  }

  @Test func `a host name that ends in a NUL is the name without it`() throws {
    var lab = Lab()
    #expect(
      try decide("host-name-with-nul", in: &lab).outcomes.first
        == .discovered(vendorClass: nil, hostname: "depot", relay: nil))
    #expect(
      try decide("fqdn-ascii-marked-as-wire", in: &lab).outcomes.first
        == .discovered(vendorClass: nil, hostname: "RT4D-1A2B3C", relay: nil))
  }

  @Test func `a client that names no option is given all that is configured`() throws {
    var extra = OptionList()
    extra.set(OptionCode(rawValue: 138), bytes: [192, 0, 2, 10])
    extra.set(OptionCode(rawValue: 242), bytes: Array("L2QVLAN=7".utf8))
    let subnet = Lab.subnet()
    var classed = subnet
    classed.classes = [
      ClassConfiguration(matching: [.vendorClass("PLAIN*")], in: subnet) { $0.extraOptions = extra }
    ]
    var lab = Lab(subnets: [classed])
    let options = try #require(try decide("no-parameter-list", in: &lab).reply).message.options
    #expect(options[OptionCode(rawValue: 138)].map { Array($0) } == [192, 0, 2, 10])
    #expect(options[OptionCode(rawValue: 242)]?.count == 9)
    #expect(options.contains(.routers) && options.contains(.domainNameServers) && options.contains(.domainName))
  }

  @Test func `every vector in the folder is readable`() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
    #expect(files.count >= 12)
    for file in files {
      #expect(throws: Never.self) { try Message(decoding: packet(String(file.dropLast(".hex".count)))) }
    }
  }

  private func configuration(
    of lab: Lab, _ change: (inout ServerConfiguration) throws -> Void
  ) rethrows -> ServerConfiguration {
    var configuration = lab.server.configuration
    try change(&configuration)
    return configuration
  }
}
