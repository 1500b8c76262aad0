import DHCP
import Net
import Testing

struct OtherMessagesTests {
  @Test func `D11 D12 D13 D76 what is no request of a DHCP client is ignored by its kind`() throws {
    var lab = Lab()
    func outcome(_ message: Message) throws -> Outcome? { try lab.send(message).outcomes.first }
    var reply = Client(1).discover()
    reply.op = .reply
    #expect(try outcome(reply) == .ignored(.notARequest))
    #expect(try outcome(Client(1).message(.discover) { $0.options.remove(.messageType) }) == .ignored(.noMessageType))
    for bytes in [[], [0], [14], [255]] as [[UInt8]] {
      let odd = Client(1).message(.discover) { $0.options.set(.messageType, bytes: bytes) }
      #expect(try outcome(odd) == .ignored(.unknownMessageType))
    }
    for type in [MessageType.offer, .acknowledgement, .negativeAcknowledgement, .forceRenew, .leaseActive] {
      #expect(try outcome(Client(1).message(type)) == .ignored(.notForServers))
    }
    #expect(try outcome(Client(1).message(.leaseQuery)) == .ignored(.leaseQueryUnsupported))
    #expect(try outcome(Client(1).message(.discover) { $0.chaddr = [] }) == .ignored(.noClientIdentity))
  }

  @Test func `D14 a malformed option is ignored as an option, and not as a message`() throws {
    for (code, bytes) in [
      (.requestedAddress, [1]), (.serverIdentifier, [1]), (.clientIdentifier, [1]), (.leaseTime, [1]),
      (.parameterRequestList, []), (.maximumMessageSize, [9]),
    ] as [(OptionCode, [UInt8])] {
      var lab = Lab()
      #expect(try lab.send(Client(1).with(code, bytes).discover()).reply?.type == .offer)
    }
  }

  @Test func `D41 a declined address is kept back for a day, and the client gets another`() throws {
    var lab = Lab()
    let address = try lab.lease(Client(1))
    let decision = try lab.send(Client(1).decline(address))
    #expect(decision.reply == nil)
    #expect(decision.outcomes == [.declined(address)])
    #expect(decision.changes.map(\.state) == [.declined])
    #expect(decision.changes.first?.expiry == lab.now.advanced(bySeconds: 86_400))
    #expect(try lab.lease(Client(1)) != address)
    #expect(try lab.send(Client(2).discover(requesting: address)).reply?.message.yiaddr != address)
    lab.pass(seconds: 86_400)
    #expect(try lab.send(Client(3).discover(requesting: address)).reply?.message.yiaddr == address)
  }

  @Test func `D42 a DECLINE by another client, or to another server, is ignored`() throws {
    var lab = Lab()
    let address = try lab.lease(Client(1))
    #expect(try lab.send(Client(2).decline(address)).outcomes == [.ignored(.notTheHolder)])
    #expect(
      try lab.send(Client(1).decline(address, of: IPv4Address(192, 0, 2, 2))).outcomes
        == [.ignored(.notOurServerIdentifier)])
    #expect(lab.table.lease(at: address)?.state == .bound)
  }

  @Test func `a declined reservation leaves its client to the pool until the quarantine is over`() throws {
    let reservation = Reservation(client: .hardware(Client(1).hardware), address: IPv4Address(192, 0, 2, 20))
    var lab = Lab(subnets: [Lab.subnet(reservations: [reservation])])
    #expect(try lab.lease(Client(1)) == reservation.address)
    _ = try lab.send(Client(1).decline(reservation.address))
    #expect(try lab.lease(Client(1)) == Lab.local)
    lab.pass(seconds: 86_400)
    #expect(try lab.lease(Client(1)) == reservation.address)
  }

  @Test func `D43 a released address is free, and remembered`() throws {
    var lab = Lab()
    let address = try lab.lease(Client(1))
    let decision = try lab.send(Client(1).release(address), from: address, to: Lab.serverAddress)
    #expect(decision.reply == nil)
    #expect(decision.outcomes == [.released(address)])
    #expect(decision.changes.map(\.state) == [.released])
    #expect(lab.table.isFree(address))
    #expect(try lab.lease(Client(2)) != address)
    #expect(try lab.send(Client(1).discover()).reply?.message.yiaddr == address)
  }

  @Test func `D44 a RELEASE by another client is ignored`() throws {
    var lab = Lab()
    let address = try lab.lease(Client(1))
    #expect(try lab.send(Client(2).release(address)) == Decision(outcomes: [.ignored(.notTheHolder)]))
    #expect(lab.table.lease(at: address)?.state == .bound)
  }

  @Test func `D45 an INFORM gets an ACK at its address, without a lease`() throws {
    var lab = Lab()
    let address = IPv4Address(192, 0, 2, 77)
    let inform = Client(1).requesting(1, 3, 6, 51, 58, 59).message(.inform) { $0.ciaddr = address }
    let decision = try lab.send(inform, from: address)
    let reply = try #require(decision.reply)
    #expect(reply.destination == .routed(address))
    #expect(reply.message.yiaddr == .unspecified && reply.message.ciaddr == address)
    #expect(
      reply.message.options.codes
        == [.messageType, .serverIdentifier, .subnetMask, .routers, .domainNameServers])
    #expect(decision.changes.isEmpty && lab.table.count == 0)
    #expect(decision.outcomes == [.informed(address, acs: nil)])
  }

  @Test func `D46 an INFORM without an address is answered at its source, or not at all`() throws {
    var lab = Lab()
    let source = IPv4Address(192, 0, 2, 78)
    #expect(try lab.send(Client(1).message(.inform), from: source).reply?.destination == .routed(source))
    #expect(try lab.send(Client(1).message(.inform)).outcomes == [.ignored(.noAddressToAnswer)])
    let aimed = Client(1).message(.inform) { $0.ciaddr = IPv4Address(203, 0, 113, 9) }
    #expect(try lab.send(aimed).outcomes == [.ignored(.unknownSubnet)])
  }

  // MARK: - The operator

  @Test func `an address that the operator takes back is free, and its holder is refused when it asks`() throws {
    var lab = Lab()
    let client = Client(1)
    let address = try lab.lease(client)
    let decision = try #require(lab.server.release(address, table: &lab.table, now: lab.now))
    #expect(decision.reply == nil && decision.outcomes == [.released(address)])
    #expect(decision.changes.map(\.state) == [.released])
    #expect(lab.table.isFree(address))
    #expect(try lab.send(client.extend(address)).outcomes == [.refused(address, .leaseEnded)])
    #expect(lab.server.release(address, table: &lab.table, now: lab.now) == nil)
    #expect(lab.server.release(IPv4Address(192, 0, 2, 105), table: &lab.table, now: lab.now) == nil)
  }

  @Test func `the operator ends a quarantine, but there is nothing to take back of a lease that has run out`() throws {
    var lab = Lab()
    let address = try lab.lease(Client(1))
    _ = try lab.send(Client(1).decline(address))
    #expect(!lab.table.isFree(address))
    #expect(lab.server.release(address, table: &lab.table, now: lab.now) != nil)
    #expect(lab.table.isFree(address))

    let other = try lab.lease(Client(2))
    lab.pass(seconds: 86_401)
    #expect(lab.server.release(other, table: &lab.table, now: lab.now) == nil)
  }
}
