import CPE
import DNS
import Net
import Testing

struct LookupTests {
  private let servers = [IPv4Address(192, 0, 2, 1), IPv4Address(192, 0, 2, 2)]
  private let answer = IPv4Address(192, 0, 2, 80)
  private let start = Timestamp(rawValue: 0)

  private func response(
    to query: Lookup.Query, code: ResponseCode = .noError, records: [ResourceRecord]? = nil
  ) throws -> DNS.Message {
    var message = try DNS.Message(decoding: query.bytes.span.bytes)
    message.flags = Flags([.response], responseCode: code)
    message.answers = try records ?? [ResourceRecord(Name("acs.lab"), timeToLive: 60, .a(answer))]
    return message
  }

  private func begun() throws -> (Lookup, Lookup.Query) {
    var lookup = try Lookup("acs.lab", servers: servers)
    let query = lookup.start(now: start, random: 0x1234_5678)
    return (lookup, try #require(query))
  }

  @Test func `the query asks for the A record with a random id`() throws {
    let (_, query) = try begun()
    let message = try DNS.Message(decoding: query.bytes.span.bytes)
    #expect(query.server == servers[0])
    #expect(message.id == 0x5678)
    #expect(message.questions == [Question(try Name("acs.lab"), .a)])
    #expect(message.flags.contains(.recursionDesired))
  }

  @Test func `the right answer ends it, also by way of a CNAME`() throws {
    var (lookup, query) = try begun()
    let records = [
      ResourceRecord(try Name("acs.lab"), timeToLive: 60, .cname(try Name("a.lab"))),
      ResourceRecord(try Name("a.lab"), timeToLive: 60, .a(answer)),
    ]
    let bytes = try response(to: query, records: records).encode()
    #expect(lookup.receive(bytes, from: servers[0], now: start, random: 1) == nil)
    #expect(lookup.outcome == .addresses([answer]))
    #expect(lookup.deadline == nil)
  }

  @Test func `an answer with another id, question or sender, or no answer at all, is passed over`() throws {
    var (lookup, query) = try begun()
    let good = try response(to: query)
    var wrong = [DNS.Message](repeating: good, count: 3)
    wrong[0].id &+= 1
    wrong[1].questions = [Question(try Name("other.lab"), .a)]
    wrong[2].flags = []
    for message in wrong {
      #expect(lookup.receive(message.encode(), from: servers[0], now: start, random: 1) == nil)
    }
    #expect(lookup.receive(good.encode(), from: servers[1], now: start, random: 1) == nil)
    for length in 0..<good.encode().count {
      #expect(lookup.receive(Array(good.encode().prefix(length)), from: servers[0], now: start, random: 1) == nil)
    }
    #expect(lookup.outcome == nil)
  }

  @Test func `silence leads to the next server, twice around, and then to the end`() throws {
    var (lookup, _) = try begun()
    var asked: [IPv4Address] = []
    for _ in 0..<3 {
      let query = lookup.tick(now: try #require(lookup.deadline), random: 9)
      asked.append(try #require(query).server)
    }
    #expect(asked == [servers[1], servers[0], servers[1]])
    #expect(lookup.tick(now: try #require(lookup.deadline), random: 9) == nil)
    #expect(lookup.outcome == .failed(.noAnswer))
  }

  @Test func `NXDOMAIN ends it; REFUSED leads to the next server`() throws {
    let (begun, query) = try begun()
    var lookup = begun
    _ = lookup.receive(
      try response(to: query, code: .nameError, records: []).encode(), from: servers[0], now: start, random: 1)
    #expect(lookup.outcome == .failed(.noSuchName))
    lookup = begun
    let next = lookup.receive(
      try response(to: query, code: .refused, records: []).encode(), from: servers[0], now: start, random: 1)
    #expect(next?.server == servers[1])
    lookup = begun
    _ = lookup.receive(try response(to: query, records: []).encode(), from: servers[0], now: start, random: 1)
    #expect(lookup.outcome == .failed(.noAddress))
  }

  @Test func `without servers or with an impossible name nothing is asked`() {
    #expect(throws: Lookup.Failure.noServers) { try Lookup("acs.lab", servers: []) }
    #expect(throws: Lookup.Failure.badName("a..b", .emptyLabel)) { try Lookup("a..b", servers: servers) }
  }
}
