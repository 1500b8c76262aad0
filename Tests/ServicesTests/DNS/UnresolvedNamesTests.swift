import DNS
import Net
import Store
import Testing

@testable import Services

struct UnresolvedNamesTests {
  private static let client = IPv4Address(192, 0, 2, 77)
  private static let noon = Timestamp(rawValue: 1_800_000_000_000)

  private func outcome(_ name: String, _ type: RecordType) throws -> Outcome {
    var builder = ZoneBuilder(serial: SerialNumber(rawValue: 7))
    let zone = try Name("lab.example")
    try builder.addZone(zone, nameServer: try Name("acs.lab.example"), timeToLive: 60)
    try builder.addAppliance(try Name("acs.lab.example"), timeToLive: 60)
    try builder.add(ResourceRecord(try Name("mail.lab.example"), timeToLive: 60, .mx(preference: 1, exchange: zone)))
    let zones = try builder.build()
    var generator = SystemRandomNumberGenerator()
    var limiter = RateLimiter(rate: 0, slip: 0)
    var writer = ResponseWriter()
    let query = Message.query(id: 1, Question(try Name(name), type)).encode()
    return Responder(cookies: Cookies(using: &generator)).answer(
      query.span.bytes, from: Responder.Asker(Self.client, over: .udp, at: Self.noon), by: zones, limiter: &limiter,
      into: &writer)
  }

  @Test func `an address that was asked for in vain is told with the reason, and nothing else is`() throws {
    for (name, type, unresolved) in [
      ("asc.lab.example", RecordType.a, Unresolved.noSuchName), ("asc.lab.example", .aaaa, .noSuchName),
      ("mail.lab.example", .a, .noAddress), ("acs.factory.net", .a, .notForwarded), ("acs", .a, .notForwarded),
    ] {
      #expect(Unresolved(try outcome(name, type)) == unresolved, "\(name)")
    }
    for (name, type) in [
      ("acs.lab.example", RecordType.a), ("acs.lab.example", .aaaa), ("acs.lab.example", .mx),
      ("asc.lab.example", .ptr), ("pool.ntp.example.net", .srv),
    ] {
      #expect(Unresolved(try outcome(name, type)) == nil, "\(name)")
    }
  }

  @Test func `what came of a forwarded question is told by its code`() {
    func reply(_ code: ResponseCode) -> [UInt8] { Message(id: 1, flags: Flags(.response, responseCode: code)).encode() }
    #expect(Unresolved(forwarded: reply(.noError)) == nil && Unresolved(forwarded: [1, 2]) == nil)
    #expect(Unresolved(forwarded: reply(.nameError)) == .forwarded(.nameError))
    #expect(Unresolved(forwarded: reply(.serverFailure)) == .forwarded(.serverFailure))
    let reasons = [ResponseCode.nameError, .serverFailure, .refused].map { Unresolved.forwarded($0).reason }
    #expect(Set(reasons).count == 3)
  }

  /// A gate, and the question for a name that comes to it.
  private struct Asking {
    var gate = UnresolvedGate()

    mutating func lets(_ name: String, from client: IPv4Address = UnresolvedNamesTests.client, after: Int64 = 0) throws
      -> Bool
    {
      let query = Message.query(id: 1, Question(try Name(name), .a)).encode()
      return gate.lets(
        query.span.bytes, from: client, at: UnresolvedNamesTests.noon.advanced(byMilliseconds: after))
    }
  }

  @Test func `a name is let through once a minute, and of one client eight`() throws {
    var asking = Asking()
    let first = try asking.lets("a0.example.net")
    let again = try asking.lets("A0.Example.net", after: 59_999)
    let other = try asking.lets("a0.example.net", from: IPv4Address(192, 0, 2, 78))
    #expect(first && !again && other)
    var passed = 1
    for number in 1..<100 where try asking.lets("a\(number).example.net") { passed += 1 }
    #expect(passed == SightingBudget.limit)
    let later = try asking.lets("a0.example.net", after: 60_000)
    #expect(later)
  }

  @Test func `clients that share a place share what may be told`() {
    var budget = SightingBudget()
    var told = 0
    for number in 0..<100 as Range<UInt32> {
      if budget.take(for: IPv4Address(rawValue: 0xC000_0201 + number % 2 * 1024), at: Self.noon) { told += 1 }
    }
    #expect(told == SightingBudget.limit)
  }
}
