import Net
import Testing

@testable import DNS

struct ZoneTransferTests {
  private func transfer(
    _ apex: String, _ type: RecordType = .axfr, of zones: ZoneSet, client: IPv4Address = Lab.client
  ) throws -> [Message] {
    let query = Message.query(id: 77, Question(Lab.name(apex), type)).encode()
    guard let (zone, request) = ZoneTransfer.zone(askedBy: query.span.bytes, in: zones) else {
      Issue.record("no transfer of \(apex)")
      return []
    }
    let messages = ZoneTransfer.messages(for: request, of: zone, in: zones, client: client)
    return try messages.map { bytes in try Message(decoding: bytes.span.bytes) }
  }

  @Test(arguments: [RecordType.axfr, .ixfr])
  func `a transfer is the SOA, every record once, leases among them, and the SOA`(type: RecordType) throws {
    let messages = try transfer("lab.example", type, of: Lab.zones())
    #expect(messages.allSatisfy { $0.id == 77 && $0.flags.contains([.response, .authoritative]) })
    let records = messages.flatMap(\.answers)
    #expect(records.first?.type == .soa && records.last == records.first)
    let inner = records.dropFirst().dropLast()
    #expect(Set(inner).count == inner.count)
    for record in Lab.records { #expect(inner.contains(record)) }
    #expect(inner.contains(Lab.record("router1.lab.example", .a(IPv4Address(192, 0, 2, 10)), timeToLive: 30)))
    // And the NS record of the apex.
    #expect(inner.count == Lab.records.count + 2)
  }

  @Test func `a reverse zone has the pointers of its leases`() throws {
    let records = try transfer("2.0.192.in-addr.arpa", of: Lab.zones()).flatMap(\.answers)
    #expect(
      records.contains(
        Lab.record("10.2.0.192.in-addr.arpa", .ptr(Lab.name("router1.lab.example")), timeToLive: 30)))
  }

  @Test func `a large zone comes in several messages, each within its size, the question in the first`() throws {
    let leases = (0..<5000).map { LeaseName(IPv4Address(rawValue: 0x0A00_0000 + $0), isLeased: true) }
    let zones = try Lab.builder().build().namingLeases(in: Lab.domain, timeToLive: 30).updating(leases)
    let messages = try transfer("lab.example", of: zones)
    #expect(messages.count > 5)
    #expect(messages.map(\.questions.count) == [1] + Array(repeating: 0, count: messages.count - 1))
    #expect(messages.allSatisfy { $0.encode().count <= 17_000 })
    #expect(Set(messages.flatMap(\.answers)).count == 5000 + 2)
  }

  @Test func `nothing else is taken for a transfer`() throws {
    let zones = try Lab.zones()
    func isTransfer(_ message: Message) -> Bool {
      let bytes = message.encode()
      return ZoneTransfer.zone(askedBy: bytes.span.bytes, in: zones) != nil
    }
    #expect(isTransfer(Message.query(id: 1, Question(Lab.domain, .axfr))))
    #expect(!isTransfer(Message.query(id: 1, Question(Lab.domain, .soa))))
    #expect(!isTransfer(Message.query(id: 1, Question(Lab.acs, .axfr))))
    #expect(!isTransfer(Message.query(id: 1, Question(Lab.name("example.net"), .axfr))))
    #expect(!isTransfer(Message(id: 1, flags: [.response], questions: [Question(Lab.domain, .axfr)])))
  }
}

struct ApplianceAddressTests {
  private static let narrow = Subnet(containing: IPv4Address(192, 0, 2, 128), prefixLength: 25)
  private static let wide = Subnet(containing: IPv4Address(192, 0, 2, 0), prefixLength: 24)

  @Test func `a name of the appliance has the address that the client's subnet sees, the narrowest one's`() throws {
    let appliance = ApplianceAddresses(
      IPv4Address(10, 0, 0, 1),
      views: [
        .init(clients: Self.wide, address: IPv4Address(192, 0, 2, 1)),
        .init(clients: Self.narrow, address: IPv4Address(192, 0, 2, 129)),
      ])
    var builder = ZoneBuilder(serial: SerialNumber(rawValue: 7), appliance: appliance)
    try builder.addZone(Lab.domain, nameServer: Lab.acs)
    try builder.addAppliance(Lab.acs, timeToLive: 300)
    try builder.add(Lab.record("alias.lab.example", .cname(Lab.acs)))
    let zones = try builder.build()
    for (client, address) in [
      (IPv4Address(192, 0, 2, 5), IPv4Address(192, 0, 2, 1)),
      (IPv4Address(192, 0, 2, 200), IPv4Address(192, 0, 2, 129)),
      (IPv4Address(198, 51, 100, 1), IPv4Address(10, 0, 0, 1)),
    ] {
      for name in [Lab.acs, Lab.name("alias.lab.example")] {
        let query = Message.query(id: 1, Question(name, .a)).encode()
        let reply = try Reply(to: query, from: client, zones: zones)
        #expect(reply.message?.addresses(of: name) == [address])
        #expect(reply.outcome.namesAppliance)
      }
    }
    let query = Message.query(id: 1, Question(Lab.acs, .aaaa)).encode()
    #expect(try !Reply(to: query, zones: zones).outcome.namesAppliance)
  }
}
