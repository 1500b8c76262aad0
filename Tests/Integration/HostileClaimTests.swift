import Foundation
import Testing

/// A host that has the shared credentials, as everybody on the routers' network has, says that it is a router which has
/// its own.
@Suite(.serialized)
struct HostileClaimTests {
  private static let serial = "210235A1B2C3D4E5F601"
  private static let shared = "seat:row7"
  private static let configuration =
    HostileConfiguration.login + """
      profiles:
        - name: any
          admit: all
          parameters:
            InternetGatewayDevice.X_Secret.Password: TOPSECRET
      """
  private typealias Events = [(code: String, key: String)]
  private static let periodic: Events = [("2 PERIODIC", "")]
  private static let reset: Events = [("0 BOOTSTRAP", ""), ("1 BOOT", "")]

  /// A router, or somebody who says so, at a client of the lab.
  private struct Host {
    var session: HandSession
    /// What it was set, by the ends of the paths.
    var values: [String: String] = [:]

    init(_ lab: Lab, client: Int = 0) {
      session = HandSession(lab: lab)
      session.client = client
      session.jar = "cookies-\(UInt64.random(in: 0 ... .max))"
    }

    /// Its own login, once it was set one.
    var own: String { "\(values["ManagementServer.Username"] ?? ""):\(values["ManagementServer.Password"] ?? "")" }

    func inform(_ events: Events, login: String) async throws -> HandSession.Answer {
      try await session.post(
        session.inform(id: "1", serial: HostileClaimTests.serial, events: events), login: login)
    }

    /// From its turn to the end of the session. Returns how it ended.
    mutating func goOn() async throws -> Int {
      var answer = try await session.post("")
      for _ in 0..<12 where answer.status == 200 {
        switch answer.method {
        case "SetParameterValues":
          for (path, value) in answer.parameters {
            values[path.split(separator: ".").dropFirst().joined(separator: ".")] = value
          }
          answer = try await session.post(session.setParameterValuesResponse(to: answer))
        default:
          answer = try await session.post(
            session.envelope(
              id: answer.id ?? "",
              """
              <soap-env:Fault><faultcode>Client</faultcode><faultstring>CWMP fault</faultstring><detail><cwmp:Fault>\
              <FaultCode>9000</FaultCode><FaultString>no</FaultString></cwmp:Fault></detail></soap-env:Fault>
              """))
        }
      }
      return answer.status
    }
  }

  /// A router that has its own credentials, and uses them, and another host.
  private func with(_ body: (Lab, Daemon, Host, Host) async throws -> Void) async throws {
    try await Lab.with(clients: 2) { lab in
      let daemon = try await Daemon(in: lab, configuration: Self.configuration)
      try await HandSession.boot(in: lab)
      let static60 = try await run(
        "ip", "-n", lab.client(1), "address", "add", "192.0.2.60/24", "dev", "eth0")
      try #require(static60.status == 0, "\(static60.errors)")
      var router = Host(lab)
      #expect(try await router.inform(Self.reset, login: Self.shared).status == 200)
      #expect(try await router.goOn() == 204)
      #expect(router.values["X_Secret.Password"] == "TOPSECRET")
      try await expectServed(router)
      try await body(lab, daemon, router, Host(lab, client: 1))
      try await daemon.stop()
    }
  }

  /// It logs in with its own password, and its session comes to an end.
  private func expectServed(_ router: Host, sourceLocation: SourceLocation = #_sourceLocation) async throws {
    var router = router
    let answer = try await router.inform(Self.periodic, login: router.own)
    #expect(answer.status == 200, "\(answer.body)", sourceLocation: sourceLocation)
    #expect(try await router.goOn() == 204, sourceLocation: sourceLocation)
  }

