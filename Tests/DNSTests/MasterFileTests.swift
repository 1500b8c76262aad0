import Net
import Testing

@testable import DNS

struct MasterFileTests {
  private static let zone = Lab.name("example.org")

  private func read(_ text: String) throws -> MasterFile {
    try MasterFile(Array(text.utf8), zone: Self.zone)
  }

  private static let head = """
    $TTL 1h
    @ IN SOA ns hostmaster.example.org. ( 2026112501 ; serial
                  2h 15m
                  1w 10m )
      NS ns

    """

  @Test func `a file as people write it is read with every kind of record`() throws {
    let file = try read(
      Self.head + """
        ns            A      192.0.2.53
        www 300   IN  A      192.0.2.1   ; a comment
            IN  600   AAAA   2001:db8::1
        alias         CNAME  www
        away          CNAME  www.example.net.
        @             MX     10 mail.example.org.
        _sip._tcp     SRV    1 2 5060 sip
        text          TXT    "a \\"quoted\\" one" two \\065\\;
        @             CAA    0 issue "ca.example.net; x"
        odd           TYPE65400 \\# 3 01 0203
        known         A      \\# 4 C0000201
        *.wild        TXT    "w"
        $ORIGIN sub.example.org.
        deep          1d A   192.0.2.9
        """)
    #expect(file.soa.serial == SerialNumber(rawValue: 2_026_112_501))
    #expect(file.soa.primary == Lab.name("ns.example.org") && file.soa.contact == Lab.name("hostmaster.example.org"))
    #expect([file.soa.refresh, file.soa.retry, file.soa.expire, file.soa.minimum] == [7200, 900, 604_800, 600])
    #expect(file.timeToLive == 3600)
    func record(_ name: String, _ data: RecordData, _ timeToLive: UInt32 = 3600) -> ResourceRecord {
      Lab.record(name, data, timeToLive: timeToLive)
    }
    let www = IPv4Address(192, 0, 2, 1)
    #expect(
      file.records == [
        record("example.org", .ns(Lab.name("ns.example.org"))),
        record("ns.example.org", .a(IPv4Address(192, 0, 2, 53))),
        record("www.example.org", .a(www), 300),
        record("www.example.org", .aaaa(IPv6Address(high: 0x2001_0DB8_0000_0000, low: 1)), 600),
        record("alias.example.org", .cname(Lab.name("www.example.org"))),
        record("away.example.org", .cname(Lab.name("www.example.net"))),
        record("example.org", .mx(preference: 10, exchange: Lab.name("mail.example.org"))),
        record("_sip._tcp.example.org", .srv(priority: 1, weight: 2, port: 5060, target: Lab.name("sip.example.org"))),
        record("text.example.org", .txt([Array("a \"quoted\" one".utf8), Array("two".utf8), Array("A;".utf8)])),
        record("example.org", .opaque(.caa, [0, 5] + Array("issueca.example.net; x".utf8))),
        record("odd.example.org", .opaque(RecordType(rawValue: 65_400), [1, 2, 3])),
        record("known.example.org", .a(www)),
        record("*.wild.example.org", .txt([Array("w".utf8)])),
        record("deep.sub.example.org", .a(IPv4Address(192, 0, 2, 9)), 86_400),
      ])
  }

  @Test func `N51 N47 a zone of a file is served with its own SOA, wildcard and unknown types`() throws {
    var builder = try Lab.builder()
    try builder.addZone(
      try read(
        Self.head + "ns A 192.0.2.53\n*.wild TXT w\na.wild A 192.0.2.4\nodd TYPE65400 \\# 3 010203\n"
          + "sub NS ns.sub\nns.sub A 192.0.2.54\n"))
    let zones = try builder.build()
    func ask(_ name: String, _ type: RecordType) throws -> Message { try Reply.to(name, type, zones: zones) }
    #expect(try ask("example.org", .soa).answers.first?.data == .soa(read(Self.head).soa))
    #expect(try ask("x.wild.example.org", .txt).answers.first?.data == .txt([Array("w".utf8)]))
    #expect(try ask("a.wild.example.org", .txt).answers.isEmpty)
    #expect(
      try ask("odd.example.org", RecordType(rawValue: 65_400)).answers.first?.data
        == .opaque(RecordType(rawValue: 65_400), [1, 2, 3]))
    let referral = try ask("host.sub.example.org", .a)
    #expect(!referral.flags.contains(.authoritative) && referral.authorities.map(\.type) == [.ns])
    #expect(referral.additionals.map(\.data) == [.a(IPv4Address(192, 0, 2, 54))])
    #expect(try ask("nobody.example.org", .a).responseCode == .nameError)
  }

  @Test(
    arguments: [
      ("www MXX 1 a\n", 6, 5, "did you mean MX?"), ("www A 192.0.2\n", 6, 7, "an IPv4 address"),
      ("www A 192.0.2.1 x\n", 6, 5, "an IPv4 address"), ("www CH A 192.0.2.1\n", 6, 5, "IN"),
      ("www.example.net. A 192.0.2.1\n", 6, 1, "a name within it"), ("$INCLUDE other\n", 6, 1, "not supported"),
      ("$GENERATE 1-9 a A 192.0.2.1\n", 6, 1, "not supported"), ("www TXT \"open\n", 6, 9, "closing quote"),
      ("www A ( 192.0.2.1\n", 7, 1, "within parentheses"), ("www A 192.0.2.1 )\n", 6, 17, "closing parenthesis"),
      ("www\n", 6, 1, "a type"), ("a SOA ns root 1 2 3 4 5\n", 6, 3, "SOA record at"),
      ("@ SOA ns root 1 2 3 4 5\n", 6, 3, "second SOA"), ("www MX ten mail\n", 6, 8, "not a number"),
      ("www TYPE65400 \\# 3 0102\n", 6, 20, "not 3 bytes"), ("www A \\# 3 010203\n", 6, 10, "not the data of A"),
      ("a..b A 192.0.2.1\n", 6, 1, "a label is empty"), ("www OPT x\n", 6, 5, "not a type"),
      ("www CAA 256 issue x\n", 6, 9, "up to 255"), ("$TTL soon\n", 6, 6, "1h30m"),
      ("www TXT \\25x\n", 6, 9, "three digits"),
    ] as [(String, Int, Int, String)])
  func `a mistake is told with its line, column and what was expected`(
    text: String, line: Int, column: Int, words: String
  ) throws {
    let error = try #require(throws: MasterFileError.self) { try read(Self.head + text) }
    #expect((error.line, error.column) == (line, column), "\(error)")
    #expect(error.description.contains(words), "\(error)")
  }

  @Test func `a zone needs an SOA, an NS record and a TTL`() {
    func error(_ text: String) -> String? {
      do throws(MasterFileError) {
        _ = try MasterFile(Array(text.utf8), zone: Self.zone)
        return nil
      } catch { return error.description }
    }
    #expect(error("$TTL 5\n@ NS ns\n")?.contains("no SOA record") == true)
    #expect(error("@ 5 SOA ns root 1 2 3 4 5\nwww A 192.0.2.1\n")?.contains("no NS record") == true)
    #expect(error("www A 192.0.2.1\n")?.contains("no TTL") == true)
    // Without $TTL the TTL before holds on, at first the SOA's minimum.
    #expect(error("@ SOA ns root 1 2 3 4 5\n NS ns\n") == nil)
    #expect(error("  A 192.0.2.1\n")?.contains("without an owner") == true)
    #expect(error("")?.contains("no SOA record") == true)
  }

  @Test func `random bytes never trap`() {
    var random = SeededGenerator(state: 11)
    let seed = Array((Self.head + "www 300 IN A 192.0.2.1 ; c\ntext TXT \"a\\\"b\" \\065 (\n x )\n").utf8)
    for _ in 0..<5_000 {
      var bytes = seed
      for _ in 0..<Int.random(in: 1...8, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        bytes[place] =
          Bool.random(using: &random)
          ? UInt8.random(in: 0...255, using: &random) : seed.randomElement(using: &random) ?? 0
      }
      do throws(MasterFileError) {
        _ = try MasterFile(bytes, zone: Self.zone)
      } catch {
        #expect(error.line >= 1 && error.column >= 1)
      }
    }
  }
}
