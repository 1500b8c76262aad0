import DNS
import Net
import Testing

/// The zones' own answers, by the numbers of the checklist.
struct ResponderTests {
  @Test func `N01 SOA without EDNS is answered with AA and without OPT`() throws {
    let reply = try Reply.to("lab.example", .soa)
    #expect(reply.responseCode == .noError)
    #expect(reply.bits == .authoritative)
    #expect(!reply.hasZ)
    #expect(reply.answers.map(\.type) == [.soa])
    #expect(reply.answers.first?.timeToLive == Lab.soaTimeToLive)
    #expect(reply.edns == nil)
  }

  @Test(
    arguments: [
      ("N02 AA", Flags.authoritative, Flags.authoritative),
      ("N03 AD", .authenticData, .authoritative),
      ("N04 CD", .checkingDisabled, [.authoritative, .checkingDisabled]),
      ("N05 RA", .recursionAvailable, .authoritative),
      ("N06 RD", .recursionDesired, [.authoritative, .recursionDesired]),
      ("N07 TC", .truncated, .authoritative),
      ("N08 Z", Flags(rawValue: 0x0040), .authoritative),
    ] as [(String, Flags, Flags)])
  func `N02 to N08 each flag in a query is copied or ignored`(flag: String, sent: Flags, expected: Flags) throws {
    let reply = try Reply.to("lab.example", .soa, flags: sent)
    #expect(reply.responseCode == .noError)
    #expect(reply.answers.map(\.type) == [.soa])
    #expect(reply.bits == expected)
    #expect(!reply.hasZ)
  }

  @Test(arguments: [Flags([]), Flags(rawValue: 0x07F0)])
  func `N09 N10 opcode 15 gets NOTIMP, its opcode, and nothing else`(flags: Flags) throws {
    let query = Message(id: 5, flags: Flags(rawValue: flags.rawValue | 0x7800))
    let reply = try Reply(to: query.encode(), zones: Lab.zones())
    #expect(reply.bytes == [0, 5, 0x80 | 0x78, 4, 0, 0, 0, 0, 0, 0, 0, 0])
    #expect(reply.outcome.verdict == .notImplemented(.opcode(Opcode(rawValue: 15))))
  }

  @Test func `N11 an unknown type at the apex is NODATA with the SOA`() throws {
    let reply = try Reply.to("lab.example", RecordType(rawValue: 666))
    #expect(reply.isNegative(.noError))
  }

  @Test func `N12 SOA over TCP is answered as over UDP`() throws {
    #expect(try Reply.to("lab.example", .soa, over: .tcp) == Reply.to("lab.example", .soa))
  }

  @Test(arguments: [
    RecordType.a, .ns, .cname, .soa, .ptr, .hinfo, .mx, .txt, .aaaa, .srv, .dname, .ds, .dnskey, .caa,
    RecordType(rawValue: 46), RecordType(rawValue: 47), RecordType(rawValue: 65), RecordType(rawValue: 99),
    RecordType(rawValue: 65_535),
  ])
  func `N34 every type at the apex is an answer or NODATA`(type: RecordType) throws {
    let reply = try Reply.to("lab.example", type)
    if [.ns, .soa].contains(type) {
      #expect(reply.answers.map(\.type) == [type])
    } else {
      #expect(reply.isNegative(.noError))
    }
  }

  @Test func `N38 a plain answer over 512 bytes is cut at a set and marked, and whole over TCP`() throws {
    let long = (0..<4).map { index in
      Lab.record("big.lab.example", .txt([[UInt8](repeating: UInt8(index), count: 200)]))
    }
    let zones = try Lab.zones(with: long + [Lab.record("tobig.lab.example", .cname(Lab.name("big.lab.example")))])
    let cut = try Reply.to("tobig.lab.example", .txt, zones: zones)
    #expect(cut.bits == [.authoritative, .truncated])
    #expect(cut.answers.map(\.type) == [.cname])
    #expect(cut.responseCode == .noError)
    let whole = try Reply.to("tobig.lab.example", .txt, over: .tcp, zones: zones)
    #expect(whole.bits == .authoritative)
    #expect(whole.answers.map(\.type) == [.cname, .txt, .txt, .txt, .txt])
  }

  @Test func `N39 the ACS name has its address with the configured TTL, and no AAAA is NODATA`() throws {
    let reply = try Reply.to("acs.lab.example", .a)
    #expect(reply.answers == [Lab.records[0]])
    #expect(reply.bits == .authoritative)
    #expect(reply.authorities.isEmpty)
    #expect(try Reply.to("acs.lab.example", .aaaa).isNegative(.noError))
    #expect(try Reply.to("dual.lab.example", .aaaa).answers.map(\.type) == [.aaaa])
  }

