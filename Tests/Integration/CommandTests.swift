import Foundation
import Net
import Testing
import Transport

/// What an operator types, and what the command line makes of it.
struct CommandTests {
  private static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// Runs the command line where no daemon is needed.
  private func usher(_ words: String...) async throws -> Program.Result {
    try await Program([try Daemon.binary] + words).result()
  }

  /// A folder of its own, gone after.
  private func withFolder(_ body: (URL) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "usher-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try await body(folder)
  }

  @Test(arguments: [
    ("tsk", "There is no command \"tsk\"; did you mean \"task\"?"),
    ("zzzz", "There is no command \"zzzz\": `usher --help` lists them."),
  ])
  func `a word that is no command is told, with the nearest, whatever stands behind it`(
    word: String, told: String
  ) async throws {
    for options in [[], ["--control", "/nowhere"]] {
      let result = try await Program([try Daemon.binary, word] + options).result()
      #expect(result.status == 64 && result.errors.contains(told), "\(result.errors)")
    }
  }

  // MARK: - check

  @Test func `check finds the lab's configuration right, and what it prints of it is right too`() async throws {
    let file = Self.repository.appending(path: "Appliance/lab/usher.yaml").path
    let checked = try await usher("check", file)
    #expect(checked.status == 0 && checked.output == "\(file) is right.\n" && checked.errors.isEmpty)

    try await withFolder { folder in
      for name in ["routers.csv", "branch.cfg"] {
        try FileManager.default.copyItem(
          at: Self.repository.appending(path: "Appliance/lab/\(name)"), to: folder.appending(path: name))
      }
      let copy = folder.appending(path: "usher.yaml")
      let printed = try await usher("check", "--print", file)
      try printed.output.write(to: copy, atomically: true, encoding: .utf8)
      let again = try await usher("check", "--print", copy.path)
      #expect(again.status == 0 && again.output == printed.output, "\(again.errors)")
    }
  }

  @Test(arguments: [
    ("acs:\n  nmae: a.usher.internal\n", ":2:3: unknown option \"nmae\"", "did you mean \"name\"?"),
    ("dns:\n  zone: usher.internal\n  tll: 5m\n", ":3:3: unknown option \"tll\"", "did you mean \"ttl\"?"),
    ("acs:\n  port: many\n", ":2:9: acs.port is \"many\"", "expected"),
    (
      "subnets:\n  - subnet: 192.0.2.0/24\n    pool: 192.0.3.1-192.0.3.9\n", ":3:11: subnets[0].pool",
      "expected addresses in 192.0.2.1-192.0.2.254"
    ),
    ("acs:\n\tname: a\n", ":2:1: not YAML", "spaces, not tabs"),
    ("inventory: nowhere.csv\nprofiles:\n  - name: a\n", ":1:12:", "nowhere.csv does not exist"),
    (
      "profiles:\n  - name: a\n    configuration:\n      template: nowhere.cfg\n", ":4:17:",
      "nowhere.cfg does not exist"
    ),
  ])
  func `check says where a mistake is and what would be right`(text: String, place: String, cure: String) async throws {
    try await withFolder { folder in
      let file = folder.appending(path: "usher.yaml")
      try text.write(to: file, atomically: true, encoding: .utf8)
      let result = try await usher("check", file.path)
      #expect(result.status == 2 && result.output.isEmpty)
      #expect(result.errors.hasPrefix(file.path + place), "\(result.errors)")
      #expect(result.errors.contains(cure), "\(result.errors)")
    }
  }

  // MARK: - option43

  private static let firstExample =
    "0127687474703A2F2F3136392E3235342E37362E33313A373534372F6163732031323334" + "2035363738"

