import CWMP
import DHCP
import Journey
import Net
import Provisioning
import Store
import Synchronization
import Testing
import Transport

@testable import Services

/// Who has the shared credentials, as everybody on the routers' network has, and comes for a router that has its own.
struct HeldClaimTests {
  private static let own = IPv4Address(192, 0, 2, 10)
  private static let hardware = MACAddress(rawValue: 0x000F_E200_0001)
  private static let periodic = [("2 PERIODIC", "")]
  private static let reset = [("0 BOOTSTRAP", ""), ("1 BOOT", "")]

  private static func lease(_ address: IPv4Address, _ hardware: MACAddress) -> Lease {
    Lease(
      address: address, client: .identifier([1, 2]), hardware: hardware, state: .bound, start: SteadyClock.now(),
      expiry: Timestamp(rawValue: .max))
  }

  /// An ACS whose DHCP server has leased one address to the router, and who answers for it.
  private static func acs(
    _ change: (inout SiteConfiguration) throws -> Void = { _ in }
  ) async throws -> ACSFixture {
    let lease = lease(own, hardware)
    let acs = try ACSFixture(
      firstContact: FirstContact(
        lease: { $0 == own ? lease : nil }, neighbor: { $0 == own ? hardware : nil }, isShared: { false }), change)
    try await acs.journey.commit(acs.journey.changes(leasing: lease, [], at: SteadyClock.now()))
    return acs
  }

  /// A router that is provisioned, and has logged in with its own credentials since.
  private static func router(_ acs: ACSFixture) async throws -> RouterByHand {
    var router = RouterByHand(acs)
    _ = try await router.session()
    try #require(router.isProvisioned)
    #expect(try await router.session(events: periodic) == [])
    #expect(router.device?.usesOwn == true)
    return router
  }

  /// Another host with the shared credentials, which says that it is the router.
  private func host(_ acs: ACSFixture, at address: String = "192.0.2.60") -> RouterByHand {
    var host = RouterByHand(acs)
    host.address = address
    host.connection = 1_000_000
    return host
  }

  private func events(_ acs: ACSFixture) async throws -> [Event] {
    try await acs.journey.commit([.setting(name: "flush", value: [])])
    return acs.store.events(of: nil, after: 0, limit: 10_000).map(\.event)
  }

  @Test(arguments: [periodic, reset, [("1 BOOT", "")], [("6 CONNECTION REQUEST", "")]])
  func `a claim from elsewhere is held, tells nothing, and leaves the router as it was`(events: [(String, String)])
    async throws
  {
    let acs = try await Self.acs()
    var router = try await Self.router(acs)
    let record = try #require(router.device)
    let before = try await self.events(acs)
    let known = acs.journey.router(device: "\(router.id)")
    var host = host(acs)
    for _ in 1...20 {
      let answer = try await host.inform(events: events)
      #expect(answer.status == 503 && answer.headers["Retry-After"] == "300")
      #expect(answer.envelope == nil && answer.headers["Set-Cookie"] == nil)
      #expect(await host.post().status != 200)
    }
    #expect(router.device == record)
    #expect(acs.journey.router(device: "\(router.id)") == known)
    let told = try await self.events(acs).dropFirst(before.count)
    #expect(told.map(\.fact.kind) == [.claimHeld], "once, however often it comes")
    #expect(acs.counter("acs.claims.held") == 20 && acs.counter("acs.claims.taken") == 0)
    #expect(acs.handler.sessions.count <= 1)
    #expect(try await router.session(events: Self.periodic) == [], "it goes on with its own password")
    #expect(router.isProvisioned)
  }

  @Test func `a router that was reset comes up by itself, and its former password ends with its new one`() async throws
  {
    let acs = try await Self.acs()
    var router = try await Self.router(acs)
    let former = try #require(router.credentials)
    router.credentials = (ACSFixture.username, ACSFixture.password)
    let methods = try await router.session(events: Self.reset)
    #expect(methods.first == "SetParameterValues" && methods.contains("Download"))
    #expect(acs.counter("acs.claims.taken") == 1 && acs.counter("acs.claims.held") == 0)
    let next = try #require(router.credentials)
    #expect(next.password != former.password)
    #expect(try await events(acs).contains { $0.fact.kind == .claimTaken })
    // It has taken them; not before it has used them do its former ones end.
    #expect(router.device?.renewal?.sealed != nil && router.isProvisioned)
    #expect(try await router.session(events: Self.periodic) == [])
    #expect(router.device?.renewal == nil)
    router.credentials = former
    #expect(try await router.inform(events: Self.periodic).status == 401)
  }

