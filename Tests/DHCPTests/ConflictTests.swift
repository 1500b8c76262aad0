import DHCP
import Net
import Testing

/// An address is asked about before it is offered anew, and nobody waits but the client that it is for.
struct ConflictTests {
  private static func lab(_ pool: String = "192.0.2.100-192.0.2.199") -> Lab {
    Lab(subnets: [Lab.subnet(pool: pool), Lab.remote]) { $0.detectsConflicts = true }
  }

  private static let local = Lab.local
  private static let stranger = MACAddress(rawValue: 0x0200_00AA_0001)

  /// Time passes, and nobody answers.
  private func wait(_ lab: inout Lab, milliseconds: Int64 = 500) -> [IPv4Address] {
    lab.now = lab.now.advanced(byMilliseconds: milliseconds)
    return lab.table.probes.settle(at: lab.now)
  }

  @Test func `D73 a new address is asked about on the link, and offered when nobody has answered`() throws {
    var lab = Self.lab()
    let client = Client(1)
    let first = try lab.send(client.discover())
    #expect(first.reply == nil && first.outcomes == [.awaiting(Self.local)])
    #expect(lab.table.probes.takeQuestions().map(\.address) == [Self.local])
    // A message that is sent again waits for the same answer.
    #expect(try lab.send(client.discover()).outcomes == [.awaiting(Self.local)])
    #expect(lab.table.probes.takeQuestions().isEmpty)
    #expect(lab.table.probes.nextDeadline == lab.now.advanced(byMilliseconds: 200))
    #expect(wait(&lab, milliseconds: 199).isEmpty && wait(&lab, milliseconds: 1) == [Self.local])
    #expect(lab.table.probes.nextDeadline == nil)
    #expect(try lab.send(client.discover()).reply?.message.yiaddr == Self.local)
  }

