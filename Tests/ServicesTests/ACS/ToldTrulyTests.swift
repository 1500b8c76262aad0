import CWMP
import HTTP
import Journey
import Net
import Provisioning
import Testing
import Transport

@testable import Services

/// What the journey tells of routers that were not let in, left, or are no longer what they were: each by what is known.
struct ToldTrulyTests {
  private let periodic = [("2 PERIODIC", "")]

  /// A provisioned router.
  private func router(_ change: (inout RouterByHand) -> Void = { _ in }) async throws -> RouterByHand {
    var router = RouterByHand(try ACSFixture())
    #expect(try await router.session() == QuirksOfEnvelopesTests.all)
    change(&router)
    return router
  }

  private func facts(of router: RouterByHand, _ kinds: Fact.Kind...) async throws -> [Fact] {
    try await router.acs.journey.commit([])
    return router.acs.store.events(of: nil, after: 0, limit: 1000).map(\.event.fact).filter { kinds.contains($0.kind) }
  }

  /// Those that are counted as provisioned so many seconds from now.
  private func provisioned(_ router: RouterByHand, after seconds: Int64 = 0, except others: Set<DeviceID> = []) -> Int {
    let last = router.device?.lastInform ?? .distantPast
    return router.acs.devices.provisioned(
      every: 300, since: .distantPast, except: others, at: last.advanced(bySeconds: seconds))
  }

  // MARK: - Not let in

