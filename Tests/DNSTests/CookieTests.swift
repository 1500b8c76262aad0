import Net
import Testing

@testable import DNS

struct CookieTests {
  private static let client: [UInt8] = [0x24, 0x64, 0xC4, 0xAB, 0xCF, 0x10, 0xC9, 0x57]

  /// The cookie that comes back for one that is sent.
  private func reply(
    _ cookie: [UInt8], from client: IPv4Address = Lab.client, by responder: Responder = Lab.responder,
    at now: Timestamp = Lab.noon
  ) throws -> (code: ResponseCode, cookie: [UInt8]?, standing: Cookies.Standing) {
    let query = Message.query(
      id: 1, Question(Lab.acs, .a), edns: EDNS(options: [EDNS.Option(code: EDNS.Option.cookie, bytes: cookie)]))
    var writer = ResponseWriter()
    var limiter = RateLimiter(rate: 0, slip: 0)
    let outcome = responder.answer(
      query.encode().span.bytes, from: Responder.Asker(client, over: .udp, at: now), by: try Lab.zones(),
      limiter: &limiter, into: &writer)
    let bytes = writer.bytes
    let message = try Message(decoding: bytes.span.bytes)
    return (message.responseCode, message.edns?.options.first { $0.code == EDNS.Option.cookie }?.bytes, outcome.cookie)
  }

  @Test func `N25 a client's cookie comes back with a server's of 16 bytes`() throws {
    let reply = try reply(Self.client)
    #expect(reply.code == .noError)
    #expect(reply.standing == .unproven)
    let cookie = try #require(reply.cookie)
    #expect(cookie.count == 24)
    #expect(Array(cookie.prefix(8)) == Self.client)
    // Version 1, three zeros, the time (RFC 9018 section 4).
    #expect(Array(cookie[8..<12]) == [1, 0, 0, 0])
    #expect(cookie[12..<16].reduce(0) { $0 << 8 | UInt32($1) } == 1_800_000_000)
  }

  @Test(arguments: [1, 7, 9, 15, 41, 64])
  func `N26 a cookie of a length that none has is a format error`(count: Int) throws {
    #expect(try reply([UInt8](repeating: 1, count: count)).code == .formatError)
  }

  @Test func `N27 a right cookie proves the client, any other is answered in full with a new one`() throws {
    let cookie = try #require(try reply(Self.client).cookie)
    #expect(try reply(cookie).standing == .proven)
    var wrong = cookie
    wrong[23] ^= 1
    for (sent, client) in [(wrong, Lab.client), (cookie, IPv4Address(192, 0, 2, 78)), (cookie + [0], Lab.client)] {
      let reply = try reply(sent, from: client)
      #expect(reply.code == .noError)
      #expect(reply.standing == .unproven)
      #expect(reply.cookie?.count == 24)
    }
  }

  @Test func `a cookie lasts an hour, and one from the future five minutes`() throws {
    let cookie = try #require(try reply(Self.client).cookie)
    func standing(after seconds: Int64) throws -> Cookies.Standing {
      try reply(cookie, at: Timestamp(rawValue: Lab.noon.rawValue + seconds * 1000)).standing
    }
    #expect(try standing(after: 3600) == .proven)
    #expect(try standing(after: 3601) == .unproven)
    #expect(try standing(after: -300) == .proven)
    #expect(try standing(after: -301) == .unproven)
  }

  /// The key e5e973e5a6b2a43f48e7dc849e37bfcf, as words.
  private static let key: (UInt64, UInt64) = (0x3FA4_B2A6_E573_E9E5, 0xCFBF_379E_84DC_E748)

  @Test func `N28 the hash is that of RFC 9018 appendix A`() throws {
    let responder = Responder(cookies: Cookies(key: Self.key))
    let cookie = try reply(
      Self.client, from: IPv4Address(198, 51, 100, 100), by: responder,
      at: Timestamp(rawValue: 0x5CF7_9F11 * 1000)
    ).cookie
    let hash: [UInt8] = [0x1F, 0x81, 0x30, 0xC3, 0xEE, 0xE2, 0x94, 0x80]
    #expect(cookie == Self.client + [1, 0, 0, 0, 0x5C, 0xF7, 0x9F, 0x11] + hash)
  }

  @Test func `a cookie takes its room from the records, and the limit holds`() throws {
    let strings = (0..<4).map { _ in [UInt8](repeating: 7, count: 110) }
    let zones = try Lab.zones(with: [Lab.record("big.lab.example", .txt(strings))])
    func ask(_ options: [EDNS.Option]) throws -> Reply {
      try Reply(
        to: Message.query(
          id: 1, Question(Lab.name("big.lab.example"), .txt), edns: EDNS(payloadSize: 512, options: options)
        ).encode(), zones: zones)
    }
    #expect(try ask([]).message?.flags.contains(.truncated) == false)
    let cut = try ask([EDNS.Option(code: EDNS.Option.cookie, bytes: Self.client)])
    #expect(cut.message?.flags.contains(.truncated) == true)
    #expect(cut.bytes.count <= 512)
    #expect(cut.message?.edns?.options.count == 1)
  }
}
