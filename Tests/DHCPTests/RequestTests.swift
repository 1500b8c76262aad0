import DHCP
import Net
import Testing

struct RequestTests {
  @Test func `D26 a REQUEST in SELECTING for our offer is acknowledged, and the lease is to be written first`() throws {
    var lab = Lab()
    let client = Client(1, identifier: [1, 2]).with(.hostName, "msr".utf8).with(.vendorClass, "H3C".utf8)
    _ = try lab.send(client.discover())
    let decision = try lab.send(client.request(Lab.local))
    let lease = Lease(
      address: Lab.local, client: client.key, hardware: client.hardware, state: .bound, start: lab.now,
      expiry: lab.now.advanced(bySeconds: 43_200), hostname: "msr", vendorClass: "H3C")
    #expect(decision.changes == [lease])
    #expect(decision.outcomes == [.acknowledged(lease, acs: nil)])
    #expect(decision.reply?.type == .acknowledgement)
    #expect(decision.reply?.message.yiaddr == Lab.local)
    #expect(lab.table.offerCount == 0)
  }

  @Test func `D26 a REQUEST for a free address of the pool is acknowledged though the offer is forgotten`() throws {
    var lab = Lab()
    #expect(try lab.send(Client(1).request(Lab.local)).reply?.type == .acknowledgement)
  }

  @Test func `D27 a REQUEST for another server is ignored and frees our offer`() throws {
    var lab = Lab()
    _ = try lab.send(Client(1).discover())
    #expect(lab.table.freeCount(in: 0) == 9)
    let decision = try lab.send(Client(1).request(Lab.local, of: IPv4Address(192, 0, 2, 2)))
    #expect(decision == Decision(outcomes: [.ignored(.notOurServerIdentifier)]))
    #expect(lab.table.freeCount(in: 0) == 10)
  }

  @Test func `D28 a REQUEST for an address that is taken is refused`() throws {
    var lab = Lab()
    let taken = try lab.lease(Client(1))
    _ = try lab.send(Client(2).discover())
    let decision = try lab.send(Client(2).request(taken))
    #expect(decision.outcomes == [.refused(taken, .notGrantable)])
    #expect(decision.reply?.type == .negativeAcknowledgement)
    #expect(decision.changes.isEmpty)
    #expect(lab.table.lease(at: taken)?.client == Client(1).key)
  }

  @Test func `D28 what is on offer to another client is not granted`() throws {
    var lab = Lab()
    _ = try lab.send(Client(1).discover())
    #expect(try lab.send(Client(2).request(Lab.local)).outcomes == [.refused(Lab.local, .notGrantable)])
  }

  @Test func `D29 a REQUEST in SELECTING without an address changes nothing`() throws {
    var lab = Lab()
    _ = try lab.send(Client(1).discover())
    let without = Client(1).message(.request) { $0.options.set(.serverIdentifier, Lab.serverAddress) }
    let empty = Client(1).message(.request)
    for message in [without, empty] {
      #expect(try lab.send(message) == Decision(outcomes: [.ignored(.malformedRequest)]))
    }
    #expect(lab.table.count == 0)
  }

  @Test func `D30 a client that reboots gets its own address again, for a whole new lease`() throws {
    var lab = Lab()
    let address = try lab.lease(Client(1))
    lab.pass(seconds: 1000)
    let decision = try lab.send(Client(1).reboot(address))
    #expect(decision.reply?.type == .acknowledgement)
    #expect(decision.changes.first?.expiry == lab.now.advanced(bySeconds: 43_200))
  }

  @Test func `D31 a client that reboots on another subnet is refused, or ignored where another server may be`() throws {
    var lab = Lab()
    let foreign = IPv4Address(10, 0, 0, 5)
    #expect(try lab.send(Client(1).reboot(foreign)).outcomes == [.refused(foreign, .wrongSubnet)])
    lab = Lab { $0.isAuthoritative = false }
    #expect(try lab.send(Client(1).reboot(foreign)) == Decision(outcomes: [.ignored(.unknownClient)]))
    // Who has chosen us is told.
    #expect(try lab.send(Client(1).request(foreign)).outcomes == [.refused(foreign, .wrongSubnet)])
  }

  @Test func `D32 an unknown client that reboots is refused, or ignored where another server may know it`() throws {
    var lab = Lab()
    #expect(try lab.send(Client(1).reboot(Lab.local)).outcomes == [.refused(Lab.local, .unknownClient)])
    lab = Lab { $0.isAuthoritative = false }
    #expect(try lab.send(Client(1).reboot(Lab.local)) == Decision(outcomes: [.ignored(.unknownClient)]))
  }

  @Test func `D33 a known client that reboots with another address is refused`() throws {
    var lab = Lab()
    _ = try lab.lease(Client(1))
    let other = IPv4Address(192, 0, 2, 105)
    #expect(try lab.send(Client(1).reboot(other)).outcomes == [.refused(other, .otherAddress)])
  }

