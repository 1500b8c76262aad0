import DHCP
import Net
import Testing

struct LeaseTableTests {
  private let start = Lab.start

  @Test func `a committed row is found by address and by client`() {
    var table = LeaseTable(pools: [pool(10)], now: start)
    let lease = lease(3, until: 60)
    table.apply(lease)
    #expect(table.lease(at: lease.address) == lease)
    #expect(table.leases(of: lease.client) == [lease])
    #expect(!table.isFree(lease.address))
    #expect(table.freeCount(in: 0) == 9)
  }

  @Test func `an address is free again when its lease has run out, and is the last whose turn comes`() {
    var table = LeaseTable(pools: [pool(3)], now: start)
    table.apply(lease(0, until: 60))
    table.advance(to: start.advanced(bySeconds: 59))
    #expect(!table.isFree(address(0)))
    table.advance(to: start.advanced(bySeconds: 60))
    #expect(table.isFree(address(0)))
    #expect(table.lease(at: address(0)) != nil)
    table.apply(lease(1, until: 1000))
    table.apply(lease(2, until: 1000))
    #expect(table.freeCount(in: 0) == 1)
  }

  @Test func `D82 time that goes back frees and binds nothing`() {
    var table = LeaseTable(pools: [pool(3)], now: start)
    table.apply(lease(0, until: 60))
    table.advance(to: start.advanced(bySeconds: 61))
    table.advance(to: start)
    #expect(table.isFree(address(0)))
  }

  @Test func `whatever comes and goes, each row is found by its address, and by its client alone`() {
    let addresses = (0..<700).compactMap { Lab.local.advanced(by: $0) }
    var table = LeaseTable(pools: [addresses.compactMap { AddressRange(first: $0, last: $0) }], now: start)
    var rows: [IPv4Address: Lease] = [:]
    var random = SplitMix64(state: 9)
    for step in 0..<20_000 {
      let hardware = MACAddress(rawValue: random.next() % 500)
      let clients: [ClientKey] = [
        .hardware(type: 1, address: hardware.octets), .hardware(type: 6, address: hardware.octets),
        .identifier([1] + hardware.octets), .identifier([0] + hardware.octets), .identifier([1, 2]),
      ]
      let lease = Lease(
        address: addresses[Int(random.next() % 700)], client: clients[Int(random.next() % 5)],
        hardware: random.next() % 4 == 0 ? nil : hardware, state: random.next() % 9 == 0 ? .declined : .bound,
        start: start, expiry: start.advanced(bySeconds: Int64(step)),
        hostname: random.next() % 2 == 0 ? nil : "r\(step)", relayInformation: random.next() % 2 == 0 ? nil : [7, 0])
      // A batch that is rolled back takes rows away again, also those that were not there before.
      if random.next() % 3 == 0 {
        table.begin()
        table.apply(lease)
        table.rollback()
      } else {
        table.apply(lease)
        rows[lease.address] = lease
      }
    }
    #expect(table.count == rows.count)
    #expect(Set(table.leases) == Set(rows.values))
    #expect(rows.allSatisfy { table.lease(at: $0.key) == $0.value })
    let byClient = Dictionary(grouping: rows.values.filter { $0.state != .declined }, by: \.client)
    for (client, leases) in byClient {
      let found = table.leases(of: client)
      #expect(found.count == min(leases.count, 16) && Set(found).isSubset(of: leases))
    }
    #expect(table.leases(of: .identifier([9])) == [])
  }

  @Test func `a batch that cannot be recorded leaves no trace`() throws {
    var lab = Lab()
    let old = try lab.lease(Client(1))
    let before = snapshot(lab.table)
    lab.table.begin()
    _ = try lab.lease(Client(2))
    _ = try lab.send(Client(3).discover())
    _ = try lab.send(Client(1).release(old))
    _ = try lab.lease(Client(1, identifier: [7, 7]))
    #expect(snapshot(lab.table) != before)
    lab.table.rollback()
    #expect(snapshot(lab.table) == before)
    #expect(lab.table.offer(to: Client(3).key) == nil)
    #expect(lab.table.leases(of: Client(2).key) == [])
    #expect(lab.table.leases(of: Client(1).key).map(\.address) == [old])
  }