  @Test func `option43 encode prints the manual's first example bit for bit, and decode reads it`() async throws {
    let encoded = try await usher(
      "option43", "encode", "http://169.254.76.31:7547/acs", "--username", "1234", "--password", "5678")
    #expect(encoded.status == 0)
    #expect(encoded.output.hasPrefix("HPE/H3C Comware\n  option 43 hex \(Self.firstExample)\n"), "\(encoded.output)")

    let decoded = try await usher("option43", "decode", Self.firstExample, "--json")
    let fields = try JSONDecoder().decode([String: String?].self, from: Data(decoded.output.utf8))
    #expect(
      fields == [
        "dialect": "comware", "url": "http://169.254.76.31:7547/acs", "username": "1234", "password": "5678",
        "service-provider": nil, "pxe-servers": nil, "provisioning-code": nil, "retry-minimum-wait": nil,
        "retry-multiplier": nil,
      ])
    let clean = try await usher("option43", "lint", Self.firstExample)
    #expect(clean.status == 0 && clean.output == "Nothing is wrong with it.\n")
  }

  @Test(arguments: [
    (
      "013B687474703A2F2F6163732E64617461626173653A393039302F616373207669636B79203132333435",
      "sub-option 1 says 59 bytes (0x3b), but has 40 (0x28)",
      "0128687474703a2f2f6163732e64617461626173653a393039302f616373207669636b79203132333435"
    ),
    (firstExample + "FF", "dnsmasq adds it", firstExample.lowercased()),
  ])
  func `option43 lint finds the wrong length of the vendor's second example, and dnsmasq's 0xFF`(
    hex: String, finding: String, correction: String
  ) async throws {
    let result = try await usher("option43", "lint", hex)
    #expect(result.status == 1)
    #expect(result.output.contains(finding), "\(result.output)")
    #expect(result.output.hasSuffix("It should be \(correction)\n"), "\(result.output)")
  }

  // MARK: - The running daemon

  @Test(arguments: [
    ["status"], ["devices"], ["leases"], ["journey"], ["journey", "X1"], ["journey", "--follow"], ["admit", "X1"],
    ["reload"],
  ])
  func `without a daemon, a command says so in one sentence`(words: [String]) async throws {
    try await withFolder { folder in
      let control = folder.appending(path: "control").path
      let result = try await Program([try Daemon.binary] + words + ["--control", control]).result()
      #expect(result.status == 3 && result.output.isEmpty)
      #expect(
        result.errors
          == "Error: No daemon answers at \(control). Start one with `usher serve`, or name its socket with --control.\n"
      )
    }
  }

  @Test func `what a command prints with --json is JSON`() async throws {
    try await Lab.with { lab in
      let daemon = try await Daemon(in: lab, configuration: RealClientTests.configuration)
      try await HandSession.boot(in: lab)
      let session = HandSession(lab: lab)
      let answer = try await session.post(
        session.inform(id: "1", serial: "210235A0LNH12000J501", events: [("0 BOOTSTRAP", "")]), login: "seat:row7")
      #expect(answer.status == 200)

      for words in [["status"], ["devices"], ["leases"], ["journey"], ["journey", "210235A0LNH12000J501"]] {
        let result = try await Program([try Daemon.binary] + words + ["--json", "--control", daemon.control]).result()
        #expect(result.status == 0, "\(words): \(result.errors)")
        let value = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
        let count = (value as? [Any])?.count ?? (value as? [String: Any])?.count ?? 0
        #expect(count > 0, "\(words): \(result.output)")
      }
      let followed = try await daemon.usher(
        "journey", "--json", "--follow", "--until", "informed", "--within", "10")
      #expect(followed.status == 0, "\(followed.errors)")
      for line in followed.output.split(separator: "\n") {
        #expect(try JSONSerialization.jsonObject(with: Data(line.utf8)) is [String: Any])
      }
      let lint = try await usher("option43", "lint", "--json", Self.firstExample)
      let encode = try await usher("option43", "encode", "--json", "http://192.0.2.1:7547/acs")
      for result in [lint, encode] {
        #expect(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) is [String: Any])
      }
      try await daemon.stop()
    }
  }

  // MARK: - reload

  @Test func `reload takes a changed file whole, keeps leases, and refuses a wrong one whole`() async throws {
    try await Lab.with { lab in
      let daemon = try await Daemon(in: lab, configuration: RealClientTests.configuration)
      #expect(try await HandSession.boot(in: lab) == "192.0.2.100")
      func address(of name: String) async throws -> String {
        try await run("dig", "@192.0.2.1", "+short", "+tries=2", name, in: lab.client()).output
      }
      let leases = try await daemon.json("leases").map { $0["address"] as? String }
      #expect(leases == ["192.0.2.100"])

      let record = "dns:\n  records:\n    - {name: ntp, type: A, value: 192.0.2.5}\n"
      _ = try lab.write(
        record + RealClientTests.configuration.replacing("192.0.2.100-", with: "192.0.2.150-"), to: "usher.yaml")
      let reloaded = try await daemon.usher("reload")
      #expect(reloaded.status == 0, "\(reloaded.errors)")
      #expect(try await address(of: "ntp.usher.internal") == "192.0.2.5\n")
      #expect(try await daemon.json("leases").map { $0["address"] as? String } == leases)

      // Right in one place and wrong in another: the right one does not count either.
      for wrong in ["leese-time: 1h", "lease-time: soon"] {
        _ = try lab.write(
          record.replacing("ntp", with: "time")
            + RealClientTests.configuration.replacing("lease-time: 1m", with: wrong), to: "usher.yaml")
        let refused = try await daemon.usher("reload")
        #expect(refused.status == 2)
        #expect(refused.errors.contains("usher.yaml:12:"), "\(refused.errors)")
        #expect(refused.errors.hasSuffix("Nothing was changed.\n"), "\(refused.errors)")
        #expect(try await address(of: "ntp.usher.internal") == "192.0.2.5\n")
        #expect(try await address(of: "time.usher.internal").isEmpty)
      }
      try await daemon.stop()
    }
  }

  @Test(arguments: [
    ("name: acs", "port: 7548\n  name: acs", "acs.port"), ("name: acs", "path: /cwmp\n  name: acs", "acs.path"),
    ("acs:", "dns: {enabled: false}\nacs:", "dns.enabled"), ("acs:", "tftp: {enabled: false}\nacs:", "tftp.enabled"),
  ])
  func `reload refuses what only a restart can change`(old: String, new: String, option: String) async throws {
    try await Lab.with { lab in
      let daemon = try await Daemon(in: lab, configuration: RealClientTests.configuration)
      let before = try await daemon.json("status").first?["url"] as? String
      _ = try lab.write(RealClientTests.configuration.replacing(old, with: new, maxReplacements: 1), to: "usher.yaml")
      let refused = try await daemon.usher("reload")
      #expect(refused.status != 0)
      #expect(refused.errors.contains(option) && refused.errors.contains("restart"), "\(refused.errors)")
      #expect(try await daemon.json("status").first?["url"] as? String == before)
      try await daemon.stop()
    }
  }

  @Test func `a new ACS name is announced, answered and recognized after a reload`() async throws {
    try await Lab.with { lab in
      let daemon = try await Daemon(in: lab, configuration: RealClientTests.configuration)
      try await HandSession.boot(in: lab)
      _ = try lab.write(
        RealClientTests.configuration.replacing("acs.usher.internal", with: "boss.usher.internal"), to: "usher.yaml")
      let reloaded = try await daemon.usher("reload")
      #expect(
        reloaded.status == 0 && reloaded.output.contains("http://boss.usher.internal:7547/acs"), "\(reloaded.errors)")
      let name = try await run("dig", "@192.0.2.1", "+short", "+tries=2", "boss.usher.internal", in: lab.client())
      #expect(name.output == "192.0.2.1\n")
      let journey = try await daemon.journey(of: Lab.hardware(0), within: 5) {
        $0.reached.contains("ACS name resolved")
      }
      #expect(journey.reached.contains("ACS name resolved"))
      try await daemon.stop()
    }
  }

  // MARK: - Start and end

  @Test(arguments: [53, 69, 7547] as [UInt16])
  func `where a port is taken, serve says so in one sentence, and nothing is left running`(port: UInt16) async throws {
    try await Lab.with { lab in
      let namespace = NetworkNamespace(named: lab.appliance)
      let datagrams = port == 7547 ? nil : try namespace.run { try DatagramSocket(.unspecified, port: port) }
      let stream = port == 7547 ? try RawConnection(occupying: port, in: lab.appliance) : nil
      let file = try lab.write(RealClientTests.configuration, to: "usher.yaml")
      let control = lab.folder.appending(path: "control").path
      let result = try await Program(
        [
          try Daemon.binary, "serve", "--interface", Lab.port, "--state", lab.folder.path, "--control", control,
          "--config", file, "--log-level", "error",
        ], in: lab.appliance
      ).result(within: 20)

      #expect(result.status != 0 && result.status != -1)
      let sentences = result.errors.split(separator: "\n")
      #expect(sentences.count == 1 && result.output.isEmpty, "\(result.output)\(result.errors)")
      #expect(result.errors.contains("192.0.2.1:\(port) is ") && result.errors.contains("by another program"))
      #expect(try await run("ip", "netns", "pids", lab.appliance).output.isEmpty)
      #expect(!FileManager.default.fileExists(atPath: control))
      withExtendedLifetime((datagrams, stream)) {}
    }
  }

  @Test func `serve refuses a wrong configuration with its place, and has started nothing`() async throws {
    try await Lab.with { lab in
      let file = try lab.write("acs:\n  nmae: acs.usher.internal\n", to: "usher.yaml")
      let state = lab.folder.appending(path: "state")
      try FileManager.default.createDirectory(at: state, withIntermediateDirectories: false)
      let result = try await run(
        try Daemon.binary, "serve", "--interface", Lab.port, "--state", state.path, "--control",
        state.appending(path: "control").path, "--config", file, in: lab.appliance)
      #expect(result.status == 2)
      #expect(result.errors.hasPrefix("\(file):2:3: unknown option \"nmae\""), "\(result.errors)")
      #expect(result.errors.contains("did you mean \"name\"?"))
      #expect(result.errors.hasSuffix("Nothing was started.\n"))
      #expect(try FileManager.default.contentsOfDirectory(atPath: state.path).isEmpty)
    }
  }

  @Test func `SIGTERM ends the daemon with status 0 within five seconds, though clients hold on to it`() async throws {
    try await Lab.with { lab in
      let daemon = try await Daemon(in: lab, configuration: RealClientTests.configuration)
      try await HandSession.boot(in: lab)
      let follower = try Program(
        [try Daemon.binary, "journey", "--follow", "--control", daemon.control])
      let idle = try [53, 7547].map { try RawConnection(to: "192.0.2.1", port: $0, from: lab.client()) }
      let begun = try RawConnection(to: "192.0.2.1", port: 7547, from: lab.client())
      begun.send(Array("POST /acs HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf".utf8))
      #expect(try await eventually(within: 30) { follower.output.contains("leased") })

      daemon.program.signal(SIGTERM)
      let result = try await daemon.program.result(within: 5)
      #expect(result.status == 0, "\(result.errors)")
      #expect(!FileManager.default.fileExists(atPath: daemon.control))
      #expect(try await run("ip", "netns", "pids", lab.appliance).output.isEmpty)
      withExtendedLifetime(idle) {}
      #expect(
        try await follower.result(within: 5).errors == "Error: The daemon has ended, and with it what was followed.\n")
    }
  }
}