  @Test func `a claim from another host is held, told, and takes nothing from the router`() async throws {
    try await with { lab, daemon, router, host in
      let before = try #require(try await daemon.journey(of: Self.serial))
      let device = try await daemon.json("devices").first
      for events in [Self.periodic, Self.reset, Self.periodic, Self.reset] {
        for _ in 1...5 {
          let answer = try await host.inform(events, login: Self.shared)
          #expect(answer.status == 503 && answer.headers.contains("Retry-After: 300"))
          #expect(!answer.body.contains("TOPSECRET") && !answer.body.contains("SetParameterValues"))
          #expect(!answer.headers.contains("Set-Cookie"))
        }
      }
      #expect(try await daemon.counter("acs.claims.held") == 20)
      #expect(try await daemon.counter("acs.claims.taken") == 0)
      let told = try await daemon.journey(of: Self.serial, within: 5) { $0.count("claimHeld") > 0 }
      #expect(told.count("claimHeld") == 1, "the same is told once an hour")
      #expect(told.count("informed") == before.count("informed") && told.reached == before.reached)
      #expect(told.events.count(where: \.trouble) == before.events.count(where: \.trouble) + 1)
      #expect(try await daemon.json("devices").first?["lastInform"] as? String == device?["lastInform"] as? String)
      #expect(
        try await daemon.problems().contains {
          $0.contains("a host at 192.0.2.60 claims to be router 000FE2-MSR36-20-\(Self.serial)")
        })
      #expect(daemon.program.errors.contains("claim held"))
      try await expectServed(router)
    }
  }

  @Test
  func `the router's own claim after a reset is taken, and its former password holds until it has used the new one`()
    async throws
  {
    try await with { lab, daemon, router, _ in
      var reset = Host(lab)
      #expect(try await reset.inform(Self.reset, login: Self.shared).status == 200)
      // In the midst of it.
      try await expectServed(router)
      #expect(try await reset.inform(Self.reset, login: Self.shared).status == 200)
      #expect(try await reset.goOn() == 204)
      #expect(reset.own != router.own && reset.own.count > 20)
      try await expectServed(reset)
      #expect(try await router.inform(Self.periodic, login: router.own).status == 401)
      #expect(try await daemon.counter("acs.claims.taken") == 2)
      #expect(try await daemon.counter("acs.claims.held") == 0)
      #expect(try #require(try await daemon.journey(of: Self.serial)).count("claimTaken") == 2)
    }
  }

  @Test func `a person lets the one at an address start anew, and is told where there is no such claim`() async throws {
    try await with { lab, daemon, router, host in
      let early = try await daemon.usher("admit", Self.serial, "--from", "192.0.2.60")
      #expect(early.status != 0 && early.errors.contains("nobody claims to be it"), "\(early.errors)")
      #expect(try await host.inform(Self.reset, login: Self.shared).status == 503)
      let wrong = try await daemon.usher("admit", Self.serial, "--from", "192.0.2.61")
      #expect(wrong.status != 0 && wrong.errors.contains("who claims to be it is at 192.0.2.60"), "\(wrong.errors)")
      let admitted = try await daemon.usher("admit", Self.serial, "--from", "192.0.2.60")
      #expect(admitted.status == 0, "\(admitted.errors)")
      #expect(try await daemon.problems().allSatisfy { !$0.contains("claims to be") })
      try await expectServed(router)
      // The router was there: who claims to be it now is held again.
      #expect(try await host.inform(Self.reset, login: Self.shared).status == 503)
      #expect(try await daemon.usher("admit", Self.serial, "--from", "192.0.2.60").status == 0)
      var moved = host
      #expect(try await moved.inform(Self.reset, login: Self.shared).status == 200)
      #expect(try await moved.goOn() == 204)
      try await expectServed(moved)
      #expect(try await router.inform(Self.periodic, login: router.own).status == 401)
    }
  }

  @Test func `a simulated router that is reset to factory comes up by itself`() async throws {
    try await Lab.with { lab in
      let daemon = try await Daemon(in: lab)
      for round in 1...2 {
        // Without a state it has nothing from the last time.
        let router = try lab.router(Self.serial, arguments: ["--cwmp-by-option43"])
        let journey = try await daemon.journey(of: Self.serial, within: 90) { $0.count("provisioned") == round }
        #expect(journey.count("provisioned") == round && journey.router.standing == "provisioned")
        try await router.stop()
      }
      let claims = try await daemon.counter("acs.claims.taken")
      #expect(claims >= 1)
      #expect(try await daemon.counter("acs.claims.held") == 0)
      try await daemon.stop()
    }
  }
}
