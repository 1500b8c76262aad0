import DNS
import Testing

struct HostileQueryTests {
  private func reply(_ bytes: [UInt8]) throws -> Reply {
    try Reply(to: bytes, zones: Lab.zones())
  }

  private func question(_ name: [UInt8], type: [UInt8] = [0, 1]) -> [UInt8] {
    [0, 9, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0] + name + type + [0, 1]
  }

  private func expectFormatError(_ bytes: [UInt8], _ reason: Outcome.Malformation) throws {
    let reply = try reply(bytes)
    #expect(reply.outcome.verdict == .formatError(reason))
    #expect(reply.message?.responseCode == .formatError)
    #expect(reply.message?.id == 9)
    #expect(reply.message?.answers.isEmpty == true)
  }

  @Test func `N52 no question and two questions are FORMERR`() throws {
    try expectFormatError([0, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], .message(.questionCount(0)))
    let two = Message(id: 9, questions: [Question(Lab.acs, .a), Question(Lab.acs, .aaaa)])
    try expectFormatError(two.encode(), .message(.questionCount(2)))
  }

  @Test func `N53 less than a header is dropped, and a cut question is FORMERR with the id`() throws {
    let query = Message.query(id: 9, Question(Lab.acs, .a), edns: nil).encode()
    for count in 0..<12 {
      let reply = try reply(Array(query[..<count]))
      #expect(reply.bytes.isEmpty)
      #expect(reply.outcome.verdict == .dropped(.shortHeader))
    }
    for count in 12..<query.count {
      let reply = try reply(Array(query[..<count]))
      #expect(reply.message?.responseCode == .formatError, "\(count)")
      #expect(reply.message?.id == 9)
      #expect(reply.message?.flags.contains(.recursionDesired) == true)
    }
  }

  @Test func `N54 a response is never answered, whatever else it says`() throws {
    var random = SeededGenerator(state: 54)
    for opcode in 0..<16 {
      var bytes = Message.query(id: 9, Question(Lab.acs, .a)).encode()
      bytes[2] = 0x80 | UInt8(opcode << 3)
      bytes[3] = UInt8.random(in: 0...255, using: &random)
      let reply = try reply(bytes)
      #expect(reply.bytes.isEmpty)
      #expect(reply.outcome.verdict == .dropped(.response))
    }
  }

  @Test func `N55 label 64, a name of 256 bytes, and label types 01 and 10 are FORMERR`() throws {
    try expectFormatError(
      question([64] + [UInt8](repeating: 0x61, count: 64) + [0]), .message(.labelType(64, at: 12)))
    try expectFormatError(question([0x80, 0]), .message(.labelType(0x80, at: 12)))
    let label = [63] + [UInt8](repeating: 0x61, count: 63)
    let tooLong = label + label + label + [62] + [UInt8](repeating: 0x61, count: 62) + [0]
    try expectFormatError(question(tooLong), .message(.nameTooLong(at: 12 + 192)))
    let longest = label + label + label + [61] + [UInt8](repeating: 0x61, count: 61) + [0]
    #expect(try reply(question(longest)).message?.responseCode == .refused)
  }

  @Test(arguments: [[0xC0, 12], [0xC0, 40], [0xC0, 0], [1, 0x61, 0xC0, 12], [0xC0]] as [[UInt8]])
  func `N56 a pointer in the question is FORMERR wherever it leads`(name: [UInt8]) throws {
    try expectFormatError(question(name), .message(.pointerInQuestion(at: 12 + (name.firstIndex(of: 0xC0) ?? 0))))
  }

  @Test func `N57 N58 bytes after the question, and records that no query has, do not matter`() throws {
    let query = Message.query(id: 9, Question(Lab.acs, .a), edns: nil)
    #expect(try reply(query.encode() + [1, 2, 3]).message?.answers == [Lab.records[0]])
    var filled = query
    filled.answers = Lab.records
    filled.authorities = Lab.records
    filled.additionals = Lab.records
    filled.edns = EDNS()
    let reply = try reply(filled.encode())
    #expect(reply.message?.answers == [Lab.records[0]])
    #expect(reply.message?.edns == EDNS())
  }

