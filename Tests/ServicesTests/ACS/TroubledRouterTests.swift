import CWMP
import Journey
import Net
import Provisioning
import Store
import Testing
import Transport

@testable import Services

/// Routers of other makers, such as do not keep what they take, and such as boot again and again.
struct TroubledRouterTests {
  private func facts(_ acs: ACSFixture) -> [Fact] {
    acs.store.events(of: nil, after: 0, limit: 10_000).map(\.event.fact)
  }

  @Test(arguments: ["Huawei", "MikroTik", "AVM", "ZTE"])
  func `the open lab sends another maker's router neither a file nor a reboot, and provisions it`(
    manufacturer: String
  ) async throws {
    let acs = try ACSFixture { $0.profiles = [try BuiltIn.openLab()] }
    var router = RouterByHand(acs)
    router.manufacturer = manufacturer
    router.id = DeviceID(oui: "00E0FC", productClass: "X", serialNumber: "1")
    let methods = try await router.session()
    #expect(Set(methods).isDisjoint(with: ["Download", "Reboot"]))
    #expect(methods.prefix(3) == ["SetParameterValues", "SetParameterValues", "GetParameterValues"])
    #expect(methods.contains("GetParameterNames"), "its data model is read")
    #expect(router.isProvisioned)
    #expect(facts(acs).contains(.provisioned))
  }

  @Test func `the open lab configures a Comware router and reboots it`() async throws {
    let acs = try ACSFixture { $0.profiles = [try BuiltIn.openLab()] }
    var router = RouterByHand(acs)
    #expect(try await Set(router.session()).isSuperset(of: ["Download", "Reboot"]))
  }

  @Test func `a router that logs in with the shared credentials for ever gets four passwords in all`() async throws {
    let acs = try ACSFixture()
    var router = RouterByHand(acs)
    var passwords: Set<String> = []
    for round in 1...40 {
      router.credentials = (ACSFixture.username, ACSFixture.password)
      _ = try await router.session(events: [(round == 1 ? "1 BOOT" : "2 PERIODIC", "")])
      passwords.formUnion([router.parameters[router.root + "ManagementServer.Password"]].compactMap(\.self))
    }
    #expect(passwords.count == 4)
    #expect(acs.counter("acs.credentials.lost") == 3 && acs.counter("acs.credentials.left") == 1)
    #expect(router.device?.isSecured == false)
    let told = facts(acs)
    #expect(told.filter { $0 == .secured }.count == 1, "the first time nobody could know better")
    #expect(told.contains(.credentialsLost(times: 4, isLeft: true)))
    #expect(acs.devices.verified == 0, "it is not provisioned")
    // Its own still open a session, and then it is secured.
    let own = try #require(router.device?.credentials.sealed)
    router.credentials = (own.username, try acs.keyring.open(own, of: router.id).password)
    _ = try await router.session(events: [("2 PERIODIC", "")])
    #expect(router.device?.isSecured == true && acs.devices.verified == 1)
  }

  @Test func `a model that is let be keeps the shared credentials, and is provisioned`() async throws {
    let acs = try ACSFixture { site in
      var model = Model(match: Match(productClass: Pattern("MSR*")))
      model.sharesCredentials = true
      site.models = [model]
    }
    var router = RouterByHand(acs)
    for _ in 1...5 { _ = try await router.session(events: [("2 PERIODIC", "")]) }
    #expect(router.parameters[router.root + "ManagementServer.Password"] == nil)
    #expect(router.isProvisioned)
    #expect(!facts(acs).contains(.secured))
    #expect(acs.counter("acs.credentials.lost") == 0)
  }

  @Test func `a router that boots every few seconds is told as flapping, and the task before that is named`()
    async throws
  {
    let acs = try ACSFixture()
    var router = RouterByHand(acs)
    _ = try await router.session()
    try await acs.ask(
      .setParameterValues([ParameterValue(path: router.root + "LANDevice.1.Enable", value: "0", type: .boolean)]),
      of: router.id)
    _ = try await router.session(events: [("2 PERIODIC", "")])
    for _ in 1...4 { _ = try await router.session() }
    #expect(acs.counter("acs.flapping") == 1)
    let flapping = facts(acs).first { $0.kind == .flapping }
    guard case .flapping(let boots, _, let lastSet?) = flapping else {
      Issue.record("it is to be told")
      return
    }
    #expect(boots == 4 && lastSet.contains("LANDevice.1.Enable"), "\(lastSet)")
  }

  @Test func `a request that a router boots at without an answer is what was set last`() async throws {
    let acs = try ACSFixture()
    var router = RouterByHand(acs)
    _ = try await router.session()
    try await acs.ask(
      .setParameterValues([ParameterValue(path: router.root + "X", value: "0", type: .string)]), of: router.id)
    // It takes the request and is not heard of before it has booted.
    _ = try await router.inform(events: [("2 PERIODIC", "")])
    #expect(await router.post().method == "SetParameterValues")
    router.returnCookie = { _ in nil }
    router.connection = 99
    for _ in 1...4 { _ = try await router.inform() }
    let flapping = facts(acs).first { $0.kind == .flapping }
    #expect(flapping.map { "\($0)" }?.contains("\(router.root)X, to which it gave no answer") == true)
  }

  @Test func `a router that is configured again by another template is told why, once, before the file`() async throws {
    let acs = try ACSFixture()
    var router = RouterByHand(acs)
    _ = try await router.session()
    #expect(router.isProvisioned)
    let site = acs.site.value
    var profile = site.profiles[0]
    profile.configuration = Profile.Configuration(
      template: try Template("sysname other\n"), fileName: "startup.cfg", source: "branch.cfg")
    acs.site.value = SiteConfiguration(
      url: site.url, username: site.username, password: site.password, authenticates: true, inventory: site.inventory,
      profiles: [profile], bootFile: site.bootFile, bootFileNames: [])
    #expect(try await router.session(events: [("2 PERIODIC", "")]).contains("Download"))
    let told = facts(acs)
    let places = told.indices.filter { told[$0].kind == .goalChanged }
    #expect(places.count == 1)
    let download = try #require(told.lastIndex { $0.kind == .downloadRequested })
    #expect(places.first.map { $0 < download } == true)
    #expect(places.first.map { "\(told[$0])" }?.contains("\"startup.cfg\" made from branch.cfg") == true)
  }
}
