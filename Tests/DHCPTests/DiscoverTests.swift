import DHCP
import Net
import Testing

struct DiscoverTests {
  @Test func `D01 an OFFER goes to the client's hardware address, with its fields copied`() throws {
    var lab = Lab()
    let client = Client(1, identifier: [9, 9])
    let discover = client.message(.discover) {
      $0.secs = 7
      $0.hops = 3
    }
    let reply = try #require(try lab.send(discover).reply)
    #expect(reply.destination == .unicast(Lab.local, client.hardware))
    #expect(reply.source == Lab.serverAddress)
    let offer = reply.message
    #expect(offer.op == .reply && offer.xid == discover.xid && offer.chaddr == discover.chaddr)
    #expect(offer.yiaddr == Lab.local && offer.ciaddr == .unspecified && offer.siaddr == .unspecified)
    #expect(offer.hops == 0 && offer.secs == 0)
  }

  @Test func `D02 an OFFER is broadcast where the client asks for that`() throws {
    var lab = Lab()
    let reply = try #require(try lab.send(Client(1).message(.discover) { $0.isBroadcast = true }).reply)
    #expect(reply.destination == .broadcast)
    #expect(reply.message.isBroadcast)
  }

  @Test func `D03 an OFFER has 53, 54 and 51, and not 50, 55 or 57`() throws {
    var lab = Lab()
    let client = Client(1).requesting(1, 3, 50, 51, 55, 57, 58, 59).with(.maximumMessageSize, [5, 220])
    let offer = try #require(try lab.send(client.discover(requesting: Lab.local)).reply).message
    #expect(try offer.options.value(.messageType) == .offer)
    #expect(try offer.options.value(.serverIdentifier) == Lab.serverAddress)
    #expect(try offer.options.value(.leaseTime) == 43_200)
    #expect(
      offer.options.codes
        == [.messageType, .serverIdentifier, .leaseTime, .renewalTime, .rebindingTime, .subnetMask, .routers])
  }

  @Test func `D05 D06 an answer is as long as the client takes, and 576 bytes at least, headers included`() throws {
    for (asked, limit) in [(nil, 548), (100, 548), (576, 548), (1400, 1372), (9000, 1472)] as [(UInt16?, Int)] {
      var lab = Lab()
      let discover = Client(1).message(.discover) { if let asked { $0.options.set(.maximumMessageSize, asked) } }
      #expect(try lab.send(discover).reply?.limit == limit)
    }
  }

  @Test func `D16 a free address of the pool that the client asks for is offered`() throws {
    var lab = Lab()
    let wanted = IPv4Address(192, 0, 2, 107)
    #expect(try lab.send(Client(1).discover(requesting: wanted)).reply?.message.yiaddr == wanted)
  }

  @Test(arguments: [
    IPv4Address(192, 0, 2, 100), IPv4Address(192, 0, 2, 50), IPv4Address(192, 0, 2, 0), IPv4Address(192, 0, 2, 255),
    Lab.serverAddress, IPv4Address(198, 51, 100, 100), .broadcast, .unspecified,
  ])
  func `D17 an address that is taken, out of the pool or no host's is not offered`(wanted: IPv4Address) throws {
    var lab = Lab()
    let taken = try lab.lease(Client(9))
    let offered = try #require(try lab.send(Client(1).discover(requesting: wanted)).reply).message.yiaddr
    #expect(offered != wanted && offered != taken)
  }

  @Test func `D18 D19 a client is offered its own address, while its lease lasts and after`() throws {
    var lab = Lab()
    let address = try lab.lease(Client(1))
    #expect(try lab.send(Client(1).discover()).reply?.message.yiaddr == address)
    lab.pass(seconds: 100_000)
    #expect(try lab.lease(Client(2)) != address)
    #expect(try lab.send(Client(1).discover(requesting: IPv4Address(192, 0, 2, 105))).reply?.message.yiaddr == address)
  }

  @Test func `D20 a client is who its identifier says`() throws {
    var lab = Lab()
    let one = try lab.lease(Client(1, identifier: [1, 1]))
    let two = try lab.lease(Client(1, identifier: [2, 2]))
    #expect(one != two)
    #expect(try lab.lease(Client(7, identifier: [1, 1])) == one)
    #expect(lab.table.count == 2)
  }

  @Test func `D21 a repeated DISCOVER gets the same offer and reserves no second address`() throws {
    var lab = Lab()
    let first = try lab.send(Client(1).discover())
    lab.pass(seconds: 4)
    let second = try lab.send(Client(1).discover())
    #expect(first.reply?.message == second.reply?.message)
    #expect(lab.table.freeCount(in: 0) == 9)
  }

  @Test func `D22 clients that race get different offers, which are held for 60 seconds`() throws {
    var lab = Lab()
    let one = try #require(try lab.send(Client(1).discover()).reply).message.yiaddr
    let two = try #require(try lab.send(Client(2).discover(requesting: one)).reply).message.yiaddr
    #expect(one != two)
    lab.pass(seconds: 59)
    #expect(try lab.send(Client(3).discover(requesting: one)).reply?.message.yiaddr != one)
    lab.pass(seconds: 1)
    #expect(try lab.send(Client(4).discover(requesting: one)).reply?.message.yiaddr == one)
    #expect(lab.table.offer(to: Client(1).key) == nil)
  }

  @Test func `D23 an exhausted pool is silent, with its reason, and recovers`() throws {
    var lab = Lab()
    for number in 1...10 { _ = try lab.lease(Client(UInt64(number))) }
    let decision = try lab.send(Client(11).discover())
    #expect(decision.reply == nil)
    #expect(decision.outcomes.last == .ignored(.poolExhausted))
    #expect(try lab.send(Client(3).discover()).reply != nil)
    lab.pass(seconds: 43_200)
    #expect(try lab.send(Client(11).discover()).reply != nil)
  }

  @Test func `D24 a lease is as long as asked for, within the limits`() throws {
    var lab = Lab(subnets: [Lab.subnet(times: LeaseTimes(standard: 600, minimum: 300, maximum: 3600))])
    for (asked, granted) in [(nil, 600), (10, 300), (1000, 1000), (5000, 3600), (.max, 3600)] as [(UInt32?, UInt32)] {
      let discover = Client(1).message(.discover) { if let asked { $0.options.set(.leaseTime, asked) } }
      #expect(try lab.send(discover).reply?.message.options.value(.leaseTime) == granted)
    }
    lab = Lab(subnets: [Lab.subnet(times: LeaseTimes(standard: 600, minimum: 300, maximum: .max))])
    let forever = try lab.send(
      Client(1).message(.request) {
        $0.options.set(.requestedAddress, Lab.local)
        $0.options.set(.serverIdentifier, Lab.serverAddress)
        $0.options.set(.leaseTime, .max)
      })
    #expect(forever.changes.first?.expiry == .distantFuture)
    #expect(forever.reply?.message.options.contains(.renewalTime) == false)
  }

  @Test func `D25 T1 comes before T2 comes before the end`() throws {
    var lab = Lab(subnets: [Lab.subnet(times: LeaseTimes(standard: 1000, minimum: 1, maximum: 1000))])
    let offer = try #require(try lab.send(Client(1).discover()).reply).message
    #expect(try offer.options.value(.renewalTime) == 500)
    #expect(try offer.options.value(.rebindingTime) == 875)
    let short = try lab.send(Client(1).message(.discover) { $0.options.set(.leaseTime, 1) })
    #expect(short.reply?.message.options.contains(.renewalTime) == false)
  }

  @Test func `D62 D63 rapid commit is not spoken: a DISCOVER gets an OFFER`() throws {
    var lab = Lab()
    let decision = try lab.send(Client(1).with(.rapidCommit, []).discover())
    #expect(decision.reply?.type == .offer)
    #expect(decision.reply?.message.options.contains(.rapidCommit) == false)
    #expect(decision.changes.isEmpty)
  }

  @Test func `D77 a client without an Ethernet address is answered by broadcast`() throws {
    var lab = Lab()
    let discover = Client(1, identifier: [32, 1, 2, 3]).message(.discover) {
      $0.htype = 32
      $0.chaddr = []
    }
    let reply = try #require(try lab.send(discover).reply)
    #expect(reply.destination == .broadcast)
    #expect(reply.message.chaddr.isEmpty)
  }

  @Test func `D78 offers are bounded, and those with a lease are served beyond the bound`() throws {
    var lab = Lab { $0.maximumOffers = 3 }
    let address = try lab.lease(Client(50))
    for number in 1...3 { #expect(try lab.send(Client(UInt64(number)).discover()).reply != nil) }
    #expect(try lab.send(Client(4).discover()).outcomes.last == .ignored(.tooManyOffers))
    #expect(try lab.send(Client(50).discover()).reply?.message.yiaddr == address)
    #expect(try lab.send(Client(50).extend(address), to: Lab.serverAddress).reply?.type == .acknowledgement)
    lab.pass(seconds: 60)
    #expect(try lab.send(Client(4).discover()).reply != nil)
    #expect(lab.table.offerCount == 1)
  }

  @Test func `D79 a reservation by identifier or hardware address is given, in or out of the pool, and to no other`()
    throws
  {
    let byHardware = Reservation(
      client: .hardware(Client(1).hardware), address: IPv4Address(192, 0, 2, 100), hostname: "msr-1")
    let byIdentifier = Reservation(client: .identifier([5, 5]), address: IPv4Address(192, 0, 2, 20))
    var lab = Lab(subnets: [Lab.subnet(reservations: [byHardware, byIdentifier])])
    #expect(try lab.lease(Client(2)) == IPv4Address(192, 0, 2, 101))
    #expect(try lab.lease(Client(1, identifier: [8, 8]).requesting(12)) == byHardware.address)
    #expect(lab.table.lease(at: byHardware.address)?.hostname == "msr-1")
    #expect(try lab.lease(Client(3, identifier: [5, 5])) == byIdentifier.address)
    #expect(
      try lab.send(Client(4).request(byIdentifier.address)).outcomes == [.refused(byIdentifier.address, .notGrantable)])
    #expect(
      try lab.send(Client(4).discover(requesting: byHardware.address)).reply?.message.yiaddr != byHardware.address)
  }

  @Test func `a client moves to its new reservation when it renews, and its old address is free`() throws {
    var lab = Lab()
    let old = try lab.lease(Client(1))
    let reservation = Reservation(client: .hardware(Client(1).hardware), address: IPv4Address(192, 0, 2, 20))
    let rows = Array(lab.table.leases)
    var moved = Lab(subnets: [Lab.subnet(reservations: [reservation])])
    moved.table = moved.server.configuration.table(leases: rows, now: moved.now)
    #expect(try moved.send(Client(1).extend(old), to: Lab.serverAddress).outcomes == [.refused(old, .otherAddress)])
    #expect(try moved.lease(Client(1)) == reservation.address)
    #expect(moved.table.lease(at: old)?.state == .released)
    #expect(moved.table.isFree(old))
  }

  @Test func `a reservation that someone else holds waits until that lease has ended`() throws {
    var lab = Lab()
    let held = try lab.lease(Client(1))
    let rows = Array(lab.table.leases)
    let reservation = Reservation(client: .hardware(Client(2).hardware), address: held)
    lab = Lab(subnets: [Lab.subnet(reservations: [reservation])])
    lab.table = lab.server.configuration.table(leases: rows, now: lab.now)
    let other = try lab.lease(Client(2))
    #expect(other != held)
    #expect(try lab.send(Client(2).extend(other), to: Lab.serverAddress).reply?.type == .acknowledgement)
    #expect(try lab.send(Client(1).extend(held), to: Lab.serverAddress).reply?.type == .negativeAcknowledgement)
    lab.pass(seconds: 50_000)
    #expect(try lab.lease(Client(2)) == held)
  }

  @Test func `what the client shows of itself is told`() throws {
    var lab = Lab()
    let client = Client(1).with(.vendorClass, [0x48, 0x33, 0x43, 0]).with(.hostName, "Router_1.lab".utf8)
      .with(.relayInformation, [1, 2, 0, 7])
    #expect(
      try lab.send(client.discover()).outcomes
        == [.discovered(vendorClass: "H3C", hostname: "Router-1", relay: "0007"), .offered(Lab.local)])
  }

  @Test func `D62 a DISCOVER with option 80 is bound at once where that is on, and gets an OFFER without 80 where not`()
    throws
  {
    let client = Client(1).with(.rapidCommit, [])
    var on = Lab { $0.commitsRapidly = true }
    let decision = try on.send(client.discover())
    let reply = try #require(decision.reply)
    #expect(reply.type == .acknowledgement && reply.message.yiaddr == Lab.local)
    #expect(reply.message.options[.rapidCommit].map { Array($0) } == [])
    #expect(decision.changes.map(\.address) == [Lab.local] && decision.changes.map(\.state) == [.bound])
    #expect(decision.outcomes.count == 2 && decision.outcomes.first?.counter == "dhcp.discovered")
    #expect(on.table.offerCount == 0)

    var off = Lab()
    let offer = try #require(try off.send(client.discover()).reply)
    #expect(offer.type == .offer && !offer.message.options.contains(.rapidCommit))
  }

  @Test func `D63 a client without option 80 never gets an ACK to a DISCOVER`() throws {
    var lab = Lab { $0.commitsRapidly = true }
    #expect(try lab.send(Client(1).discover()).reply?.type == .offer)
    let address = try lab.lease(Client(1))
    let reply = try #require(try lab.send(Client(1).discover()).reply)
    #expect(reply.type == .offer && reply.message.yiaddr == address)
  }

  @Test func `D81 a server that stands in for another offers to clients that have tried for long enough`() throws {
    var lab = Lab { $0.offersAfter = 10 }
    let early = try lab.send(Client(1).message(.discover) { $0.secs = 9 })
    #expect(early.reply == nil && early.outcomes.last == .ignored(.tooEarly))
    #expect(lab.table.offerCount == 0)
    #expect(try lab.send(Client(1).message(.discover) { $0.secs = 10 }).reply?.type == .offer)
    // By default the first one is answered.
    var other = Lab()
    #expect(try other.send(Client(1).discover()).reply?.type == .offer)
  }

  @Test func `D79 an address is set down for whoever is at a port of a relay, and for nobody elsewhere`() throws {
    let reserved = IPv4Address(198, 51, 100, 7)
    let port: [UInt8] = Array("Gi0/1".utf8)
    let remote = SubnetConfiguration(
      subnet: Subnet(containing: Lab.relay, prefixLength: 24),
      pools: [AddressRange("198.51.100.100-198.51.100.109")].compactMap(\.self),
      reservations: Reservations([
        Reservation(client: .circuit(port), address: reserved),
        Reservation(client: .remote([0, 4]), address: IPv4Address(198, 51, 100, 8)),
      ]))
    var lab = Lab(subnets: [Lab.subnet(), remote])
    let information = [1, UInt8(port.count)] + port
    #expect(try lab.lease(Client(1).behindRelay(information)) == reserved)
    // The router at the port was replaced: the next one has the address at once.
    #expect(try lab.lease(Client(2).behindRelay(information + [2, 2, 0, 4])) == reserved)
    #expect(lab.table.lease(at: reserved)?.client == Client(2).key)
    #expect(
      try lab.send(Client(1).behindRelay([1, 1, 9]).extend(reserved)).outcomes == [.refused(reserved, .otherAddress)])
    #expect(try lab.lease(Client(3).behindRelay([2, 2, 0, 4])) == IPv4Address(198, 51, 100, 8))
    #expect(try lab.lease(Client(4).behindRelay([1, 1, 9])) == IPv4Address(198, 51, 100, 100))
  }

  // MARK: - Starvation

  @Test func `D78 who floods a port of a relay holds that port's share only, and who is known is served meanwhile`()
    throws
  {
    var lab = Lab {
      $0.maximumOffersPerCircuit = 3
      $0.maximumOffersPerLink = 4
    }
    let known = Client(99).behindRelay([1, 1, 7])
    let address = try lab.lease(known)
    for number in 1...50 as ClosedRange<UInt64> { _ = try lab.send(Client(number).behindRelay([1, 1, 7]).discover()) }
    #expect(lab.table.offerCount == 3)
    let late = try lab.send(Client(51).behindRelay([1, 1, 7]).discover())
    #expect(late.reply == nil && late.outcomes.last == .ignored(.tooManyOffersAtPort))
    // Another port, the relay itself, the server's own link: each has its own.
    #expect(try lab.send(Client(52).behindRelay([1, 1, 8]).discover()).reply != nil)
    #expect(try lab.send(Client(53).behindRelay().discover()).reply != nil)
    #expect(try lab.send(known.extend(address)).reply?.type == .acknowledgement)
    #expect(try lab.send(known.discover()).reply?.type == .offer)
    #expect(try lab.send(Client(3).behindRelay([1, 1, 7]).discover()).reply?.type == .offer)
    for number in 60...70 as ClosedRange<UInt64> { _ = try lab.send(Client(number).discover()) }
    #expect(try lab.send(Client(71).discover()).outcomes.last == .ignored(.tooManyOffersOnLink))

    // Offers that are not taken make room by themselves.
    lab.pass(seconds: 61)
    #expect(try lab.send(Client(51).behindRelay([1, 1, 7]).discover()).reply != nil)
    #expect(try lab.send(Client(71).discover()).reply != nil)
    #expect(lab.table.offerCount == 2)
  }

  @Test func `D78 the addresses that a flood holds are those of its limit, and are free again when it is over`() throws
  {
    var lab = Lab(subnets: [Lab.subnet(pool: "192.0.2.100-192.0.2.199")]) { $0.maximumOffersPerLink = 20 }
    for number in 1...100_000 as ClosedRange<UInt64> {
      lab.table.begin()
      _ = lab.server.decide(
        Client(number).discover(),
        from: Arrival(interfaceAddresses: [Lab.serverAddress], source: .unspecified, destination: .broadcast),
        table: &lab.table, now: lab.now)
      if number % 3 == 0 { lab.table.rollback() } else { lab.table.commit() }
    }
    #expect(lab.table.offerCount == 20 && lab.table.freeCount(in: 0) == 80)
    lab.pass(seconds: 61)
    lab.table.advance(to: lab.now)
    #expect(lab.table.offerCount == 0 && lab.table.freeCount(in: 0) == 100)
  }
}
