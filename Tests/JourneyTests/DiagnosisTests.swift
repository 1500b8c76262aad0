import Net
import Testing

@testable import Journey

struct DiagnosisTests {
  private let router = Router(id: one, hardware: mac, serialNumber: "210235A", firstSeen: noon)

  private func standing(
    _ events: [Event], at second: Int64, expects: Expectations = Expectations()
  ) -> Standing {
    Diagnosis.of(router, Timeline(events), expects: expects, at: noon.advanced(bySeconds: second))
  }

  /// Expects the router to be on its way until `limit` seconds past noon, and to count as stopped from then on.
  private func expect(
    _ events: [Event], missing: Milestone, _ cause: Cause, stoppedAt limit: Int64,
    expects: Expectations = Expectations(), _ location: SourceLocation = #_sourceLocation
  ) {
    let last = events.last?.moment.seconds(since: noon) ?? 0
    let stopped = standing(events, at: limit, expects: expects)
    #expect(stopped.missing == missing, sourceLocation: location)
    #expect(stopped.cause == cause, sourceLocation: location)
    #expect(stopped.state == .stopped, sourceLocation: location)
    #expect(stopped.advice?.isEmpty == false, sourceLocation: location)
    guard limit > last else { return }
    #expect(standing(events, at: limit - 1, expects: expects).state == .onItsWay, sourceLocation: location)
  }

  private func prefix(until milestone: Milestone) -> [Event] {
    Array(untilInformed.prefix { $0.fact.milestone.map { $0 <= milestone } ?? true })
  }

  private let leasedWay = Cause.Way(address: address, url: url)

  @Test func `it never asked for an address`() {
    expect([], missing: .discovered, .neverAsked, stoppedAt: 0)
  }

  @Test func `it was offered nothing, or did not request what it was offered`() {
    expect([discovered(0)], missing: .leased, .noOffer, stoppedAt: 30)
    expect(
      [discovered(0), at(1, .offered(address: address))], missing: .leased, .noRequest(address: address), stoppedAt: 31)
    // It asks again and again: counted from the first time.
    expect(
      [discovered(0), at(1, .offered(address: address)), discovered(28)], missing: .leased,
      .noRequest(address: address),
      stoppedAt: 30)
  }

  @Test func `that option 43 was left out is told as the cause, with the setting that sends it`() {
    for (withheld, setting) in [(Fact.Withheld.unknown, "dhcp.rules"), (.unasked, "dhcp.send")] {
      let leased = Fact.leased(address: address, url: nil, dialect: withheld.rawValue, seconds: 600)
      let standing = standing(
        [discovered(0), at(1, leased)], at: 400, expects: Expectations(resolvesName: false))
      #expect(standing.missing == .connected && standing.cause?.name == "neverConnected")
      #expect(standing.cause.map { "\($0)".contains("option 43 was left out: it did not ask for it") } == true)
      #expect(standing.advice?.contains(setting) == true)
      #expect("\(leased)" == "leased \(address) for 600 s; \(withheld)")
    }
  }

  @Test func `where another server gives the addresses, a router that has informed lacks none`() {
    let informed = at(1, .informed(events: ["1 BOOT"], softwareVersion: nil))
    #expect(standing([informed], at: 2, expects: Expectations(leases: false)).missing == .admitted)
  }