  @Test func `N40 a name that does not exist is NXDOMAIN with the SOA and the negative TTL`() throws {
    #expect(try Reply.to("nowhere.lab.example", .a).isNegative(.nameError))
    #expect(try Reply.to("x.acs.lab.example", .a).isNegative(.nameError))
  }

  @Test func `N41 a name that only has names below it is NODATA`() throws {
    #expect(try Reply.to("deep.lab.example", .a).isNegative(.noError))
    #expect(try Reply.to("_tcp.lab.example", .srv).isNegative(.noError))
    #expect(try Reply.to("deep.lab.example", .any).isNegative(.noError))
  }

  @Test(arguments: ["example", "www.example.net", ".", "xlab.example", "3.0.192.in-addr.arpa"])
  func `N42 outside our zones is REFUSED without AA and without records`(name: String) throws {
    let reply = try Reply.to(name, .a)
    #expect(reply.responseCode == .refused)
    #expect(reply.bits.isEmpty)
    #expect(reply.answers.isEmpty && reply.authorities.isEmpty && reply.additionals.isEmpty)
  }

  @Test func `N43 the case of letters does not matter, and the question comes back as it was sent`() throws {
    let query = Message.query(id: 1, Question(Lab.name("aCs.LaB.ExAmPlE"), .a), edns: nil).encode()
    let reply = try Reply(to: query, zones: Lab.zones())
    #expect(reply.message?.answers == [Lab.records[0]])
    #expect(Array(reply.bytes[12..<query.count]) == Array(query[12...]))
    #expect(reply.outcome.name == Lab.acs)
    #expect(reply.outcome.name?.description == "acs.lab.example")
    #expect(reply.outcome.type == .a)
  }

  @Test func `N44 an alias brings its target along, and is answered alone where it is asked`() throws {
    let reply = try Reply.to("chain.lab.example", .a)
    #expect(reply.answers.map(\.type) == [.cname, .cname, .a])
    #expect(reply.answers.map(\.name.description) == ["chain.lab.example", "alias.lab.example", "acs.lab.example"])
    #expect(reply.addresses(of: Lab.name("chain.lab.example")) == [IPv4Address(192, 0, 2, 1)])
    #expect(try Reply.to("chain.lab.example", .cname).answers.map(\.type) == [.cname])
    let away = try Reply.to("away.lab.example", .a)
    #expect(away.answers.map(\.type) == [.cname])
    #expect(away.responseCode == .noError)
    #expect(away.bits == .authoritative)
  }

  @Test func `N44 a loop of aliases ends`() throws {
    let reply = try Reply.to("loop1.lab.example", .a)
    #expect(reply.responseCode == .noError)
    #expect(reply.answers.map(\.name.description) == ["loop1.lab.example", "loop2.lab.example"])
    let into = try Reply.to("intoloop.lab.example", .a)
    #expect(into.answers.count <= Responder.maximumAliases + 1)
  }

  @Test func `N45 the last name of a chain decides between NXDOMAIN and NODATA`() throws {
    let dangling = try Reply.to("dangling.lab.example", .a)
    #expect(dangling.responseCode == .nameError)
    #expect(dangling.answers.map(\.type) == [.cname])
    #expect(dangling.authorities.map(\.type) == [.soa])
    let typeless = try Reply.to("typeless.lab.example", .a)
    #expect(typeless.responseCode == .noError)
    #expect(typeless.answers.map(\.type) == [.cname])
    #expect(typeless.authorities.map(\.type) == [.soa])
  }

  @Test(arguments: ["sub.lab.example", "x.sub.lab.example", "ns.sub.lab.example"])
  func `N46 below a delegation there is a referral with glue and without AA`(name: String) throws {
    let reply = try Reply.to(name, .a)
    #expect(reply.responseCode == .noError)
    #expect(reply.bits.isEmpty)
    #expect(reply.answers.isEmpty)
    #expect(reply.authorities == [Lab.record("sub.lab.example", .ns(Lab.name("ns.sub.lab.example")))])
    #expect(reply.additionals == [Lab.record("ns.sub.lab.example", .a(IPv4Address(192, 0, 2, 53)))])
  }

  @Test func `N46 the DS of a delegation is ours to deny`() throws {
    #expect(try Reply.to("sub.lab.example", .ds).isNegative(.noError))
  }