  @Test func `D34 a client that renews is answered at its address, with a new expiry`() throws {
    var lab = Lab()
    let address = try lab.lease(Client(1))
    lab.pass(seconds: 21_600)
    let decision = try lab.send(Client(1).extend(address), from: address, to: Lab.serverAddress)
    let reply = try #require(decision.reply)
    #expect(reply.destination == .routed(address))
    #expect(reply.message.ciaddr == address && reply.message.yiaddr == address)
    #expect(decision.changes.first?.expiry == lab.now.advanced(bySeconds: 43_200))
  }

  @Test func `D35 a client that rebinds is answered at its address, or through its relay`() throws {
    var lab = Lab()
    let address = try lab.lease(Client(1))
    #expect(try lab.send(Client(1).extend(address), from: address).reply?.destination == .routed(address))
    let far = try lab.lease(Client(2).behindRelay())
    let reply = try #require(try lab.send(Client(2).behindRelay().extend(far)).reply)
    #expect(reply.destination == .relay(Lab.relay))
    #expect(reply.message.ciaddr == far)
  }

  @Test func `a client behind a router renews directly with the server`() throws {
    var lab = Lab()
    let far = try lab.lease(Client(2).behindRelay())
    let reply = try #require(try lab.send(Client(2).extend(far), from: far, to: Lab.serverAddress).reply)
    #expect(reply.type == .acknowledgement)
    #expect(reply.destination == .routed(far))
    #expect(try reply.message.options.value(.routers) == nil || reply.message.options.value(.routers) == [Lab.relay])
  }

  @Test func `D36 a renewal of a lease that has ended or never was is refused, or ignored without authority`() throws {
    for (isAuthoritative, ended, unknown) in [
      (true, Outcome.refused(Lab.local, .leaseEnded), Outcome.refused(IPv4Address(192, 0, 2, 105), .unknownClient)),
      (false, .ignored(.unknownClient), .ignored(.unknownClient)),
    ] {
      var lab = Lab { $0.isAuthoritative = isAuthoritative }
      let address = try lab.lease(Client(1))
      lab.pass(seconds: 50_000)
      #expect(try lab.send(Client(1).extend(address), to: Lab.serverAddress).outcomes == [ended])
      #expect(
        try lab.send(Client(2).extend(IPv4Address(192, 0, 2, 105)), to: Lab.serverAddress).outcomes == [unknown])
    }
  }

  @Test func `D36 a renewal of another client's address is refused with or without authority`() throws {
    var lab = Lab { $0.isAuthoritative = false }
    let address = try lab.lease(Client(1))
    #expect(
      try lab.send(Client(2).extend(address), to: Lab.serverAddress).outcomes == [.refused(address, .otherAddress)])
  }

  @Test func `D37 a NAK has 53, 54, 56, 61 and 82 and no addresses`() throws {
    var lab = Lab()
    let client = Client(1, identifier: [3, 4]).requesting(1, 3, 6).with(.relayInformation, [1, 1, 9])
    let message = try #require(try lab.send(client.reboot(Lab.local)).reply).message
    #expect(message.options.codes == [.messageType, .serverIdentifier, .clientIdentifier, .message, .relayInformation])
    #expect(message.yiaddr == .unspecified && message.ciaddr == .unspecified && message.siaddr == .unspecified)
    #expect(message.file.isEmpty && message.sname.isEmpty)
  }

  @Test func `D38 a NAK is broadcast, by the relay too`() throws {
    var lab = Lab()
    let near = try #require(try lab.send(Client(1).extend(Lab.local), to: Lab.serverAddress).reply)
    #expect(near.destination == .broadcast && !near.message.isBroadcast)
    let far = try #require(try lab.send(Client(1).behindRelay().reboot(Lab.local)).reply)
    #expect(far.destination == .relay(Lab.relay) && far.message.isBroadcast)
  }

  @Test func `a client that takes another address gives up the one that it had`() throws {
    var lab = Lab()
    let first = try lab.lease(Client(1))
    let second = IPv4Address(192, 0, 2, 108)
    let decision = try lab.send(Client(1).request(second))
    #expect(decision.changes.map(\.address) == [second, first])
    #expect(decision.changes.map(\.state) == [.bound, .released])
    #expect(lab.table.freeCount(in: 0) == 9)
  }

  @Test func `a lease outside the pools, after a change of the configuration, is not extended`() throws {
    var lab = Lab()
    let address = try lab.lease(Client(1))
    let rows = Array(lab.table.leases)
    lab = Lab(subnets: [Lab.subnet(pool: "192.0.2.200-192.0.2.209")])
    lab.table = lab.server.configuration.table(leases: rows, now: lab.now)
    #expect(
      try lab.send(Client(1).extend(address), to: Lab.serverAddress).outcomes == [.refused(address, .notGrantable)])
    #expect(try lab.lease(Client(1)) == IPv4Address(192, 0, 2, 200))
  }
}