  @Test func `each single change of a batch is undone`() throws {
    var lab = Lab()
    let old = try lab.lease(Client(1))
    let before = snapshot(lab.table)
    for message in [Client(2).discover(), Client(2).request(Lab.local.advanced(by: 5) ?? old), Client(1).release(old)] {
      lab.table.begin()
      _ = try lab.send(message)
      #expect(snapshot(lab.table) != before)
      lab.table.rollback()
      #expect(snapshot(lab.table) == before)
    }
  }

  @Test func `after any coming and going, each free address is handed out once and no other`() throws {
    var lab = Lab()
    var random = SplitMix64(state: 6)
    for _ in 0..<500 {
      let client = Client(random.next() % 12)
      lab.pass(seconds: Int64(random.next() % 9000))
      guard let offer = try lab.send(client.discover()).reply, random.next() % 4 > 0 else { continue }
      _ = try lab.send(client.request(offer.message.yiaddr))
      if random.next() % 3 == 0 { _ = try lab.send(client.release(offer.message.yiaddr)) }
    }
    lab.table.advance(to: lab.now)
    let free = (0..<10).compactMap { Lab.local.advanced(by: $0) }.filter(lab.table.isFree)
    let offered = try (100..<120).compactMap { try lab.send(Client($0).discover()).reply?.message.yiaddr }
    #expect(!free.isEmpty)
    #expect(offered.count == free.count)
    #expect(Set(offered) == Set(free))
  }

  @Test func `a batch that is recorded stays`() throws {
    var lab = Lab()
    lab.table.begin()
    let address = try lab.lease(Client(2))
    lab.table.commit()
    lab.table.rollback()
    #expect(lab.table.lease(at: address)?.client == Client(2).key)
  }

  @Test func `D74 a table made anew from the rows on record is the same`() throws {
    var lab = Lab()
    let address = try lab.lease(Client(1))
    _ = try lab.lease(Client(2))
    let rows = Array(lab.table.leases)
    lab.table = lab.server.configuration.table(leases: rows, now: lab.now)
    #expect(Set(lab.table.leases) == Set(rows))
    #expect(lab.table.freeCount(in: 0) == 8)
    #expect(try lab.send(Client(1).reboot(address)).reply?.type == .acknowledgement)
  }

  @Test func `excluded, reserved, network, broadcast, router and server addresses are in no pool`() {
    let subnet = SubnetConfiguration(
      subnet: Subnet(containing: address(0), prefixLength: 24),
      pools: [AddressRange("192.0.2.0-192.0.2.255")].compactMap(\.self),
      excluded: [AddressRange("192.0.2.10-192.0.2.250")].compactMap(\.self),
      reservations: Reservations([Reservation(client: .identifier([1, 1]), address: IPv4Address(192, 0, 2, 4))]),
      routers: [IPv4Address(192, 0, 2, 2)])
    let ranges = subnet.allocatable(without: [IPv4Address(192, 0, 2, 1)])
    #expect(ranges.map(\.description) == ["192.0.2.3", "192.0.2.5-192.0.2.9", "192.0.2.251-192.0.2.254"])
  }

  @Test func `pools that overlap hand out each address once`() {
    var table = LeaseTable(
      pools: [
        ["192.0.2.10-192.0.2.20", "192.0.2.15-192.0.2.30"].compactMap(AddressRange.init),
        ["192.0.2.25-192.0.2.40", "192.0.2.12"].compactMap(AddressRange.init),
      ], now: start)
    #expect(table.freeCount(in: 0) == 21)
    #expect(table.freeCount(in: 1) == 10)
    #expect(table.pool(of: IPv4Address(192, 0, 2, 30)) == 0)
    #expect(table.pool(of: IPv4Address(192, 0, 2, 31)) == 1)
    table.apply(lease(IPv4Address(192, 0, 2, 31), client: 9, until: 10))
    #expect(table.freeCount(in: 1) == 9)
  }

  @Test func `the last address of the address space can be in a pool`() {
    let table = LeaseTable(
      pools: [["255.255.255.250-255.255.255.255", "255.255.255.255"].compactMap(AddressRange.init)], now: start)
    #expect(table.freeCount(in: 0) == 6)
  }

