import Foundation
import Net
import Testing

@testable import DNS

/// Servers that do not know EDNS (RFC 6891 sections 6.2.2 and 7).
struct ForwarderEDNSTests {
  private static let first = Forwarder.Upstream(IPv4Address(198, 51, 100, 1))
  private static let second = Forwarder.Upstream(IPv4Address(198, 51, 100, 2))

  private struct Asked {
    let exchange: Forwarder.ExchangeID
    let upstream: Forwarder.Upstream
    let query: Message
    let transport: Responder.Transport
    var hasEDNS: Bool { query.edns != nil }

    func reply(_ code: ResponseCode = .noError, flags: Flags = []) -> Message {
      Message(
        id: query.id, flags: Flags(flags.union(.response), responseCode: code), questions: query.questions,
        answers: code == .noError
          ? [ResourceRecord(query.questions[0].name, timeToLive: 60, .a(IPv4Address(203, 0, 113, 7)))] : [])
    }
  }

  private struct Desk {
    var forwarder: Forwarder
    var random = SeededGenerator(state: 4)
    var now = Lab.noon
    private var count: UInt64 = 0

    init(_ upstreams: [Forwarder.Upstream]) { forwarder = Forwarder(to: upstreams) }

    mutating func ask(over transport: Responder.Transport = .udp) throws -> Asked {
      count += 1
      let query = Message.query(
        id: 5, Question(Lab.name("n\(count).example.net"), .a), edns: EDNS(flags: EDNS.dnssecOK))
      let bytes = query.encode()
      return try Self.asked(
        forwarder.ask(
          bytes.span.bytes, from: Responder.Asker(Lab.client, over: transport, at: now),
          token: Forwarder.Token(rawValue: count), using: &random))
    }

    mutating func receive(_ message: Message, to asked: Asked) -> [Forwarder.Action] {
      receive(message.encode(), to: asked)
    }

    mutating func receive(_ bytes: [UInt8], to asked: Asked) -> [Forwarder.Action] {
      forwarder.receive(bytes.span.bytes, from: asked.upstream, in: asked.exchange, at: now, using: &random)
    }

    mutating func wait(_ milliseconds: Int64) -> [Forwarder.Action] {
      now = now.advanced(byMilliseconds: milliseconds)
      return forwarder.advance(to: now, using: &random)
    }

    static func asked(_ actions: [Forwarder.Action]) throws -> Asked { try #require(question(actions)) }

    /// What is asked, if anything is.
    static func question(_ actions: [Forwarder.Action]) -> Asked? {
      actions.compactMap { action -> Asked? in
        guard case .ask(let exchange, let upstream, let bytes, let transport) = action,
          let query = try? Message(decoding: bytes.span.bytes)
        else { return nil }
        return Asked(exchange: exchange, upstream: upstream, query: query, transport: transport)
      }.first
    }
  }

  private func answer(_ actions: [Forwarder.Action]) throws -> Message {
    try #require(
      actions.compactMap { action -> Message? in
        guard case .answer(_, let bytes) = action else { return nil }
        return try? Message(decoding: bytes.span.bytes)
      }.first)
  }

  private func vector(_ name: String, id: UInt16) throws -> [UInt8] {
    let folder = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Vectors/dns")
    let text = try String(contentsOf: folder.appending(path: "\(name).hex"), encoding: .utf8)
    let digits = text.split(separator: "\n").filter { !$0.hasPrefix("#") }.joined().filter { !$0.isWhitespace }
    let bytes = try #require(Hexadecimal.decode(digits))
    return [UInt8(id >> 8), UInt8(id & 0xFF)] + bytes.dropFirst(2)
  }

