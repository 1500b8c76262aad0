import Net
import Testing

@testable import DNS

struct RateLimiterTests {
  private struct Crowd {
    var passed = 0
    var cut = 0
    var dropped = 0
  }

  /// So many queries within one second, as a flood sends them.
  private func flood(
    _ count: Int, _ limiter: inout RateLimiter, name: (Int) -> String = { _ in "acs.lab.example" },
    from client: (Int) -> IPv4Address = { IPv4Address(rawValue: Lab.client.rawValue & ~0xFF | UInt32($0 & 0xFF)) },
    over transport: Responder.Transport = .udp, cookie: [UInt8]? = nil, at now: Timestamp = Lab.noon
  ) throws -> Crowd {
    let zones = try Lab.zones()
    var crowd = Crowd()
    var writer = ResponseWriter()
    for number in 0..<count {
      let edns = cookie.map { EDNS(options: [EDNS.Option(code: EDNS.Option.cookie, bytes: $0)]) }
      let query = Message.query(id: UInt16(number & 0xFFFF), Question(Lab.name(name(number)), .a), edns: edns)
      let moment = Timestamp(rawValue: now.rawValue + Int64(number * 1000 / count))
      let outcome = Lab.responder.answer(
        query.encode().span.bytes, from: Responder.Asker(client(number), over: transport, at: moment), by: zones,
        limiter: &limiter, into: &writer)
      let bytes = writer.bytes
      switch outcome.ruling {
      case .pass:
        crowd.passed += 1
        #expect(!bytes.isEmpty)
      case .cut:
        crowd.cut += 1
        let message = try Message(decoding: bytes.span.bytes)
        #expect(message.flags.contains(.truncated))
        #expect(message.answers.isEmpty && message.authorities.isEmpty && message.questions.count == 1)
        #expect(bytes.count <= query.encode().count)
      case .drop:
        crowd.dropped += 1
        #expect(bytes.isEmpty)
      }
    }
    return crowd
  }

  @Test func `N75 of 1000 like queries a second from a /24 the rate is answered, and every second one beyond is cut`()
    throws
  {
    var limiter = RateLimiter(rate: 100, slip: 2)
    let crowd = try flood(1000, &limiter)
    // 100 at once, and what came back of them within the second.
    #expect((190...200).contains(crowd.passed))
    #expect(crowd.passed + crowd.cut + crowd.dropped == 1000)
    // Every second one of the others, as long as those are not more than what was passed.
    #expect((180...200).contains(crowd.cut))
    var generous = RateLimiter(rate: 400, slip: 2)
    let half = try flood(1000, &generous)
    #expect(half.passed > 700 && abs(half.cut - half.dropped) <= 1)
  }

  @Test func `N75 TCP and a proven client are exempt`() throws {
    var limiter = RateLimiter(rate: 10, slip: 2)
    #expect(try flood(200, &limiter, over: .tcp).passed == 200)
    let client: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]
    let query = Message.query(
      id: 1, Question(Lab.acs, .a), edns: EDNS(options: [EDNS.Option(code: EDNS.Option.cookie, bytes: client)]))
    var writer = ResponseWriter()
    _ = Lab.responder.answer(
      query.encode().span.bytes, from: Responder.Asker(Lab.client, over: .tcp, at: Lab.noon), by: try Lab.zones(),
      limiter: &limiter, into: &writer)
    let bytes = writer.bytes
    let cookie = try #require(try Message(decoding: bytes.span.bytes).edns?.options.first?.bytes)
    #expect(try flood(200, &limiter, from: { _ in Lab.client }, cookie: cookie).passed == 200)
  }

  @Test func `a flood for names that do not exist shares one account, and leaves the ACS's name alone`() throws {
    var limiter = RateLimiter(rate: 50, slip: 0)
    let crowd = try flood(1000, &limiter, name: { "x\($0).lab.example" })
    #expect(crowd.passed <= 100 && crowd.cut == 0 && crowd.dropped >= 900)
    #expect(try flood(1, &limiter).passed == 1)
  }

  @Test func `other networks have accounts of their own, and a second later all is as before`() throws {
    var limiter = RateLimiter(rate: 20, slip: 0)
    #expect(try flood(100, &limiter).passed < 45)
    #expect(try flood(1, &limiter, from: { _ in IPv4Address(198, 51, 100, 1) }).passed == 1)
    let later = Timestamp(rawValue: Lab.noon.rawValue + 2500)
    #expect(try flood(20, &limiter, at: later).passed == 20)
  }

  @Test func `without a rate nobody is limited`() throws {
    var limiter = RateLimiter(rate: 0, slip: 2)
    #expect(try flood(500, &limiter).passed == 500)
  }
}
