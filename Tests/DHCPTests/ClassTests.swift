import DHCP
import Net
import Testing

/// Clients of a kind get what their class says, and others never do.
struct ClassTests {
  private static func range(_ text: String) -> [AddressRange] { [AddressRange(text)].compactMap(\.self) }

  /// Phones have addresses and options of their own; modems only a shorter lease.
  private static var subnet: SubnetConfiguration {
    var subnet = Lab.subnet(pool: "192.0.2.100-192.0.2.109")
    subnet.bootFile = BootFile(name: "device.cfg", servers: [Lab.serverAddress])
    subnet.classes = [
      ClassConfiguration(matching: [.vendorClass("phone")], pools: range("192.0.2.108-192.0.2.111"), in: subnet) {
        $0.leaseTimes = LeaseTimes(standard: 600)
        $0.dialect = Dialect.none
        $0.bootFile = BootFile(name: "phone.cfg", servers: [IPv4Address(192, 0, 2, 9)], isForBootLoaders: true)
        $0.extraOptions.set(OptionCode(rawValue: 120), bytes: [1, 192, 0, 2, 9])
        $0.domainNameServers = [IPv4Address(192, 0, 2, 8)]
      },
      ClassConfiguration(matching: [.oui("020000"), .userClass("modem")], in: subnet) {
        $0.leaseTimes = LeaseTimes(standard: 300)
      },
    ]
    return subnet
  }

  private let phone = Client(1).requesting(6, 43, 67, 120).with(.vendorClass, "a PHONE".utf8)
  private let router = Client(2).requesting(6, 43, 67, 120).with(.vendorClass, "H3C. MSR".utf8)

  private func lab() throws -> Lab {
    let advisor = try Advisor(acs: ACSParameters(url: "http://192.0.2.1:7547/acs"))
    return Lab(subnets: [Self.subnet, Lab.remote]) { $0.advisor = advisor }
  }

  @Test func `a client of a class gets its addresses, its lease time, its options, its boot file and its dialect`()
    throws
  {
    var lab = try lab()
    let offer = try #require(try lab.send(phone.discover()).reply).message
    #expect(offer.yiaddr == IPv4Address(192, 0, 2, 108))
    #expect(try offer.options.value(.leaseTime) == 600)
    #expect(offer.options[OptionCode(rawValue: 120)].map { Array($0) } == [1, 192, 0, 2, 9])
    #expect(try offer.options.value(.domainNameServers) == [IPv4Address(192, 0, 2, 8)])
    #expect(offer.file == Array("phone.cfg".utf8) && offer.siaddr == IPv4Address(192, 0, 2, 9))
    #expect(!offer.options.contains(.vendorSpecific))

    let other = try #require(try lab.send(router.discover()).reply).message
    #expect(other.yiaddr == IPv4Address(192, 0, 2, 100))
    #expect(try other.options.value(.leaseTime) == 43_200)
    #expect(!other.options.contains(OptionCode(rawValue: 120)) && other.options.contains(.vendorSpecific))
    #expect(other.file == Array("device.cfg".utf8))
  }