  @Test func `while a claim that was taken is under way the router's own password holds, and voids it`() async throws {
    let acs = try await Self.acs()
    var router = try await Self.router(acs)
    // A host that has the router's addresses.
    var thief = host(acs, at: "192.0.2.10")
    #expect(try await thief.inform(events: Self.reset).status == 200)
    let asked = await thief.post()
    #expect(asked.method == "SetParameterValues")
    #expect(try await router.inform(events: Self.periodic).status == 200)
    #expect(await thief.answer(asked).method == nil, "its session is over")
    #expect(router.device?.renewal == nil)
    _ = await router.goOn()
    #expect(try await router.session(events: Self.periodic) == [])
    #expect(router.isProvisioned && router.device?.isSecured == true)
    // What the thief was given opens nothing.
    #expect(try await thief.inform(events: Self.periodic).status == 401)
  }

  @Test func `new credentials that were taken and never used leave the former ones as they are`() async throws {
    let acs = try await Self.acs()
    var router = try await Self.router(acs)
    let former = router.device?.credentials
    var thief = host(acs, at: "192.0.2.10")
    _ = try await thief.session(events: Self.reset)
    #expect(router.device?.credentials == former && router.device?.renewal?.sealed != nil)
    #expect(try await router.inform(events: Self.periodic).status == 200)
    _ = await router.goOn()
    #expect(router.device?.credentials == former && router.device?.renewal == nil)
    #expect(try await thief.inform(events: Self.periodic).status == 401)
  }

