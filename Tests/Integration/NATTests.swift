import Foundation
import Net
import Testing
import Transport

/// A router behind the kernel's own NAT: provisioned through it, and asked for a session by UDP (TR-069 annex G).
@Suite(.serialized)
struct NATTests {
  private static let serial = ProvisioningTests.serial
  private static let came = "CWMP: a connection request came."

  private static let configuration = ProvisioningTests.configuration.replacing(
    "  name: acs.usher.internal\n",
    with: """
        name: acs.usher.internal
        username: seat
        password: row7
        stun: {enabled: true, keep-alive: 2}

      """)

  private func withRouter(
    arguments: [String] = [], _ body: (Lab, Daemon, NATGateway, Program) async throws -> Void
  ) async throws {
    try await Lab.with(clients: 2) { lab in
      try ProvisioningTests.prepare(lab)
      let daemon = try await Daemon(in: lab, configuration: Self.configuration)
      let gateway = try await NATGateway(in: lab, acs: "http://192.0.2.1:7547/acs seat row7")
      let router = try lab.router(Self.serial, at: 1, arguments: ["--cwmp-on"] + arguments)
      try await daemon.provisions(Self.serial, within: 60)
      try await body(lab, daemon, gateway, router)
      try await router.stop()
      try await gateway.stop()
      try await daemon.stop()
    }
  }

  @Test func `of several routers behind one NAT each is provisioned, and woken by itself`() async throws {
    let serials = (1...3).map { "210235A1B2C3D4E5F70\($0)" }
    try await Lab.with(clients: 4) { lab in
      try ProvisioningTests.prepare(lab, serials: serials)
      let daemon = try await Daemon(in: lab, configuration: Self.configuration)
      let gateway = try await NATGateway(in: lab, acs: "http://192.0.2.1:7547/acs seat row7", hosts: serials.count)
      var routers: [Program] = []
      for (place, serial) in serials.enumerated() {
        routers.append(try lab.router(serial, at: place + 1, arguments: ["--cwmp-on"]))
      }
      for (serial, router) in zip(serials, routers) {
        try await daemon.provisions(serial, within: 60)
        try await tells(binding: 1, router)
      }

      for (place, serial) in serials.enumerated() {
        let wake = try await daemon.usher("wake", serial)
        #expect(wake.status == 0, "\(wake.output)\(wake.errors)\(routers[place].output)")
        #expect(wake.output.contains("over UDP; over HTTP, its ConnectionRequestURL leads to 10.77.0.5"))
        #expect(routers.map { count(Self.came, $0) } == serials.indices.map { $0 <= place ? 1 : 0 })
      }
      for serial in serials {
        let journey = try await daemon.journey(of: serial, within: 5) { $0.count("woken") == 1 }
        #expect(journey.router.standing == "provisioned" && journey.events.filter(\.trouble).isEmpty)
        #expect(journey.count("provisioned") == 1 && journey.count("secured") == 1)
      }
      for router in routers { try await router.stop() }
      try await gateway.stop()
      try await daemon.stop()
    }
  }

