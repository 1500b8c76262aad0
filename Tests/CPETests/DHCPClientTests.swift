import CPE
import DHCP
import Net
import Testing

struct DHCPClientTests {
  private let hardware = MACAddress(rawValue: 0x00_0F_E2_00_00_01)
  private let server = IPv4Address(192, 0, 2, 1)
  private let address = IPv4Address(192, 0, 2, 10)
  private let start = Timestamp(rawValue: 1_000_000)

  private func client(takesOffers: Bool = true) -> DHCPClient {
    var settings = DHCPClient.Settings(
      hardware: hardware, vendorClass: "H3C.H3C MSR36-20", clientIdentifier: hardware.octets)
    settings.takesOffers = takesOffers
    return DHCPClient(settings)
  }

  private func reply(
    _ type: MessageType, xid: UInt32, address: IPv4Address? = nil, lease: UInt32 = 3600, server: IPv4Address? = nil
  ) -> DHCP.Message {
    var message = DHCP.Message(op: .reply, xid: xid, yiaddr: address ?? self.address, chaddr: hardware.octets)
    message.options.set(.messageType, type)
    message.options.set(.serverIdentifier, server ?? self.server)
    message.options.set(.leaseTime, lease)
    message.options.set(.subnetMask, IPv4Address(255, 255, 255, 0))
    message.options.set(.routers, [self.server])
    return message
  }

  /// A client with a lease of an hour, requested at `start`.
  private func boundClient() -> DHCPClient {
    var client = client()
    _ = client.start(now: start, random: 7)
    _ = client.receive(reply(.offer, xid: 7), now: start, random: 8)
    _ = client.receive(reply(.acknowledgement, xid: 7), now: start.advanced(byMilliseconds: 5), random: 9)
    return client
  }

  private func sent(_ actions: [DHCPClient.Action]) throws -> DHCP.Message {
    for action in actions {
      switch action {
      case .broadcastFrame(let message), .broadcast(let message), .unicast(let message, _): return message
      case .bind, .unbind, .report: continue
      }
    }
    throw Missing()
  }

  private struct Missing: Error {}

  @Test func `a DISCOVER says who the router is and what it asks for`() throws {
    var client = client()
    let discover = try sent(client.start(now: start, random: 7))
    #expect(try discover.options.value(.messageType) == .discover)
    #expect(discover.xid == 7)
    #expect(discover.chaddr == hardware.octets)
    #expect(try discover.options.value(.vendorClass) == "H3C.H3C MSR36-20")
    #expect(discover.options[.clientIdentifier].map(Array.init) == hardware.octets)
    #expect(try discover.options.value(.parameterRequestList)?.map(\.rawValue) == [1, 3, 6, 15, 43, 66, 67, 150])
    #expect(discover.options[.hostName] == nil)
  }

  @Test func `an OFFER is requested and its ACK binds the address`() throws {
    var client = client()
    _ = client.start(now: start, random: 7)
    let request = try sent(client.receive(reply(.offer, xid: 7), now: start, random: 8))
    #expect(try request.options.value(.messageType) == .request)
    #expect(request.xid == 7)
    #expect(try request.options.value(.requestedAddress) == address)
    #expect(try request.options.value(.serverIdentifier) == server)
    #expect(request.ciaddr == .unspecified)

    let actions = client.receive(reply(.acknowledgement, xid: 7), now: start.advanced(bySeconds: 1), random: 9)
    guard case .bind(let lease) = actions.first else {
      Issue.record("no bind in \(actions)")
      return
    }
    #expect(lease.address == address)
    #expect(lease.prefixLength == 24)
    #expect(lease.routers == [server])
    // Counted from the request, not from the answer (RFC 2131 section 4.4.1).
    #expect(lease.renewal == start.advanced(bySeconds: 1800))
    #expect(lease.rebinding == start.advanced(bySeconds: 3150))
    #expect(lease.expiry == start.advanced(bySeconds: 3600))
    #expect(client.deadline == lease.renewal)
  }

