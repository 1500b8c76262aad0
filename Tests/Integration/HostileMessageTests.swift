import Foundation
import Testing

/// Messages that are made to be slow to read, to repair, to look through or to keep: no loop is held up by one, and
/// meanwhile other routers are answered.
@Suite(.serialized)
struct HostileMessageTests {
  /// Seconds within which others are answered.
  private static let patience = 1.0

  /// Whoever comes waits for a person.
  private static let closed = HostileConfiguration.withoutLogin + "profiles:\n  - name: known\n"
  /// Whoever comes is admitted, and set.
  private static let open = HostileConfiguration.open

  /// Sets an attack on a daemon whose turns are measured; until it ends, somebody else asks the ACS again and again.
  private func withstand(
    _ attacks: [[String]], configuration: String, check: (Daemon, [String: Int]) async throws -> Void
  ) async throws {
    try await Lab.with(clients: 2) { lab in
      let daemon = try await Daemon(in: lab, configuration: configuration, environment: Daemon.measuringTurns)
      try await HandSession.boot(in: lab)
      let road = try await run("ip", "-n", lab.client(1), "address", "add", "192.0.2.60/24", "dev", "eth0")
      try #require(road.status == 0, "\(road.errors)")
      let clients = try attacks.map { try HostileClients($0, in: lab, client: lab.client(1)) }
      var slowest = 0.0
      repeat {
        let start = ContinuousClock.now
        let answer = try await HandSession(lab: lab, keepsCookies: false).post("<nothing/>")
        #expect(answer.status == 400)
        slowest = max(slowest, (ContinuousClock.now - start) / .seconds(1))
      } while clients.contains(where: \.isRunning)
      var report: [String: Int] = [:]
      for client in clients { report.merge(try await client.report(within: 200)) { $0 + $1 } }
      print(
        "\(attacks.map { $0.joined(separator: " ") }): \(report.sorted { $0.key < $1.key }), others in \(slowest) s")
      #expect(slowest < Self.patience)
      try #require(daemon.program.isRunning, "the daemon is gone: \(daemon.program.errors)")
      try await daemon.expectShortTurns(of: "http")
      try await check(daemon, report)
      daemon.program.signal(SIGTERM)
      #expect(try await daemon.program.result(within: 10).status == 0, "\(daemon.program.errors)")
    }
  }

  private func transcripts(_ daemon: Daemon) async throws -> [[String: Any]] {
    let result = try await daemon.usher("transcript", "list", "--json")
    return try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [[String: Any]] ?? []
  }

  @Test func `turns are measured where that is asked for, and nowhere else`() async throws {
    try await Lab.with { lab in
      let daemon = try await Daemon(
        in: lab, configuration: RealClientTests.configuration, environment: Daemon.measuringTurns)
      try await HandSession.boot(in: lab)
      _ = try await run("dig", "@192.0.2.1", "+short", "acs.usher.internal", in: lab.client())
      try await daemon.expectShortTurns(of: "dhcp", "dns", "http")
      try await daemon.stop()
    }
    try await Lab.with { lab in
      let daemon = try await Daemon(in: lab, configuration: RealClientTests.configuration)
      #expect(try await daemon.longestTurns().isEmpty)
      try await daemon.stop()
    }
  }

  // MARK: - Transcripts

  @Test func `secrets and a long fault of whoever is not admitted hold up nobody, and little of it is kept`()
    async throws
  {
    try await withstand([["secrets", "2"]], configuration: Self.closed) { daemon, report in
      #expect(report["refused"] == 2)
      let kept = try await transcripts(daemon)
      for transcript in kept { #expect((transcript["size"] as? Int ?? .max) < 80_000) }
    }
  }

  @Test func `secrets and a long fault of whoever is admitted hold up nobody, and no secret of them is kept`()
    async throws
  {
    try await withstand([["secrets", "6"]], configuration: Self.open) { daemon, report in
      #expect(report["refused"] == nil)
      let isKept = try await eventually(within: 20) { try await transcripts(daemon).count == 6 }
      #expect(isKept)
      let shown = try await daemon.usher("transcript", "show", "SECRETS0")
      #expect(shown.output.contains("FaultString") && shown.output.count > 100_000)
      #expect(!shown.output.contains("aaaab"))
    }
  }

  // MARK: - Documents

  @Test func `documents that are slow to read or to repair hold up nobody, from strangers and from the admitted`()
    async throws
  {
    try await withstand([["slow_documents", "0"], ["slow_documents", "1"]], configuration: Self.open) { _, report in
      #expect(report["413"] ?? 0 > 5 && report["400"] ?? 0 > 20, "\(report)")
    }
  }

  @Test func `thousands of requests in one piece hold up nobody`() async throws {
    try await withstand([["pipelined", "3"]], configuration: Self.closed) { _, report in
      #expect(report["answers"] ?? 0 > 1000, "\(report)")
    }
  }
}