  @Test func `N47 a wildcard stands for names that do not exist, and for no others`() throws {
    let wild = try Reply.to("X.y.wild.lab.example", .txt)
    #expect(wild.answers == [Lab.record("X.y.wild.lab.example", .txt([Array("wild".utf8)]))])
    #expect(wild.answers.first?.name.description == "X.y.wild.lab.example")
    #expect(try Reply.to("x.wild.lab.example", .a).isNegative(.noError))
    #expect(try Reply.to("*.wild.lab.example", .txt).answers.map(\.type) == [.txt])
    // b exists, without records; and below it no wildcard reaches.
    #expect(try Reply.to("b.wild.lab.example", .txt).isNegative(.noError))
    #expect(try Reply.to("c.b.wild.lab.example", .txt).isNegative(.nameError))
    #expect(try Reply.to("wild.lab.example", .txt).isNegative(.noError))
  }

  @Test func `N49 ANY gets one set of an existing name`() throws {
    #expect(try Reply.to("dual.lab.example", .any).answers.map(\.type) == [.a])
    #expect(try Reply.to("lab.example", .any).answers.map(\.type) == [.soa])
    #expect(try Reply.to("alias.lab.example", .any).answers.map(\.type) == [.cname])
    #expect(try Reply.to("nowhere.lab.example", .any).isNegative(.nameError))
  }

  @Test func `N50 the PTR of a leased address is its host name, and a free address is NXDOMAIN`() throws {
    let reply = try Reply.to("10.2.0.192.in-addr.arpa", .ptr)
    #expect(
      reply.answers == [Lab.record("10.2.0.192.in-addr.arpa", .ptr(Lab.name("router1.lab.example")), timeToLive: 30)])
    #expect(reply.bits == .authoritative)
    #expect(try Reply.to("router1.lab.example", .a).answers.map(\.data) == [.a(IPv4Address(192, 0, 2, 10))])
    #expect(
      try Reply.to("11.2.0.192.in-addr.arpa", .ptr).isNegative(.nameError, zone: Lab.name("2.0.192.in-addr.arpa")))
  }

  @Test(arguments: ["mail", "text", "_acs._tcp", "unknown"])
  func `N51 every kind of data comes back as it was put in`(label: String) throws {
    let record = try #require(Lab.records.first { $0.name == Lab.name("\(label).lab.example") })
    #expect(try Reply.to("\(label).lab.example", record.type).answers == [record])
  }

  @Test func `N51 the target of an SRV record is not compressed, the exchange of an MX record is`() throws {
    let zones = try Lab.zones()
    let srv = try Reply(
      to: Message.query(id: 1, Question(Lab.name("_acs._tcp.lab.example"), .srv), edns: nil).encode(), zones: zones)
    #expect(Array(srv.bytes.suffix(Lab.acs.wire.count)) == Lab.acs.wire)
    let mx = try Reply(
      to: Message.query(id: 1, Question(Lab.name("mail.lab.example"), .mx), edns: nil).encode(), zones: zones)
    // "acs", then a pointer to lab.example in the question, after "mail".
    let exchange: [UInt8] = [3, 0x61, 0x63, 0x73, 0xC0, 12 + 5]
    #expect(Array(mx.bytes.suffix(6)) == exchange)
  }

  @Test func `N77 ids 0 and 65535 are ids like others`() throws {
    for id in [0, 0xFFFF] as [UInt16] {
      let query = Message.query(id: id, Question(Lab.acs, .a))
      #expect(try Reply(to: query.encode(), zones: Lab.zones()).message?.id == id)
    }
  }

  @Test func `an answer to a name in no zone at all is REFUSED`() throws {
    #expect(try Reply.to("lab.example", .soa, zones: ZoneSet()).responseCode == .refused)
  }

  @Test func `every verdict has a counter of its own and a sentence`() {
    let verdicts: [Outcome.Verdict] = [
      .answered, .noData, .nameError, .referral, .refused(.outsideZones), .refused(.recordClass), .refused(.transfer),
      .notImplemented(.opcode(.update)), .notImplemented(.type(.maila)), .formatError(.message(.questionCount(0))),
      .formatError(.message(.truncated(at: 1, needed: 1))), .formatError(.questionType(.opt)), .badVersion,
      .dropped(.response), .dropped(.shortHeader),
    ]
    #expect(Set(verdicts.map(\.counter)).count == verdicts.count)
    #expect(verdicts.allSatisfy { $0.counter.hasPrefix("dns.") })
    #expect(Set(verdicts.map(\.description)).count == verdicts.count)
  }
}