  @Test func `D73 an address that somebody has is kept back, and the client gets the next one`() throws {
    var lab = Self.lab()
    let client = Client(1)
    #expect(try lab.send(client.discover()).outcomes == [.awaiting(Self.local)])
    #expect(lab.table.probes.answered(Self.local, by: Self.stranger) == .inUse)
    let decision = try #require(
      lab.server.conflict(
        at: Self.local, by: Self.stranger, waiting: client.hardware, table: &lab.table, now: lab.now))
    #expect(decision.outcomes == [.foundInUse(Self.local, Self.stranger)])
    #expect(decision.changes.map(\.state) == [.declined] && decision.changes.map(\.hardware) == [Self.stranger])
    let next = IPv4Address(192, 0, 2, 101)
    #expect(try lab.send(client.discover()).outcomes == [.awaiting(next)])
    #expect(wait(&lab) == [next])
    #expect(try lab.send(client.discover()).reply?.message.yiaddr == next)
    // For an hour nobody gets it, asked for or not.
    lab.pass(seconds: 3599)
    #expect(try lab.send(Client(2).discover(requesting: Self.local)).outcomes != [.awaiting(Self.local)])
    lab.pass(seconds: 2)
    #expect(try lab.send(Client(3).discover(requesting: Self.local)).outcomes == [.awaiting(Self.local)])
  }

  @Test func `D73 nothing is asked for a renewal, a held lease, an offer that stands, or a reservation`() throws {
    var subnet = Lab.subnet(reservations: [
      Reservation(client: .hardware(Client(9).hardware), address: IPv4Address(192, 0, 2, 9))
    ])
    subnet.pools = [AddressRange("192.0.2.100-192.0.2.109")].compactMap(\.self)
    var lab = Lab(subnets: [subnet]) { $0.detectsConflicts = true }
    let client = Client(1)
    _ = try lab.send(client.discover())
    _ = wait(&lab)
    let address = try lab.lease(client)
    _ = lab.table.probes.takeQuestions()
    #expect(try lab.send(client.extend(address)).reply?.type == .acknowledgement)
    #expect(try lab.send(client.reboot(address)).reply?.type == .acknowledgement)
    #expect(try lab.send(client.discover()).reply?.message.yiaddr == address)
    #expect(try lab.send(Client(9).discover()).reply?.message.yiaddr == IPv4Address(192, 0, 2, 9))
    #expect(lab.table.probes.takeQuestions().isEmpty)
  }

  @Test func `a client that still uses its former address is no conflict to itself`() throws {
    var lab = Self.lab()
    let client = Client(1)
    #expect(try lab.send(client.discover(requesting: IPv4Address(192, 0, 2, 150))).reply == nil)
    let address = IPv4Address(192, 0, 2, 150)
    let decision = lab.server.conflict(
      at: address, by: client.hardware, waiting: client.hardware, table: &lab.table, now: lab.now)
    #expect(decision == nil)
    #expect(try lab.send(client.discover()).reply?.message.yiaddr == address)
  }

  @Test func `the next addresses of a pool are asked ahead, so that a lone client does not wait`() throws {
    var lab = Self.lab()
    lab.server.askAhead(table: &lab.table, now: lab.now)
    // Of the relay's subnet nothing is asked as long as nobody is there.
    #expect(
      lab.table.probes.takeQuestions().map(\.address) == (100...103).map { IPv4Address(192, 0, 2, $0) })
    #expect(wait(&lab).count == 4)
    for number in 1...4 as ClosedRange<UInt64> { _ = try lab.lease(Client(number)) }
    #expect(try lab.send(Client(5).discover()).outcomes == [.awaiting(IPv4Address(192, 0, 2, 104))])
    _ = lab.table.probes.takeQuestions()
    lab.server.askAhead(table: &lab.table, now: lab.now)
    #expect(
      lab.table.probes.takeQuestions().map(\.address) == (105...108).map { IPv4Address(192, 0, 2, $0) })
    // What is known is known for a while, and asked anew before that ends.
    #expect(wait(&lab).count == 5)
    lab.pass(seconds: 14)
    lab.server.askAhead(table: &lab.table, now: lab.now)
    #expect(lab.table.probes.takeQuestions().isEmpty)
    lab.pass(seconds: 2)
    lab.server.askAhead(table: &lab.table, now: lab.now)
    #expect(lab.table.probes.takeQuestions().count == 4)
  }

  @Test func `behind a relay it is asked by echo, and ahead where clients have been lately`() throws {
    var lab = Self.lab()
    let client = Client(1).behindRelay()
    let address = IPv4Address(198, 51, 100, 100)
    #expect(try lab.send(client.discover()).outcomes == [.awaiting(address)])
    let question = try #require(lab.table.probes.takeQuestions().first)
    #expect(question.address == address && question.source == nil)
    #expect(wait(&lab, milliseconds: 299).isEmpty && wait(&lab, milliseconds: 1) == [address])
    _ = try lab.lease(client)
    lab.server.askAhead(table: &lab.table, now: lab.now)
    #expect(lab.table.probes.takeQuestions().count { $0.source == nil } == 4)
    // Who answers an echo is not known; it is not the client, which has no address yet.
    let other = IPv4Address(198, 51, 100, 101)
    #expect(lab.table.probes.answered(other, by: nil) == .inUse)
    #expect(lab.server.conflict(at: other, by: nil, waiting: nil, table: &lab.table, now: lab.now) != nil)
    #expect(!lab.table.isFree(other))
  }

  @Test func `in a crowd, what there is no room to ask about is offered unasked, and said so`() throws {
    var lab = Self.lab("192.0.2.100-192.0.2.250")
    var waiting = 0
    for number in 1...100 as ClosedRange<UInt64> {
      let decision = try lab.send(Client(number).discover())
      if decision.reply == nil {
        waiting += 1
      } else {
        #expect(decision.outcomes.contains { if case .unasked = $0 { true } else { false } })
      }
    }
    #expect(waiting == 32)
    #expect(lab.table.probes.takeQuestions().count == 32)
    #expect(wait(&lab).count == 32)
    // A second later there is room again.
    lab.pass(seconds: 1)
    #expect(try lab.send(Client(200).discover()).reply == nil)
  }

  @Test func `a machine that answers for all addresses is not heeded`() {
    var lab = Self.lab()
    var verdicts: [AddressProbes.Answer] = []
    for number in 0..<10 {
      let address = IPv4Address(192, 0, 2, UInt8(110 + number))
      _ = lab.server.decide(
        Client(UInt64(number + 1)).discover(requesting: address),
        from: Arrival(interfaceAddresses: [Lab.serverAddress], source: .unspecified, destination: .broadcast),
        table: &lab.table, now: lab.now)
      verdicts.append(lab.table.probes.answered(address, by: Self.stranger))
    }
    #expect(verdicts == Array(repeating: .inUse, count: 8) + [.fromProxy(isNews: true), .fromProxy(isNews: false)])
    #expect(lab.table.probes.answered(IPv4Address(192, 0, 2, 180), by: Self.stranger) == .unasked)
  }
}
