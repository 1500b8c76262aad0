import DHCP
import Net
import Testing

struct ReplyTests {
  @Test func `D39 a relayed client gets an address of the relay's subnet, through the relay`() throws {
    var lab = Lab()
    let client = Client(1).behindRelay().requesting(1, 3)
    let reply = try #require(try lab.send(client.discover()).reply)
    #expect(reply.destination == .relay(Lab.relay))
    #expect(reply.message.giaddr == Lab.relay)
    #expect(reply.message.yiaddr == IPv4Address(198, 51, 100, 100))
    #expect(try reply.message.options.value(.routers) == [Lab.relay])
    #expect(try reply.message.options.value(.serverIdentifier) == Lab.serverAddress)
  }

  @Test func `D40 a relay in no subnet is ignored, and so is a link without one`() throws {
    var lab = Lab()
    let foreign = Client(1).message(.discover) { $0.giaddr = IPv4Address(10, 9, 9, 9) }
    #expect(try lab.send(foreign) == Decision(outcomes: [.ignored(.unknownRelay)]))
    lab = Lab(subnets: [Lab.remote])
    #expect(try lab.send(Client(1).discover()) == Decision(outcomes: [.ignored(.unknownSubnet)]))
  }

  @Test func `D47 the mask comes before the routers whatever the client's order`() throws {
    var lab = Lab()
    let codes = try #require(try lab.send(Client(1).requesting(3, 6, 1).discover()).reply).message.options.codes
    #expect(codes.suffix(3) == [.subnetMask, .routers, .domainNameServers])
  }

  @Test func `D48 options come in the client's order, once each, and unknown ones not at all`() throws {
    var lab = Lab()
    let client = Client(1).requesting(42, 15, 200, 6, 6, 0, 255, 15)
    let codes = try #require(try lab.send(client.discover()).reply).message.options.codes
    #expect(codes.suffix(4) == [.subnetMask, .ntpServers, .domainName, .domainNameServers])
  }

  @Test func `D50 classless routes come before the routers`() throws {
    var extra = OptionList()
    extra.set(
      .classlessRoutes,
      ClasslessRoutes([
        .init(to: Subnet(containing: .unspecified, prefixLength: 0), by: Lab.serverAddress)
      ]))
    var lab = Lab(subnets: [Lab.subnet(extraOptions: extra)])
    let codes = try #require(try lab.send(Client(1).requesting(3, 121).discover()).reply).message.options.codes
    #expect(codes.suffix(3) == [.subnetMask, .classlessRoutes, .routers])
  }

  @Test func `extra options replace the configured ones, and cannot replace the server's own`() throws {
    var extra = OptionList()
    extra.set(.domainName, "other.example")
    extra.set(.serverIdentifier, .broadcast)
    extra.set(OptionCode(rawValue: 114), bytes: Array("https://portal".utf8))
    var lab = Lab(subnets: [Lab.subnet(extraOptions: extra)])
    let options = try #require(try lab.send(Client(1).requesting(15, 54, 114).discover()).reply).message.options
    #expect(try options.value(.domainName) == "other.example")
    #expect(try options.value(.serverIdentifier) == Lab.serverAddress)
    #expect(options[OptionCode(rawValue: 114)]?.count == 14)
  }

  @Test(arguments: [[1, 3, 65, 66, 67, 2, 1, 9], [1, 200, 3], [0]] as [[UInt8]])
  func `D52 D54 D55 option 82 is echoed as it came, well formed or not, as the last option`(bytes: [UInt8]) throws {
    var lab = Lab()
    for client in [Client(1).behindRelay(bytes), Client(2).with(.relayInformation, bytes)] {
      let offer = try #require(try lab.send(client.discover()).reply)
      let ack = try #require(try lab.send(client.request(offer.message.yiaddr)).reply)
      let nak = try #require(try lab.send(client.reboot(IPv4Address(10, 0, 0, 1))).reply)
      for reply in [offer, ack, nak] {
        let read = try Message(decoding: reply.encode().bytes)
        #expect(read.options.codes.last == .relayInformation)
        #expect(read.options[.relayInformation].map { Array($0) } == bytes)
      }
    }
    #expect(lab.table.leases(of: Client(2).key).first?.relayInformation == bytes)
    #expect(try lab.send(Client(3).discover()).reply?.message.options.contains(.relayInformation) == false)
  }

  @Test func `D53 option 82 is left out where it does not fit, and that is told`() throws {
    var message = Client(1).discover()
    message.options.set(.relayInformation, bytes: [UInt8](repeating: 1, count: 400))
    let encoded = message.encode(limit: 548)
    #expect(encoded.dropped == [.relayInformation])
    #expect(try Message(decoding: encoded.bytes).options.codes == [.messageType])
  }