  @Test func `what a person says is taken for one address, and nothing ends before the new credentials are used`()
    async throws
  {
    let acs = try await Self.acs()
    var router = try await Self.router(acs)
    var moved = host(acs)
    #expect(try await moved.inform(events: Self.reset).status == 503)
    var progress = Progress(of: try #require(router.device))
    progress.approve(claimFrom: IPv4Address(192, 0, 2, 60), at: SteadyClock.now())
    try await acs.journey.commit([.device(progress.device)])
    var other = host(acs, at: "192.0.2.61")
    #expect(try await other.inform(events: Self.reset).status == 503)
    #expect(try await moved.session(events: Self.reset).first == "SetParameterValues")
    #expect(try await moved.session(events: Self.periodic) == [])
    #expect(router.device?.approval == nil && router.device?.renewal == nil)
    #expect(try await router.inform(events: Self.periodic).status == 401)
  }

  @Test func `through a relay a router that was reset is known at its own port, and held at another`() async throws {
    let port = Mutex<[UInt8]>([1, 1, 7])
    let acs = try ACSFixture(
      firstContact: FirstContact(
        lease: { _ in
          var lease = Self.lease(Self.own, Self.hardware)
          lease.relayInformation = port.withLock { $0 }
          return lease
        }, neighbor: { _ in nil }, isShared: { false }))
    try await acs.journey.commit(
      acs.journey.changes(leasing: Self.lease(Self.own, Self.hardware), [], at: SteadyClock.now()))
    var router = try await Self.router(acs)
    #expect(router.device?.relayPort == [1, 1, 7])
    let own = router.credentials
    router.credentials = (ACSFixture.username, ACSFixture.password)
    port.withLock { $0 = [1, 1, 8] }
    #expect(try await router.inform(events: Self.reset).status == 503)
    port.withLock { $0 = [1, 1, 7] }
    #expect(try await router.session(events: Self.reset).first == "SetParameterValues")
    // One that moves while it has its own is known at its new port from its next boot on.
    port.withLock { $0 = [1, 1, 9] }
    _ = try await router.session(events: [("1 BOOT", "")])
    #expect(router.device?.relayPort == [1, 1, 9] && router.credentials?.password != own?.password)
  }

  @Test func `a model that need not log in is no way into a router of another model`() async throws {
    let acs = try await Self.acs { site in
      var model = Model(match: Match(manufacturer: Pattern("Plain")))
      model.authenticates = false
      site.models = [model]
      site.inventory = try Inventory(csv: Array("serial\n210235A1\n".utf8))
    }
    var router = try await Self.router(acs)
    let record = try #require(router.device)
    var host = host(acs)
    host.manufacturer = "Plain"
    host.credentials = nil
    #expect(try await host.inform(events: Self.periodic).status == 503)
    #expect(router.device == record)
    #expect(try await router.session(events: Self.periodic) == [])
  }

  @Test func `first contact by the link is no way around`() async throws {
    let acs = try await Self.acs { $0.firstContactLinks = [Subnet(containing: Self.own, prefixLength: 24)] }
    var router = try await Self.router(acs)
    for address in ["192.0.2.10", "192.0.2.60"] {
      var host = host(acs, at: address)
      host.credentials = nil
      #expect(try await host.inform(events: Self.reset).status == 401)
    }
    #expect(try await router.session(events: Self.periodic) == [])
  }

  // MARK: - Twins

  private static let row = "serial,hostname\n210235A1,branch\n"

  @Test(arguments: [
    DeviceID(oui: "000FE2", productClass: "MSR36", serialNumber: "210235a1"),
    DeviceID(oui: "00E0FC", productClass: "MSR36", serialNumber: "210235A1"),
    DeviceID(oui: "000FE2", productClass: "OTHER", serialNumber: "210235A1"),
  ])
  func `a row of the inventory is for one router, and a second one is held`(twin: DeviceID) async throws {
    let acs = try await Self.acs { $0.inventory = try Inventory(csv: Array(Self.row.utf8)) }
    var router = try await Self.router(acs)
    var second = host(acs)
    second.id = twin
    for _ in 1...3 { #expect(try await second.session(events: Self.reset) == [], "it is given nothing") }
    #expect(second.device?.admission.isQuarantine == true && router.device?.admission.isQuarantine == false)
    #expect(acs.counter("acs.twins.held") == 3)
    #expect(acs.counter("acs.serials.shared") == 0, "nothing is done to what is held")
    let told = try await events(acs)
    let first = try #require(acs.journey.router(device: "\(router.id)")?.id)
    let other = try #require(acs.journey.router(device: "\(twin)")?.id)
    #expect(
      told.filter { $0.fact.kind == .twinSeen }.map(\.fact) == [.twinSeen(serial: "210235A1", twin: "\(twin)")]
        && told.filter { $0.fact.kind == .twinSeen }.map(\.router) == [first])
    #expect(
      told.filter { $0.fact.kind == .twinHeld }.map(\.router) == [other]
        && told.filter { $0.fact.kind == .twinHeld }.map(\.fact)
          == [.twinHeld(serial: twin.serialNumber, holder: "\(router.id)")]
    )
    #expect(try await router.session(events: Self.periodic) == [])

    // A person gives the row to the second: then the first is held.
    var progress = Progress(of: try #require(second.device))
    progress.decide(.admitted(by: Admission.person))
    try await acs.journey.commit([.device(progress.device)])
    #expect(try await second.session(events: Self.reset).contains("Download"))
    _ = try await router.session(events: Self.periodic)
    #expect(router.device?.admission.isQuarantine == true)
  }

  @Test func `made-up twins of an expected router are bounded as strangers are`() async throws {
    let acs = try await Self.acs { $0.inventory = try Inventory(csv: Array(Self.row.utf8)) }
    _ = try await Self.router(acs)
    var second = host(acs)
    second.id = DeviceID(oui: "000FE2", productClass: "X", serialNumber: "210235A1")
    // So many have come from there already.
    while acs.handler.newcomers.admit(from: IPv4Address(192, 0, 2, 60), at: SteadyClock.now()) {}
    #expect(try await second.inform(events: Self.reset).status == 503)
    #expect(acs.counter("acs.refused.newcomers") == 1)
  }
}
