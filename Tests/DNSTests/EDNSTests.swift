import DNS
import Testing

struct EDNSTests {
  @Test func `N13 OPT in a query brings OPT version 0 in the response`() throws {
    let reply = try Reply.to("lab.example", .soa, edns: EDNS(payloadSize: 4096))
    #expect(reply.responseCode == .noError)
    #expect(reply.bits == .authoritative)
    #expect(reply.answers.map(\.type) == [.soa])
    #expect(reply.edns == EDNS(payloadSize: 1232))
  }

  @Test(arguments: [
    EDNS(version: 1), EDNS(version: 1, options: [EDNS.Option(code: 100, bytes: [])]),
    EDNS(version: 1, flags: EDNS.dnssecOK), EDNS(version: 1, flags: 0x0080), EDNS(version: 255),
    EDNS(version: 1, options: [3, 8, 9, 10].map { EDNS.Option(code: $0, bytes: [0, 1, 0, 0]) }),
  ])
  func `N14 N16 N19 N21 N31 a later EDNS version is answered BADVERS with no answer`(edns: EDNS) throws {
    let reply = try Reply.to("lab.example", .soa, edns: edns)
    #expect(reply.responseCode == .badVersion)
    #expect(reply.flags.responseCode == .noError)
    #expect(reply.bits.isEmpty)
    #expect(reply.answers.isEmpty && reply.authorities.isEmpty && reply.additionals.isEmpty)
    #expect(reply.edns == EDNS(extendedResponseCode: 1, flags: edns.flags & EDNS.dnssecOK))
  }

  @Test(
    arguments: [
      ("N15 unknown", 100, []), ("N24 NSID", 3, []), ("N29 expire", 9, []),
      ("N30 subnet", 8, [0, 1, 0, 0]),
    ] as [(String, UInt16, [UInt8])])
  func `N15 N23 N24 N29 N30 no option comes back but a cookie`(option: String, code: UInt16, bytes: [UInt8]) throws {
    let options = [EDNS.Option(code: code, bytes: bytes), EDNS.Option(code: 100, bytes: [1])]
    let reply = try Reply.to("lab.example", .soa, edns: EDNS(options: options))
    #expect(reply.responseCode == .noError)
    #expect(reply.answers.map(\.type) == [.soa])
    #expect(reply.edns?.options.isEmpty == true)
  }

  @Test func `N17 N18 DO is copied, and CD with it`() throws {
    let reply = try Reply.to("lab.example", .soa, flags: .checkingDisabled, edns: EDNS(flags: EDNS.dnssecOK))
    #expect(reply.responseCode == .noError)
    #expect(reply.edns?.flags == EDNS.dnssecOK)
    #expect(reply.bits == [.authoritative, .checkingDisabled])
  }

  @Test func `N20 an unknown flag does not come back`() throws {
    let reply = try Reply.to("lab.example", .soa, edns: EDNS(flags: 0x0080))
    #expect(reply.responseCode == .noError)
    #expect(reply.edns?.flags == 0)
  }

  private static let long = (0..<8).map { index in
    Lab.record("big.lab.example", .txt([[UInt8](repeating: UInt8(index), count: 200)]))
  }

  @Test(arguments: [0, 100, 512, 600, 1000, 1232, 4096, 65_535])
  func `N22 N37 N78 a response is as large as the client takes, 512 at least and 1232 at most, and keeps OPT`(
    payloadSize: UInt16
  ) throws {
    let limit = min(max(Int(payloadSize), 512), 1232)
    for count in 1...8 {
      let zones = try Lab.zones(with: Array(Self.long.prefix(count)))
      let query = Message.query(
        id: 1, Question(Lab.name("big.lab.example"), .txt), edns: EDNS(payloadSize: payloadSize))
      let reply = try Reply(to: query.encode(), zones: zones)
      let message = try #require(reply.message)
      #expect(reply.bytes.count <= limit)
      #expect(message.edns == EDNS())
      // 12 header, 21 question, 11 OPT, and to each record 12 and its data of 201.
      let fits = 44 + count * 213 <= limit
      #expect(message.answers.count == (fits ? count : 0))
      #expect(message.flags.contains(.truncated) == !fits)
      #expect(reply.outcome.isTruncated == !fits)
    }
  }

  @Test func `N32 over TCP the client's UDP size does not matter`() throws {
    let reply = try Reply.to(
      "big.lab.example", .txt, edns: EDNS(payloadSize: 512), over: .tcp, zones: Lab.zones(with: Self.long))
    #expect(reply.answers.count == 8)
    #expect(!reply.flags.contains(.truncated))
    #expect(reply.edns != nil)
  }

  @Test func `N33 what dig and BIND send is answered`() throws {
    let cookie = EDNS.Option(code: 10, bytes: [1, 2, 3, 4, 5, 6, 7, 8])
    let bind = try Reply.to("acs.lab.example", .a, edns: EDNS(flags: EDNS.dnssecOK, options: [cookie]))
    #expect(bind.answers.map(\.type) == [.a])
    let dig = try Reply.to(
      "acs.lab.example", .a, flags: [.authenticData, .recursionDesired],
      edns: EDNS(payloadSize: 4096, options: [cookie]))
    #expect(dig.answers.map(\.type) == [.a])
    #expect(dig.bits == [.authoritative, .recursionDesired])
  }

  private func verdict(additional records: [[UInt8]], count: UInt8) throws -> Reply {
    var query = Message.query(id: 9, Question(Lab.acs, .a), edns: nil).encode()
    query[11] = count
    return try Reply(to: query + records.joined(), zones: Lab.zones())
  }

  private let opt: [UInt8] = [0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0]

  @Test func `N35 two OPT records, one with an owner, or one outside the additional section, are FORMERR`() throws {
    let two = try verdict(additional: [opt, opt], count: 2)
    #expect(two.outcome.verdict == .formatError(.message(.secondOPT(at: 44))))
    let owned = try verdict(additional: [[1, 0x61] + opt], count: 1)
    #expect(owned.outcome.verdict == .formatError(.message(.misplacedOPT(at: 33))))
    var query = Message.query(id: 9, Question(Lab.acs, .a), edns: nil).encode()
    query[7] = 1
    let answer = try Reply(to: query + opt, zones: Lab.zones())
    #expect(answer.outcome.verdict == .formatError(.message(.misplacedOPT(at: 33))))
    for reply in [two, owned, answer] {
      #expect(reply.message?.responseCode == .formatError)
      #expect(reply.message?.edns == nil)
    }
  }

  @Test(
    arguments: [
      ([0, 1], []), ([0, 4], [0, 10, 0, 1]), ([0, 6], [0, 10, 0, 1, 7, 0]), ([0, 3], [0, 10, 0]),
      ([0, 5], [0, 10, 0, 2, 7]), ([0xFF, 0xFF], [0, 10, 0, 0]),
    ] as [([UInt8], [UInt8])])
  func `N36 option lengths that do not fit are FORMERR`(length: [UInt8], options: [UInt8]) throws {
    let reply = try verdict(additional: [opt.dropLast(2) + length + options], count: 1)
    #expect(reply.message?.responseCode == .formatError)
    #expect(reply.message?.id == 9)
  }
}