  @Test func `D52 option 82 never moves to file or sname`() throws {
    var message = Client(1).discover()
    for code in UInt8(200)...203 {
      message.options.set(OptionCode(rawValue: code), bytes: [UInt8](repeating: 7, count: 60))
    }
    message.options.set(.relayInformation, bytes: [UInt8](repeating: 9, count: 100))
    let encoded = message.encode(limit: 548)
    #expect(encoded.dropped.isEmpty)
    #expect(!encoded.bytes[44..<236].contains(82))
    #expect(encoded.bytes[240...].contains(82))
  }

  @Test func `D56 link selection chooses the subnet, and the answer still goes to the relay`() throws {
    var lab = Lab()
    let client = Client(1).behindRelay([5, 4, 192, 0, 2, 0])
    let reply = try #require(try lab.send(client.discover()).reply)
    #expect(reply.message.yiaddr == Lab.local)
    #expect(reply.destination == .relay(Lab.relay))
  }

  @Test func `D57 subnet selection is honored and echoed where it is switched on, and the relay's word goes before it`()
    throws
  {
    let selecting = Client(1).with(.subnetSelection, [198, 51, 100, 0]).requesting(118)
    var lab = Lab()
    let reply = try #require(try lab.send(selecting.discover()).reply).message
    #expect(reply.yiaddr == Lab.local && !reply.options.contains(.subnetSelection))

    lab = Lab { $0.honorsSubnetSelection = true }
    let selected = try #require(try lab.send(selecting.discover()).reply).message
    #expect(selected.yiaddr == IPv4Address(198, 51, 100, 100))
    #expect(selected.options[.subnetSelection].map { Array($0) } == [198, 51, 100, 0])
    let relayed = Client(2).with(.subnetSelection, [198, 51, 100, 0]).behindRelay([5, 4, 192, 0, 2, 0])
    let reply82 = try #require(try lab.send(relayed.discover()).reply)
    #expect(reply82.message.yiaddr == Lab.local && reply82.destination == .relay(Lab.relay))
    let unknown = Client(3).with(.subnetSelection, [10, 9, 8, 7])
    #expect(try lab.send(unknown.discover()).reply == nil)
    let malformed = Client(4).with(.subnetSelection, [10, 9])
    #expect(try lab.send(malformed.discover()).reply?.message.options.contains(.subnetSelection) == false)
  }

  @Test(arguments: [[10, 1, 0x80], [10, 1, 0], [10, 0]] as [[UInt8]])
  func `D59 a relay that says whether the client had written to the server itself changes nothing of the answer`(
    flags: [UInt8]
  ) throws {
    var lab = Lab()
    let client = Client(1).behindRelay(flags)
    let address = try lab.lease(client)
    let reply = try #require(try lab.send(client.extend(address)).reply)
    #expect(reply.type == .acknowledgement && reply.destination == .relay(Lab.relay))
    #expect(reply.message.options[.relayInformation].map { Array($0) } == flags)
  }

  @Test func `D58 a relay's server identifier stands in all answers and is taken for ours`() throws {
    var lab = Lab()
    let override = IPv4Address(198, 51, 100, 254)
    let client = Client(1).behindRelay([11, 4, 198, 51, 100, 254])
    let offer = try #require(try lab.send(client.discover()).reply)
    #expect(try offer.message.options.value(.serverIdentifier) == override)
    #expect(offer.source == Lab.serverAddress)
    let ack = try #require(try lab.send(client.request(offer.message.yiaddr, of: override)).reply)
    #expect(ack.type == .acknowledgement)
    #expect(try ack.message.options.value(.serverIdentifier) == override)
    // Without a relay nobody can speak for one.
    let direct = Client(2).with(.relayInformation, [11, 4, 198, 51, 100, 254])
    #expect(try lab.send(direct.request(Lab.local, of: override)).outcomes == [.ignored(.notOurServerIdentifier)])
  }

  @Test func `D60 D61 the client identifier is echoed as it came, and not invented`() throws {
    var lab = Lab()
    let identifier: [UInt8] = [255, 0, 0, 0, 1, 0, 4, 9, 9, 9]
    let reply = try #require(try lab.send(Client(1, identifier: identifier).discover()).reply)
    #expect(reply.message.options[.clientIdentifier].map { Array($0) } == identifier)
    let address = try lab.lease(Client(1, identifier: identifier))
    #expect(try lab.lease(Client(2, identifier: identifier)) == address)
    #expect(try lab.send(Client(3).discover()).reply?.message.options.contains(.clientIdentifier) == false)
  }

  @Test func `D75 the server calls itself by its address on the client's subnet`() throws {
    let lab = Lab()
    var table = lab.table
    let other = IPv4Address(203, 0, 113, 1)
    let arrival = Arrival(
      interfaceAddresses: [other, Lab.serverAddress], source: .unspecified, destination: .broadcast)
    let reply = lab.server.decide(Client(1).discover(), from: arrival, table: &table, now: lab.now).reply
    #expect(reply?.source == Lab.serverAddress)
    #expect(try reply?.message.options.value(.serverIdentifier) == Lab.serverAddress)
  }

