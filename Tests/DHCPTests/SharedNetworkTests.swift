import DHCP
import Net
import Testing

/// Several subnets on one link.
struct SharedNetworkTests {
  private static let old = SubnetConfiguration(
    subnet: Subnet(containing: Lab.serverAddress, prefixLength: 24), sharedNetwork: "floor",
    pools: [AddressRange("192.0.2.100-192.0.2.101")].compactMap(\.self), routers: [IPv4Address(192, 0, 2, 1)])
  private static let additional = SubnetConfiguration(
    subnet: Subnet(containing: IPv4Address(203, 0, 113, 1), prefixLength: 24), sharedNetwork: "floor",
    pools: [AddressRange("203.0.113.100-203.0.113.101")].compactMap(\.self),
    reservations: Reservations([
      Reservation(client: .hardware(Client(9).hardware), address: IPv4Address(203, 0, 113, 9))
    ]), routers: [IPv4Address(203, 0, 113, 1)])

  private func lab() -> Lab { Lab(subnets: [Self.old, Self.additional, Lab.remote]) }

  @Test func `when one subnet is used up the next one serves, with its own options`() throws {
    var lab = lab()
    let addresses = try (1...4).map { try lab.lease(Client($0)) }
    #expect(addresses.map(\.description) == ["192.0.2.100", "192.0.2.101", "203.0.113.100", "203.0.113.101"])
    #expect(try lab.send(Client(5).discover()).outcomes.last == .ignored(.poolExhausted))
    let reply = try #require(try lab.send(Client(4).requesting(1, 3).extend(addresses[3])).reply)
    #expect(reply.type == .acknowledgement)
    #expect(try reply.message.options.value(.routers) == [IPv4Address(203, 0, 113, 1)])
    #expect(try reply.message.options.value(.serverIdentifier) == Lab.serverAddress)
  }

  @Test func `a client keeps its address in whichever of the subnets it is`() throws {
    var lab = lab()
    _ = try (1...2).map { try lab.lease(Client($0)) }
    let address = try lab.lease(Client(3))
    #expect(try lab.send(Client(3).reboot(address)).reply?.type == .acknowledgement)
    #expect(try lab.send(Client(3).discover()).outcomes.last == .offered(address))
    #expect(try lab.send(Client(3).reboot(Lab.local)).outcomes == [.refused(Lab.local, .otherAddress)])
    let foreign = IPv4Address(198, 51, 100, 100)
    #expect(try lab.send(Client(3).reboot(foreign)).outcomes == [.refused(foreign, .wrongSubnet)])
  }

  @Test func `a reservation in any of the subnets counts, and takes the place of an address in another`() throws {
    var lab = lab()
    let before = Lease(
      address: Lab.local, client: Client(9).key, hardware: Client(9).hardware, state: .bound, start: lab.now,
      expiry: lab.now.advanced(bySeconds: 600))
    lab.table.apply(before)
    #expect(try lab.lease(Client(9)) == IPv4Address(203, 0, 113, 9))
    #expect(lab.table.lease(at: Lab.local)?.state == .released)
  }

  @Test func `a client asks for an address of another subnet of its link, and gets it`() throws {
    var lab = lab()
    let wanted = IPv4Address(203, 0, 113, 101)
    #expect(try lab.send(Client(1).discover(requesting: wanted)).outcomes.last == .offered(wanted))
    let remote = IPv4Address(198, 51, 100, 105)
    #expect(try lab.send(Client(2).discover(requesting: remote)).outcomes.last == .offered(Lab.local))
  }

  @Test func `an INFORM is answered in each subnet of the link, with that one's options`() throws {
    var lab = lab()
    let address = IPv4Address(203, 0, 113, 77)
    let reply = try #require(
      try lab.send(Client(1).requesting(3).message(.inform) { $0.ciaddr = address }, from: address).reply)
    #expect(try reply.message.options.value(.routers) == [IPv4Address(203, 0, 113, 1)])
  }

  @Test func `an interface with addresses in two subnets serves both, also without a name for the two`() throws {
    var (one, two) = (Self.old, Self.additional)
    (one.sharedNetwork, two.sharedNetwork) = (nil, nil)
    let lab = Lab(subnets: [one, two])
    var table = lab.table
    func offer(_ client: Client, on addresses: [IPv4Address]) throws -> IPv4Address? {
      let arrival = Arrival(interfaceAddresses: addresses, source: .unspecified, destination: .broadcast)
      return lab.server.decide(client.discover(), from: arrival, table: &table, now: lab.now).reply?.message.yiaddr
    }
    let both = [Lab.serverAddress, IPv4Address(203, 0, 113, 1)]
    let offers = try (1...4).map { try offer(Client($0), on: both)?.description }
    #expect(offers == ["192.0.2.100", "192.0.2.101", "203.0.113.100", "203.0.113.101"])
    #expect(try offer(Client(5), on: [Lab.serverAddress]) == nil)
  }
}