  @Test func `Basic credentials over plain http are told as such, with the name in them`() async throws {
    var router = try await router()
    let basic = "Basic " + Base64.encode(Array("seat:row7".utf8))
    let inform = router.spelling.envelope(id: "1", router.inform(events: periodic))
    #expect(await router.post(inform, authorization: basic).status == 401)
    #expect(
      try await facts(of: router, .loginUnusable, .authenticationFailed) == [
        .loginUnusable(
          scheme: "Basic", username: "seat", reason: "basic authentication is not taken over plain http here")
      ])
  }

  @Test func `a digest that cannot be read, and one of another realm, are no wrong passwords`() async throws {
    var router = try await router()
    let inform = router.spelling.envelope(id: "1", router.inform(events: periodic))
    #expect(await router.post(inform, authorization: "Negotiate abc=").status == 401)
    let told = try await facts(of: router, .loginUnusable, .authenticationFailed)
    #expect(told.map(\.kind) == [.loginUnusable])
    #expect(told.first?.description.hasPrefix("sent Negotiate credentials that cannot be taken: ") == true)
  }

  @Test func `an old challenge is told when it is answered again and again, and not once`() async throws {
    var router = try await router { $0.login = { $0.nonce = "0123456789abcdef0123456789abcdef" } }
    let inform = router.spelling.envelope(id: "1", router.inform(events: periodic))
    _ = await router.post(inform)
    for round in 1...3 as ClosedRange<UInt32> {
      let authorization = try router.authorization(count: round)
      #expect(await router.post(inform, authorization: authorization).status == 401)
      let told = try await facts(of: router, .nonceUnknown)
      #expect(told.count == (round < 3 ? 0 : 1))
    }
    #expect(try await facts(of: router, .authenticationFailed).isEmpty)
  }

  @Test func `an Inform that is refused with 400 is told with the reason, and that its login was taken`() async throws {
    var router = try await router()
    let broken = router.spelling.envelope(id: "1", router.inform(events: periodic))
      .replacing("<SerialNumber>210235A1</SerialNumber>", with: "<SerialNumber></SerialNumber>")
    let answer = try await router.inform(broken)
    #expect(answer.status == 400, "\(answer.text)")
    let told = try await facts(of: router, .messageRefused)
    #expect(told.count == 1)
    #expect(told.first?.description.hasPrefix("sent what could not be taken: ") == true)
  }

  @Test func `who uses the credentials of another device is told to be turned away`() async throws {
    var router = try await router { $0.id = DeviceID(oui: "000FE2", productClass: "MSR36", serialNumber: "210235A2") }
    #expect(try await router.inform(events: periodic).status == 403)
    let told = try await facts(of: router, .turnedAway)
    #expect(told.first?.description.contains("used the credentials of") == true)
  }

  // MARK: - Gone before the end

  @Test func `a router that leaves after InformResponse is told after a while`() async throws {
    var router = RouterByHand(try ACSFixture())
    #expect(try await router.inform().method == "InformResponse")
    let handler = router.acs.handler
    handler.removeSilentSessions(at: SteadyClock.now().advanced(bySeconds: 29))
    #expect(try await facts(of: router, .leftAfterInform).isEmpty)
    handler.removeSilentSessions(at: SteadyClock.now().advanced(bySeconds: 61))
    #expect(try await facts(of: router, .leftAfterInform) == [.leftAfterInform(seconds: 60)])
  }

  @Test func `one that begins again instead is told at once, and one that has nothing to do is not`() async throws {
    var router = RouterByHand(try ACSFixture())
    _ = try await router.inform()
    router.connection = 2
    router.returnCookie = { _ in nil }
    _ = try await router.inform(events: periodic)
    #expect(try await facts(of: router, .leftAfterInform).count == 1)

    var settled = try await self.router()
    #expect(try await settled.session(events: periodic) == [])
    _ = try await settled.inform(events: periodic)
    settled.acs.handler.removeSilentSessions(at: SteadyClock.now().advanced(bySeconds: 61))
    #expect(try await facts(of: settled, .leftAfterInform, .sessionAborted).isEmpty)
  }

  // MARK: - No longer what it was

  private let path = "InternetGatewayDevice.Time.NTPServer1"

  @Test func `what a task sets otherwise than the profile has drifted, until a task sets it back`() async throws {
    var router = try await router()
    router.acs.handler.provisioner.fetches.note("", by: router.id)
    #expect(router.device?.drifts == [])
    func set(_ value: String) async throws {
      try await router.acs.ask(
        .setParameterValues([ParameterValue(path: "~.Time.NTPServer1", value: value)]), of: router.id)
      #expect(try await router.session(events: periodic) == ["SetParameterValues"])
    }
    try await set("192.0.2.99")
    let drift = Fact.drifted(path: path, wanted: ACSFixture.ntp, found: "192.0.2.99")
    #expect(try await facts(of: router, .drifted, .restored) == [drift])
    #expect(router.device?.drifts == [Drift(path: path, wanted: ACSFixture.ntp, found: "192.0.2.99")])
    #expect(provisioned(router) == 0)
    #expect(try await router.session(events: periodic) == [], "it is told, and not fought")

    try await set(ACSFixture.ntp)
    #expect(try await facts(of: router, .drifted, .restored) == [drift, .restored(path: path)])
    #expect(router.device?.drifts == [])
  }

  @Test func `what a task reads otherwise than it was set has drifted`() async throws {
    var router = try await router()
    let (spelling, path) = (router.spelling, path)
    router.react = { request in
      guard case .getParameterValues = request else { return nil }
      return spelling.values([(path, "10.0.0.1"), ("InternetGatewayDevice.Time.Enable", "true")])
    }
    try await router.acs.ask(.getParameterValues(["~.Time."]), of: router.id)
    #expect(try await router.session(events: periodic) == ["GetParameterValues"])
    #expect(
      try await facts(of: router, .drifted) == [.drifted(path: path, wanted: ACSFixture.ntp, found: "10.0.0.1")],
      "a boolean in words is no other value")
  }

  @Test func `a router that comes back with other firmware is read back again`() async throws {
    var router = try await router { $0.softwareVersion = "7.2" }
    _ = try await router.inform()
    #expect(router.device?.verified == nil)
    #expect(provisioned(router) == 0)
    #expect(await router.goOn() == ["GetParameterValues"])
    #expect(router.isProvisioned)
  }

  @Test func `a file that was never fetched is doubtful, and one that was is not`() async throws {
    let doubtful = try await router()
    #expect(try await facts(of: doubtful, .downloadDoubtful) == [.downloadDoubtful(file: "startup.cfg")])
    #expect(doubtful.device?.doubtfulFile == "startup.cfg")
    #expect(provisioned(doubtful) == 0)

    var honest = RouterByHand(try ACSFixture())
    let digest = HashFunctions.crypto.sha256(Array(ACSFixture.configuration.utf8))
    honest.acs.handler.provisioner.fetches.note(String(digest.prefix(16)), by: honest.id)
    #expect(try await honest.session() == QuirksOfEnvelopesTests.all)
    #expect(try await facts(of: honest, .downloadDoubtful).isEmpty)
    #expect(provisioned(honest) == 1)
    #expect(provisioned(honest, after: 2999) == 1)
    #expect(provisioned(honest, after: 3001) == 0, "it is silent")
    #expect(provisioned(honest, except: [honest.id]) == 0)
  }

  @Test func `two devices of one maker that inform under one serial number are told, on both journeys`() async throws {
    let acs = try ACSFixture()
    var (first, second) = (RouterByHand(acs), RouterByHand(acs))
    second.id = DeviceID(oui: "000FE2", productClass: "MSR26", serialNumber: first.id.serialNumber)
    second.connection = 2
    _ = try await first.session()
    _ = try await second.session()
    #expect(try await facts(of: first, .serialShared).isEmpty, "it may be one that was renamed")
    _ = try await first.session(events: periodic)
    let told = try await facts(of: first, .serialShared)
    #expect(told.count == 2)
    #expect(told.first?.description.contains("inform by turns") == true)
    #expect(acs.handler.twins.shared(within: 60, at: SteadyClock.now()) == [first.id, second.id])
  }

  @Test func `one device that informs by turns from two addresses is told, and not one that moved`() {
    let (watch, now) = (TwinWatch(), Timestamp(secondsSince1970: 1_800_000_000))
    let device = DeviceID(oui: "000FE2", productClass: "MSR36", serialNumber: "1")
    let (a, b) = (IPv4Address(192, 0, 2, 10), IPv4Address(192, 0, 2, 11))
    #expect(!watch.moved(device, from: a, to: b, at: now))
    #expect(!watch.moved(device, from: b, to: a, at: now.advanced(bySeconds: 10)))
    #expect(watch.moved(device, from: a, to: b, at: now.advanced(bySeconds: 20)))
    #expect(!watch.moved(device, from: b, to: IPv4Address(192, 0, 2, 12), at: now.advanced(bySeconds: 30)))
    for number in 0..<3 * TwinWatch.limit {
      let other = DeviceID(oui: "000FE2", productClass: "MSR36", serialNumber: "other \(number)")
      #expect(!watch.moved(other, from: a, to: b, at: now.advanced(bySeconds: 40)))
    }
    let news = [(b, a), (a, b), (b, a)].map { watch.moved(device, from: $0, to: $1, at: now.advanced(bySeconds: 50)) }
    #expect(news == [false, false, true], "a fleet that moves does not hide it")
    #expect(watch.isNews(of: [device], at: now))
    #expect(!watch.isNews(of: [device], at: now.advanced(bySeconds: 3599)))
    #expect(watch.isNews(of: [device], at: now.advanced(bySeconds: 3600)))
  }
}
