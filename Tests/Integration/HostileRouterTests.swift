import Foundation
import Testing

/// Clients that hold, fill, flood and confuse the ACS: meanwhile a router that behaves is served, and the daemon's
/// memory stays within bounds.
@Suite(.serialized)
struct HostileRouterTests {
  /// KiB by which the daemon may grow: the room for all HTTP bodies together is 64 MiB, that for transcripts as much.
  private static let growthLimit = 256 << 10
  /// Seconds within which a router that behaves is answered, which is a process of its own for each request and waits for
  /// a processor as the attackers do. What the daemon itself may take is held by the longest turn of its loops.
  private static let patience = 10.0

  private static let closed = HostileConfiguration.login
  private static let open = HostileConfiguration.open

  /// What was seen while an attack went on.
  private struct Watch {
    var reports: [String: [String: Int]] = [:]
    var sessions = 0
    var slowest = 0.0
    var before = 0
    /// KiB.
    var most = 0
    /// The daemon's.
    var counters: [String: Int] = [:]

    func counter(_ name: String) -> Int { counters[name] ?? 0 }

    /// How often something was met in all attacks together.
    func count(_ name: String) -> Int { reports.values.reduce(0) { $0 + ($1[name] ?? 0) } }
  }

  /// Sets the clients of `attacks` on a daemon, and has a router hold a session after the other until they have ended;
  /// `check` sees the daemon afterward. The router begins once the daemon has had so many `connections`, and
  /// the attackers let go at the latest when it has held so many `sessions`.
  private func withstand(
    _ attacks: [[String]], once connections: Int = 0, sessions: Int = .max, configuration: String = closed,
    growth: Int = growthLimit,
    check: (Daemon, Watch) async throws -> Void
  ) async throws {
    try await Lab.with(clients: 2) { lab in
      let daemon = try await Daemon(in: lab, configuration: configuration, environment: Daemon.measuringTurns)
      try await HandSession.boot(in: lab)
      let lines = [
        "ip -n \(lab.client(1)) address add 192.0.2.60/24 dev eth0",
        "ip -n \(lab.client(1)) route add local 198.51.100.0/24 dev lo",
        "ip -n \(lab.appliance) route add 198.51.100.0/24 via 192.0.2.60",
      ]
      let roads = try await run("sh", "-exc", lines.joined(separator: "\n"))
      try #require(roads.status == 0, "\(roads.errors)")
      let login = configuration == Self.closed ? "seat:row7" : nil
      var watch = Watch()
      _ = try await session(in: lab, login: login)
      watch.before = try Self.resident(daemon, "VmRSS")

      let clients = try attacks.map { try HostileClients($0, in: lab, client: lab.client(1)) }
      let isSet = try await eventually(within: 40) {
        guard connections > 0, try await daemon.counter("http.connections") < connections else { return true }
        try await Task.sleep(for: .milliseconds(300))
        return false
      }
      #expect(isSet, "not all attackers are connected")
      repeat {
        let time = try await session(in: lab, login: login)
        watch.sessions += 1
        watch.slowest = max(watch.slowest, time)
        watch.most = max(watch.most, try Self.resident(daemon, "VmRSS"))
        try await Task.sleep(for: .milliseconds(200))
      } while watch.sessions < sessions && clients.contains(where: \.isRunning)
      for client in clients where watch.sessions == sessions { client.stop() }
      for client in clients { watch.reports[client.attack] = try await client.report() }

      watch.counters = try await daemon.json("status").first?["counters"] as? [String: Int] ?? [:]
      watch.most = max(watch.most, try Self.resident(daemon, "VmHWM"))
      for (attack, report) in watch.reports.sorted(by: { $0.key < $1.key }) {
        print("\(attack): \(report.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "))")
      }
      print(
        "  \(watch.sessions) sessions of a router, the slowest answer in \(watch.slowest) s; resident \(watch.before >> 10) MiB "
          + "before, \(watch.most >> 10) MiB at most, \(try Self.resident(daemon, "VmRSS") >> 10) MiB after")
      #expect(watch.slowest < Self.patience)
      #expect(watch.most - watch.before < growth)
      try #require(daemon.program.isRunning, "the daemon is gone: \(daemon.program.errors)")
      try await daemon.expectShortTurns(of: "dhcp", "http")
      try await check(daemon, watch)
      daemon.program.signal(SIGTERM)
      #expect(try await daemon.program.result(within: 10).status == 0, "\(daemon.program.errors)")
    }
  }

  /// It can do no more than be set.
  private static let fault = """
    <soap-env:Fault><faultcode>Server</faultcode><faultstring>CWMP fault</faultstring><detail><cwmp:Fault>\
    <FaultCode>9000</FaultCode><FaultString>Method not supported</FaultString></cwmp:Fault></detail></soap-env:Fault>
    """

  /// A whole session of a router that behaves. Returns the seconds that its slowest answer took.
  private func session(in lab: Lab, login: String?) async throws -> Double {
    var slowest = 0.0
    var router = HandSession(lab: lab)
    // It forgets its cookies with the session.
    router.jar = "cookies-\(UInt64.random(in: 0 ... .max))"
    func post(_ body: String, login: String? = nil) async throws -> HandSession.Answer {
      let start = ContinuousClock.now
      defer { slowest = max(slowest, (ContinuousClock.now - start) / .seconds(1)) }
      return try await router.post(body, login: login)
    }
    var answer = try await post(
      router.inform(id: "1", serial: "BEHAVES", events: [("2 PERIODIC", "")]), login: login)
    #expect(answer.status == 200 && answer.method == "InformResponse", "\(answer.status): \(answer.body)")
    answer = try await post("")
    for _ in 0..<12 where answer.status == 200 {
      let isSet = answer.method == "SetParameterValues"
      answer = try await post(
        isSet ? router.setParameterValuesResponse(to: answer) : router.envelope(id: answer.id ?? "", Self.fault))
    }
    #expect(answer.status == 204, "\(answer.status): \(answer.body)")
    return slowest
  }

  private static func resident(_ daemon: Daemon, _ name: String) throws -> Int {
    let status = try String(contentsOfFile: "/proc/\(daemon.program.pid)/status", encoding: .utf8)
    let line = status.split(separator: "\n").first { $0.hasPrefix(name + ":") }
    return try #require(line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) })
  }

  // MARK: - Connections and bodies

  @Test func `2,000 slow heads, 2,000 slow bodies and 10,000 idle connections`() async throws {
    try await withstand(
      [["slow_heads", "40", "2000"], ["slow_bodies", "40", "2000"], ["idle", "40", "10000"]], once: 14_000, sessions: 8
    ) {
      daemon, watch in
      #expect(watch.count("connections") == 14_000)
      #expect(watch.counter("http.refused.connections") == 0)
    }
  }

  @Test func `bodies of a gigabyte, announced, in chunks and compressed, are refused early`() async throws {
    try await withstand([["large", "announced", "20"], ["large", "chunked", "10"], ["large", "bomb", "10"]]) {
      daemon, watch in
      #expect(watch.count("413") + watch.count("closed") == 40)
      #expect(watch.count("413") >= 35)
      #expect(watch.reports["large announced 20"]?["sentMiB"] ?? 0 <= 16)
      #expect(watch.reports["large chunked 10"]?["sentMiB"] ?? 0 <= 32)
      #expect(watch.counter("http.refused.oversize") == 40)
    }
  }

  @Test func `the largest bodies without their last byte fill the room of their addresses and no other`() async throws {
    // 64 of an address fill its room, and 192 that of all large ones.
    try await withstand([["holding_bodies", "4", "300"]]) { daemon, watch in
      #expect(watch.count("held") <= 196)
      #expect(watch.count("held") + watch.count("refused") == 300)
      #expect(watch.counter("http.refused.overloaded") >= 100)
    }
  }

  // MARK: - Documents

  @Test func `documents that would fill the memory, reach out or hide are refused, each within a second or two`()
    async throws
  {
    try await withstand([["documents"]], configuration: Self.open) { _, watch in
      let report = watch.reports["documents"] ?? [:]
      // An encoding that does not exist is passed over; what does not fit UTF-8 then is refused.
      let passedOver = ["unknown.status", "unknownCharset.status"]
      // Nobody's first message is so long.
      let tooLong = [
        "deep", "deepClosed", "attributes", "sameAttribute", "names", "elements", "longName", "comment", "zeros",
      ].map { $0 + ".status" }
      for (name, status) in report where name.hasSuffix(".status") {
        #expect(status == (passedOver.contains(name) ? 200 : tooLong.contains(name) ? 413 : 400), "\(name)")
      }
      for (name, time) in report where name.hasSuffix(".ms") { #expect(time < 3000, "\(name)") }
      #expect(report["leaked"] == nil)
    }
  }

  @Test func `texts of a megabyte, thousands of entries and terminal escapes stay out of the record and the terminal`()
    async throws
  {
    try await withstand([["long"]], configuration: Self.open) { daemon, watch in
      let report = watch.reports["long"] ?? [:]
      for name in ["serial", "product"] { #expect(report["\(name).status"] == 400, "\(name)") }
      for name in ["maker", "key", "url", "events", "parameter", "parameters"] {
        #expect(report["\(name).status"] == 200, "\(name)")
      }
      #expect(watch.counter("cwmp.refused.tooLong") == 2)
      for words in [["devices"], ["journey"], ["status"], ["leases"]] {
        let shown = try await Program([try Daemon.binary] + words + ["--control", daemon.control]).result(within: 5)
        Self.expectSafe(shown.output, words.joined(separator: " "))
      }
      Self.expectSafe(daemon.program.errors, "the log")
      // What is on record of each device is small.
      let database = try await run("du", "-sk", URL(filePath: daemon.control).deletingLastPathComponent().path)
      print("  state: \(database.output)")
    }
  }

  /// No control character, none that turns or hides text, and no line of thousands of characters.
  private static func expectSafe(_ text: String, _ name: String) {
    let bad = text.unicodeScalars.filter { scalar in
      switch scalar.properties.generalCategory {
      case .control: scalar != "\n"
      case .format, .lineSeparator, .paragraphSeparator: true
      default: false
      }
    }
    #expect(bad.isEmpty, "\(name): \(Set(bad.map { String($0.value, radix: 16) }))")
    let longest = text.split(separator: "\n").map(\.count).max() ?? 0
    #expect(longest < 4096, "\(name) has a line of \(longest) characters")
  }

  // MARK: - Sessions

  @Test(.timeLimit(.minutes(2))) func `sessions that would have no end have one`() async throws {
    let kinds = ["complete", "methods", "otherID", "otherMethod", "same", "empty"]
    try await withstand(kinds.map { ["session", $0] } + [["swapped"]], configuration: Self.open) { daemon, watch in
      func posts(_ kind: String) -> Int { watch.reports["session \(kind)"]?["posts"] ?? .max }
      #expect(posts("complete") < 270 && posts("methods") < 270)
      #expect(posts("otherMethod") < 30)
      #expect(posts("same") < 30 && posts("empty") < 30 && posts("otherID") < 30)
      #expect(watch.count("8004") == 2)
      #expect(watch.counter("cwmp.refused.tooManyRequests") == 2)
      #expect(watch.counter("cwmp.refused.tooManyRefusals") >= 1)
      #expect(watch.counter("acs.failed") == 0)
    }
  }

  @Test func `sessions that are begun and left take the places of their own address only`() async throws {
    try await withstand([["holding_sessions", "3", "8"]], configuration: Self.open) { daemon, watch in
      // What begins at the same moment is counted a little late.
      #expect((500...508).contains(watch.count("200")) && watch.count("200") + watch.count("503") == 1200)
      #expect(watch.counter("acs.refused.crowdedAddress") == watch.count("503"))
    }
  }

  @Test func `sessions that begin with the largest Inform that there may be hold none of it`() async throws {
    // It would be 100 MiB. Transcripts, which have room for 64 MiB of it, are off.
    let configuration = Self.open.replacing(
      "authentication: none\n", with: "authentication: none\n  transcripts: {number: 0}\n")
    try await withstand([["largest_sessions", "1", "400"]], configuration: configuration, growth: 64 << 10) {
      _, watch in
      #expect(watch.count("200") == 400)
    }
  }

  // MARK: - Floods

  @Test func `Informs without and with wrong passwords as fast as they go`() async throws {
    try await withstand([["flood", "none", "5", "2"], ["flood", "wrong", "5", "2"]]) { daemon, watch in
      #expect(watch.count("401") > 1000)
      #expect(watch.count("200") == 0)
      let devices = try await daemon.json("devices")
      #expect(devices.count == 1)
      Self.expectSafe(daemon.program.errors, "the log")
    }
  }

  @Test func `a new serial number with each Inform is taken 4,096 times from one address`() async throws {
    try await withstand([["newcomers", "20", "16"]], configuration: Self.open) { daemon, watch in
      #expect(watch.count("200") <= 4096)
      let devices = try await daemon.json("devices")
      #expect(devices.count <= 4097)
    }
  }
}
