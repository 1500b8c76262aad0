import Net
import Testing

@testable import DNS

struct ForwarderTests {
  private static let first = Forwarder.Upstream(IPv4Address(198, 51, 100, 1))
  private static let second = Forwarder.Upstream(IPv4Address(198, 51, 100, 2))
  private static let name = Lab.name("www.Example.net")
  private static let address = IPv4Address(203, 0, 113, 7)

  /// A forwarder, and what the test does with it.
  private struct Desk {
    var forwarder: Forwarder
    var random = SeededGenerator(state: 42)
    var now = Lab.noon
    var lastToken: UInt64 = 0

    init(_ upstreams: [Forwarder.Upstream] = [ForwarderTests.first, ForwarderTests.second]) {
      forwarder = Forwarder(to: upstreams)
    }

    mutating func ask(
      _ name: Name = ForwarderTests.name, _ type: RecordType = .a, flags: Flags = .recursionDesired,
      edns: EDNS? = EDNS(), id: UInt16 = 5, from client: IPv4Address = Lab.client,
      over transport: Responder.Transport = .udp
    ) -> [Forwarder.Action] {
      lastToken += 1
      let bytes = Message(id: id, flags: flags, questions: [Question(name, type)], edns: edns).encode()
      return forwarder.ask(
        bytes.span.bytes, from: Responder.Asker(client, over: transport, at: now),
        token: Forwarder.Token(rawValue: lastToken), using: &random)
    }

    mutating func receive(
      _ message: Message, from source: Forwarder.Upstream, in exchange: Forwarder.ExchangeID
    ) -> [Forwarder.Action] {
      let bytes = message.encode()
      return forwarder.receive(bytes.span.bytes, from: source, in: exchange, at: now, using: &random)
    }

    mutating func wait(_ milliseconds: Int64) -> [Forwarder.Action] {
      now = now.advanced(byMilliseconds: milliseconds)
      return forwarder.advance(to: now, using: &random)
    }
  }

  /// What is asked of an upstream server.
  private struct Asked {
    let exchange: Forwarder.ExchangeID
    let upstream: Forwarder.Upstream
    let query: Message
    let transport: Responder.Transport

    func reply(
      _ code: ResponseCode = .noError, _ records: [RecordData] = [.a(ForwarderTests.address)], flags: Flags = [],
      timeToLive: UInt32 = 300, authorities: [ResourceRecord] = []
    ) -> Message {
      Message(
        id: query.id, flags: Flags(flags.union([.response, .recursionAvailable]), responseCode: code),
        questions: query.questions,
        answers: records.map { ResourceRecord(ForwarderTests.name, timeToLive: timeToLive, $0) },
        authorities: authorities, edns: EDNS())
    }
  }

  private func asked(_ actions: [Forwarder.Action]) throws -> Asked {
    let asks = try actions.compactMap { action -> Asked? in
      guard case .ask(let exchange, let upstream, let bytes, let transport) = action else { return nil }
      return Asked(
        exchange: exchange, upstream: upstream, query: try Message(decoding: bytes.span.bytes), transport: transport)
    }
    #expect(asks.count == 1)
    return try #require(asks.first)
  }

  private func answers(_ actions: [Forwarder.Action]) throws -> [Message] {
    try actions.compactMap { action in
      guard case .answer(_, let bytes) = action else { return nil }
      return try Message(decoding: bytes.span.bytes)
    }
  }

  private func answer(_ actions: [Forwarder.Action]) throws -> Message {
    let answers = try answers(actions)
    #expect(answers.count == 1)
    return try #require(answers.first)
  }

  private static let soa = ResourceRecord(
    Lab.name("example.net"), timeToLive: 900,
    .soa(
      StartOfAuthority(
        primary: Lab.name("ns.example.net"), contact: Lab.name("root.example.net"), serial: SerialNumber(rawValue: 1),
        minimum: 600)))

  // MARK: - The way of a question

  @Test func `a question goes to the first server and its answer to the client, with the client's own ID and letters`()
    throws
  {
    var desk = Desk()
    let asked = try asked(desk.ask(id: 99))
    #expect(asked.upstream == Self.first && asked.transport == .udp)
    #expect(asked.query.questions.map(\.name) == [Self.name] && asked.query.flags == .recursionDesired)
    let actions = desk.receive(asked.reply(), from: Self.first, in: asked.exchange)
    #expect(actions.first == .close(asked.exchange))
    let answer = try answer(actions)
    #expect(answer.id == 99 && answer.responseCode == .noError)
    #expect(answer.questions.first?.name.wire == Self.name.wire)
    #expect(answer.bits == [.recursionDesired, .recursionAvailable])
    #expect(answer.addresses(of: Self.name) == [Self.address])
    #expect(desk.forwarder.pendingCount == 0 && desk.forwarder.nextDeadline == nil)
  }