  @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt8])
  func `N59 every opcode but QUERY is NOTIMP`(opcode: UInt8) throws {
    var bytes = Message.query(id: 9, Question(Lab.domain, .soa)).encode()
    bytes[2] |= opcode << 3
    #expect(try reply(bytes).bytes == [0, 9, 0x80 | opcode << 3, 4, 0, 0, 0, 0, 0, 0, 0, 0])
  }

  @Test(arguments: [RecordType.axfr, .ixfr], [Responder.Transport.udp, .tcp])
  func `N60 a zone transfer is REFUSED`(type: RecordType, transport: Responder.Transport) throws {
    let reply = try Reply.to("lab.example", type, over: transport)
    #expect(reply.responseCode == .refused)
    #expect(reply.answers.isEmpty && reply.authorities.isEmpty)
    #expect(reply.bits.isEmpty)
  }

  @Test(arguments: [0, 2, 3, 4, 254, 255, 65_535] as [UInt16])
  func `N61 every class but IN is REFUSED`(number: UInt16) throws {
    for (name, type) in [("version.bind", RecordType.txt), ("lab.example", .soa)] {
      let reply = try Reply.to(name, type, class: RecordClass(rawValue: number))
      #expect(reply.responseCode == .refused)
      #expect(reply.answers.isEmpty && reply.authorities.isEmpty)
    }
  }

  @Test func `N62 types that no question may have are FORMERR, obsolete ones NOTIMP`() throws {
    for type in [RecordType(rawValue: 0), .opt, .tkey, .tsig] {
      #expect(try Reply.to("lab.example", type).responseCode == .formatError)
    }
    for type in [RecordType.maila, .mailb] {
      #expect(try Reply.to("lab.example", type).responseCode == .notImplemented)
    }
  }

  @Test func `a name of 127 labels is looked for and REFUSED, or NXDOMAIN in a zone`() throws {
    let outside = Array([[UInt8]](repeating: [1, 0x61], count: 127).joined()) + [0]
    #expect(try reply(question(outside)).message?.responseCode == .refused)
    let inside = Array([[UInt8]](repeating: [1, 0x61], count: 120).joined()) + Lab.domain.wire
    #expect(try reply(question(inside)).message?.responseCode == .nameError)
  }

  @Test func `mutated queries never trap, are never answered beyond the limit, and never as a response`() throws {
    let zones = try Lab.zones()
    var random = SeededGenerator(state: 1)
    var writer = ResponseWriter()
    var limiter = RateLimiter(rate: 0, slip: 0)
    let cookie = EDNS.Option(code: 10, bytes: [1, 2, 3, 4, 5, 6, 7, 8])
    let seeds = Lab.records.map { record in
      Message.query(id: 9, Question(record.name, record.type), edns: EDNS(options: [cookie])).encode()
    }
    var answered = 0
    for round in 0..<40_000 {
      var bytes = seeds[round % seeds.count]
      for _ in 0..<Int.random(in: 1...5, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
        case 2: bytes.remove(at: place)
        default: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
        }
      }
      let outcome = Lab.responder.answer(
        bytes.span.bytes, from: Responder.Asker(Lab.client, over: .udp, at: Lab.noon), by: zones, limiter: &limiter,
        into: &writer)
      #expect(writer.bytes.count <= Responder.maximumPayload)
      let isResponse = bytes.count < 12 || bytes[2] & 0x80 != 0
      #expect(writer.bytes.isEmpty == isResponse)
      guard !writer.bytes.isEmpty else { continue }
      let response = writer.bytes
      let message = try Message(decoding: response.span.bytes)
      #expect(message.flags.contains(.response))
      #expect(Array(response[..<2]) == Array(bytes[..<2]))
      #expect(!message.hasZ)
      if outcome.verdict == .answered { answered += 1 }
    }
    #expect(answered > 1000)
  }

  @Test func `random bytes never trap`() throws {
    let zones = try Lab.zones()
    var random = SeededGenerator(state: 2)
    var writer = ResponseWriter()
    var limiter = RateLimiter(rate: 0, slip: 0)
    for _ in 0..<20_000 {
      let bytes = (0..<Int.random(in: 0...80, using: &random)).map { index in
        // A plausible header lets more of them through.
        index < 12 && index != 1
          ? [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1][index] : UInt8.random(in: 0...255, using: &random)
      }
      _ = Lab.responder.answer(
        bytes.span.bytes, from: Responder.Asker(Lab.client, over: .tcp, at: Lab.noon), by: zones, limiter: &limiter,
        into: &writer)
      #expect(writer.bytes.count <= 65_535)
    }
  }
}