  @Test(arguments: [ResponseCode.formatError, .notImplemented])
  func `a server that answers FORMERR or NOTIMP is asked again without EDNS, at once`(code: ResponseCode) throws {
    var desk = Desk([Self.first, Self.second])
    let asked = try desk.ask()
    #expect(asked.hasEDNS)
    let actions = desk.receive(asked.reply(code), to: asked)
    #expect(actions.first == .close(asked.exchange))
    let again = try Desk.asked(actions)
    #expect(again.upstream == Self.first && !again.hasEDNS && again.query.questions.count == 1)
    #expect(desk.forwarder.takeNotes() == [.asked, .withoutEDNS, .asked])
    let answer = try answer(desk.receive(again.reply(), to: again))
    #expect(answer.responseCode == .noError && answer.answers.count == 1)
    // The client has EDNS of us all the same.
    #expect(answer.edns?.payloadSize == 1232)
  }

  @Test(arguments: ["formerr-header", "notimp-with-question-cut"])
  func `a refusal that is not a whole message is one too`(name: String) throws {
    var desk = Desk([Self.first])
    let asked = try desk.ask()
    let again = try Desk.asked(desk.receive(try vector(name, id: asked.query.id), to: asked))
    #expect(!again.hasEDNS)
    #expect(try answer(desk.receive(again.reply(), to: again)).responseCode == .noError)
  }

  @Test func `a server without EDNS is asked without for a quarter of an hour, and the others with`() throws {
    var desk = Desk([Self.first, Self.second])
    let asked = try desk.ask()
    let again = try Desk.asked(desk.receive(asked.reply(.formatError), to: asked))
    _ = desk.receive(again.reply(), to: again)
    let next = try desk.ask()
    #expect(next.upstream == Self.first && !next.hasEDNS)
    // It does not answer now: the other is asked, with EDNS.
    let other = try Desk.asked(desk.wait(1000))
    #expect(other.upstream == Self.second && other.hasEDNS)
    _ = desk.receive(other.reply(), to: other)
    desk.now = desk.now.advanced(bySeconds: UpstreamHabit.memory)
    let later = try desk.ask()
    #expect(later.upstream == Self.first && later.hasEDNS)
  }

  @Test func `FORMERR to a query without EDNS is a failure, and the next server is asked`() throws {
    var desk = Desk([Self.first, Self.second])
    let asked = try desk.ask()
    let plain = try Desk.asked(desk.receive(asked.reply(.formatError), to: asked))
    let next = try Desk.asked(desk.receive(plain.reply(.formatError), to: plain))
    #expect(next.upstream == Self.second && next.hasEDNS)
  }

  @Test func `a server that is silent to EDNS is asked without, and that is remembered`() throws {
    var desk = Desk([Self.first])
    for _ in 0..<2 {
      #expect(try desk.ask().hasEDNS)
      let again = try Desk.asked(desk.wait(1000))
      #expect(again.upstream == Self.first && !again.hasEDNS)
      #expect(try answer(desk.receive(again.reply(), to: again)).responseCode == .noError)
    }
    let third = try desk.ask()
    #expect(!third.hasEDNS)
    desk.now = desk.now.advanced(bySeconds: UpstreamHabit.memory)
    let later = try desk.ask()
    #expect(later.hasEDNS)
    // It has learned it.
    _ = desk.receive(later.reply(), to: later)
    #expect(try desk.ask().hasEDNS)
  }

  @Test func `one lost packet does not cost a server its EDNS`() throws {
    var desk = Desk([Self.first])
    _ = try desk.ask()
    let again = try Desk.asked(desk.wait(1000))
    _ = desk.receive(again.reply(), to: again)
    for _ in 0..<3 {
      let asked = try desk.ask()
      #expect(asked.hasEDNS)
      _ = desk.receive(asked.reply(), to: asked)
    }
  }

