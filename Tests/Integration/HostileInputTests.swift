import DHCP
import Foundation
import Net
import Testing
import Transport

/// What no router should send, sent to the running daemon: each is refused with its reason and counted, the daemon goes
/// on serving everybody else, and its memory stays within bounds.
struct HostileInputTests {
  /// Client 1 of the lab, with an address of its own making.
  private static let attacker = 1
  private static let attackerAddress = "192.0.2.60"
  /// How much the daemon may grow, in KiB: the room for all HTTP bodies together is 64 MiB.
  private static let growthLimit = 128 << 10

  /// A daemon and an attacker; afterward, whatever happened, the daemon serves a router and has not grown.
  private func withAttackedDaemon(_ attack: (Lab, Daemon) async throws -> Void) async throws {
    try await Lab.with(clients: 2) { lab in
      let daemon = try await Daemon(in: lab, configuration: RealClientTests.configuration)
      try await run(
        "ip", "address", "add", "\(Self.attackerAddress)/24", "dev", "eth0", in: lab.client(Self.attacker))
      try await expectService(of: daemon, in: lab)
      let before = try residentKilobytes(of: daemon)

      try await attack(lab, daemon)

      try #require(daemon.program.isRunning, "the daemon is gone: \(daemon.program.errors)")
      try await expectService(of: daemon, in: lab)
      #expect(try residentKilobytes(of: daemon) - before < Self.growthLimit)
      daemon.program.signal(SIGTERM)
      #expect(try await daemon.program.result(within: 10).status == 0, "\(daemon.program.errors)")
    }
  }

  /// A lease, an answer of DNS and an Inform.
  private func expectService(of daemon: Daemon, in lab: Lab) async throws {
    #expect(try await HandSession.boot(in: lab).hasPrefix("192.0.2."))
    let name = try await run("dig", "@192.0.2.1", "+short", "acs.usher.internal", in: lab.client())
    #expect(name.output == "192.0.2.1\n", "\(name.output)")
    var session = HandSession(lab: lab)
    session.keepsCookies = false
    let answer = try await session.post(
      session.inform(id: "1", serial: "210235A0LNH12000H001", events: [("2 PERIODIC", "")]), login: "seat:row7")
    #expect(answer.status == 200 && answer.method == "InformResponse", "\(answer.status): \(answer.body)")
  }

  private func residentKilobytes(of daemon: Daemon) throws -> Int {
    let status = try String(contentsOfFile: "/proc/\(daemon.program.pid)/status", encoding: .utf8)
    return try #require(status.firstMatch(of: #/VmRSS:\s+(\d+) kB/#).flatMap { Int($0.1) })
  }

  /// The counters as they come to be, at the latest within five seconds.
  private func expect(
    _ counts: [String: Int], at daemon: Daemon, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    var found: [String: Int] = [:]
    _ = try await eventually(within: 5) {
      let counters = try await daemon.json("status").first?["counters"] as? [String: Int] ?? [:]
      found = counters.filter { counts.keys.contains($0.key) }
      return found == counts
    }
    #expect(found == counts, sourceLocation: sourceLocation)
  }

  /// A socket of the attacker's; a broadcast from it leaves by its one interface.
  private func socket(in lab: Lab) throws -> DatagramSocket {
    try NetworkNamespace(named: lab.client(Self.attacker)).run {
      try DatagramSocket(port: 0, options: SocketOptions(device: "eth0", broadcast: true))
    }
  }

  // MARK: - DHCP

  private static let server = Endpoint(IPv4Address(192, 0, 2, 1), port: 67)
  private static let everybody = Endpoint(.broadcast, port: 67)

  /// A DISCOVER without padding.
  private static func discover() -> [UInt8] {
    var message = Message(.discover, xid: 0x0BAD_0001, hardware: MACAddress(rawValue: 0x020B_AD00_0001))
    message.options.set(.vendorClass, bytes: Array("H3C.MSR36-20".utf8))
    message.options.set(.hostName, bytes: Array("branch".utf8))
    let bytes = message.encode(limit: 1472).bytes
    return Array(bytes.reversed().drop { $0 == 0 }.reversed())
  }

  /// What the decoder makes of each payload, by the names of counters.
  private static func refusals(of payloads: [[UInt8]]) -> [String: Int] {
    var counts: [String: Int] = [:]
    for payload in payloads {
      do throws(MessageError) {
        _ = try Message(decoding: payload)
      } catch {
        counts[error.counter, default: 0] += 1
      }
    }
    return counts
  }

