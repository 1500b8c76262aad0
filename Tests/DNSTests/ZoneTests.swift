import DNS
import Net
import Testing

struct ZoneTests {
  private func refusal(_ records: [ResourceRecord]) -> ZoneError? {
    do {
      var builder = try Lab.builder()
      for record in records { try builder.add(record) }
      _ = try builder.build()
      return nil
    } catch {
      return error as? ZoneError
    }
  }

  @Test func `what a zone may not hold is refused with its reason`() {
    let a = RecordData.a(.loopback)
    let alias = RecordData.cname(Lab.acs)
    let name = Lab.name("x.lab.example")
    #expect(refusal([Lab.record("x.lab.example", a), Lab.record("x.lab.example", alias)]) == .aliasBesideOthers(name))
    #expect(refusal([Lab.record("x.lab.example", alias), Lab.record("x.lab.example", a)]) == .aliasBesideOthers(name))
    #expect(
      refusal([Lab.record("x.lab.example", alias), Lab.record("x.lab.example", .cname(name))])
        == .aliasBesideOthers(name))
    #expect(refusal([Lab.record("x.lab.example", alias), Lab.record("x.lab.example", alias)]) == nil)
    #expect(refusal([Lab.record("x.example.net", a)]) == .outsideZones(Lab.name("x.example.net")))
    #expect(refusal([Lab.record("x.lab.example", .opaque(.dname, [0]))]) == .type(.dname, name))
    #expect(refusal([Lab.record("x.lab.example", .opaque(.any, [0]))]) == .type(.any, name))
    #expect(refusal([Lab.record("x.lab.example", .txt([]))]) == .data(.txt, name))
    let long = [UInt8](repeating: 0, count: 256)
    #expect(refusal([Lab.record("x.lab.example", .txt([long]))]) == .data(.txt, name))
    #expect(throws: ZoneError.zoneTwice(Lab.domain)) {
      var builder = try Lab.builder()
      try builder.addZone(Lab.name("LAB.example"), nameServer: Lab.acs)
    }
  }

  @Test func `two subnets in one octet share their reverse zone`() throws {
    var builder = try Lab.builder()
    try builder.addReverseZones(
      of: Subnet(containing: IPv4Address(192, 0, 2, 128), prefixLength: 25), nameServer: Lab.acs)
    #expect(try builder.build().zones.count == 2)
  }

  @Test func `N66 a set has one TTL and no record twice`() throws {
    let zones = try Lab.zones(with: [
      Lab.record("set.lab.example", .a(.loopback), timeToLive: 50),
      Lab.record("SET.lab.example", .a(.broadcast), timeToLive: 40),
      Lab.record("set.lab.example", .a(.loopback), timeToLive: 60),
    ])
    let sets = zones.records(of: Lab.name("set.lab.example"))
    #expect(sets.map(\.timeToLive) == [40])
    #expect(sets.map(\.data) == [[.a(.loopback), .a(.broadcast)]])
  }

  @Test func `N76 a lease comes and goes in snapshots, the serial grows, and older snapshots stay as they were`() throws
  {
    let first = try Lab.zones()
    let lease = first.leaseRecords(
      of: IPv4Address(192, 0, 2, 20), hostname: "r20", in: Lab.domain, timeToLive: 30)
    let name = Lab.name("r20.lab.example")
    let second = first.updating(adding: lease, removing: []).zones
    let third = second.updating(adding: [], removing: lease).zones
    #expect(first.records(of: name).isEmpty)
    #expect(second.records(of: name).map(\.data) == [[.a(IPv4Address(192, 0, 2, 20))]])
    #expect(
      second.records(of: Lab.name("20.2.0.192.in-addr.arpa")).map(\.data) == [[.ptr(name)]])
    #expect(third.records(of: name).isEmpty)
    #expect(third.nameCount == first.nameCount)
    for (earlier, later) in [(first, second), (second, third)] {
      for (before, after) in zip(earlier.zones, later.zones) {
        #expect(after.soa.serial.isLater(than: before.soa.serial))
      }
    }
    let unchanged = second.updating(adding: lease, removing: []).zones
    #expect(unchanged.zones.map(\.soa.serial) == second.zones.map(\.soa.serial))
    let goneAlready = third.updating(adding: [], removing: lease).zones
    #expect(goneAlready.zones.map(\.soa.serial) == third.zones.map(\.soa.serial))
  }

  @Test func `a serial starts over at zero, and zero is later than the largest`() {
    let largest = SerialNumber(rawValue: .max)
    #expect(largest.next.rawValue == 0)
    #expect(largest.next.isLater(than: largest))
    #expect(!largest.isLater(than: largest.next))
    #expect(!largest.isLater(than: largest))
  }

  @Test func `names that lived only by a lease below them go with it`() throws {
    var builder = ZoneBuilder(serial: SerialNumber(rawValue: 1))
    try builder.addZone(Lab.name("10.in-addr.arpa"), nameServer: Lab.acs)
    let zones = try builder.build()
    let one = Lab.record("1.2.3.10.in-addr.arpa", .ptr(Lab.acs))
    let two = Lab.record("2.2.3.10.in-addr.arpa", .ptr(Lab.acs))
    #expect(zones.nameCount == 1)
    let both = zones.updating(adding: [one, two], removing: []).zones
    #expect(both.nameCount == 5)
    let left = both.updating(adding: [], removing: [one]).zones
    #expect(left.nameCount == 4)
    #expect(left.updating(adding: [], removing: [two]).zones.nameCount == 1)
  }

  @Test func `a lease cannot take a name of the configuration`() throws {
    let zones = try Lab.zones()
    let address = IPv4Address(192, 0, 2, 66)
    let forged = zones.leaseRecords(of: address, hostname: "ACS", in: Lab.domain, timeToLive: 30)
    #expect(forged.map(\.name) == [Lab.name("ip-192-0-2-66.lab.example"), Name(reverse: address)])
    let cases: [(ResourceRecord, ZoneRefusal.Reason)] = [
      (Lab.record("acs.lab.example", .a(address)), .configuredName),
      (Lab.record("lab.example", .a(address)), .configuredName),
      (Lab.record("x.example.net", .a(address)), .outsideZones),
      (Lab.record("x.sub.lab.example", .a(address)), .delegated),
      (Lab.record("*.lab.example", .a(address)), .kind), (Lab.record("x.lab.example", .cname(Lab.acs)), .kind),
    ]
    let update = zones.updating(adding: cases.map(\.0), removing: [Lab.records[0]])
    #expect(update.refusals.map(\.record) == cases.map(\.0))
    #expect(update.refusals.map(\.reason) == cases.map(\.1))
    #expect(update.zones.zones.map(\.soa.serial) == zones.zones.map(\.soa.serial))
    #expect(update.zones.records(of: Lab.acs) == zones.records(of: Lab.acs))
  }

  @Test(arguments: [
    ("msr-1", "msr-1"), ("MSR", "msr"), ("msr.branch.example", "msr"), (nil, "ip-192-0-2-9"), ("", "ip-192-0-2-9"),
    ("-x", "ip-192-0-2-9"), ("x-", "ip-192-0-2-9"), ("a b", "ip-192-0-2-9"), ("*", "ip-192-0-2-9"),
    ("ip-192-0-2-1", "ip-192-0-2-9"), ("mail", "ip-192-0-2-9"), ("deep", "deep"), ("röuter", "ip-192-0-2-9"),
    (String(repeating: "a", count: 64), "ip-192-0-2-9"),
  ])
  func `a lease is named by its host name where that is one, else by its address`(hostname: String?, label: String)
    throws
  {
    let records = try Lab.zones().leaseRecords(
      of: IPv4Address(192, 0, 2, 9), hostname: hostname, in: Lab.domain, timeToLive: 30)
    #expect(records.first?.name.description == "\(label).lab.example")
    #expect(records.last?.data == .ptr(Lab.name("\(label).lab.example")))
  }

  @Test func `routers that call themselves the same share the name, 16 of them at most`() throws {
    var zones = try Lab.zones()
    var refusals: [ZoneRefusal] = []
    let leases = (30..<47).map { host in
      zones.leaseRecords(of: IPv4Address(192, 0, 2, UInt8(host)), hostname: "HPE", in: Lab.domain, timeToLive: 30)
    }
    for lease in leases {
      let update = zones.updating(adding: lease, removing: [])
      zones = update.zones
      refusals += update.refusals
    }
    let name = Lab.name("hpe.lab.example")
    #expect(zones.records(of: name).map(\.data.count) == [16])
    #expect(refusals.map(\.reason) == [.tooManyRecords])
    zones = zones.updating(adding: [], removing: leases[0]).zones
    #expect(zones.records(of: name).map(\.data.count) == [15])
    #expect(zones.records(of: Lab.name("46.2.0.192.in-addr.arpa")).map(\.data) == [[.ptr(name)]])
  }

  @Test func `many leases are all found, and none is left when they are gone`() throws {
    let empty = try Lab.builder().build()
    var zones = empty
    let addresses = (0..<2000).map { IPv4Address(rawValue: 0xC000_0200 + UInt32($0 % 256)) }
    let records = addresses.enumerated().map { index, address in
      Lab.record("r\(index).lab.example", .a(address))
    }
    for record in records { zones = zones.updating(adding: [record], removing: []).zones }
    #expect(zones.nameCount == empty.nameCount + 2000)
    for record in records { #expect(zones.records(of: record.name).map(\.data) == [[record.data]]) }
    zones = zones.updating(adding: [], removing: records).zones
    #expect(zones.nameCount == empty.nameCount)
  }
}
