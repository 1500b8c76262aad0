import DHCP
import Net
import Testing

/// Whose name is whose: a client's own word takes none that is another's.
struct NameTests {
  private static let owner = Client(7)
  private static let place = IPv4Address(192, 0, 2, 50)

  private func lab(_ change: (inout ServerConfiguration) -> Void = { _ in }) -> Lab {
    let reservation = Reservation(
      client: .hardware(Self.owner.hardware), address: Self.place, hostname: "Branch-7")
    return Lab(subnets: [Lab.subnet(reservations: [reservation])], change)
  }

  private func lease(_ client: Client, in lab: inout Lab) throws -> Decision {
    let offer = try #require(try lab.send(client.discover()).reply)
    return try lab.send(client.request(offer.message.yiaddr))
  }

  private func refusal(_ decision: Decision) -> NameHolder? {
    decision.outcomes.lazy.compactMap { if case .nameRefused(_, let holder) = $0 { holder } else { nil } }.first
  }

  private func named(_ number: UInt64, _ name: String) -> Client { Client(number).with(.hostName, name.utf8) }

  @Test(arguments: ["branch-7", "BRANCH-7", "branch-7.lab.example"])
  func `a name of a reservation is nobody else's`(name: String) throws {
    var lab = lab()
    let decision = try lease(named(1, name), in: &lab)
    #expect(decision.reply?.type == .acknowledgement && decision.changes.first?.hostname == nil)
    #expect(refusal(decision) == .kept(.reservation(.hardware(Self.owner.hardware))))
    #expect(try lease(Self.owner, in: &lab).changes.map(\.hostname) == ["Branch-7"])
  }

  @Test func `a name of the inventory is its router's alone, and nobody's where its hardware is not known`() throws {
    let listed = named(2, "depot")
    var lab = lab {
      $0.keptNames.keep("depot.lab.example", for: .inventory(listed.hardware))
      $0.keptNames.keep("store", for: .inventory(nil))
    }
    #expect(refusal(try lease(named(1, "depot"), in: &lab)) == .kept(.inventory(listed.hardware)))
    #expect(refusal(try lease(named(3, "store"), in: &lab)) == .kept(.inventory(nil)))
    #expect(try lease(listed, in: &lab).changes.first?.hostname == "depot")
  }

  @Test func `a name of the inventory is its router's once the hardware is known`() throws {
    var lab = lab { $0.keptNames.keep("store", for: .inventory(nil)) }
    let router = named(3, "store")
    #expect(refusal(try lease(router, in: &lab)) != nil)
    lab.server.keep("Store", for: router.hardware)
    #expect(try lease(router, in: &lab).changes.first?.hostname == "store")
    #expect(refusal(try lease(named(4, "store"), in: &lab)) == .kept(.inventory(nil)))
  }

  @Test func `a name of the configuration is nobody's`() throws {
    var lab = lab { $0.keptNames.keep("acs", for: .configuration) }
    #expect(refusal(try lease(named(1, "ACS"), in: &lab)) == .kept(.configuration))
  }

  @Test func `a name that another live router has is not taken, and is free when its lease has ended`() throws {
    var lab = lab()
    let first = named(1, "msr")
    let address = try #require(try lease(first, in: &lab).changes.first).address
    let second = named(2, "MSR")
    #expect(refusal(try lease(second, in: &lab)) == .router(address))
    // Its own name is renewed.
    #expect(try lab.send(first.extend(address), from: address).changes.first?.hostname == "msr")
    _ = try lab.send(first.release(address))
    #expect(try lease(second, in: &lab).changes.first?.hostname == "MSR")
    #expect(refusal(try lease(first, in: &lab)) != nil)
    lab.pass(seconds: 50_000)
    #expect(try lease(first, in: &lab).changes.first?.hostname == "msr")
  }

  @Test func `one router that boots with two client identifiers keeps its name`() throws {
    var lab = lab()
    _ = try lease(named(1, "msr"), in: &lab)
    var other = named(1, "msr")
    other.identifier = [0, 1, 2, 3]
    #expect(try lease(other, in: &lab).changes.first?.hostname == "msr")
  }

  @Test func `when the owner comes, who had the name before is named by its address`() throws {
    var lab = Lab()
    let stranger = named(1, "branch-7")
    let address = try #require(try lease(stranger, in: &lab).changes.first).address
    let rows = Array(lab.table.leases)
    lab = self.lab()
    lab.table = lab.server.configuration.table(leases: rows, now: lab.now)
    #expect(rows.map { lab.server.configuration.named($0).hostname } == [nil])
    let decision = try lease(Self.owner, in: &lab)
    #expect(decision.changes.map(\.address) == [Self.place, address])
    #expect(decision.changes.map(\.hostname) == ["Branch-7", nil])
    #expect(decision.changes.last?.state == .bound)
    #expect(lab.table.lease(at: address)?.hostname == nil)
  }

  @Test func `a batch that could not be written down has named nobody`() throws {
    var lab = lab()
    let offer = try #require(try lab.send(named(1, "msr").discover()).reply)
    lab.table.begin()
    _ = try lab.send(named(1, "msr").request(offer.message.yiaddr))
    lab.table.rollback()
    #expect(try lease(named(2, "msr"), in: &lab).changes.first?.hostname == "msr")
  }

  @Test func `option 81 tells a client that its name is not set in DNS`() throws {
    var lab = lab()
    let client = Client(1).with(.clientFQDN, [1, 0, 0] + Array("branch-7".utf8))
    let reply = try #require(try lease(client, in: &lab).reply)
    let answer = try #require(try reply.message.options.value(.clientFQDN))
    #expect(answer.flags == [.noUpdates, .isOverridden])
  }

  @Test func `names come and go among thousands as one by one`() throws {
    var random = SplitMix64(state: 11)
    var lab = Lab(subnets: [Lab.subnet(pool: "192.0.2.10-192.0.2.200")])
    var holder: [String: UInt64] = [:]
    for _ in 0..<3000 {
      let number = random.next() % 60 + 1
      let name = "n\(random.next() % 20)"
      let client = named(number, name)
      let decision = try lease(client, in: &lab)
      for (other, owner) in holder where owner == number && other != name { holder[other] = nil }
      let expected = holder[name] == nil || holder[name] == number
      #expect((decision.changes.first?.hostname == name) == expected)
      if expected { holder[name] = number }
      if random.next() % 4 == 0, let address = decision.changes.first?.address {
        _ = try lab.send(client.release(address))
        for (other, owner) in holder where owner == number { holder[other] = nil }
      }
    }
  }
}
