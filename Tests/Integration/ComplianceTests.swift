import Foundation
import Testing

/// What a compliance tester asks of an authoritative server (RFC 8906 section 8), over UDP and TCP, with `dig`.
struct ComplianceTests {
  /// One question, and what `dig` must and must not print of the answer.
  private struct Case {
    let claim: String
    let words: String
    let has: [String]
    let hasNot: [String]

    init(_ claim: String, _ words: String, _ has: [String], not hasNot: [String] = []) {
      self.claim = claim
      self.words = words
      self.has = has
      self.hasNot = hasNot
    }
  }

  private static let noError = "status: NOERROR"
  private static let answered = ["status: NOERROR", "IN\tSOA", "flags: qr aa"]
  private static let badVersion = ["status: BADVERS", "EDNS: version: 0"]

  private static let cases: [Case] = [
    Case(
      "N01 SOA without EDNS", "+norec +noedns soa", [noError, "IN\tSOA", "flags: qr aa;", "ANSWER: 1,"],
      not: ["EDNS:"]),
    Case("N02 AA in a query is ignored", "+norec +noedns +aaflag soa", [noError, "flags: qr aa;", "IN\tSOA"]),
    Case("N03 AD in a query is no error", "+norec +noedns +ad soa", [noError, "flags: qr aa;", "IN\tSOA"]),
    Case("N04 CD is copied", "+norec +noedns +cd soa", [noError, "flags: qr aa cd;", "IN\tSOA"]),
    Case("N05 RA in a query is ignored", "+norec +noedns +raflag soa", [noError, "flags: qr aa;", "IN\tSOA"]),
    Case("N06 RD is copied", "+rec +noedns soa", [noError, "flags: qr aa rd;", "IN\tSOA"]),
    Case("N07 TC in a query is ignored", "+norec +noedns +tcflag soa", [noError, "flags: qr aa;", "IN\tSOA"]),
    Case("N08 Z does not come back", "+norec +noedns +zflag soa", [noError, "flags: qr aa;"], not: ["MBZ"]),
    Case(
      "N09 opcode 15 is not implemented", "+norec +noedns +noad +header-only +opcode=15",
      ["status: NOTIMP", "opcode: RESERVED15", "flags: qr;", "QUERY: 0, ANSWER: 0, AUTHORITY: 0, ADDITIONAL: 0"]),
    Case(
      "N10 with opcode 15 no flag comes back",
      "+noedns +header-only +opcode=15 +tcflag +rec +cd +ad +aaflag +zflag +raflag",
      ["status: NOTIMP", "flags: qr;"], not: ["MBZ"]),
    Case(
      "N11 an unknown type has no data", "+norec +noedns type666",
      [noError, "ANSWER: 0, AUTHORITY: 1", "flags: qr aa;"]),
    Case("N12 SOA over TCP", "+norec +noedns +tcp soa", answered + ["(TCP)"], not: ["EDNS:"]),
    Case("N13 EDNS", "+norec +edns=0 +nocookie soa", answered + ["EDNS: version: 0", "udp: 1232"]),
    Case("N14 EDNS version 1", "+norec +edns=1 +noednsneg +nocookie soa", badVersion, not: ["IN\tSOA\t"]),
    Case(
      "N15 an unknown option is ignored", "+norec +edns=0 +nocookie +ednsopt=100 soa", answered + ["EDNS: version: 0"],
      not: ["OPT=100"]),
    Case(
      "N16 an unknown option with version 1", "+norec +edns=1 +noednsneg +nocookie +ednsopt=100 soa", badVersion,
      not: ["OPT=100", "IN\tSOA\t"]),
    Case("N17 DO is copied", "+norec +edns=0 +nocookie +dnssec soa", answered + ["flags: do;"]),
    Case("N18 DO with CD", "+norec +edns=0 +nocookie +dnssec +cd soa", [noError, "flags: do;", "flags: qr aa cd;"]),
    Case("N19 DO with version 1", "+norec +edns=1 +noednsneg +nocookie +dnssec soa", badVersion, not: ["IN\tSOA\t"]),
    Case(
      "N20 an unknown EDNS flag does not come back", "+norec +edns=0 +nocookie +ednsflags=0x80 soa", answered,
      not: ["MBZ"]),
    Case(
      "N21 the same with version 1", "+norec +edns=1 +noednsneg +nocookie +ednsflags=0x80 soa", badVersion,
      not: ["MBZ", "IN\tSOA\t"]),
    Case(
      "N22 512 bytes are the limit where the client says so", "+norec +dnssec +bufsize=512 +ignore +nocookie dnskey",
      [noError, "EDNS: version: 0"]),
    Case(
      "N22 what does not fit is cut, and OPT stays", "+norec +bufsize=512 +ignore +nocookie long txt",
      [noError, "flags: qr aa tc;", "ANSWER: 0", "EDNS: version: 0"]),
    Case(
      "N23 of several options none comes back that we do not have",
      "+norec +edns=0 +nsid +subnet=0.0.0.0/0 +expire +cookie=0102030405060708 soa",
      answered + ["; COOKIE: 0102030405060708"], not: ["NSID", "CLIENT-SUBNET", "EXPIRE"]),
    Case("N24 an empty NSID does not come back", "+norec +edns=0 +nocookie +nsid soa", answered, not: ["NSID"]),
    Case(
      "N25 a client's cookie comes back with the server's", "+norec +cookie=0102030405060708 soa",
      answered + ["; COOKIE: 0102030405060708010000", "(good)"]),
    Case(
      "N26 a cookie of 7 bytes is a format error", "+norec +nocookie +ednsopt=10:01020304050607 soa",
      ["status: FORMERR"]),
    Case(
      "N26 a cookie of 9 bytes is a format error", "+norec +nocookie +ednsopt=10:010203040506070809 soa",
      ["status: FORMERR"]),
    Case(
      "N26 a cookie of 41 bytes is a format error",
      "+norec +nocookie +ednsopt=10:\(String(repeating: "01", count: 41)) soa",
      ["status: FORMERR"]),
    Case(
      "N27 a wrong server cookie is answered with a new one",
      "+norec +cookie=0102030405060708010000005cf79f111f8130c3eee29480 soa",
      answered + ["; COOKIE: 0102030405060708010000", "(good)"], not: ["1f8130c3eee29480 ("]),
    Case("N29 EXPIRE is ignored", "+norec +edns=0 +nocookie +expire soa", answered, not: ["EXPIRE"]),
    Case(
      "N30 a client subnet is ignored", "+norec +edns=0 +nocookie +subnet=0.0.0.0/0 soa", answered,
      not: ["CLIENT-SUBNET"]),
    Case("N31 NSID with version 1", "+norec +edns=1 +noednsneg +nocookie +nsid soa", badVersion, not: ["NSID"]),
    Case("N31 a cookie with version 1", "+norec +edns=1 +noednsneg +cookie=0102030405060708 soa", badVersion),
    Case("N31 EXPIRE with version 1", "+norec +edns=1 +noednsneg +nocookie +expire soa", badVersion),
    Case("N31 a client subnet with version 1", "+norec +edns=1 +noednsneg +nocookie +subnet=0.0.0.0/0 soa", badVersion),
    Case(
      "N32 over TCP the buffer size says nothing", "+norec +bufsize=512 +tcp +nocookie long txt",
      [noError, "flags: qr aa;", "ANSWER: 4", "EDNS: version: 0", "(TCP)"]),
    Case("N33 what BIND asks", "+norec +cookie +dnssec +bufsize=1232 soa", answered + ["flags: do;", "; COOKIE: "]),
    Case("N33 what dig asks", "+rec +ad +cookie soa", [noError, "flags: qr aa rd;", "IN\tSOA", "; COOKIE: "]),
  ]