  @Test func `another server answered it: that is the cause, until it leases an address here`() {
    let other = Cause.answeredByOther(server: address, hardware: "00:0f:e2:00:00:01")
    let answered = at(2, .answeredByOther(server: address, hardware: "00:0f:e2:00:00:01"))
    expect([discovered(0), at(1, .offered(address: address)), answered], missing: .leased, other, stoppedAt: 32)
    expect([discovered(0), answered, discovered(20)], missing: .leased, other, stoppedAt: 32)
    #expect(standing([discovered(0), answered, leased(3)], at: 400).cause != other)
    #expect(
      "\(other)"
        == "another DHCP server, \(address) at 00:0f:e2:00:00:01, answered it".replacing(
          ", answered", with: " answered"))
  }

  @Test func `it was refused, not served, or found its address taken`() {
    expect(
      [discovered(0), at(1, .refused(address: address, reason: "wrong subnet"))], missing: .leased,
      .refused(address: address, reason: "wrong subnet"), stoppedAt: 31)
    expect(
      [discovered(0), at(1, .unserved(reason: "no free address"))], missing: .leased,
      .unserved(reason: "no free address"),
      stoppedAt: 1)
    expect(
      [discovered(0), at(1, .unserved(reason: "no free address")), discovered(5)], missing: .leased,
      .unserved(reason: "no free address"), stoppedAt: 5)
    expect(
      [discovered(0), at(1, .declined(address: address))], missing: .leased, .declined(address: address), stoppedAt: 31)
    expect(
      [discovered(0), at(1, .released(address: address))], missing: .leased, .released(address: address), stoppedAt: 1)
  }

  @Test func `it leased an address and never asked DNS`() {
    expect(prefix(until: .leased), missing: .acsNameResolved, .neverAskedDNS(leasedWay), stoppedAt: 182)
    expect(
      prefix(until: .leased), missing: .connected, .neverConnected(leasedWay), stoppedAt: 182,
      expects: Expectations(resolvesName: false))
  }

  @Test func `DNS had no answer for it`() {
    expect(
      prefix(until: .leased) + [at(5, .nameUnresolved(name: "acs.usher.internal", reason: "REFUSED"))],
      missing: .acsNameResolved, .nameUnresolved(name: "acs.usher.internal", reason: "REFUSED"), stoppedAt: 5)
  }

  @Test func `it asked DNS and never connected, with the boot file or without`() {
    var way = leasedWay
    way.name = "acs.usher.internal"
    expect(prefix(until: .acsNameResolved), missing: .connected, .neverConnected(way), stoppedAt: 184)
    let asked = at(3, .bootFileRequested(name: "device.cfg", scheme: "tftp"))
    for (event, bootFile) in [
      (nil, Cause.BootFile.unfinished(name: "device.cfg")),
      (at(4, .bootFileFetched(name: "device.cfg", bytes: 9, scheme: "tftp")), .fetched(name: "device.cfg")),
      (at(4, .bootFileFailed(name: "device.cfg", reason: "timeout")), .failed(name: "device.cfg", reason: "timeout")),
    ] as [(Event?, Cause.BootFile)] {
      way.bootFile = bootFile
      let events =
        prefix(until: .leased) + [asked] + (event.map { [$0] } ?? [])
        + [at(4, .nameResolved(name: "acs.usher.internal"))]
      expect(events, missing: .connected, .neverConnected(way), stoppedAt: 184)
    }
  }

  @Test func `its TLS handshake with the ACS failed`() {
    expect(
      prefix(until: .acsNameResolved) + [at(9, .sessionAborted(reason: "it does not take the ACS's certificate"))],
      missing: .connected, .handshakeFailed(reason: "it does not take the ACS's certificate"), stoppedAt: 9)
  }

  @Test func `it sent its session to a path where the ACS is not, until it found the way`() {
    let missed = at(9, .misdirected(method: "POST", url: "http://acs.factory.example/cwmp"))
    expect(
      prefix(until: .acsNameResolved) + [missed], missing: .connected,
      .misdirected(url: "http://acs.factory.example/cwmp"), stoppedAt: 9)
    expect(
      prefix(until: .acsNameResolved) + [missed, at(10, .connected(address: address))], missing: .authenticated,
      .neverAuthenticated, stoppedAt: 70)
  }

  @Test func `a router in the loop of automatic configuration is stopped, however often it asks`() {
    let events = (0..<10).flatMap { [discovered($0 * 30), leased($0 * 30 + 1)] }
    #expect(standing(events, at: 275).state == .stopped)
  }

  @Test func `it connected and sent no credentials, or wrong ones`() {
    expect(prefix(until: .connected), missing: .authenticated, .neverAuthenticated, stoppedAt: 68)
    let wrong = at(9, .authenticationFailed(username: "usher", reason: "wrong password"))
    expect(
      prefix(until: .connected) + [wrong], missing: .authenticated,
      .wrongPassword(username: "usher", times: 1, reason: "wrong password"), stoppedAt: 69)
    expect(
      prefix(until: .connected) + [wrong, wrong, wrong], missing: .authenticated,
      .wrongPassword(username: "usher", times: 3, reason: "wrong password"), stoppedAt: 9)
  }

  @Test func `it authenticated and sent no Inform, or its session was cut`() {
    expect(prefix(until: .authenticated), missing: .informed, .noInform, stoppedAt: 69)
    expect(
      prefix(until: .authenticated) + [at(10, .sessionAborted(reason: "timeout"))], missing: .informed,
      .sessionCut(reason: "timeout"), stoppedAt: 70)
  }

  @Test func `without authentication, the Inform is what is missing after the connection`() {
    #expect(
      standing(prefix(until: .connected), at: 20, expects: Expectations(authenticates: false)).missing == .informed)
  }

  @Test func `it is quarantined, and the cure names it`() {
    let events = untilInformed + [at(11, .quarantined(reason: "not in the inventory"))]
    expect(events, missing: .admitted, .quarantined(reason: "not in the inventory"), stoppedAt: 11)
    #expect(standing(events, at: 11).advice?.contains("usher admit 210235A") == true)
    expect(untilInformed, missing: .admitted, .undecided, stoppedAt: 70)
  }

  private let admitted = untilInformed + [at(11, .admitted(by: "x"))]

  @Test func `its profile cannot be applied`() {
    expect(
      admitted + [at(12, .unplannable(reason: "no variable site"))], missing: .secured,
      .unplannable(reason: "no variable site"), stoppedAt: 12)
  }

  @Test func `it refused a parameter or a request`() {
    expect(
      admitted + [at(12, .secured), at(13, .parameterRefused(path: "Device.X", code: 9007, text: "bad"))],
      missing: .configured, .parameterRefused(path: "Device.X", code: 9007, text: "bad"), stoppedAt: 13)
    expect(
      admitted + [at(12, .secured), at(13, .requestRefused(method: "Reboot", code: 9000, text: ""))],
      missing: .configured, .requestRefused(method: "Reboot", code: 9000, text: ""), stoppedAt: 13)
  }

  private let asked = [at(12, .secured), at(14, .downloadRequested(file: "a.cfg", commandKey: "k"))]

  @Test func `its download was never fetched, never completed, or failed`() {
    let events = admitted + asked
    expect(events, missing: .configured, .downloadNotFetched(file: "a.cfg"), stoppedAt: 314)
    let served = events + [at(15, .downloadServed(file: "a.cfg", bytes: 9))]
    expect(served, missing: .configured, .awaitingTransferComplete(file: "a.cfg"), stoppedAt: 3615)
    let failed = events + [at(20, .downloadFailed(file: "a.cfg", code: 9015, text: "no route"))]
    expect(failed, missing: .configured, .downloadFailed(file: "a.cfg", code: 9015, text: "no route"), stoppedAt: 20)
    #expect(
      standing(failed, at: 20).cause?.description
        == "it failed to download \"a.cfg\": the file server could not be reached (9015 \"no route\")")
    let again = failed + [at(80, .downloadRequested(file: "a.cfg", commandKey: "k2"))]
    expect(again, missing: .configured, .downloadNotFetched(file: "a.cfg"), stoppedAt: 380)
  }

  @Test func `a file that it did not get for want of the CA is told as such`() {
    let left = "it left in the TLS handshake; it may not trust the CA"
    let untrusted = Cause.downloadUntrusted(file: "a.cfg", reason: left)
    let events = admitted + asked + [at(16, .sessionAborted(reason: left))]
    expect(events, missing: .configured, untrusted, stoppedAt: 16)
    let failed =
      events + [informed(20, "7 TRANSFER COMPLETE"), at(21, .downloadFailed(file: "a.cfg", code: 9015, text: ""))]
    expect(failed, missing: .configured, untrusted, stoppedAt: 21)
    #expect(standing(failed, at: 21).advice?.contains("usher ca export") == true)
    // What it fetched, it trusted.
    let served = events + [at(17, .downloadServed(file: "a.cfg", bytes: 9))]
    let other = Fact.downloadFailed(file: "a.cfg", code: 9018, text: "")
    expect(
      served + [at(21, other)], missing: .configured, .downloadFailed(file: "a.cfg", code: 9018, text: ""),
      stoppedAt: 21)
  }

  @Test(arguments: ["Username", "Password", "ConnectionRequestUsername", "ConnectionRequestPassword"])
  func `its own credentials that it refuses are no fault of the profile`(name: String) {
    for root in ["Device.", "InternetGatewayDevice."] {
      let path = "\(root)ManagementServer.\(name)"
      let advice = Cause.parameterRefused(path: path, code: 9008, text: "").advice(for: "1", of: nil)
      #expect(advice.hasPrefix("nothing is wrong with the profile"))
    }
    #expect(
      Cause.parameterRefused(path: "Device.X.Username", code: 9008, text: "").advice(for: "1", of: nil)
        .hasPrefix("correct the parameter in the profile"))
  }

  private let rebooting = untilInformed + work.prefix { $0.moment < noon.advanced(bySeconds: 50) }

  @Test func `it was asked to reboot and has not come back`() {
    expect(rebooting, missing: .verified, .awaitingReboot, stoppedAt: 621)
  }

  @Test func `it came up after the reboot and stopped on its way`() {
    expect(rebooting + [discovered(50)], missing: .verified, .noOffer, stoppedAt: 80)
    expect(rebooting + [discovered(50), leased(51)], missing: .verified, .neverAskedDNS(leasedWay), stoppedAt: 231)
  }

  @Test func `it reads back otherwise: once it is set again, twice it is stopped`() {
    let back = rebooting + [informed(55, "1 BOOT"), at(55, .rebooted)]
    let different = Fact.mismatched(path: "Device.X", wanted: "1", found: "0")
    expect(
      back + [at(60, different)], missing: .configured,
      .mismatched(path: "Device.X", wanted: "1", found: "0", times: 1), stoppedAt: 120)
    expect(
      back + [at(60, different), at(61, .parametersSet(count: 1)), at(62, different)], missing: .configured,
      .mismatched(path: "Device.X", wanted: "1", found: "0", times: 2), stoppedAt: 62)
  }

  @Test func `its session was cut, or nothing was heard of it since`() {
    expect(
      admitted + [at(12, .secured), at(13, .sessionAborted(reason: "connection closed"))], missing: .configured,
      .sessionCut(reason: "connection closed"), stoppedAt: 673)
    let heard = noon.advanced(bySeconds: 10)
    #expect(standing(admitted + [at(12, .secured)], at: 671).cause == .awaitingSession)
    expect(
      admitted + [at(12, .secured)], missing: .configured, .silent(since: heard, every: 300, stop: nil), stoppedAt: 672)
    expect(
      admitted + [at(12, .secured)], missing: .configured, .silent(since: heard, every: 10, stop: nil), stoppedAt: 92,
      expects: Expectations(informInterval: 10))
    let restarted = Expectations(listeningSince: noon.advanced(bySeconds: 600))
    #expect(
      standing(admitted + [at(12, .secured)], at: 700, expects: restarted).cause == .awaitingSession,
      "nobody was there to hear it")
  }

  @Test func `a wrong password after it was secured is named`() {
    let wrong = at(70, .authenticationFailed(username: "own", reason: "wrong password"))
    expect(
      rebooting + [
        discovered(50), leased(51), at(52, .nameResolved(name: "acs")), at(53, .connected(address: address)), wrong,
        wrong,
      ],
      missing: .verified, .wrongPassword(username: "own", times: 2, reason: "wrong password"), stoppedAt: 70)
  }

  @Test func `a router that is provisioned misses nothing`() {
    let standing = standing(untilInformed + work, at: 3054)
    #expect(standing.state == .provisioned)
    #expect(standing.missing == nil)
    #expect(standing.cause == nil)
    #expect(
      standing.reached.map(\.milestone) == Milestone.allCases.filter { $0 != .bootFileFetched && $0 != .upgraded })
  }

  @Test func `a router with an address of its own is judged from its Inform on`() {
    let events = [
      at(0, .connected(address: address)), at(1, .authenticated(username: "u")), informed(2, "2 PERIODIC"),
      at(3, .admitted(by: "x")),
    ]
    #expect(standing(events, at: 662).cause == .awaitingSession)
    expect(
      events, missing: .secured, .silent(since: noon.advanced(bySeconds: 2), every: 300, stop: nil), stoppedAt: 663)
  }

  @Test func `after every first part of a journey there is a cause until it is provisioned`() {
    let events = untilInformed + work
    for count in 0..<events.count {
      for second in [0, 60, 1_000_000] as [Int64] {
        let standing = standing(Array(events.prefix(count)), at: second)
        #expect(standing.cause != nil)
        #expect(standing.cause?.description.isEmpty == false)
        #expect(standing.missing != nil)
        #expect(standing.state != .provisioned)
      }
    }
    #expect(standing(events, at: 0).state == .provisioned)
  }

  @Test func `any order of facts has a standing`() {
    var generator = FixedGenerator(state: 99)
    for _ in 0..<500 {
      let events = (0..<20).map { at(Int64($0), allFacts[Int.random(in: 0..<allFacts.count, using: &generator)]) }
      for expects in [
        Expectations(), Expectations(resolvesName: false, authenticates: false, upgrades: true, informInterval: .max),
      ] {
        let standing = standing(events, at: .random(in: -10...10_000, using: &generator), expects: expects)
        #expect((standing.state == .provisioned) == (standing.cause == nil))
        if let current = standing.current, let missing = standing.missing { #expect(current < missing) }
      }
    }
  }
}
