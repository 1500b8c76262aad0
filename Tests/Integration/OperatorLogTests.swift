import Foundation
import Testing

/// What the log says at its usual level.
struct OperatorLogTests {
  private func log(of daemon: Daemon, has text: String) async throws -> Bool {
    try await eventually(within: 30) { daemon.program.errors.contains(text) }
  }

  @Test func `a reload is logged, done or refused with its reasons, and SIGHUP is one and no death`() async throws {
    try await Lab.with { lab in
      let daemon = try await Daemon(in: lab, configuration: RealClientTests.configuration)
      try await HandSession.boot(in: lab)
      let right = RealClientTests.configuration
      _ = try lab.write(
        "dns:\n  records:\n    - {name: ntp, type: A, value: 192.0.2.5}\n" + right, to: "usher.yaml")
      daemon.program.signal(SIGHUP)
      #expect(try await log(of: daemon, has: " notice configuration reloaded name=\"\(lab.folder.path)/usher.yaml\""))
      #expect(
        try await run("dig", "@192.0.2.1", "+short", "ntp.usher.internal", in: lab.client()).output == "192.0.2.5\n")

      _ = try lab.write(right.replacing("lease-time: 1m", with: "leese-time: 1m"), to: "usher.yaml")
      daemon.program.signal(SIGHUP)
      #expect(try await log(of: daemon, has: " warning reload refused reason=\""))
      #expect(daemon.program.isRunning)
      let line = try #require(daemon.program.errors.split(separator: "\n").last { $0.contains("reload refused") })
      #expect(line.contains("unknown option \"leese-time\"") && line.contains("Nothing was changed."), "\(line)")
      #expect(try await daemon.usher("reload").status == 2)
      #expect(daemon.program.errors.ranges(of: "reload refused").count == 2)
      #expect(
        try await run("dig", "@192.0.2.1", "+short", "ntp.usher.internal", in: lab.client()).output == "192.0.2.5\n")
      try await daemon.stop()
    }
  }

  @Test func `wrong passwords and quarantine are logged, and a flood of them is counted, not written`() async throws {
    try await Lab.with { lab in
      try ProvisioningTests.prepare(lab)
      let daemon = try await Daemon(
        in: lab,
        configuration: ProvisioningTests.configuration.replacing(
          "acs:\n", with: "acs:\n  username: seat\n  password: row7\n", maxReplacements: 1))
      try await HandSession.boot(in: lab)
      let session = HandSession(lab: lab)
      _ = try await session.post(
        session.inform(id: "1", serial: "210235A0LNH12000J501", events: [("0 BOOTSTRAP", "")]), login: "seat:row7")
      #expect(try await log(of: daemon, has: " warning quarantined address=\"192.0.2.100\""))

      let urls = Array(repeating: "http://192.0.2.1:7547/acs", count: 40)
      for _ in 0..<5 {
        let words = ["curl", "-s", "--digest", "-u", "mallory:guess", "-d", "x"]
        _ = try await Program(words + urls.flatMap { ["-o", "/dev/null", $0] }, in: lab.client()).result(within: 60)
      }
      #expect(
        try await log(
          of: daemon,
          has:
            " warning login refused name=\"mallory\" peer=\"192.0.2.100\" reason=\"the name or the password is wrong\"")
      )
      let wrong = try await daemon.counter("acs.digest.wrongPassword")
      #expect(wrong >= 100)
      let written = daemon.program.errors.ranges(of: "login refused name").count
      // Five of a minute, and the test may last for more than one.
      #expect((5...15).contains(written))
      try await daemon.stop()
      let held = daemon.program.errors.matches(
        of: #/login refused, and (\d+) more within a minute router="192\.0\.2\.100"/#)
      #expect(
        held.compactMap { Int($0.output.1) }.reduce(0, +) == wrong - written, "\(daemon.program.errors.suffix(2000))")
      #expect(!daemon.program.errors.contains("guess"))
    }
  }

  @Test func `a failed task and a provisioned router are logged with the router's name`() async throws {
    try await Lab.with { lab in
      try ProvisioningTests.prepare(lab)
      let daemon = try await Daemon(in: lab, configuration: ProvisioningTests.configuration)
      let router = try lab.router(ProvisioningTests.serial, arguments: ["--cwmp-on"])
      try await daemon.provisions(ProvisioningTests.serial, within: 60)
      #expect(try await log(of: daemon, has: "router=\"\(ProvisioningTests.serial)\""))
      #expect(try await log(of: daemon, has: " info provisioned address="))
      _ = try await daemon.usher(
        "task", "ask", ProvisioningTests.serial, "get", "InternetGatewayDevice.Nope", "--as-spelled", "--wake",
        "--wait",
        "20")
      #expect(try await log(of: daemon, has: " warning task failed address="))
      #expect(!daemon.program.errors.contains("%2D"))
      try await router.stop()
      try await daemon.stop()
    }
  }

  @Test func `whoever is shown the first credentials is named in the log, and the password never`() async throws {
    try await Lab.with { lab in
      let daemon = try await Daemon(in: lab, configuration: RealClientTests.configuration)
      let own = try await daemon.usher("credentials")
      #expect(
        own.status == 0
          && own.output == "url         http://acs.usher.internal:7547/acs\nusername    seat\npassword    row7\n",
        "\(own.output)\(own.errors)")
      // The socket's group may ask too.
      try FileManager.default.setAttributes(
        [.groupOwnerAccountID: ForeignUser.number], ofItemAtPath: daemon.control)
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: lab.folder.path)
      let other = try await Program(
        ForeignUser.running([try ForeignUser.binary(), "credentials", "--control", daemon.control])
      ).result()
      #expect(other.output == own.output, "\(other.errors)")
      #expect(try await log(of: daemon, has: " notice bootstrap credentials shown user=\"0 (root)\""))
      #expect(try await log(of: daemon, has: " notice bootstrap credentials shown user=\"65534 (nobody)\""))
      #expect(!daemon.program.errors.contains("row7"))
      try await daemon.stop()
    }
  }
}