  @Test func `every prefix of a DISCOVER is refused or served, and each refusal is counted`() async throws {
    try await withAttackedDaemon { lab, daemon in
      let whole = Self.discover()
      let prefixes = (0..<whole.count).map { Array(whole.prefix($0)) }
      let socket = try socket(in: lab)
      for prefix in prefixes { try socket.send(prefix, to: Self.everybody) }
      let counts = Self.refusals(of: prefixes)
      #expect(counts == ["dhcp.undecodable.tooShort": 240])
      try await expect(counts, at: daemon)
      // Whoever says what it wants is served by what stands; the option that is cut off is counted.
      #expect(
        try await eventually(within: 30) { try await daemon.counter("dhcp.optionDropped.truncated.12") > 0 })
    }
  }

  @Test func `a DHCP message longer than a frame is refused, by broadcast and to the server's address`() async throws {
    try await withAttackedDaemon { lab, daemon in
      let socket = try socket(in: lab)
      let sizes = [1501, 1600, 2048, 2049, 3000, 4000]
      let whole = Self.discover()
      let messages = sizes.map { whole + [UInt8](repeating: 0, count: $0 - whole.count) }
      for message in messages { try socket.send(message, to: Self.server) }
      try await expect(["dhcp.undecodable.tooLong": sizes.count], at: daemon)
      for message in messages { try socket.send(message, to: Self.everybody) }
      // The frame that is seen of each is its first fragment.
      try await expect(["frame.refused.fragment": sizes.count], at: daemon)
    }
  }

  @Test func `random bytes and mutated messages at the DHCP port are refused by reason`() async throws {
    try await withAttackedDaemon { lab, daemon in
      let socket = try socket(in: lab)
      var random = Seeded(0x5EED)
      let whole = Self.discover()
      var payloads = (0..<300).map { _ in
        (0..<Int.random(in: 0...1400, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
      }
      payloads += (0..<300).map { _ in
        var bytes = whole
        for _ in 0..<Int.random(in: 1...8, using: &random) {
          bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
        }
        return bytes
      }
      for (number, payload) in payloads.enumerated() {
        try socket.send(payload, to: number % 2 == 0 ? Self.everybody : Self.server)
        // The sender is faster than the daemon, whose queue has an end.
        if number % 50 == 49 { try await Task.sleep(for: .milliseconds(20)) }
      }
      let counts = Self.refusals(of: payloads)
      #expect(counts.count >= 4 && counts.values.reduce(0, +) > 300, "\(counts)")
      try await expect(counts, at: daemon)
    }
  }

  // MARK: - DNS

  /// A query for A of acs.usher.internal, with `additional` behind its question.
  private static func query(additional: [UInt8] = []) -> [UInt8] {
    var bytes: [UInt8] = [0x0B, 0xAD, 1, 0, 0, 1, 0, 0, 0, 0, 0, additional.isEmpty ? 0 : 1]
    for label in ["acs", "usher", "internal"] { bytes += [UInt8(label.utf8.count)] + Array(label.utf8) }
    return bytes + [0, 0, 1, 0, 1] + additional
  }

  private static func question(_ name: [UInt8]) -> [UInt8] {
    [0x0B, 0xAD, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0] + name + [0, 1, 0, 1]
  }

  @Test func `a malformed DNS query is answered with FORMERR, and each reason is counted`() async throws {
    try await withAttackedDaemon { lab, daemon in
      let socket = try socket(in: lab)
      let longest = [63] + [UInt8](repeating: 97, count: 63)
      let queries: [(bytes: [UInt8], counter: String)] = [
        (Self.question([0xC0, 12]), "pointerInQuestion"), (Self.question([0xC0, 100]), "pointerInQuestion"),
        (Self.query(additional: [0xC0, 12, 0, 41, 0, 0, 0, 0, 0, 0, 0, 0]), "misplacedOPT"),
        (Self.question([64] + [UInt8](repeating: 97, count: 64) + [0]), "labelType"),
        (Self.question(Array([[UInt8]](repeating: longest, count: 5).joined()) + [0]), "nameTooLong"),
        (Array(Self.query().dropLast(3)), "truncated"),
        (Array(Self.query().prefix(5)) + [2] + Self.query().dropFirst(6), "questionCount"),
      ]
      for (bytes, counter) in queries {
        let answer = try #require(try await ask(bytes, through: socket), "no answer to \(counter)")
        #expect(
          answer.prefix(2).elementsEqual([0x0B, 0xAD]) && answer.count >= 12 && answer[3] & 0xF == 1, "\(counter)")
      }
      let reasons = queries.map { "dns.formatError.\($0.counter)" }
      try await expect(Dictionary(reasons.map { ($0, 1) }, uniquingKeysWith: +), at: daemon)
    }
  }

  @Test func `a compression loop and a forward pointer behind the question are passed over, not followed`() async throws
  {
    try await withAttackedDaemon { lab, daemon in
      let socket = try socket(in: lab)
      let here = UInt8(Self.query().count)
      let count = try await daemon.counter("dns.answered")
      for target in [here, here + 4, 255] {
        let record: [UInt8] = [0xC0, target, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0]
        let answer = try #require(try await ask(Self.query(additional: record), through: socket))
        #expect(answer.count > 12 && answer[3] & 0xF == 0)
        #expect(answer.suffix(4) == [192, 0, 2, 1])
      }
      try await expect(["dns.answered": count + 3], at: daemon)
    }
  }

  /// What comes back from the DNS port, nil where nothing does.
  private func ask(_ query: [UInt8], through socket: DatagramSocket) async throws -> [UInt8]? {
    try socket.send(query, to: Endpoint(IPv4Address(192, 0, 2, 1), port: 53))
    var answer: [UInt8]?
    _ = try await eventually(within: 5) {
      answer = try socket.receive()?.bytes
      return answer != nil
    }
    return answer
  }

  @Test func `20 KB and random bytes at the DNS and TFTP ports are dropped or refused, and counted`() async throws {
    try await withAttackedDaemon { lab, daemon in
      let socket = try socket(in: lab)
      let dns = Endpoint(IPv4Address(192, 0, 2, 1), port: 53)
      for _ in 0..<3 { try socket.send(Self.query() + [UInt8](repeating: 7, count: 20_000), to: dns) }
      try await expect(["dns.dropped.tooLong": 3], at: daemon)

      var random = Seeded(0xD5)
      for _ in 0..<200 {
        let bytes = (0..<Int.random(in: 0...600, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
        try socket.send(bytes, to: dns)
        try socket.send(bytes, to: Endpoint(IPv4Address(192, 0, 2, 1), port: 69))
      }
      let isCounted = try await eventually(within: 30) {
        let counters = try await daemon.json("status").first?["counters"] as? [String: Int] ?? [:]
        func sum(_ prefix: String) -> Int { counters.filter { $0.key.hasPrefix(prefix) }.values.reduce(0, +) }
        return sum("dns.") >= 200 && sum("tftp.malformed.") >= 190
      }
      #expect(isCounted)
    }
  }

  @Test func `N63 N64 half a DNS message over TCP, and 100 connections, do not keep others from being answered`()
    async throws
  {
    try await withAttackedDaemon { lab, daemon in
      let half = try RawConnection(to: "192.0.2.1", port: 53, from: lab.client())
      half.send([0, 64] + Self.query().prefix(10))
      let namespace = lab.client(Self.attacker)
      let many = try (0..<100).map { _ in try RawConnection(to: "192.0.2.1", port: 53, from: namespace) }
      // One peer may have 32; the oldest make room.
      #expect(try await eventually(within: 30) { many.count(where: \.isClosed) == 68 })
      try await expect(["dns.closed.evicted": 68], at: daemon)
      for client in [lab.client(), namespace] {
        let name = try await run("dig", "@192.0.2.1", "+tcp", "+short", "acs.usher.internal", in: client)
        #expect(name.output == "192.0.2.1\n", "\(name.output)")
      }
      let web = try (0..<100).map { _ in try RawConnection(to: "192.0.2.1", port: 7547, from: namespace) }
      try await expectService(of: daemon, in: lab)
      // Who says no whole message within ten seconds is let go.
      #expect(!half.isClosed)
      #expect(try await eventually(within: 30) { half.isClosed })
      #expect(try await eventually(within: 30) { many.allSatisfy(\.isClosed) })
      #expect(try await daemon.counter("dns.closed.idle") >= 32)
      withExtendedLifetime(web) {}
    }
  }

  // MARK: - CWMP

  private static let laughs = (1...9).map { "<!ENTITY l\($0) \"\(String(repeating: "&l\($0 - 1);", count: 10))\">" }

  private static let documents: [(name: String, body: String, counter: String, reason: String)] = [
    ("a DTD", "<!DOCTYPE a SYSTEM \"http://192.0.2.60/a.dtd\"><a/>", "xml.refused.documentType", "document type"),
    (
      "a billion laughs", "<!DOCTYPE a [<!ENTITY l0 \"ha\">\(laughs.joined())]><a>&l9;</a>",
      "xml.refused.documentType", "document type"
    ),
    (
      "an external entity", "<!DOCTYPE a [<!ENTITY p SYSTEM \"file:///etc/passwd\">]><a>&p;</a>",
      "xml.refused.documentType", "document type"
    ),
    ("an undefined entity", "<a>&nbsp;</a>", "xml.refused.undefinedEntity", "an entity"),
    ("depth 80,000", String(repeating: "<a>", count: 80_000), "xml.refused.tooDeep", "64 deep"),
    ("no XML", "{\"method\": \"Inform\"}", "xml.refused.malformed", "line 1"),
    (
      "half an envelope", "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\">",
      "xml.refused.truncated", "too early"
    ),
    ("no envelope", "<html><body>hello</body></html>", "cwmp.refused.notAnEnvelope", "html"),
  ]

  @Test func `a document that is no CWMP message is refused with its reason, and the journey tells it`() async throws {
    try await withAttackedDaemon { lab, daemon in
      var session = HandSession(lab: lab)
      session.keepsCookies = false
      for document in Self.documents {
        let count = try await daemon.counter(document.counter)
        let answer = try await session.post(document.body, login: "seat:row7")
        #expect(answer.status == 400, "\(document.name)")
        #expect(answer.body.contains(document.reason), "\(document.name): \(answer.body)")
        #expect(!answer.body.contains("root:"))
        #expect(try await daemon.counter(document.counter) == count + 1, "\(document.name)")
        let good = try await session.post(
          session.inform(id: "1", serial: "210235A0LNH12000H001", events: [("2 PERIODIC", "")]), login: "seat:row7")
        #expect(good.status == 200, "after \(document.name)")
      }
      let journey = try await daemon.journey(of: Lab.hardware(0), within: 5) {
        $0.count("messageRefused") >= Self.documents.count
      }
      let told = journey.events.filter { $0.event == "messageRefused" }.map(\.text)
      for document in Self.documents {
        #expect(
          told.contains { $0.contains("could not be taken") && $0.contains(document.reason) },
          "\(document.name): \(told)")
      }
    }
  }

  @Test func `50 MB are refused with 413, with and without a length told`() async throws {
    try await withAttackedDaemon { lab, daemon in
      let session = HandSession(lab: lab)
      let body = String(repeating: "<a>0123456789</a>", count: 50_000_000 / 17)
      for options in [[], ["--header", "Transfer-Encoding: chunked"]] {
        let answer = try await session.post(body, login: "seat:row7", options: options)
        #expect(answer.status == 413 && answer.body.contains("\(256 << 10) bytes"), "\(answer.status): \(answer.body)")
      }
      try await expect(["http.refused.oversize": 2], at: daemon)
    }
  }

  @Test func `a wrong password is answered with 401, counted, and named by the journey`() async throws {
    try await withAttackedDaemon { lab, daemon in
      try await run(
        "ip", "address", "flush", "dev", "eth0", in: lab.client(Self.attacker))
      var session = HandSession(lab: lab)
      session.keepsCookies = false
      let message = session.inform(id: "1", serial: "210235A0LNH12000H002", events: [("0 BOOTSTRAP", "")])
      for login in ["seat:wrong", "nobody:row7"] {
        let answer = try await session.post(message, login: login)
        #expect(answer.status == 401 && answer.body.contains("the name or the password is wrong"), "\(answer.body)")
        #expect(!answer.body.contains("InformResponse"))
      }
      #expect(try await session.post(message).status == 401)
      try await expect(["acs.digest.wrongPassword": 2], at: daemon)
      let journey = try await daemon.journey(of: Lab.hardware(0), within: 5) { $0.count("authenticationFailed") == 2 }
      let told = journey.events.filter { $0.event == "authenticationFailed" }.map(\.text)
      #expect(
        told.count == 2 && told.contains { $0.contains("seat") } && told.contains { $0.contains("nobody") }, "\(told)")
      #expect(try await daemon.json("devices").map { $0["serialNumber"] as? String } == ["210235A0LNH12000H001"])
    }
  }

  @Test func `an unknown method is answered with fault 8000 in a session, and refused before one`() async throws {
    try await withAttackedDaemon { lab, daemon in
      let session = HandSession(lab: lab)
      let unknown = session.envelope(id: "9", "<cwmp:FormatDisk><Now>1</Now></cwmp:FormatDisk>")
      let early = try await session.post(unknown, login: "seat:row7")
      #expect(early.status == 400 || early.method == "Fault", "\(early.status): \(early.body)")
      try await expect(["cwmp.refused.notInformed": 1], at: daemon)

      let inform = session.inform(id: "1", serial: "210235A0LNH12000H001", events: [("2 PERIODIC", "")])
      #expect(try await session.post(inform, login: "seat:row7").status == 200)
      let answer = try await session.post(unknown, login: "seat:row7")
      #expect(answer.status == 200 && answer.id == "9")
      #expect(try answer.element("FaultCode") == "8000", "\(answer.body)")
      try await expect(["cwmp.refused.methodNotSupported": 1], at: daemon)
    }
  }
}

/// Random values that are the same in every run (SplitMix64).
private struct Seeded: RandomNumberGenerator {
  var state: UInt64

  init(_ seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