  @Test func `answers to others, of another transaction, or without a type are passed over`() {
    var client = client()
    _ = client.start(now: start, random: 7)
    #expect(client.receive(reply(.offer, xid: 8), now: start, random: 1) == [])
    var foreign = reply(.offer, xid: 7)
    foreign.chaddr = [1, 2, 3, 4, 5, 6]
    #expect(client.receive(foreign, now: start, random: 1) == [])
    var untyped = reply(.offer, xid: 7)
    untyped.options.remove(.messageType)
    #expect(client.receive(untyped, now: start, random: 1) == [])
    var nameless = reply(.offer, xid: 7)
    nameless.options.remove(.serverIdentifier)
    #expect(client.receive(nameless, now: start, random: 1) == [])
    #expect(client.state == .selecting)
  }

  @Test func `a DISCOVER without answer is repeated after 4, 8, 16, 32 and 64 seconds, a second more or less`() throws {
    var client = client()
    _ = client.start(now: start, random: 7)
    var now = start
    for seconds: Int64 in [4, 8, 16, 32, 64, 64] {
      let deadline = try #require(client.deadline)
      let wait = deadline.milliseconds(since: now)
      #expect((seconds * 1000 - 1000...seconds * 1000 + 1000).contains(wait))
      #expect(client.tick(now: deadline.advanced(byMilliseconds: -1), random: 1) == [])
      let again = try sent(client.tick(now: deadline, random: UInt32.max))
      #expect(again.xid == 7)
      now = deadline
    }
  }