  @Test func `no message, however mangled, traps the server, and what it answers can be read`() throws {
    let advisor = try Advisor(
      acs: ACSParameters(url: "http://192.0.2.1:7547/acs", username: "u", password: "p"))
    var local = Lab.subnet()
    local.bootFile = BootFile(name: "device.cfg", servers: [Lab.serverAddress])
    var lab = Lab(subnets: [local, Lab.remote]) { $0.advisor = advisor }
    var random = SplitMix64(state: 5)
    let client = Client(1, identifier: [1, 2, 3]).requesting(1, 3, 6, 43, 66, 67, 150).with(.vendorClass, "H3C".utf8)
      .with(.relayInformation, [1, 2, 0, 7, 5, 4, 192, 0, 2, 1])
    let seeds = [
      client.discover(), client.request(Lab.local), client.reboot(Lab.local), client.extend(Lab.local),
      client.release(Lab.local), client.decline(Lab.local), client.behindRelay().discover(),
      client.message(.inform) { $0.ciaddr = Lab.local },
    ].map { $0.encode(limit: 548).bytes }
    var answered = 0
    for round in 0..<8000 {
      var bytes = seeds[round % seeds.count]
      for _ in 0..<Int(random.next() % 5) {
        let place = random.next() % 2 == 0 ? 240 + random.next() % 60 : random.next() % 300
        bytes[Int(place)] = UInt8(truncatingIfNeeded: random.next())
      }
      guard let message = try? Message(decoding: bytes) else { continue }
      lab.pass(seconds: Int64(random.next() % 100))
      let arrival = Arrival(
        interfaceAddresses: [Lab.serverAddress], source: .unspecified,
        destination: random.next() % 2 == 0 ? .broadcast : Lab.serverAddress)
      if random.next() % 8 == 0 { lab.table.begin() }
      let decision = lab.server.decide(message, from: arrival, table: &lab.table, now: lab.now)
      if random.next() % 8 == 0 { lab.table.rollback() }
      if decision.outcomes.isEmpty { Issue.record("\(message) was passed over without a word") }
      guard let reply = decision.reply else { continue }
      answered += 1
      let encoded = reply.encode()
      if encoded.bytes.count > reply.limit { Issue.record("the answer to \(message) is too long") }
      if try Message(decoding: encoded.bytes).xid != message.xid { Issue.record("\(message) is answered otherwise") }
    }
    #expect(answered > 1000)
    lab.table.begin()
    lab.table.rollback()
    #expect(lab.table.freeCount(in: 0) <= 10)
  }
}

struct ReasonTests {
  @Test func `each reason has a sentence and a counter of its own`() {
    let reasons =
      IgnoreReason.allCases.map { ($0.counter, $0.description) } + Refusal.allCases.map { ($0.counter, $0.description) }
    #expect(Set(reasons.map(\.0)).count == reasons.count)
    #expect(Set(reasons.map(\.1)).count == reasons.count)
  }

  @Test func `D50 routes are there under 121 before 3, and for clients of Microsoft under 249`() throws {
    let routes: [UInt8] = [24, 10, 1, 2, 192, 0, 2, 1]
    var options = OptionList()
    options.set(.classlessRoutes, bytes: routes)
    var lab = Lab(subnets: [Lab.subnet(extraOptions: options)])
    let reply = try #require(try lab.send(Client(1).requesting(3, 249, 121).discover()).reply)
    let codes = reply.message.options.codes
    let first = try #require(codes.firstIndex(of: .classlessRoutes))
    #expect(first < codes.firstIndex(of: .routers) ?? 0)
    for code in [OptionCode.classlessRoutes, .microsoftClasslessRoutes] {
      #expect(reply.message.options[code].map { Array($0) } == routes)
    }
    let other = try #require(try lab.send(Client(2).requesting(3).discover()).reply)
    #expect(!other.message.options.contains(.microsoftClasslessRoutes))
  }

  @Test func `D64 and D65 what is set as 108 and 114 goes to clients that ask for it, and to no others`() throws {
    var options = OptionList()
    for (name, value) in [("ipv6-only-preferred", "1800"), ("captive-portal", "https://portal.example/api")] {
      let definition = try #require(OptionDefinition.named(name))
      options.set(definition.code, bytes: try definition.encode([value]))
    }
    var lab = Lab(subnets: [Lab.subnet(extraOptions: options)])
    let asking = try #require(try lab.send(Client(1).requesting(1, 108, 114).discover()).reply).message.options
    #expect(asking[OptionCode(rawValue: 108)].map { Array($0) } == [0, 0, 7, 8])
    #expect(asking[OptionCode(rawValue: 114)].map { Array($0) } == Array("https://portal.example/api".utf8))
    let other = try #require(try lab.send(Client(2).requesting(1).discover()).reply).message.options
    #expect(!other.contains(OptionCode(rawValue: 108)) && !other.contains(OptionCode(rawValue: 114)))
  }
}
