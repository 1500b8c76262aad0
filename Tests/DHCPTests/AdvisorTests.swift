import DHCP
import Net
import Testing

struct AdvisorTests {
  private let acs = ACSParameters(url: "http://169.254.76.31:7547/acs", username: "1234", password: "5678")
  private let url = "http://169.254.76.31:7547/acs"

  @Test func `D66 a client that says dslforum.org gets the Broadband Forum's dialect`() throws {
    let byClass = Client(1).with(.vendorClass, "a dslforum.org b".utf8)
    let byEnterprise = Client(1).with(.vendorIdentifyingClass, [0, 0, 13, 0xE9, 13, 12] + Array("dslforum.org".utf8))
    for client in [byClass, byEnterprise] {
      let (hint, options) = try ack(client)
      #expect(options[.vendorSpecific].map { Array($0) } == [1, 29] + Array(url.utf8))
      #expect(hint == ACSHint(url: url, dialect: .broadbandForum))
    }
    let otherEnterprise = Client(1).with(.vendorIdentifyingClass, [0, 0, 0, 9, 13, 12] + Array("dslforum.org".utf8))
    #expect(try ack(otherEnterprise).options.contains(.vendorSpecific) == false)
  }

  @Test(arguments: ["H3C", "H3C MSR36-20", "HPE MSR", "hp-msr", "3Com"])
  func `D67 a Comware client gets the Comware dialect`(vendorClass: String) throws {
    let (hint, options) = try ack(Client(1).with(.vendorClass, vendorClass.utf8))
    #expect(
      options[.vendorSpecific].map { Hexadecimal.encode($0) }
        == "0127687474703a2f2f3136392e3235342e37362e33313a373534372f61637320313233342035363738")
    #expect(hint == ACSHint(url: url, dialect: .comware))
  }

  @Test func `40 option 43 is sent to a client that does not ask for it, with nothing after its sub-options`() throws {
    for requested in [[1, 3], [1, 3, 43]] as [[UInt8]] {
      let client = Client(1).with(.vendorClass, "H3C".utf8).with(.parameterRequestList, requested)
      let bytes = try #require(try ack(client).options[.vendorSpecific].map { Array($0) })
      #expect(bytes.count == 2 + Int(bytes[1]) && bytes.last != 0xFF)
    }
  }

  @Test func `D67 a Comware client is known by its hardware address`() throws {
    var client = Client(1)
    client.hardware = MACAddress(rawValue: 0x000F_E200_0001)
    #expect(try ack(client).acs?.dialect == .comware)
  }

  @Test(arguments: [
    (0x3822_D600_0001, nil, true), (0xD07E_2800_0001, nil, true), (0x1402_EC00_0001, nil, true),
    (0x9418_8200_0001, nil, true), (0xD07E_2800_0001, "\u{0}\u{0}\u{0}x", true), (0x3822_D600_0001, "udhcp 1.30", true),
    (0xD07E_2800_0001, "MSFT 5.0", false), (0x1402_EC00_0001, "udhcp 1.30", false), (0x0200_0000_0001, nil, false),
    (0x5254_0000_0001, nil, false),
  ])
  func `a maker's hardware tells Comware, unless the client says that it is a computer`(
    hardware: UInt64, vendorClass: String?, isComware: Bool
  ) throws {
    var client = Client(1)
    client.hardware = MACAddress(rawValue: hardware)
    if let vendorClass { client = client.with(.vendorClass, vendorClass.utf8) }
    #expect(try ack(client).options.contains(.vendorSpecific) == isComware)
  }

  @Test(arguments: [
    ("\u{0}00e0.fc12.3456-Vlan-interface22", true), ("\u{0}d07e.280b.5301-GE0/0", true),
    ("D07E.280B.5301-GigabitEthernet0/0", true), ("\u{0}cisco-00e0.fc12.3456-Gi0/0", false),
    ("\u{0}00e0.fc12.3456", false), ("\u{0}00e0.fc12.3456-", false), ("\u{0}00e0-fc12-3456-GE0/0", false),
    ("\u{0}00eg.fc12.3456-GE0/0", false), ("\u{1}00e0.fc12.3456-GE0/0", false), ("\u{0}00e0.fc12.3456-G\u{7}", false),
  ])
  func `the form of Comware's client identifier tells Comware`(identifier: String, isComware: Bool) throws {
    let client = Client(1, identifier: Array(identifier.utf8))
    #expect(try ack(client).options.contains(.vendorSpecific) == isComware)
    // It goes before what option 60 says, which may be left-over memory.
    let odd = client.with(.vendorClass, "dslforum.org".utf8)
    #expect(try ack(odd).acs?.dialect == (isComware ? .comware : .broadbandForum))
  }

  @Test func `that option 43 is left out is told, and why`() throws {
    func outcomes(_ sending: Advisor.Sending, _ client: Client) throws -> [Outcome] {
      Array(try decision(client.requesting(1, 3), Advisor(acs: acs, sending: sending)).outcomes.dropFirst())
    }
    let known = Client(1).with(.vendorClass, "H3C".utf8)
    #expect(try outcomes(.whenMatched, Client(1)) == [.acsWithheld(isCPE: false)])
    #expect(try outcomes(.whenMatched, known) == [])
    #expect(try outcomes(.whenRequested, known) == [.acsWithheld(isCPE: true)])
    #expect(try outcomes(.always, Client(1)) == [])
  }

  @Test func `D68 option 125 answers a client of the Broadband Forum in its own enterprise`() throws {
    let client = Client(1).with(
      .vendorIdentifyingClass, [0, 0, 0, 9, 1, 0, 0, 0, 13, 0xE9, 13, 12] + Array("dslforum.org".utf8))
    let answer = try ack(client).options.value(.vendorIdentifyingOptions)
    #expect(
      answer
        == VendorIdentifyingOptions([
          .init(enterprise: 3561, options: [SubOption(code: 11, value: Array(url.utf8))])
        ]))
    // A wrong inner length makes all of option 124 unreadable.
    let malformed = Client(1).with(.vendorIdentifyingClass, [0, 0, 13, 0xE9, 14, 12] + Array("dslforum.org".utf8))
    #expect(try ack(malformed).options.contains(.vendorIdentifyingOptions) == false)
  }

  @Test
  func `D68 the codes of option 125 can be those that a router expects, and D67 PXE servers stand beside the ACS`()
    throws
  {
    let parameters = ACSParameters(
      url: "http://192.0.2.1/", provisioningCode: "x",
      others: [.comwarePXE(servers: [IPv4Address(192, 0, 2, 9)])])
    let advisor = try Advisor(acs: parameters, firstVendorOptionCode: 1)
    let forum = try ack(Client(1).requesting(125).with(.vendorClass, "dslforum.org".utf8), advisor).options
    let expected: [UInt8] = [0, 0, 0x0D, 0xE9, 22, 1, 17] + "http://192.0.2.1/".utf8 + [2, 1] + "x".utf8
    #expect(forum[.vendorIdentifyingOptions].map { Array($0) } == expected)
    let comware = try ack(Client(2).requesting(43).with(.vendorClass, "H3C".utf8), advisor).options
    #expect(
      comware[.vendorSpecific].map { Array($0) }
        == [1, 17] + "http://192.0.2.1/".utf8 + [0x80, 7, 0, 0, 1, 192, 0, 2, 9])
  }

  @Test func `D69 option 43 goes to who asks and to who is known, or as configured`() throws {
    let stranger = Client(1).requesting(1, 3)
    let asking = Client(1).requesting(1, 43)
    let known = Client(1).requesting(1, 3).with(.vendorClass, "H3C".utf8)
    func gets(_ sending: Advisor.Sending) throws -> [Bool] {
      let advisor = try Advisor(acs: acs, sending: sending)
      return try [stranger, asking, known].map { try ack($0, advisor).options.contains(.vendorSpecific) }
    }
    #expect(try gets(.whenRequested) == [false, true, false])
    #expect(try gets(.whenMatched) == [false, true, true])
    #expect(try gets(.always) == [true, true, true])
  }

  @Test func `D70 the boot file goes out as 66, 67 and 150 and in the fixed fields`() throws {
    var subnet = Lab.subnet()
    subnet.bootFile = BootFile(name: "device.cfg", servers: [Lab.serverAddress])
    var lab = Lab(subnets: [subnet])
    let reply = try #require(try lab.send(Client(1).requesting(66, 67, 150, 6).discover()).reply)
    let options = reply.message.options
    #expect(options[.bootFileName].map { Array($0) } == Array("device.cfg".utf8))
    #expect(try options.value(.tftpServerName) == "192.0.2.1")
    #expect(try options.value(.tftpServers) == [Lab.serverAddress])
    #expect(reply.message.file == Array("device.cfg".utf8))
    #expect(reply.message.sname == Array("192.0.2.1".utf8))
    #expect(reply.message.siaddr == Lab.serverAddress)
    let firmware = Client(1).requesting(66, 67).with(.vendorClass, "PXEClient:Arch:00007".utf8)
    #expect(try lab.send(firmware.discover()).reply?.message.file == [])
  }

  @Test func `the first rule that matches decides`() throws {
    let rules = [
      AdviceRule(matches: [.vendorClass("Acme*x?")], dialect: .fixed(.bareURL)),
      AdviceRule(matches: [.oui("020000"), .vendorClass("quiet")], dialect: .fixed(.none), offersBootFile: false),
      AdviceRule(matches: [.enterprise(9)], dialect: .fixed(.broadbandForum)),
    ]
    let advisor = try Advisor(acs: acs, rules: rules)
    func dialect(_ vendorClass: String) throws -> Dialect? {
      try ack(Client(1).requesting(43).with(.vendorClass, vendorClass.utf8), advisor).acs?.dialect
    }
    #expect(try dialect("acme router x1") == .bareURL)
    #expect(try dialect("acme router x12") == .comware)
    #expect(try dialect("the QUIET one") == nil)
    #expect(try dialect("other") == .comware)
    #expect(try dialect("a dslforum.org") == .broadbandForum)
    let nine = Client(1).with(.vendorIdentifyingClass, [0, 0, 0, 9, 0])
    #expect(try ack(nine, advisor).acs?.dialect == .broadbandForum)
  }

  @Test func `what no client could be told in its dialect is refused at once`() throws {
    #expect(throws: Option43Error.self) { try Advisor(acs: ACSParameters(url: "http://192.0.2.1/", username: "a b")) }
    let everyone = AdviceRule(matches: [.everyone], dialect: .fixed(.broadbandForum))
    #expect(throws: Never.self) {
      try Advisor(acs: ACSParameters(url: "http://192.0.2.1/", username: "a b"), rules: [everyone])
    }
  }

  @Test(arguments: [
    ("msr-1", "msr-1"), ("msr.lab.example", "msr"), ("Müller PC", "M-ller-PC"), ("a\u{0}b", "a"), ("-a_-", "a"),
    ("", nil), ("___", nil), (String(repeating: "x", count: 70), String(repeating: "x", count: 63)),
  ])
  func `D72 a host name is made fit for DNS`(sent: String, kept: String?) throws {
    var lab = Lab()
    let decision = try lab.send(Client(1).with(.hostName, sent.utf8).request(Lab.local))
    #expect(decision.changes.first?.hostname == kept)
  }

  private func ack(
    _ client: Client, _ advisor: Advisor? = nil
  ) throws -> (acs: ACSHint?, options: OptionList) {
    // Asks for nothing that bears on the ACS, unless it does so itself.
    let client = client.options.contains { $0.0 == .parameterRequestList } ? client : client.requesting(1, 3)
    let decision = try decision(client, try advisor ?? Advisor(acs: acs))
    guard case .acknowledged(_, let hint)? = decision.outcomes.first else {
      throw Unexpected(decision: decision)
    }
    return (hint, try #require(decision.reply).message.options)
  }

  private func decision(_ client: Client, _ advisor: Advisor) throws -> Decision {
    var lab = Lab { $0.advisor = advisor }
    return try lab.send(client.request(Lab.local))
  }

  private struct Unexpected: Error {
    let decision: Decision
  }
}
