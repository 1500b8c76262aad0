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
    let address = IPv4Address(192, 0, 2, 20)
    let name = Lab.name("r20.lab.example")
    let second = first.updating([LeaseName(address, isLeased: true, hostname: "r20")])
    let third = second.updating([LeaseName(address, isLeased: false)])
    #expect(first.records(of: name).isEmpty)
    #expect(second.records(of: name).map(\.data) == [[.a(address)]])
    #expect(second.records(of: name).map(\.timeToLive) == [30])
    #expect(second.records(of: Lab.name("20.2.0.192.in-addr.arpa")).map(\.data) == [[.ptr(name)]])
    #expect(third.records(of: name).isEmpty)
    #expect(third.records(of: Name(reverse: address)).isEmpty)
    for (earlier, later) in [(first, second), (second, third)] {
      for (before, after) in zip(earlier.zones, later.zones) {
        #expect(after.soa.serial.isLater(than: before.soa.serial))
      }
    }
    let unchanged = second.updating([LeaseName(address, isLeased: true, hostname: "R20.branch")])
    #expect(unchanged.zones.map(\.soa.serial) == second.zones.map(\.soa.serial))
    let goneAlready = third.updating([LeaseName(address, isLeased: false, hostname: "r20")])
    #expect(goneAlready.zones.map(\.soa.serial) == third.zones.map(\.soa.serial))
  }

  @Test func `a serial starts over at zero, and zero is later than the largest`() {
    let largest = SerialNumber(rawValue: .max)
    #expect(largest.next.rawValue == 0)
    #expect(largest.next.isLater(than: largest))
    #expect(!largest.isLater(than: largest.next))
    #expect(!largest.isLater(than: largest))
  }

  @Test func `names that live only by a lease below them go with it`() throws {
    var builder = ZoneBuilder(serial: SerialNumber(rawValue: 1))
    try builder.addZone(Lab.domain, nameServer: Lab.acs)
    try builder.addZone(Lab.name("10.in-addr.arpa"), nameServer: Lab.acs)
    let zones = try builder.build().namingLeases(in: Lab.domain, timeToLive: 30)
    let (one, two) = (IPv4Address(10, 3, 2, 1), IPv4Address(10, 3, 2, 2))
    let above = ["2.3.10.in-addr.arpa", "3.10.in-addr.arpa"]
    func codes(_ zones: ZoneSet) throws -> [ResponseCode] {
      try above.map { try Reply.to($0, .ptr, zones: zones).responseCode }
    }
    #expect(try codes(zones) == [.nameError, .nameError])
    let both = zones.updating([LeaseName(one, isLeased: true), LeaseName(two, isLeased: true)])
    #expect(try codes(both) == [.noError, .noError])
    #expect(try Reply.to("9.3.10.in-addr.arpa", .ptr, zones: both).responseCode == .nameError)
    let left = both.updating([LeaseName(one, isLeased: false)])
    #expect(try codes(left) == [.noError, .noError])
    #expect(try codes(left.updating([LeaseName(two, isLeased: false)])) == [.nameError, .nameError])
    // Outside of the zones there is nothing, leased or not.
    let foreign = both.updating([LeaseName(IPv4Address(11, 3, 2, 1), isLeased: true)])
    #expect(try Reply.to("1.2.3.11.in-addr.arpa", .ptr, zones: foreign).responseCode == .refused)
  }

  @Test(arguments: ["ACS", "x.sub", "sub", "*", "acs.branch"])
  func `a lease cannot take a name of the configuration`(hostname: String) throws {
    let zones = try Lab.zones()
    let address = IPv4Address(192, 0, 2, 66)
    let next = zones.updating([LeaseName(address, isLeased: true, hostname: hostname)])
    for record in Lab.records { #expect(next.records(of: record.name) == zones.records(of: record.name)) }
    let isTaken = hostname != "x.sub"
    let label = isTaken ? "ip-192-0-2-66" : "x"
    #expect(next.records(of: Lab.name("\(label).lab.example")).map(\.data) == [[.a(address)]])
  }

  @Test func `a PTR record of the configuration stays as it is, whoever leases the address`() throws {
    let address = IPv4Address(192, 0, 2, 40)
    let zones = try Lab.zones(with: [ResourceRecord(Name(reverse: address), timeToLive: 60, .ptr(Lab.acs))])
    let next = zones.updating([LeaseName(address, isLeased: true, hostname: "r40")])
    #expect(next.records(of: Name(reverse: address)).map(\.data) == [[.ptr(Lab.acs)]])
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
    let address = IPv4Address(192, 0, 2, 9)
    let zones = try Lab.zones().updating([LeaseName(address, isLeased: true, hostname: hostname)])
    let name = Lab.name("\(label).lab.example")
    #expect(zones.records(of: name).map(\.data) == [[.a(address)]])
    #expect(zones.records(of: Name(reverse: address)).map(\.data) == [[.ptr(name)]])
    // It has one name.
    let byAddress = Lab.name("ip-192-0-2-9.lab.example")
    #expect(zones.records(of: byAddress).isEmpty == (byAddress != name))
  }

  @Test(arguments: ["ip-192-0-2-09", "ip-192-0-2", "ip-192-0-2-9-1", "ip-192-0-2-256", "ip-", "ip-192.0.2.9"])
  func `what only looks like the name of an address is none`(label: String) throws {
    let zones = try Lab.zones().updating([LeaseName(IPv4Address(192, 0, 2, 9), isLeased: true)])
    #expect(zones.records(of: Lab.name("\(label).lab.example")).isEmpty)
    #expect(!zones.records(of: Lab.name("IP-192-0-2-9.LAB.example")).isEmpty)
  }

  @Test func `a wildcard does not cover the name of a lease, and a lease can be called as a name above others`() throws
  {
    let address = IPv4Address(192, 0, 2, 9)
    let zones = try Lab.zones(with: [
      Lab.record("*.lab.example", .txt([Array("any".utf8)])), Lab.record("x.branch.lab.example", .a(.loopback)),
    ]).updating([LeaseName(address, isLeased: true, hostname: "branch")])
    #expect(try Reply.to("branch.lab.example", .a, zones: zones).answers.map(\.data) == [.a(address)])
    #expect(try Reply.to("branch.lab.example", .txt, zones: zones).isNegative(.noError))
    #expect(try Reply.to("x.branch.lab.example", .a, zones: zones).answers.map(\.data) == [.a(.loopback)])
    #expect(try Reply.to("other.lab.example", .txt, zones: zones).answers.count == 1)
  }

  @Test func `routers that call themselves the same share the name, 16 of them at most`() throws {
    let addresses = (30..<47).map { IPv4Address(192, 0, 2, UInt8($0)) }
    var zones = try Lab.zones().updating(addresses.map { LeaseName($0, isLeased: true, hostname: "HPE") })
    let name = Lab.name("hpe.lab.example")
    #expect(zones.records(of: name).map(\.data) == [addresses.prefix(16).map { .a($0) }])
    // Who comes after them is named by its address.
    let last = Lab.name("ip-192-0-2-46.lab.example")
    #expect(zones.records(of: Name(reverse: addresses[16])).map(\.data) == [[.ptr(last)]])
    #expect(zones.records(of: last).map(\.data) == [[.a(addresses[16])]])
    zones = zones.updating([LeaseName(addresses[0], isLeased: false)])
    #expect(zones.records(of: name).map(\.data.count) == [15])
    zones = zones.updating([LeaseName(addresses[1], isLeased: true, hostname: "other")])
    #expect(zones.records(of: name).map(\.data.count) == [14])
  }

  @Test func `many leases are all found, and none is left when they are gone`() throws {
    let empty = try Lab.builder().build().namingLeases(in: Lab.domain, timeToLive: 30)
    let addresses = (0..<2000).map { IPv4Address(rawValue: 0xC000_0200 + UInt32($0 * 7)) }
    var zones = empty
    for (index, address) in addresses.enumerated() {
      zones = zones.updating([LeaseName(address, isLeased: true, hostname: index % 2 == 0 ? "r\(index)" : nil)])
    }
    for (index, address) in addresses.enumerated() {
      let label = index % 2 == 0 ? "r\(index)" : AddressLabelText.of(address)
      #expect(zones.records(of: Lab.name("\(label).lab.example")).map(\.data) == [[.a(address)]])
    }
    zones = zones.updating(addresses.map { LeaseName($0, isLeased: false) })
    for (index, address) in addresses.enumerated() {
      #expect(zones.records(of: Lab.name("r\(index).lab.example")).isEmpty)
      #expect(zones.records(of: Name(reverse: address)).isEmpty)
    }
    #expect(empty.records(of: Name(reverse: addresses[0])).isEmpty)
  }
}

private enum AddressLabelText {
  static func of(_ address: IPv4Address) -> String {
    "ip-\(address)".replacing(".", with: "-")
  }
}