  /// Returns once the router has learned its `count`-th binding, and has told it and has nothing more to do.
  private func tells(binding count: Int, _ router: Program) async throws {
    try #require(
      try await eventually(within: 30) {
        let parts = router.output.components(separatedBy: "STUN: the server sees the router at \(NATGateway.outside):")
        return parts.count > count && parts.last?.contains("(4 VALUE CHANGE)") == true
          && router.output.hasSuffix("CWMP: the session is over.\n")
      }, "\(router.output)")
  }

  private func count(_ line: String, _ router: Program) -> Int {
    router.output.components(separatedBy: line).count - 1
  }

  @Test func `a router behind a NAT is provisioned, keeps a binding, and is woken through it`() async throws {
    try await withRouter { lab, daemon, gateway, router in
      try await tells(binding: 1, router)
      #expect(router.output.contains(", behind a NAT."))
      let link = try NetworkNamespace(named: lab.client(1)).run {
        try PacketLink(interface: "eth0", filter: "udp and dst port 7547")
      }

      let wake = try await daemon.usher("wake", Self.serial)
      #expect(wake.status == 0, "\(wake.output)\(wake.errors)\(router.output)")
      #expect(wake.output.contains("over UDP; over HTTP, its ConnectionRequestURL leads to \(NATGateway.host)"))
      #expect(wake.output.contains("✓ inform      informed after "))
      #expect(wake.output.contains("with 6 CONNECTION REQUEST"))
      #expect(try await daemon.counter("acs.connectionRequests.sentOverUdp") == 1)
      let journey = try await daemon.journey(of: Self.serial, within: 5) { $0.count("woken") == 1 }
      #expect(journey.events.contains { $0.text.hasPrefix("informed with 6 CONNECTION REQUEST") })
      #expect(journey.events.filter(\.trouble).isEmpty && journey.router.standing == "provisioned")

      // The port that was sent to is the NAT's own, and its copies wake nobody twice.
      var datagrams: [[UInt8]] = []
      _ = try await eventually(within: 2) {
        _ = try link.receive { bytes in
          guard let frame = try? UDPFrame(decoding: bytes), frame.payload.starts(with: "GET ".utf8) else { return }
          datagrams.append(frame.payload)
        }
        return datagrams.count == 3
      }
      let request = try #require(datagrams.first)
      #expect(datagrams == Array(repeating: request, count: 3))
      #expect(String(decoding: request, as: UTF8.self).contains(#/^GET http://192\.0\.2\.2:[23]\d{4}\?ts=/#))

      // Nor do a replay, nor one that is signed by another.
      try gateway.send(request, toPort: 7547)
      var forged = request
      let nonce = try #require(request.indices.first { request[$0...].starts(with: "&cn=".utf8) })
      forged[nonce + 4] ^= 1
      try gateway.send(forged, toPort: 7547)
      #expect(try await eventually(within: 30) { router.output.contains("was ignored: its signature is wrong.") })
      #expect(count(Self.came, router) == 1)
      #expect(try await eventually(within: 30) { router.output.hasSuffix("signature is wrong.\n") })

      // Within one second its id would give it away, later its time does.
      let sent = try #require(
        String(decoding: request, as: UTF8.self).firstMatch(of: #/ts=(\d+)/#).flatMap { Double($0.1) })
      #expect(try await eventually(within: 30) { Date.now.timeIntervalSince1970 >= sent + 1 })
      let again = try await daemon.usher("wake", Self.serial)
      #expect(again.status == 0, "\(again.output)\(again.errors)")
      try gateway.send(request, toPort: 7547)
      #expect(try await eventually(within: 30) { router.output.contains(#/was ignored: its ts \d+ is below \d+/#) })
      #expect(count(Self.came, router) == 2)
    }
  }

  @Test
  func `a router that is dead, and whose binding is gone, is told as such, and reached again once it has a new one`()
    async throws
  {
    try await withRouter { _, daemon, gateway, router in
      try await tells(binding: 1, router)
      router.signal(SIGSTOP)
      try await gateway.forgetBindings()
      let wake = try await Program([try Daemon.binary, "wake", Self.serial, "--control", daemon.control])
        .result(within: 60)
      router.signal(SIGCONT)
      #expect(wake.status == 1)
      #expect(wake.output.contains("✓ connection  3 datagrams left port 3478"), "\(wake.output)")
      #expect(
        wake.output.contains(#/✗ inform .*the STUN server heard from there 3\d s ago, and should every 2 s/#),
        "\(wake.output)")
      #expect(wake.output.contains("try: it no longer keeps its binding"), "\(wake.output)")

      try await tells(binding: 2, router)
      let again = try await daemon.usher("wake", Self.serial)
      #expect(again.status == 0, "\(again.output)\(again.errors)\(router.output)")
      #expect(again.output.contains("with 6 CONNECTION REQUEST"))
    }
  }

  @Test func `a router without STUN is provisioned all the same, asked once, and told as out of reach`() async throws {
    try await withRouter(arguments: ["--fault", "no-stun"]) { _, daemon, _, _ in
      let wake = try await daemon.usher("wake", Self.serial)
      #expect(wake.status == 1)
      #expect(
        wake.output.contains("✗ address     it seems to be behind a NAT, as its ConnectionRequestURL leads to"),
        "\(wake.output)")
      #expect(wake.output.contains("it refused the STUN parameters with fault 9005"), "\(wake.output)")
      #expect(try await daemon.counter("acs.sent.SetParameterAttributes") == 1)
      let journey = try #require(try await daemon.journey(of: Self.serial))
      #expect(journey.events.filter { $0.trouble && $0.event != "wakeFailed" }.isEmpty)
    }
  }
}
