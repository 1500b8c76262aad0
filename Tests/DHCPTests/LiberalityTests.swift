import DHCP
import Net
import Testing

/// RFC 2131 section 4.1: one option that cannot be used costs its client nothing but that option.
struct LiberalityTests {
  /// Every option that the server interprets, with values that are none of it.
  static let unusable: [(OptionCode, [UInt8])] = [
    (.hostName, []), (.requestedAddress, []), (.requestedAddress, [192, 0, 2]), (.leaseTime, []), (.leaseTime, [1, 2]),
    (.serverIdentifier, []), (.serverIdentifier, [192, 0, 2, 1, 9]), (.parameterRequestList, []),
    (.maximumMessageSize, []), (.maximumMessageSize, [2, 64, 0]), (.vendorClass, []), (.clientIdentifier, []),
    (.clientIdentifier, [1]), (.userClass, []), (.clientFQDN, []), (.clientFQDN, [0, 0]), (.clientFQDN, [4, 0, 0, 9]),
    (.subnetSelection, []), (.subnetSelection, [192]), (.vendorIdentifyingClass, []),
    (.vendorIdentifyingClass, [0, 0, 13]), (.relayInformation, []), (.relayInformation, [1, 9, 0]),
    (.messageType, [1, 1]),
  ]

  @Test(arguments: unusable)
  func `a DISCOVER with an option that cannot be used is offered an address`(code: OptionCode, value: [UInt8]) throws {
    var lab = Lab()
    let decision = try lab.send(Client(1).message(.discover) { $0.options.set(code, bytes: value) })
    #expect(decision.reply?.type == .offer)
    #expect(decision.outcomes.contains(.optionDropped(OptionDefect(code, .malformed))))
    #expect(decision.outcomes.map(\.counter).contains("dhcp.optionDropped.malformed.\(code.rawValue)"))
  }

  @Test(arguments: unusable.filter { $0.0 != .messageType && $0.0 != .clientIdentifier })
  func `a REQUEST for our offer with an option that cannot be used is acknowledged`(
    code: OptionCode, value: [UInt8]
  ) throws {
    var lab = Lab()
    let client = Client(1)
    let offered = try #require(try lab.send(client.discover()).reply).message.yiaddr
    var request = client.request(offered)
    request.options.set(code, bytes: value)
    let decision = try lab.send(request)
    #expect(decision.reply?.type == .acknowledgement && decision.reply?.message.yiaddr == offered)
  }

  @Test func `a message that is cut anywhere behind its type is served by what stands`() throws {
    let whole = Client(1, identifier: [9, 9]).requesting(1, 3, 6).with(.hostName, "msr".utf8).discover()
    let bytes = whole.encode(limit: 548).bytes
    let end = try #require(bytes.lastIndex(of: 255))
    for count in 243...end {
      var lab = Lab()
      let message = try Message(decoding: Array(bytes[..<count]))
      let decision = lab.server.decide(
        message, from: Arrival(interfaceAddresses: [Lab.serverAddress], source: .unspecified, destination: .broadcast),
        table: &lab.table, now: lab.now)
      #expect(decision.reply?.type == .offer)
      #expect(decision.outcomes.filter { if case .optionDropped = $0 { true } else { false } }.count <= 1)
    }
  }

  @Test func `an option 52 of no meaning leaves the fields what they are`() throws {
    for value in [[], [0], [4], [1, 1]] as [[UInt8]] {
      var lab = Lab()
      let decision = try lab.send(Client(1).message(.discover) { $0.options.set(.overload, bytes: value) })
      #expect(decision.reply?.type == .offer)
      #expect(decision.outcomes.contains(.optionDropped(OptionDefect(.overload, .malformed))))
    }
  }

  @Test func `with option 50 unusable the address on offer is meant, and without an offer nothing`() throws {
    var lab = Lab()
    let client = Client(1)
    var request = client.request(.unspecified)
    request.options.set(.requestedAddress, bytes: [])
    #expect(try lab.send(request).outcomes.first == .ignored(.malformedRequest))
    _ = try lab.send(client.discover())
    #expect(try lab.send(request).reply?.message.yiaddr == Lab.local)
  }

  @Test func `who writes from no address is answered at its hardware, whatever ciaddr says`() throws {
    var lab = Lab()
    let client = Client(1)
    let address = try lab.lease(client)
    #expect(try lab.send(client.extend(address)).reply?.destination == .unicast(address, client.hardware))
    #expect(try lab.send(client.extend(address), from: address).reply?.destination == .routed(address))
    let inform = client.message(.inform) { $0.ciaddr = address }
    #expect(try lab.send(inform).reply?.destination == .unicast(address, client.hardware))
    #expect(try lab.send(inform, from: address).reply?.destination == .routed(address))
    // Another address in `ciaddr` than the one that is granted is not the client's.
    var selecting = client.request(address)
    selecting.ciaddr = IPv4Address(10, 0, 0, 7)
    #expect(
      try lab.send(selecting, from: IPv4Address(10, 0, 0, 7)).reply?.destination == .unicast(address, client.hardware))
  }

  @Test(arguments: ["127.0.0.1", "224.0.0.9", "255.255.255.255", "0.0.0.7"])
  func `no lease is made for a relay that no answer can reach`(relay: String) throws {
    let giaddr = try #require(IPv4Address(relay))
    var everywhere = Lab(subnets: [
      SubnetConfiguration(
        subnet: Subnet(containing: giaddr, prefixLength: 24),
        pools: [AddressRange(first: Lab.local, last: Lab.local)].compactMap(\.self))
    ])
    let client = Client(1).with(.relayInformation, [5, 4] + giaddr.octets)
    for message in [client.discover(), client.request(Lab.local)] {
      var relayed = message
      relayed.giaddr = giaddr
      #expect(try everywhere.send(relayed) == Decision(outcomes: [.ignored(.noAddressToAnswer)]))
    }
    #expect(everywhere.table.count == 0)
  }

  @Test func `options are sent unasked where that is configured, also those that other settings make`() throws {
    var extra = OptionList()
    extra.set(OptionCode(rawValue: 138), bytes: [192, 0, 2, 10])
    extra.set(OptionCode(rawValue: 139), bytes: [1])
    var subnet = Lab.subnet(extraOptions: extra)
    subnet.forcedOptions = [OptionCode(rawValue: 138), .ntpServers]
    var lab = Lab(subnets: [subnet])
    let options = try #require(try lab.send(Client(1).requesting(1, 3).discover()).reply).message.options
    #expect(options[OptionCode(rawValue: 138)].map { Array($0) } == [192, 0, 2, 10])
    #expect(options.contains(.ntpServers))
    #expect(!options.contains(OptionCode(rawValue: 139)) && !options.contains(.domainName))
  }
}