  @Test func `the points N01 to N33 hold over UDP and TCP`() async throws {
    try await Lab.with { lab in
      let daemon = try await daemon(in: lab)
      for one in Self.cases {
        let output = try await dig(one.words, in: lab)
        for text in one.has { #expect(output.contains(text), "\(one.claim): no \(text) in\n\(output)") }
        for text in one.hasNot { #expect(!output.contains(text), "\(one.claim): \(text) in\n\(output)") }
      }
      try await daemon.stop()
    }
  }

  @Test func `N27 N28 the cookie that was given proves the client, and others get a full answer`() async throws {
    try await Lab.with { lab in
      let daemon = try await daemon(in: lab)
      let first = try await dig("+norec +cookie=0102030405060708 soa", in: lab)
      let line = try #require(first.split(separator: "\n").first { $0.hasPrefix("; COOKIE: ") })
      let cookie = line.dropFirst("; COOKIE: ".count).prefix { $0.isHexDigit }
      #expect(cookie.count == 48)
      let second = try await dig("+norec +cookie=\(cookie) soa", in: lab)
      #expect(second.contains("(good)") && second.contains("IN\tSOA"))
      try await daemon.stop()
    }
  }

  @Test func `N34 no type at the apex is refused, unknown, or without an answer`() async throws {
    try await Lab.with { lab in
      let daemon = try await daemon(in: lab)
      let types = """
        a aaaa afsdb apl caa cdnskey cds cert cname csync dhcid dlv dname dnskey ds eui48 eui64 gpos hinfo hip https \
        ipseckey isdn kx l32 l64 loc lp mb md mf mg minfo mr mx naptr nid nimloc ninfo ns nsap nsap-ptr nsec nsec3 \
        nsec3param null nxt openpgpkey ptr px rp rrsig rt sig sink smimea soa spf srv sshfp svcb ta talink tlsa txt \
        type1000 uid uinfo unspec uri wks x25 zonemd
        """
      for type in types.split(separator: " ") {
        for transport in ["+notcp", "+tcp"] where transport == "+notcp" || type < "b" {
          let output = try await dig("+norec \(transport) +nocookie \(type)", in: lab)
          #expect(output.contains(Self.noError) && output.contains("flags: qr aa;"), "\(type):\n\(output)")
        }
      }
      try await daemon.stop()
    }
  }

  private func daemon(in lab: Lab) async throws -> Daemon {
    let text = (0..<4).map {
      "    - { name: long, type: TXT, value: \"\($0)\(String(repeating: "x", count: 180))\" }\n"
    }
    try await run("ip", "address", "add", "192.0.2.50/24", "dev", "eth0", in: lab.client())
    return try await Daemon(
      in: lab,
      configuration: """
        subnets:
          - subnet: 192.0.2.0/24
            pool: 192.0.2.100-192.0.2.199
        dns:
          records:

        """ + text.joined())
  }

  /// Asks for the zone, or for a name in it where the words have one before the type.
  private func dig(_ words: String, in lab: Lab) async throws -> String {
    var words = words.split(separator: " ").map(String.init)
    let plain = words.filter { !$0.hasPrefix("+") }
    words.removeAll { !$0.hasPrefix("+") }
    var question: [String] = []
    if let type = plain.last {
      question = [plain.count > 1 ? "\(plain[0]).usher.internal" : "usher.internal", type]
    }
    return try await Program(
      ["dig", "@192.0.2.1", "+tries=1", "+time=5"] + words + question, in: lab.client()
    ).result().output
  }
}
