import Foundation
import Testing

/// The ACS asks routers for a session, and they come.
@Suite(.serialized)
struct ConnectionRequestTests {
  /// Returns once the router has nothing to do: it would answer 503 in a session.
  private func rest(_ router: Program) async throws {
    try #require(try await eventually(within: 20) { router.output.hasSuffix("CWMP: the session is over.\n") })
  }

  @Test func `a provisioned router is woken with its own credentials, and informs`() async throws {
    try await Lab.with { lab in
      try ProvisioningTests.prepare(lab)
      let serial = ProvisioningTests.serial
      let daemon = try await Daemon(in: lab, configuration: ProvisioningTests.configuration)
      let router = try lab.router(serial, arguments: ["--cwmp-on"])
      try await daemon.provisions(serial, within: 60)
      try await rest(router)

      let wake = try await daemon.usher("wake", serial)
      #expect(wake.status == 0, "\(wake.output)\(wake.errors)")
      #expect(wake.output.contains("✓ login       accepted the digest of "))
      #expect(wake.output.contains("✓ inform      informed after "))
      #expect(wake.output.contains("with 6 CONNECTION REQUEST"))
      #expect(router.output.contains("CWMP: a connection request came."))
      let journey = try await daemon.journey(of: serial, within: 5) { $0.count("woken") == 1 }
      #expect(journey.count("woken") == 1 && journey.router.standing == "provisioned")
      #expect(journey.events.contains { $0.text.hasPrefix("informed with 6 CONNECTION REQUEST") })
      try await router.stop()
      try await daemon.stop()
    }
  }

  @Test func `a router that is away is told as such, and one that was never seen`() async throws {
    try await Lab.with { lab in
      try ProvisioningTests.prepare(lab)
      let serial = ProvisioningTests.serial
      let daemon = try await Daemon(in: lab, configuration: ProvisioningTests.configuration)
      let router = try lab.router(serial, arguments: ["--cwmp-on"])
      try await daemon.provisions(serial, within: 60)
      try await router.stop()

      let wake = try await daemon.usher("wake", serial)
      #expect(wake.status == 1)
      #expect(wake.output.contains("✓ address     192.0.2.100:7547 over HTTP"))
      #expect(wake.output.contains("✗ connection  "))
      #expect(wake.output.contains("try: "))
      let journey = try await daemon.journey(of: serial, within: 5) { $0.count("wakeFailed") == 1 }
      #expect(journey.count("wakeFailed") == 1 && journey.router.standing == "provisioned")
      let stranger = try await daemon.usher("wake", "STRANGER1")
      #expect(stranger.status != 0 && stranger.errors.contains("No router STRANGER1 has been seen."))
      try await daemon.stop()
    }
  }

  @Test func `all are woken together, and the exit code tells of the one that is away`() async throws {
    try await Lab.with(clients: 3) { lab in
      let serials = (0..<3).map { "210235A1B2C3D4E5F60\($0)" }
      try ProvisioningTests.prepare(lab, serials: serials)
      let daemon = try await Daemon(in: lab, configuration: ProvisioningTests.configuration)
      var routers: [Program] = []
      for (number, serial) in serials.enumerated() {
        routers.append(try lab.router(serial, at: number, arguments: ["--cwmp-on"]))
      }
      for serial in serials { try await daemon.provisions(serial, within: 60) }
      for router in routers { try await rest(router) }
      let all = try await daemon.usher("wake", "--all")
      #expect(all.status == 0, "\(all.output)\(all.errors)")
      #expect(all.output.hasSuffix("3 informed, 0 did not.\n"))

      for router in routers { try await rest(router) }
      try await routers[2].stop()
      let fewer = try await daemon.usher("wake", "--all")
      #expect(fewer.status == 1)
      #expect(fewer.output.hasSuffix("2 informed, 1 did not.\n"))
      for router in routers[..<2] { try await router.stop() }
      try await daemon.stop()
    }
  }

  @Test func `STUN is served where it is turned on`() async throws {
    try await Lab.with { lab in
      let daemon = try await Daemon(in: lab, configuration: "acs: {stun: {enabled: true, port: 3479}}\n")
      let sockets = try await Program(["ss", "-lnu"], in: lab.appliance).result()
      #expect(sockets.output.contains("192.0.2.1:3479 "))
      try await daemon.stop()
    }
  }
}
