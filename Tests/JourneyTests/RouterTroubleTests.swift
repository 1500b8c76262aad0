import Net
import Testing

@testable import Journey

/// Routers that do what no standard foresees, and cures in the words of their makers.
struct RouterTroubleTests {
  private func standing(
    _ events: [Event], by maker: Maker? = nil, vendorClass: String? = nil, hardware: MACAddress? = mac,
    at second: Int64,
    expects: Expectations = Expectations()
  ) -> Standing {
    let router = Router(
      id: one, hardware: hardware, serialNumber: "210235A", vendorClass: vendorClass, firstSeen: noon)
    return Diagnosis.of(
      router, Timeline(events), by: maker, expects: expects, at: noon.advanced(bySeconds: second))
  }

  private let provisioned = untilInformed + work
  private let secured = untilInformed + [at(11, .admitted(by: "the inventory")), at(12, .secured)]

  // MARK: - Credentials

  @Test func `a router that does not use its own credentials is neither secured nor provisioned, and told so`() {
    let lost = provisioned + [informed(360, "2 PERIODIC"), at(360, .credentialsLost(times: 2, isLeft: false))]
    let renewed = standing(lost, at: 361)
    #expect(renewed.state == .onItsWay)
    #expect(renewed.cause == .keepsSharedCredentials(times: 2, isLeft: false))
    #expect(!renewed.reached.contains { $0.milestone == .secured || $0.milestone == .provisioned })
    let left = standing(lost + [at(700, .credentialsLost(times: 4, isLeft: true))], at: 700)
    #expect(left.state == .stopped)
    #expect(left.cause == .keepsSharedCredentials(times: 4, isLeft: true))
    #expect(
      left.advice?.contains("credentials: shared") == true && left.advice?.contains("usher admit 210235A") == true)
    #expect(
      standing(lost + [at(800, .secured), at(801, .verified), at(801, .provisioned)], at: 802).state == .provisioned)
  }

  private func without(_ dialect: String, _ more: [Event] = []) -> [Event] {
    [
      discovered(0), at(2, .leased(address: address, url: url, dialect: dialect, seconds: 60)),
      at(4, .nameResolved(name: "acs.usher.internal")), at(8, .connected(address: address)),
    ] + more
  }

  @Test(arguments: ["broadband-forum", "url", "broadbandForum", "bareURL"])
  func `a router whose dialect carries no credentials is told as that, with the ways that there are`(dialect: String) {
    let silent = standing(without(dialect), at: 100)
    #expect(silent.cause == .noCredentialsInDialect(dialect: dialect, username: nil))
    #expect(silent.state == .stopped)
    for way in ["first-contact: link", "username", "client certificate"] {
      #expect(silent.advice?.contains(way) == true)
    }
    let failed = at(9, .authenticationFailed(username: "cpe", reason: "unknown user name"))
    #expect(
      standing(without(dialect, [failed]), at: 100).cause == .noCredentialsInDialect(dialect: dialect, username: "cpe"))
  }

  @Test func `a router that has had credentials of ours, or was given some by option 43, is not told so`() {
    let failed = at(70, .authenticationFailed(username: "own", reason: "wrong password"))
    let again = discovered(65)
    #expect(
      standing(without("comware", [failed]), at: 200).cause
        == .wrongPassword(username: "own", times: 1, reason: "wrong password"))
    let own = without(
      "broadbandForum",
      [
        at(9, .authenticated(username: "first contact")), informed(10, "1 BOOT"), at(11, .admitted(by: "x")),
        at(12, .secured), again, failed,
      ])
    #expect(standing(own, at: 200).cause != .noCredentialsInDialect(dialect: "broadbandForum", username: "own"))
  }

  // MARK: - Boots

  @Test func `a router that boots again and again is stopped, though it was provisioned, until it comes to rest`() {
    let set = "the parameter Device.ManagementServer.STUNEnable"
    let boots = (1...4).map { informed(100 + $0 * 5, "1 BOOT") }
    let flapping = provisioned + boots + [at(120, .flapping(boots: 4, seconds: 15, lastSet: set))]
    let now = standing(flapping, at: 121)
    #expect(now.state == .stopped)
    #expect(now.cause == .flapping(boots: 4, seconds: 15, lastSet: set))
    #expect(now.cause.map { "\($0)" }?.contains(set) == true && now.advice?.contains(set) == true)
    // A read-back between two boots changes nothing about that.
    #expect(standing(flapping + [at(121, .verified), at(121, .provisioned)], at: 122).state == .stopped)
    let calm = flapping + [at(121, .verified), at(121, .provisioned), informed(400, "2 PERIODIC")]
    #expect(standing(calm, at: 401).state == .provisioned)
  }

  // MARK: - Another goal

  @Test func `a router that is configured again is no longer provisioned, and its journey says why`() {
    let reason = "profile \"branch\" wants otherwise the file \"startup.cfg\""
    let again = provisioned + [informed(360, "2 PERIODIC"), at(360, .goalChanged(reason: reason))]
    let standing = standing(again, at: 361)
    #expect(standing.state == .onItsWay)
    #expect(standing.current == .secured && standing.missing == .configured)
    #expect("\(Fact.goalChanged(reason: reason))" == "is configured again: " + reason)
    #expect(!Fact.goalChanged(reason: reason).isTrouble)
  }

  // MARK: - Words

  /// Stopped in each of the ways whose cure is done at the router.
  private static let stops: [[Event]] = [
    [discovered(0), leased(2)], [discovered(0), leased(2), at(4, .nameResolved(name: "a"))],
    [discovered(0), leased(2), at(4, .nameResolved(name: "a")), at(8, .connected(address: address))],
    [
      discovered(0), leased(2), at(4, .nameResolved(name: "a")), at(8, .connected(address: address)),
      at(9, .authenticationFailed(username: "u", reason: "wrong password")),
    ],
  ]

  @Test(arguments: [
    (Maker.comware, "cwmp"), (.vrp, "cwmp"), (.routerOS, "/tr069-client"), (.other, "ManagementServer."),
  ])
  func `a cure is in the words of the router's maker`(maker: Maker, word: String) {
    for events in Self.stops {
      let advice = standing(events, by: maker, at: 9999).advice ?? ""
      #expect(advice.contains(word), "\(advice)")
      guard maker != .comware else { continue }
      #expect(!advice.contains("Comware") && !advice.contains("undo "), "\(advice)")
      guard maker != .vrp else { continue }
      #expect(!advice.contains("display ") && !advice.contains("cwmp "), "\(advice)")
    }
  }

  @Test func `before its first Inform the vendor class tells the maker, or its hardware address`() {
    let events = Self.stops[2]
    func advice(_ vendorClass: String?, _ hardware: MACAddress?) -> String {
      standing(events, vendorClass: vendorClass, hardware: hardware, at: 9999).advice ?? ""
    }
    let other = MACAddress(rawValue: 0x4C5E_0C00_0001)
    #expect(advice("H3C.H3C MSR36-20", other).contains("\"display cwmp configuration\""))
    #expect(advice("MikroTik", other).contains("/tr069-client print"))
    #expect(advice("udhcp 1.30.1", other).contains("(ManagementServer.Username)"))
    #expect(!advice("udhcp 1.30.1", other).contains("display"))
    #expect(advice(nil, mac).contains("with \"display cwmp configuration\""))
    #expect(advice("0?", mac).contains("with \"display cwmp configuration\""))
    #expect(advice(nil, other).contains("ManagementServer.Username, on Comware"))
  }
}