  @Test func `several servers that are silent to EDNS are asked without in the end`() throws {
    let servers = (1...5).map { Forwarder.Upstream(IPv4Address(198, 51, 100, $0)) }
    var desk = Desk(servers)
    var answered = false
    for _ in 0..<4 where !answered {
      var asked = try desk.ask()
      for wait in [1000, 1000, 1500, 1500] as [Int64] where !answered {
        if !asked.hasEDNS {
          answered = try answer(desk.receive(asked.reply(), to: asked)).responseCode == .noError
        } else if let next = Desk.question(desk.wait(wait)) {
          asked = next
        }
      }
    }
    #expect(answered)
  }

  @Test func `what is cut without EDNS is asked again over TCP without it`() throws {
    var desk = Desk([Self.first])
    let asked = try desk.ask(over: .tcp)
    let plain = try Desk.asked(desk.receive(asked.reply(.formatError), to: asked))
    let whole = try Desk.asked(desk.receive(plain.reply(flags: .truncated), to: plain))
    #expect(whole.transport == .tcp && whole.upstream == Self.first && !whole.hasEDNS)
  }

  // MARK: - Zones with servers of their own

  private func ask(_ forwarder: inout Forwarder, _ name: String, from client: IPv4Address = Lab.client)
    -> [Forwarder.Action]
  {
    var random = SeededGenerator(state: 5)
    let bytes = Message.query(id: 5, Question(Lab.name(name), .a)).encode()
    return forwarder.ask(
      bytes.span.bytes, from: Responder.Asker(client, over: .udp, at: Lab.noon), token: Forwarder.Token(rawValue: 1),
      using: &random)
  }

  @Test func `names of a zone go to its servers, the longest zone first, and others to the standard ones`() throws {
    let company = Forwarder.Upstream(IPv4Address(10, 0, 0, 53))
    let lab = Forwarder.Upstream(IPv4Address(10, 0, 1, 53))
    var forwarder = Forwarder(
      ForwarderRoutes(
        [Self.first],
        zones: [
          Lab.name("corp.internal"): [company], Lab.name("lab.corp.internal"): [lab],
          Lab.name("10.in-addr.arpa"): [company], Lab.name("company.local"): [company], Lab.name("home.arpa"): [lab],
        ]))
    for (name, server) in [
      ("host.corp.internal", company), ("CORP.Internal", company), ("a.b.lab.corp.internal", lab),
      ("dc1.company.local", company), ("srv.home.arpa", lab), ("5.1.2.10.in-addr.arpa", company),
      ("www.example", Self.first), ("mycorp.net", Self.first),
    ] {
      #expect(try Desk.asked(ask(&forwarder, name)).upstream == server, "\(name)")
    }
    // What no zone has is as it was.
    for name in ["other.internal", "printer.local", "1.1.168.192.in-addr.arpa"] {
      #expect(try answer(ask(&forwarder, name)).responseCode == .nameError, "\(name)")
    }
    // The company's server asks us for what we would ask it.
    #expect(try answer(ask(&forwarder, "x.corp.internal", from: company.address)).responseCode == .refused)
    #expect(try Desk.asked(ask(&forwarder, "x.example.net", from: company.address)).upstream == Self.first)
  }

  @Test func `with zones alone other names are refused, and another choice of zones empties the cache`() throws {
    let company = Forwarder.Upstream(IPv4Address(10, 0, 0, 53))
    let zone = Lab.name("corp.example")
    var forwarder = Forwarder(ForwarderRoutes([], zones: [zone: [company]]))
    #expect(try answer(ask(&forwarder, "www.example.net")).responseCode == .refused)
    let asked = try Desk.asked(ask(&forwarder, "a.corp.example"))
    var random = SeededGenerator(state: 6)
    let reply = asked.reply().encode()
    _ = forwarder.receive(reply.span.bytes, from: company, in: asked.exchange, at: Lab.noon, using: &random)
    #expect(try answer(ask(&forwarder, "a.corp.example")).responseCode == .noError)
    forwarder.configure(ForwarderRoutes([Self.first]))
    #expect(try Desk.asked(ask(&forwarder, "a.corp.example")).upstream == Self.first)
  }
}
