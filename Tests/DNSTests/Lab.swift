import Net
import Testing

@testable import DNS

/// The zones that the tests ask.
enum Lab {
  static let domain = name("lab.example")
  static let acs = name("acs.lab.example")
  static let client = IPv4Address(192, 0, 2, 77)
  static let noon = Timestamp(rawValue: 1_800_000_000_000)
  static let responder = Responder(cookies: Cookies(key: (1, 2)))
  static let soaTimeToLive: UInt32 = 3600
  static let negativeTimeToLive: UInt32 = 60

  /// A name that the test itself wrote.
  static func name(_ text: String) -> Name {
    do throws(NameError) { return try Name(text) } catch {
      Issue.record("\(text): \(error)")
      return .root
    }
  }

  static func record(_ owner: String, _ data: RecordData, timeToLive: UInt32 = 300) -> ResourceRecord {
    ResourceRecord(name(owner), timeToLive: timeToLive, data)
  }

  static func builder() throws -> ZoneBuilder {
    var builder = ZoneBuilder(serial: SerialNumber(rawValue: 7))
    try builder.addZone(
      domain, nameServer: acs, timeToLive: soaTimeToLive, negativeTimeToLive: negativeTimeToLive)
    try builder.addReverseZones(of: Subnet(containing: IPv4Address(192, 0, 2, 0), prefixLength: 24), nameServer: acs)
    return builder
  }

  static let records: [ResourceRecord] = [
    record("acs.lab.example", .a(IPv4Address(192, 0, 2, 1))),
    record("dual.lab.example", .a(IPv4Address(192, 0, 2, 2))),
    record("dual.lab.example", .aaaa(IPv6Address(high: 0x2001_0DB8_0000_0000, low: 2))),
    record("host.deep.lab.example", .a(IPv4Address(192, 0, 2, 3))),
    record("alias.lab.example", .cname(acs)),
    record("chain.lab.example", .cname(name("alias.lab.example"))),
    record("dangling.lab.example", .cname(name("nowhere.lab.example"))),
    record("typeless.lab.example", .cname(name("mail.lab.example"))),
    record("away.lab.example", .cname(name("www.example.net"))),
    record("loop1.lab.example", .cname(name("loop2.lab.example"))),
    record("loop2.lab.example", .cname(name("loop1.lab.example"))),
    record("intoloop.lab.example", .cname(name("loop1.lab.example"))),
    record("mail.lab.example", .mx(preference: 10, exchange: acs)),
    record("text.lab.example", .txt([Array("a".utf8), Array("b c".utf8)])),
    record("_acs._tcp.lab.example", .srv(priority: 1, weight: 2, port: 7547, target: acs)),
    record("unknown.lab.example", .opaque(RecordType(rawValue: 65_400), [1, 2, 3])),
    record("*.wild.lab.example", .txt([Array("wild".utf8)])),
    record("a.b.wild.lab.example", .txt([Array("deep".utf8)])),
    record("sub.lab.example", .ns(name("ns.sub.lab.example"))),
    record("ns.sub.lab.example", .a(IPv4Address(192, 0, 2, 53))),
  ]

  static func zones(with more: [ResourceRecord] = []) throws -> ZoneSet {
    var builder = try builder()
    for record in records + more { try builder.add(record) }
    return try builder.build().namingLeases(in: domain, timeToLive: 30)
      .updating([LeaseName(IPv4Address(192, 0, 2, 10), isLeased: true, hostname: "Router1")])
  }
}

/// What came back for one query.
struct Reply {
  let outcome: Outcome
  let bytes: [UInt8]
  /// The decoded response; nil where none was sent.
  let message: Message?

  init(
    to query: [UInt8], over transport: Responder.Transport = .udp, from client: IPv4Address = Lab.client, zones: ZoneSet
  ) throws {
    var writer = ResponseWriter()
    var limiter = RateLimiter(rate: 0, slip: 0)
    outcome = Lab.responder.answer(
      query.span.bytes, from: Responder.Asker(client, over: transport, at: Lab.noon), by: zones, limiter: &limiter,
      into: &writer)
    let bytes = writer.bytes
    self.bytes = bytes
    message = bytes.isEmpty ? nil : try Message(decoding: bytes.span.bytes)
  }

  /// Asks, and expects a response with the query's id, QR and opcode.
  static func to(
    _ owner: String, _ type: RecordType, class recordClass: RecordClass = .internet, flags: Flags = [],
    edns: EDNS? = nil, over transport: Responder.Transport = .udp, zones: ZoneSet? = nil
  ) throws -> Message {
    let query = Message(
      id: 0xBEEF, flags: flags, questions: [Question(Lab.name(owner), type, class: recordClass)], edns: edns)
    let reply = try Reply(to: query.encode(), over: transport, zones: try zones ?? Lab.zones())
    let message = try #require(reply.message)
    #expect(message.id == 0xBEEF)
    #expect(message.flags.contains(.response))
    #expect(message.flags.opcode == flags.opcode)
    #expect(message.questions == query.questions)
    return message
  }
}

extension Message {
  /// The flags but for QR.
  var bits: Flags {
    flags.intersection([
      .authoritative, .truncated, .recursionDesired, .recursionAvailable, .authenticData, .checkingDisabled,
    ])
  }
  /// Bit 6 of the second byte of flags, which must be zero.
  var hasZ: Bool { flags.rawValue & 0x0040 != 0 }

  /// Whether this is an authoritative answer without records but the SOA of this zone, with the negative TTL.
  func isNegative(_ code: ResponseCode, zone: Name = Lab.domain) -> Bool {
    responseCode == code && flags.contains(.authoritative) && answers.isEmpty && authorities.count == 1
      && authorities[0].type == .soa && authorities[0].name == zone
      && authorities[0].timeToLive == Lab.negativeTimeToLive
  }
}

/// A generator with a fixed seed (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }
}