  @Test func `a request without answer is given up after four repetitions`() throws {
    var client = client()
    _ = client.start(now: start, random: 7)
    _ = client.receive(reply(.offer, xid: 7), now: start, random: 8)
    for _ in 0..<4 {
      let again = try sent(client.tick(now: try #require(client.deadline), random: 3))
      #expect(try again.options.value(.messageType) == .request)
    }
    let last = try #require(client.deadline)
    #expect(client.tick(now: last, random: 3) == [.report(.noAnswer(address))])
    let discover = try sent(client.tick(now: last.advanced(bySeconds: 2), random: 44))
    #expect(try discover.options.value(.messageType) == .discover)
    #expect(discover.xid == 44)
  }

  @Test func `a NAK from another server does not end the request, one from the chosen does`() {
    var client = client()
    _ = client.start(now: start, random: 7)
    _ = client.receive(reply(.offer, xid: 7), now: start, random: 8)
    let other = IPv4Address(192, 0, 2, 2)
    #expect(client.receive(reply(.negativeAcknowledgement, xid: 7, server: other), now: start, random: 1) == [])
    #expect(
      client.receive(reply(.negativeAcknowledgement, xid: 7), now: start, random: 1)
        == [.report(.refused(address, by: server))])
    #expect(client.state == .initial)
  }

  @Test func `INIT-REBOOT asks for the former address without a server, and begins anew after a NAK`() throws {
    var client = client()
    let request = try sent(client.start(previous: address, now: start, random: 7))
    #expect(try request.options.value(.messageType) == .request)
    #expect(try request.options.value(.requestedAddress) == address)
    #expect(request.options[.serverIdentifier] == nil)
    #expect(request.ciaddr == .unspecified)
    _ = client.receive(reply(.negativeAcknowledgement, xid: 7), now: start, random: 1)
    let discover = try sent(client.tick(now: try #require(client.deadline), random: 2))
    #expect(try discover.options.value(.messageType) == .discover)
    #expect(discover.options[.requestedAddress] == nil)
  }

  @Test func `INIT-REBOOT without answer becomes a DISCOVER`() throws {
    var client = client()
    _ = client.start(previous: address, now: start, random: 7)
    for _ in 0..<2 { _ = try sent(client.tick(now: try #require(client.deadline), random: 1)) }
    #expect(client.tick(now: try #require(client.deadline), random: 1) == [.report(.noAnswer(address))])
  }

  @Test func `at T1 the server is asked by unicast, at T2 everyone, and the address goes when the lease ends`() throws {
    var client = boundClient()
    let renewal = try #require(client.deadline)
    let renewing = client.tick(now: renewal, random: 50)
    guard case .unicast(let request, to: let peer) = renewing.first else {
      Issue.record("no unicast in \(renewing)")
      return
    }
    #expect(peer == server)
    #expect(request.ciaddr == address)
    #expect(request.xid == 50)
    #expect(request.options[.requestedAddress] == nil)
    #expect(request.options[.serverIdentifier] == nil)

    var moments: [Int64] = []
    var last: [DHCPClient.Action] = []
    while let deadline = client.deadline, moments.count < 100 {
      moments.append(deadline.seconds(since: start))
      last = client.tick(now: deadline, random: 51)
      if case .unbind = last.first { break }
      if deadline.seconds(since: start) >= 3150 {
        guard case .broadcast = last.first else {
          Issue.record("\(last) at \(deadline.seconds(since: start))")
          return
        }
      }
    }
    // Half of what is left, a minute at least.
    #expect(moments.prefix(3) == [2475, 2812, 2981])
    #expect(moments.contains(3150))
    #expect(moments.last == 3600)
    guard case .unbind(let lease, .expired) = last.first else {
      Issue.record("\(last)")
      return
    }
    #expect(lease.address == address)
    #expect(try sent(last).options.value(.messageType) == .discover)
  }

  @Test func `a renewal prolongs the lease, and a NAK takes the address`() throws {
    var client = boundClient()
    let renewal = try #require(client.deadline)
    _ = client.tick(now: renewal, random: 50)
    var renewed = client
    let actions = renewed.receive(reply(.acknowledgement, xid: 50, lease: 7200), now: renewal, random: 1)
    guard case .bind(let lease) = actions.first, actions.count == 1 else {
      Issue.record("\(actions)")
      return
    }
    #expect(lease.expiry == renewal.advanced(bySeconds: 7200))

    let refused = client.receive(reply(.negativeAcknowledgement, xid: 50), now: renewal, random: 1)
    guard case .unbind(_, .refused) = refused.first else {
      Issue.record("\(refused)")
      return
    }
  }

  @Test func `a router that takes no offer goes on with its DISCOVERs`() {
    var client = client(takesOffers: false)
    _ = client.start(now: start, random: 7)
    #expect(client.receive(reply(.offer, xid: 7), now: start, random: 8) == [])
    #expect(client.state == .selecting)
  }

  @Test func `an ACK without lease time or with an impossible mask is reported and binds nothing`() {
    var client = client()
    _ = client.start(now: start, random: 7)
    _ = client.receive(reply(.offer, xid: 7), now: start, random: 8)
    let requesting = client
    var timeless = reply(.acknowledgement, xid: 7)
    timeless.options.remove(.leaseTime)
    #expect(client.receive(timeless, now: start, random: 1) == [.report(.unusable(.noLeaseTime))])
    var masked = reply(.acknowledgement, xid: 7)
    masked.options.set(.subnetMask, IPv4Address(255, 0, 255, 0))
    client = requesting
    #expect(
      client.receive(masked, now: start, random: 1) == [.report(.unusable(.mask(IPv4Address(255, 0, 255, 0))))])
    var cut = reply(.acknowledgement, xid: 7)
    cut.options.set(.routers, bytes: [192, 0, 2])
    client = requesting
    guard case .report(.unusable(.malformed(let error))) = client.receive(cut, now: start, random: 1).first else {
      Issue.record("a cut option 3 was taken")
      return
    }
    #expect(error.code == .routers)
  }

  @Test func `a RELEASE goes to the server with the address in ciaddr`() throws {
    var client = boundClient()
    guard case .unicast(let message, to: let peer) = client.release(random: 5).first else {
      Issue.record("no release")
      return
    }
    #expect(peer == server)
    #expect(try message.options.value(.messageType) == .release)
    #expect(message.ciaddr == address)
    #expect(try message.options.value(.serverIdentifier) == server)
    #expect(client.deadline == nil)
  }

  @Test func `a lease for ever is never renewed`() {
    var client = client()
    _ = client.start(now: start, random: 7)
    _ = client.receive(reply(.offer, xid: 7), now: start, random: 8)
    _ = client.receive(reply(.acknowledgement, xid: 7, lease: .max), now: start, random: 9)
    #expect(client.deadline == nil)
  }
}
