import DHCP
import Net
import Testing

/// Beside another DHCP server, only routers are answered.
struct AudienceTests {
  private static let reserved = Client(7)
  private static let listed = Client(8)

  private func lab() throws -> Lab {
    let reservation = Reservation(client: .hardware(Self.reserved.hardware), address: IPv4Address(192, 0, 2, 50))
    let advisor = try Advisor(
      acs: nil, rules: [AdviceRule(matches: [.vendorClass("Branch*")], dialect: .fixed(.bareURL))])
    return Lab(subnets: [Lab.subnet(reservations: [reservation])]) {
      $0.audience = .known(inventory: [Self.listed.hardware])
      $0.advisor = advisor
    }
  }

  @Test func `a stranger hears nothing, whatever it says`() throws {
    var lab = try lab()
    let stranger = Client(1)
    for message in [
      stranger.discover(), stranger.request(Lab.local), stranger.reboot(Lab.local), stranger.extend(Lab.local),
      stranger.reboot(IPv4Address(10, 0, 0, 9)), stranger.message(.inform) { $0.ciaddr = Lab.local },
    ] {
      #expect(try lab.send(message) == Decision(outcomes: [.ignored(.notServed)]))
    }
    #expect(lab.table.count == 0 && lab.table.offerCount == 0)
  }

  @Test(arguments: [
    Client(1).with(.vendorClass, "H3C.MSR36-20".utf8), Client(2).with(.vendorClass, "dslforum.org".utf8),
    Client(3).with(.vendorClass, "Branch 4".utf8), reserved, listed,
  ])
  func `a router is served: by its vendor class, a rule, a reservation, or the inventory`(client: Client) throws {
    var lab = try lab()
    _ = try lab.lease(client)
  }

  @Test func `who has a lease of ours keeps it, also when nothing else makes it known`() throws {
    var lab = Lab()
    let client = Client(1)
    let address = try lab.lease(client)
    var configuration = lab.server.configuration
    configuration.audience = .known(inventory: [])
    lab.server = Server(configuration)
    #expect(try lab.send(client.extend(address)).reply?.type == .acknowledgement)
    #expect(try lab.send(client.discover()).outcomes.contains(.offered(address)))
    #expect(try lab.send(client.release(address)).outcomes == [.released(address)])
  }

  @Test func `a router that takes the other server's offer frees ours`() throws {
    var lab = try lab()
    let router = Client(1).with(.vendorClass, "H3C".utf8)
    #expect(try lab.send(router.discover()).reply != nil)
    let decision = try lab.send(router.request(IPv4Address(192, 0, 2, 200), of: IPv4Address(192, 0, 2, 254)))
    #expect(decision == Decision(outcomes: [.ignored(.notOurServerIdentifier)]))
    #expect(lab.table.offerCount == 0)
  }

  @Test(arguments: [reserved, listed, Client(1).with(.vendorClass, "H3C".utf8)])
  func `an address that the other server gave is not refused, in whatever state it is asked for`(client: Client) throws
  {
    for address in [IPv4Address(192, 0, 2, 200), Lab.local, IPv4Address(10, 0, 0, 9)] {
      var lab = try lab()
      for message in [client.reboot(address), client.extend(address)] {
        let decision = try lab.send(message, from: message.ciaddr)
        #expect(decision == Decision(outcomes: [.ignored(.unknownClient)]))
      }
      // Nor after a lease of ours, which the client has given up for it.
      _ = try lab.lease(client)
      guard lab.table.lease(at: address) == nil else { continue }
      #expect(try lab.send(client.reboot(address)).reply == nil)
      #expect(try lab.send(client.extend(address), from: address).reply == nil)
    }
  }

  @Test func `what is on lease from us is refused to another, and what was chosen of us is answered`() throws {
    var lab = try lab()
    let address = try lab.lease(Self.listed)
    let other = Client(1).with(.vendorClass, "H3C".utf8)
    #expect(try lab.send(other.reboot(address)).reply?.type == .negativeAcknowledgement)
    #expect(try lab.send(other.extend(address), from: address).reply?.type == .negativeAcknowledgement)
    #expect(try lab.send(other.request(address)).reply?.type == .negativeAcknowledgement)
  }

  @Test func `beside another server all is refused that is unknown where the operator says so`() throws {
    var lab = try lab()
    var configuration = lab.server.configuration
    #expect(!configuration.isAuthoritative)
    configuration.isAuthoritative = true
    lab.server = Server(configuration)
    #expect(try lab.send(Self.listed.reboot(Lab.local)).outcomes == [.refused(Lab.local, .unknownClient)])
  }
}