  @Test
  func `N68 what does not fit the question in ID, source, question, letters or QR is ignored, and the wait goes on`()
    throws
  {
    var desk = Desk()
    let asked = try asked(desk.ask())
    var wrongID = asked.reply()
    wrongID.id &+= 1
    var otherName = asked.reply()
    otherName.questions = [Question(Lab.name("evil.example.net"), .a)]
    var otherType = asked.reply()
    otherType.questions = [Question(asked.query.questions[0].name, .aaaa)]
    var otherCase = asked.reply()
    let flipped = asked.query.questions[0].name.wire.map { $0 == UInt8(ascii: "w") ? UInt8(ascii: "W") : $0 | 0x20 }
    let flippedWire = flipped.dropLast() + [0]
    otherCase.questions = [Question(Name(checked: flippedWire.span.bytes), .a)]
    var query = asked.reply()
    query.flags.remove(.response)
    var bare = asked.reply()
    bare.questions = []
    for (message, source) in [
      (wrongID, Self.first), (otherName, Self.first), (otherType, Self.first), (otherCase, Self.first),
      (query, Self.first), (bare, Self.first), (asked.reply(), Self.second),
      (asked.reply(), Forwarder.Upstream(Self.first.address, port: 54)),
    ] {
      #expect(desk.receive(message, from: source, in: asked.exchange) == [])
    }
    #expect(desk.receive(asked.reply(), from: Self.first, in: Forwarder.ExchangeID(rawValue: 77)) == [])
    let garbage: [UInt8] = [1, 2, 3]
    #expect(
      desk.forwarder.receive(
        garbage.span.bytes, from: Self.first, in: asked.exchange, at: desk.now, using: &desk.random) == [])
    let ignored = desk.forwarder.takeNotes().filter { if case .ignored = $0 { true } else { false } }
    #expect(ignored.count == 9)
    #expect(try answer(desk.receive(asked.reply(), from: Self.first, in: asked.exchange)).responseCode == .noError)
  }

  @Test func `N69 IDs are spread evenly, and letters by chance`() throws {
    var buckets = [Int](repeating: 0, count: 64)
    var random = SystemRandomNumberGenerator()
    var upper = 0
    var successive = 0
    var last: UInt16?
    for _ in 0..<10_000 {
      let query = UpstreamQuery(ForwardedQuestion(Self.name, .a), mixingCase: true, using: &random)
      buckets[Int(query.id >> 10)] += 1
      if let last, query.id == last &+ 1 { successive += 1 }
      last = query.id
      upper += query.question.name.wire.count { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
    }
    let expected = 10_000.0 / 64
    let chiSquare = buckets.reduce(0.0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
    // 63 degrees of freedom: above 130 less than once in a million runs.
    #expect(chiSquare < 130)
    #expect(successive < 10)
    // Of 13 letters half.
    #expect((63_000...67_000).contains(upper))
  }

  @Test func `N70 what is cut is asked again over TCP of the same server`() throws {
    var desk = Desk()
    let asked = try asked(desk.ask(over: .tcp))
    let actions = desk.receive(asked.reply(.noError, [], flags: .truncated), from: Self.first, in: asked.exchange)
    let again = try self.asked(actions)
    #expect(again.transport == .tcp && again.upstream == Self.first && again.exchange != asked.exchange)
    let many = (0..<60).map { RecordData.txt([[UInt8](repeating: $0, count: 200)]) }
    let answer = try answer(desk.receive(again.reply(.noError, many), from: Self.first, in: again.exchange))
    #expect(answer.answers.count == 60 && !answer.flags.contains(.truncated))
    // Over UDP the same answer is cut to what the client takes.
    let cut = try self.answer(desk.ask(edns: EDNS(payloadSize: 4096)))
    #expect(cut.flags.contains(.truncated) && cut.encode().count <= 1232)
    #expect(try self.answer(desk.ask(edns: nil)).encode().count <= 512)
  }

  @Test func `N70 a server that does not answer is followed by the next, and who failed is asked last`() throws {
    var desk = Desk()
    var asked = try asked(desk.ask())
    #expect(desk.wait(999) == [])
    let next = desk.wait(1)
    #expect(next.first == .close(asked.exchange))
    asked = try self.asked(next)
    #expect(asked.upstream == Self.second)
    _ = desk.receive(asked.reply(), from: Self.second, in: asked.exchange)
    #expect(try self.asked(desk.ask(Lab.name("other.net"))).upstream == Self.second)
    desk.now = desk.now.advanced(bySeconds: 31)
    #expect(try self.asked(desk.ask(Lab.name("third.net"))).upstream == Self.first)
  }

  @Test(arguments: [ResponseCode.serverFailure, .refused])
  func `a server that cannot answer is followed by the next at once`(code: ResponseCode) throws {
    var desk = Desk()
    let asked = try asked(desk.ask())
    let next = try self.asked(desk.receive(asked.reply(code, []), from: Self.first, in: asked.exchange))
    #expect(next.upstream == Self.second)
  }

  @Test func `N70 where all are dead the client is told within 5 s, and the others for 5 s more without a question`()
    throws
  {
    var desk = Desk()
    _ = desk.ask()
    var last: [Forwarder.Action] = []
    for wait in [1000, 1000, 1500, 1500] as [Int64] { last = desk.wait(wait) }
    let failure = try answer(last)
    #expect(failure.responseCode == .serverFailure)
    #expect(failure.edns?.options == [EDNS.Option(code: 15, bytes: [0, 22])])
    #expect(try answer(desk.ask()).responseCode == .serverFailure)
    desk.now = desk.now.advanced(bySeconds: 5)
    #expect(try answers(desk.ask()).isEmpty)
  }

  @Test func `N70 where all are dead an answer that has expired is given with a TTL of 30 and an extended error`()
    throws
  {
    var desk = Desk([Self.first])
    let asked = try asked(desk.ask())
    _ = desk.receive(asked.reply(timeToLive: 10), from: Self.first, in: asked.exchange)
    desk.now = desk.now.advanced(bySeconds: 3600)
    _ = desk.ask(edns: EDNS())
    var last: [Forwarder.Action] = []
    for wait in [1000, 1000, 1500, 1500] as [Int64] { last = desk.wait(wait) }
    let stale = try answer(last)
    #expect(stale.addresses(of: Self.name) == [Self.address])
    #expect(stale.answers.map(\.timeToLive) == [30])
    #expect(stale.edns?.options == [EDNS.Option(code: 15, bytes: [0, 3])])
    desk.now = desk.now.advanced(bySeconds: 86_400)
    _ = desk.ask()
    for wait in [1000, 1000, 1500, 1500] as [Int64] { last = desk.wait(wait) }
    #expect(try answer(last).responseCode == .serverFailure)
  }

  @Test func `the last try keeps the letters, for a server that does not`() throws {
    var desk = Desk([Self.first])
    var asked = try asked(desk.ask())
    for wait in [1000, 1000, 1500] as [Int64] { asked = try self.asked(desk.wait(wait)) }
    #expect(asked.query.questions[0].name.wire == Self.name.wire)
  }

  // MARK: - Who may ask

  @Test func `N71 without RD only what is in the cache is told`() throws {
    var desk = Desk()
    #expect(try answer(desk.ask(flags: [])).responseCode == .refused)
    #expect(desk.forwarder.takeNotes() == [.refused(.noRecursionDesired)])
    let asked = try asked(desk.ask())
    _ = desk.receive(asked.reply(), from: Self.first, in: asked.exchange)
    #expect(try answer(desk.ask(flags: [])).addresses(of: Self.name) == [Self.address])
  }

  @Test func `N72 nothing of the client's OPT goes upstream but DO, and CD of its flags`() throws {
    var desk = Desk()
    let options = [EDNS.Option(code: 10, bytes: [1, 2, 3, 4, 5, 6, 7, 8]), EDNS.Option(code: 8, bytes: [0, 1, 0, 0])]
    let asked = try asked(
      desk.ask(
        flags: [.recursionDesired, .checkingDisabled, .authenticData],
        edns: EDNS(payloadSize: 4096, flags: EDNS.dnssecOK, options: options)))
    #expect(asked.query.edns == EDNS(payloadSize: 1232, flags: EDNS.dnssecOK))
    #expect(asked.query.flags == [.recursionDesired, .checkingDisabled])
    let answer = try answer(desk.receive(asked.reply(flags: .authenticData), from: Self.first, in: asked.exchange))
    #expect(answer.flags.contains([.authenticData, .checkingDisabled]))
    #expect(answer.edns == EDNS(payloadSize: 1232, flags: EDNS.dnssecOK))
    // Another client, which asks without DO, is told neither AD nor OPT, and by a question of its own.
    let plain = try self.asked(desk.ask(edns: nil))
    let told = try self.answer(desk.receive(plain.reply(flags: .authenticData), from: Self.first, in: plain.exchange))
    #expect(!told.flags.contains(.authenticData) && told.edns == nil)
  }

  @Test func `like questions share one exchange, 16 at most`() throws {
    var desk = Desk()
    let asked = try asked(desk.ask())
    for number in 1..<16 as Range<UInt16> {
      let name = Lab.name(number.isMultiple(of: 2) ? "WWW.example.net" : "www.EXAMPLE.net")
      #expect(desk.ask(name, id: 100 + number, from: IPv4Address(rawValue: Lab.client.rawValue + UInt32(number))) == [])
    }
    #expect(try answer(desk.ask(from: IPv4Address(192, 0, 2, 200))).responseCode == .refused)
    let all = try answers(desk.receive(asked.reply(), from: Self.first, in: asked.exchange))
    #expect(all.count == 16 && Set(all.map(\.id)).count == 16)
  }

  @Test func `a client waits for 32 answers at most, and all together for 1000`() throws {
    var desk = Desk()
    func name(_ number: Int) -> Name { Lab.name("n\(number).example.net") }
    for number in 0..<32 { _ = try asked(desk.ask(name(number))) }
    #expect(try answer(desk.ask(name(32))).responseCode == .refused)
    #expect(desk.forwarder.takeNotes().last == .refused(.client))
    for number in 32..<1000 {
      _ = desk.ask(name(number), from: IPv4Address(rawValue: 0x0A00_0000 + UInt32(number)))
    }
    #expect(desk.forwarder.pendingCount == 1000)
    #expect(try answer(desk.ask(name(1000), from: IPv4Address(192, 0, 2, 200))).responseCode == .refused)
    #expect(desk.forwarder.takeNotes().last == .refused(.full))
    for wait in [1000, 1000, 1500, 1500] as [Int64] { _ = desk.wait(wait) }
    #expect(desk.forwarder.pendingCount == 0)
    #expect(try asked(desk.ask(name(2000))).upstream == Self.first)
  }

  @Test func `a question that comes back from an upstream server does not go round`() throws {
    var desk = Desk()
    _ = desk.ask()
    #expect(try answer(desk.ask(from: Self.second.address)).responseCode == .refused)
    #expect(desk.forwarder.takeNotes().last == .refused(.loop))
  }

  @Test func `other servers take over while questions are under way, and what is cached stays`() throws {
    var desk = Desk([Self.first])
    let kept = try asked(desk.ask())
    _ = desk.receive(kept.reply(), from: Self.first, in: kept.exchange)
    let name = Lab.name("other.net")
    let open = try asked(desk.ask(name))
    desk.forwarder.configure(ForwarderRoutes([Self.second]))
    #expect(try asked(desk.wait(1000)).upstream == Self.second)
    #expect(desk.receive(open.reply(), from: Self.first, in: open.exchange) == [])
    #expect(try answer(desk.ask()).addresses(of: Self.name) == [Self.address])
    desk.forwarder.configure(ForwarderRoutes([]))
    #expect(try answer(desk.ask(Lab.name("third.net"))).responseCode == .refused)
    #expect(desk.forwarder.takeNotes().last == .refused(.noServer))
    #expect(try answers(desk.wait(5000)).map(\.responseCode) == [.serverFailure])
  }

  // MARK: - The cache

  @Test func `an answer is kept for its TTL, which is counted down`() throws {
    var desk = Desk()
    let asked = try asked(desk.ask())
    _ = desk.receive(asked.reply(timeToLive: 100), from: Self.first, in: asked.exchange)
    desk.now = desk.now.advanced(bySeconds: 40)
    #expect(try answer(desk.ask(Lab.name("WWW.example.NET"))).answers.map(\.timeToLive) == [60])
    desk.now = desk.now.advanced(bySeconds: 60)
    #expect(try answers(desk.ask()).isEmpty)
  }

  @Test(arguments: [ResponseCode.nameError, .noError])
  func `N73 what there is not is kept for the SOA's minimum, and not at all without an SOA`(code: ResponseCode) throws {
    var desk = Desk()
    let asked = try asked(desk.ask())
    _ = desk.receive(asked.reply(code, [], authorities: [Self.soa]), from: Self.first, in: asked.exchange)
    desk.now = desk.now.advanced(bySeconds: 599)
    let kept = try answer(desk.ask())
    #expect(kept.responseCode == code && kept.authorities.count == 1)
    desk.now = desk.now.advanced(bySeconds: 1)
    let again = try self.asked(desk.ask())
    _ = desk.receive(again.reply(code, []), from: Self.first, in: again.exchange)
    #expect(try answers(desk.ask()).isEmpty)
  }

  @Test func `the cache keeps to its limits, and what is asked often stays`() {
    var cache = ForwarderCache()
    let answer = ForwardedAnswer(
      code: .noError, answers: [ResourceRecord(Self.name, timeToLive: 9000, .txt([[UInt8](repeating: 1, count: 200)]))])
    let often = ForwardedQuestion(Self.name, .a)
    cache.store(answer, for: often, at: Lab.noon)
    for number in 0..<25_000 {
      cache.store(answer, for: ForwardedQuestion(Lab.name("n\(number).net"), .txt), at: Lab.noon)
      if number % 100 == 0 { #expect(cache.find(often, allowing: .fresh, at: Lab.noon) != nil) }
    }
    #expect(cache.count == ForwarderCache.entryLimit)
    let large = ForwardedAnswer(
      code: .noError,
      answers: (0..<200).map { _ in
        ResourceRecord(Self.name, timeToLive: 9000, .txt([[UInt8](repeating: 1, count: 200)]))
      })
    for number in 0..<2_000 {
      cache.store(large, for: ForwardedQuestion(Lab.name("l\(number).net"), .txt), at: Lab.noon)
    }
    #expect(cache.size <= ForwarderCache.sizeLimit && cache.count > 100)
    for number in 0..<2_000 {
      cache.store(answer, for: ForwardedQuestion(Lab.name("l\(number).net"), .txt), at: Lab.noon)
    }
    #expect(cache.size <= ForwarderCache.sizeLimit)
  }

  // MARK: - Special names

  @Test func `N74 special names are answered here and never leave`() throws {
    var desk = Desk()
    #expect(
      try answer(desk.ask(Lab.name("localhost"))).addresses(of: Lab.name("localhost")) == [IPv4Address(127, 0, 0, 1)])
    #expect(
      try answer(desk.ask(Lab.name("a.localhost"), .aaaa)).answers.map(\.data)
        == [.aaaa(IPv6Address(high: 0, low: 1))])
    #expect(
      try answer(desk.ask(Lab.name("1.0.0.127.in-addr.arpa"), .ptr)).answers.map(\.data)
        == [.ptr(Lab.name("localhost"))])
    for name in [
      "a.invalid", "x.test", "y.onion", "printer.local", "a.home.arpa", "1.2.3.10.in-addr.arpa",
      "9.9.31.172.in-addr.arpa", "1.1.168.192.in-addr.arpa", "5.0.0.127.in-addr.arpa", "1.0.254.169.in-addr.arpa",
      "1.0.64.100.in-addr.arpa", "1.2.0.192.in-addr.arpa", "1.d.f.ip6.arpa", "1.0.8.e.f.ip6.arpa",
    ] {
      let answer = try answer(desk.ask(Lab.name(name), .ptr))
      #expect(answer.responseCode == .nameError && answer.authorities.map(\.type) == [.soa], "\(name)")
    }
    #expect(desk.forwarder.pendingCount == 0)
    for name in [
      "8.8.8.8.in-addr.arpa", "1.2.32.172.in-addr.arpa", "testing", "www.x.example", "example", "ipv4only.arpa",
      "1.0.128.100.in-addr.arpa",
    ] {
      #expect(try answers(desk.ask(Lab.name(name), .ptr)).isEmpty, "\(name)")
    }
  }

  // MARK: - Hostile input

  @Test func `mutated replies never trap, and what reaches the client decodes, is within its limit, and is its own`()
    throws
  {
    var random = SeededGenerator(state: 3)
    var finished = 0
    for round in 0..<20_000 {
      var desk = Desk()
      let asked = try asked(desk.ask(edns: round.isMultiple(of: 2) ? EDNS() : nil, id: 0x1234))
      var bytes = asked.reply(authorities: [Self.soa]).encode()
      for _ in 0..<Int.random(in: 0...4, using: &random) {
        // Mostly behind the question.
        let place = Int.random(in: round.isMultiple(of: 4) ? 0..<bytes.count : 2..<bytes.count, using: &random)
        bytes[place] = UInt8.random(in: 0...255, using: &random)
      }
      let actions = desk.forwarder.receive(
        bytes.span.bytes, from: Self.first, in: asked.exchange, at: desk.now, using: &desk.random)
      for case .answer(_, let reply) in actions {
        let message = try Message(decoding: reply.span.bytes)
        #expect(message.id == 0x1234 && message.flags.contains(.response))
        #expect(reply.count <= (round.isMultiple(of: 2) ? 1232 : 512))
        finished += 1
      }
    }
    #expect(finished > 1000)
  }
}