  /// Against a model that is too simple to be wrong.
  @Test func `whatever happens, an address is free just when nothing holds it`() {
    var random = SplitMix64(state: 4)
    var table = LeaseTable(pools: [pool(40)], now: start)
    var rows: [IPv4Address: Lease] = [:]
    var now = start
    for step in 0..<20_000 {
      now = now.advanced(bySeconds: Int64(random.next() % 3))
      table.advance(to: now)
      let place = Int(random.next() % 40)
      var row = lease(address(place), client: UInt8(random.next() % 60), until: 0)
      row.start = now
      row.state = [.bound, .bound, .bound, .released, .declined][Int(random.next() % 5)]
      row.expiry = row.state == .released ? now : now.advanced(bySeconds: Int64(random.next() % 100))
      table.apply(row)
      rows[row.address] = row
      guard step.isMultiple(of: 100) else { continue }
      let free = (0..<40).map(address).filter { rows[$0].map { $0.state == .released || $0.expiry <= now } ?? true }
      #expect(table.freeCount(in: 0) == free.count)
      #expect((0..<40).map(address).filter(table.isFree) == free)
    }
  }

  private func snapshot(_ table: LeaseTable) -> [String] {
    table.leases.map { "\($0)" }.sorted() + ["\(table.offerCount) \(table.freeCount(in: 0)) \(table.freeCount(in: 1))"]
  }

  private func address(_ place: Int) -> IPv4Address { IPv4Address(192, 0, 2, UInt8(10 + place)) }

  private func pool(_ count: Int) -> [AddressRange] {
    [AddressRange(first: address(0), last: address(count - 1))].compactMap(\.self)
  }

  private func lease(_ place: Int, until seconds: Int64) -> Lease {
    lease(address(place), client: UInt8(place), until: seconds)
  }

  private func lease(_ address: IPv4Address, client: UInt8, until seconds: Int64) -> Lease {
    let hardware = MACAddress(rawValue: UInt64(client))
    return Lease(
      address: address, client: .hardware(type: 1, address: hardware.octets), hardware: hardware, state: .bound,
      start: start, expiry: start.advanced(bySeconds: seconds))
  }

  @Test
  func `a new configuration leaves leases, offers and what is asked as they are, but for addresses that it has not`()
    throws
  {
    var lab = Lab()
    let holder = try lab.lease(Client(1))
    let offered = try #require(try lab.send(Client(2).discover()).reply).message.yiaddr
    let lost = try #require(
      try lab.send(Client(3).discover(requesting: IPv4Address(192, 0, 2, 109))).reply
    ).message.yiaddr
    let next = ServerConfiguration(
      subnets: [Lab.subnet(pool: "192.0.2.100-192.0.2.108")], serverAddresses: [Lab.serverAddress])
    lab.server = Server(next)
    next.take(over: &lab.table, now: lab.now)
    #expect(lab.table.offerCount == 1 && lab.table.freeCount(in: 0) == 7)
    // Nobody else is offered what is on offer.
    #expect(try lab.send(Client(4).discover()).reply?.message.yiaddr == IPv4Address(192, 0, 2, 102))
    #expect(try lab.send(Client(2).request(offered)).reply?.type == .acknowledgement)
    #expect(try lab.send(Client(3).request(lost)).reply?.type == .negativeAcknowledgement)
    #expect(try lab.send(Client(1).extend(holder)).reply?.type == .acknowledgement)
  }

  @Test func `a lease outside of the new pools is not extended, and its client gets another address`() throws {
    var lab = Lab()
    let address = try lab.lease(Client(1))
    let next = ServerConfiguration(
      subnets: [Lab.subnet(pool: "192.0.2.150-192.0.2.159")], serverAddresses: [Lab.serverAddress])
    lab.server = Server(next)
    next.take(over: &lab.table, now: lab.now)
    #expect(try lab.send(Client(1).extend(address)).outcomes == [.refused(address, .notGrantable)])
    #expect(try lab.lease(Client(1)) == IPv4Address(192, 0, 2, 150))
  }
}