  @Test func `a class's addresses are nobody else's, asked for or not, and it gets no others`() throws {
    var lab = try lab()
    let asked = try #require(try lab.send(router.discover(requesting: IPv4Address(192, 0, 2, 111))).reply)
    #expect(asked.message.yiaddr == IPv4Address(192, 0, 2, 100))
    // The seven addresses that the subnet has besides.
    for number in 10...16 as ClosedRange<UInt64> { _ = try lab.lease(Client(number)) }
    #expect(try lab.send(Client(18).discover()).outcomes.last == .ignored(.poolExhausted))
    for number in 20...23 as ClosedRange<UInt64> {
      _ = try lab.lease(Client(number).with(.vendorClass, "phone".utf8))
    }
    #expect(
      try lab.send(Client(24).with(.vendorClass, "phone".utf8).discover()).outcomes.last == .ignored(.poolExhausted))
  }

  @Test func `a class without addresses of its own shares those of the subnet, and all of its conditions must hold`()
    throws
  {
    var lab = try lab()
    func seconds(_ client: Client) throws -> UInt32? {
      try lab.send(client.discover()).reply?.message.options.value(.leaseTime)
    }
    #expect(try seconds(Client(30).with(.userClass, [5] + "modem".utf8)) == 300)
    #expect(try seconds(Client(31).with(.userClass, "MODEM".utf8)) == 300)
    #expect(try seconds(Client(32).with(.userClass, [3] + "mod".utf8 + [2] + "em".utf8)) == 43_200)
    #expect(try seconds(Client(0x10000_00033).with(.userClass, "modem".utf8)) == 43_200)
    #expect(try lab.lease(Client(30).with(.userClass, "modem".utf8)) == IPv4Address(192, 0, 2, 100))
    // Who is of two classes is of the first.
    let both = Client(34).with(.userClass, "modem".utf8).with(.vendorClass, "phone".utf8)
    #expect(try seconds(both) == 600)
  }

  @Test func `a client that has come to be of a class is refused its former address, and gets one of the class`() throws
  {
    var lab = try lab()
    let client = Client(40)
    let address = try lab.lease(client)
    let changed = client.with(.vendorClass, "phone".utf8)
    #expect(try lab.send(changed.extend(address)).outcomes == [.refused(address, .notGrantable)])
    #expect(try lab.lease(changed) == IPv4Address(192, 0, 2, 108))
  }

  @Test func `a reservation goes before the class's addresses, with all else that the class says`() throws {
    var subnet = Lab.subnet(reservations: [
      Reservation(client: .hardware(Client(50).hardware), address: IPv4Address(192, 0, 2, 50))
    ])
    subnet.classes = [
      ClassConfiguration(
        matching: [.everyone], pools: Self.range("192.0.2.108-192.0.2.109"), in: subnet
      ) { $0.leaseTimes = LeaseTimes(standard: 600) }
    ]
    var lab = Lab(subnets: [subnet])
    let offer = try #require(try lab.send(Client(50).discover()).reply).message
    #expect(offer.yiaddr == IPv4Address(192, 0, 2, 50))
    #expect(try offer.options.value(.leaseTime) == 600)
  }

  @Test func `classes go by the port of the relay too, and by their addresses on a shared network`() throws {
    var first = Lab.remote
    first.sharedNetwork = "branch"
    var second = SubnetConfiguration(
      subnet: Subnet(containing: IPv4Address(203, 0, 113, 1), prefixLength: 24), sharedNetwork: "branch",
      pools: Self.range("203.0.113.10-203.0.113.19"))
    let matches = [ClientMatch.circuit(BytesPattern("eth0/*"))]
    second.classes = [
      ClassConfiguration(matching: matches, pools: Self.range("203.0.113.10-203.0.113.11"), in: second) { _ in }
    ]
    var lab = Lab(subnets: [first, second])
    func circuit(_ number: UInt64, _ name: String) -> Client {
      Client(number).behindRelay([1, UInt8(name.utf8.count)] + name.utf8)
    }
    #expect(try lab.lease(circuit(1, "eth0/1")) == IPv4Address(203, 0, 113, 10))
    #expect(try lab.lease(circuit(2, "eth0/2")) == IPv4Address(203, 0, 113, 11))
    #expect(try lab.send(circuit(3, "eth0/3").discover()).outcomes.last == .ignored(.poolExhausted))
    #expect(try lab.lease(circuit(4, "eth1/1")) == IPv4Address(198, 51, 100, 100))
  }

  @Test(arguments: [
    ("eth0/1", "eth0/1", true), ("eth0/1", "eth0/10", false), ("eth0/?", "eth0/1", true), ("*/1", "eth0/1", true),
    ("ETH*", "eth0/1", true), ("ETH0/1", "eth0/1", false),
  ])
  func `a port is matched whole`(pattern: String, name: String, matches: Bool) {
    #expect(BytesPattern(pattern).matches(Array(name.utf8)[...]) == matches)
  }

  @Test func `beside another server, who is of a class is known`() throws {
    var lab = Lab(subnets: [Self.subnet]) { $0.audience = .known(inventory: []) }
    #expect(try lab.send(phone.discover()).reply != nil)
    #expect(try lab.send(Client(9).discover()).outcomes == [.ignored(.notServed)])
  }

  @Test func `T1 and T2 in seconds hold for leases that are longer`() throws {
    var lab = Lab(subnets: [Lab.subnet(times: LeaseTimes(renewal: 600, rebinding: 1200))])
    func timers(asking seconds: UInt32) throws -> [UInt32?] {
      let client = Client(1).with(.leaseTime, [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: seconds >> $0) })
      let options = try #require(try lab.send(client.discover()).reply).message.options
      return [try options.value(.renewalTime), try options.value(.rebindingTime)]
    }
    #expect(try timers(asking: 3600) == [600, 1200])
    #expect(try timers(asking: 1000) == [500, 875])
  }
}
