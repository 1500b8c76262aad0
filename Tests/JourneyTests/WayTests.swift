import Net
import Testing

@testable import Journey

/// A diagnosis is true or silent: transcripts of facts that were told wrongly once, against the sentence.
struct WayTests {
  private let router = Router(id: one, hardware: mac, serialNumber: "210235A", firstSeen: noon)
  private let acs = "acs.usher.internal"

  private func standing(_ events: [Event], at second: Int64, expects: Expectations = Expectations()) -> Standing {
    Diagnosis.of(router, Timeline(events), expects: expects, at: noon.advanced(bySeconds: second))
  }

  private func expect(
    _ events: [Event], at second: Int64 = 300, missing: Milestone, _ sentence: String,
    advice words: String..., location: SourceLocation = #_sourceLocation
  ) {
    let standing = standing(events, at: second)
    #expect(standing.missing == missing, sourceLocation: location)
    #expect(standing.cause?.description == sentence, sourceLocation: location)
    for word in words { #expect(standing.advice?.contains(word) == true, "\(word)", sourceLocation: location) }
  }

  private let onLease = "it leased 192.0.2.10 with the ACS URL \(url)"

  @Test func `a relay whose address no subnet has is named, whether or not the router's message was a DISCOVER`() {
    let unknown = at(1, .unknownNetwork(address: IPv4Address(10, 9, 0, 1), isRelayed: true))
    let sentence =
      "it asked for an address and got no answer: no subnet is configured for 10.9.0.1, its relay's address (giaddr)"
    expect([discovered(0), unknown], missing: .leased, sentence, advice: "contains 10.9.0.1", "dhcp.subnets")
    expect([unknown], missing: .discovered, sentence, advice: "contains 10.9.0.1")
    expect([discovered(0), unknown, discovered(8)], missing: .leased, sentence)
    #expect(standing([unknown], at: 1).state == .stopped)
  }

  @Test func `an interface whose address no subnet has is named, or that it has none`() {
    expect(
      [discovered(0), at(1, .unknownNetwork(address: address, isRelayed: false))], missing: .leased,
      "it asked for an address and got no answer: no subnet is configured for 192.0.2.10, by which it was reached")
    expect(
      [discovered(0), at(1, .unknownNetwork(address: nil, isRelayed: false))], missing: .leased,
      "it asked for an address and got no answer: no subnet is configured for the interface that it came in by")
  }

  @Test func `a router that was refused has asked`() {
    expect(
      [at(0, .refused(address: address, reason: "the lease has ended"))], missing: .discovered,
      "it requested 192.0.2.10 and was refused: the lease has ended")
  }

  @Test func `a name of the ACS that got no address is named, whatever else was asked after it`() {
    let way = [discovered(0), leased(2)]
    let own = at(3, .nameUnresolved(name: "ACS.usher.internal.", reason: "NXDOMAIN"))
    let foreign = at(4, .nameUnresolved(name: "pool.ntp.org", reason: "REFUSED"))
    let sentence = "it asked DNS for ACS.usher.internal. and got no address: NXDOMAIN"
    expect(way + [own], missing: .acsNameResolved, sentence, advice: "acs.name")
    expect(way + [own, foreign], missing: .acsNameResolved, sentence)
  }

  @Test func `a router that asks DNS for other names only is not told to have asked none`() {
    let way = [discovered(0), leased(2)]
    let names = [
      at(3, .nameUnresolved(name: "acs.isp.example", reason: "REFUSED")),
      at(4, .nameUnresolved(name: "pool.ntp.org", reason: "REFUSED")),
    ]
    expect(
      way + names, missing: .acsNameResolved,
      "\(onLease), and asked DNS for pool.ntp.org (REFUSED) and 1 more, but not for the ACS's name, \(acs)",
      advice: "its own configuration")
    // Where the URL has an address, it is what keeps it from coming all the same.
    let plain = [
      discovered(0),
      at(2, .leased(address: address, url: "http://192.0.2.1:7547/acs", dialect: "comware", seconds: 60)),
    ]
    let standing = standing(plain + names, at: 300, expects: Expectations(resolvesName: false))
    #expect(standing.missing == .connected)
    #expect(standing.cause?.name == "askedOtherNames")
  }

  @Test func `names of an earlier boot are not on this way`() {
    let events = [
      discovered(0), leased(2), at(3, .nameUnresolved(name: "pool.ntp.org", reason: "REFUSED")), discovered(2000),
      leased(2001),
    ]
    expect(
      events, at: 2400, missing: .acsNameResolved, "\(onLease), but has not asked DNS for the ACS's name")
  }

  @Test func `a router that we told nothing of the ACS is told so, with the cure`() {
    func lease(_ withheld: Fact.Withheld) -> [Event] {
      [discovered(0), at(2, .leased(address: address, url: nil, dialect: withheld.rawValue, seconds: 60))]
    }
    expect(
      lease(.unknown), missing: .acsNameResolved,
      "it leased 192.0.2.10 without an ACS URL (option 43 was left out: it did not ask for it, and nothing tells that "
        + "it is a CPE), but has not asked DNS for the ACS's name", advice: "dhcp.rules", "send: always")
    #expect(standing(lease(.unasked), at: 300).advice?.contains("send: matched") == true)
    #expect(standing(lease(.unknown), at: 300).advice?.contains("CWMP may be off") == false)
  }

  @Test func `a router that gave its address back has no lease`() {
    let gone = [discovered(0), leased(2), at(20, .released(address: address))]
    expect(gone, missing: .leased, "it gave 192.0.2.10 back", advice: "asks again")
    #expect(standing(gone, at: 20).reached.map(\.milestone) == [.discovered])
    #expect(standing(gone, at: 20).state == .stopped)
    expect(
      [discovered(0), leased(2), at(20, .addressWithdrawn(address: address))], missing: .leased,
      "an operator took 192.0.2.10 back from it")
    expect(
      [discovered(0), leased(2), at(5, .declined(address: address))], missing: .leased,
      "it found 192.0.2.10 in use by somebody else and declined it")
    // It asks again, at once: that is a boot of its own.
    #expect(standing(gone + [discovered(25)], at: 54).state == .onItsWay)
    #expect(standing(gone + [discovered(25)], at: 55).cause == .noOffer)
  }

  @Test func `one that has informed and gave its address back is told so`() {
    let events = untilInformed + [at(11, .admitted(by: "x")), at(12, .secured), at(20, .released(address: address))]
    expect(events, missing: .configured, "it gave 192.0.2.10 back")
    #expect(standing(events + [informed(400, "2 PERIODIC")], at: 401).cause == .awaitingSession)
  }

  private let connected = untilInformed.prefix { $0.fact.kind != .authenticated }

  @Test func `a login that cannot be taken has a cause of its own, with the evidence`() {
    expect(
      connected + [at(9, .loginUnusable(scheme: "Basic", username: "usher", reason: "not over plain http"))],
      missing: .authenticated,
      "it sends Basic credentials as \"usher\" and is turned away: not over plain http", advice: "digest", "basic")
    expect(
      connected + [at(9, .loginUnusable(scheme: "Digest", username: nil, reason: "a quote has no end"))],
      missing: .authenticated, "it sends Digest credentials and is turned away: a quote has no end")
    expect(
      connected + [at(9, .nonceUnknown(username: "usher"))], missing: .authenticated,
      "it logs in as \"usher\" by a challenge (nonce) that is not one of ours now, and keeps to it although it was given "
        + "a new one each time", advice: "challenge")
    expect(Array(connected), missing: .authenticated, "it connected to the ACS and sent no credentials")
  }

  @Test func `an Inform that was refused with 400 is told as such, before its login and after`() {
    let refused = at(9, .messageRefused(reason: "the Inform has no DeviceId"))
    let sentence = "what it sent was refused (400): the Inform has no DeviceId"
    expect(connected + [refused], missing: .authenticated, sentence)
    expect(connected + [at(9, .authenticated(username: "usher")), refused], missing: .informed, sentence)
    let turned = at(9, .turnedAway(reason: "device B used the credentials of A"))
    expect(
      connected + [turned], missing: .authenticated, "it was turned away: device B used the credentials of A")
    expect(
      connected + [refused, turned] + [at(10, .authenticated(username: "usher")), informed(10, "1 BOOT")],
      at: 20, missing: .admitted, "it has informed, and whether to admit it has not been decided yet")
  }

  @Test func `a router that took its address from another server is told with that address`() {
    let server = IPv4Address(192, 0, 2, 2)
    let other = [
      discovered(0), at(1, .offered(address: address)),
      at(2, .answeredByOther(server: server, hardware: "02:00:00:00:00:09")),
      at(2, .leasedElsewhere(address: IPv4Address(192, 0, 2, 50), server: server)),
    ]
    expect(
      other, missing: .leased,
      "it took 192.0.2.50 from another DHCP server, 192.0.2.2 at 02:00:00:00:00:09, and has not come to the ACS",
      advice: "usher option43")
    expect(
      other + [at(5, .nameResolved(name: acs))], missing: .connected,
      "it took 192.0.2.50 from another DHCP server, 192.0.2.2 without an ACS URL, asked DNS for \(acs), "
        + "but has not connected to the ACS")
  }

  private let admitted = untilInformed + [at(11, .admitted(by: "x"))]

  @Test func `a router that leaves after InformResponse is told as such, and not to wait`() {
    let left = at(71, .leftAfterInform(seconds: 60))
    expect(
      admitted + [left], missing: .secured,
      "it left after InformResponse, without taking its turn: nothing more came within 60 s", advice: "transcript")
    #expect(standing(admitted + [left], at: 80).state == .onItsWay)
    let again = admitted + [left, informed(310, "2 PERIODIC"), at(371, .leftAfterInform(seconds: 60))]
    expect(
      again, at: 372, missing: .secured,
      "it left after InformResponse, without taking its turn: nothing more came within 60 s, 2 times in a row")
    #expect(standing(again, at: 372).state == .stopped)
    #expect(standing(again, at: 372).advice?.contains("wait") == false)
    #expect(standing(again + [at(400, .secured)], at: 401).cause == .awaitingSession)
  }

  @Test func `a session that is cut again and again is not told to wait`() {
    var events = admitted + [at(12, .secured)]
    for round in 1...3 as ClosedRange<Int64> {
      events += [
        informed(round * 100, "2 PERIODIC"), at(round * 100 + 9, .sessionAborted(reason: "connection closed")),
      ]
    }
    expect(
      events, at: 310, missing: .configured, "its session was cut: connection closed, 3 times in a row",
      advice: "own log")
    #expect(standing(events, at: 310).state == .stopped)
    expect(
      events + [at(311, .parametersSet(count: 1)), at(312, .sessionAborted(reason: "timeout"))], at: 313,
      missing: .configured, "its session was cut: timeout", advice: "wait")
  }

  @Test func `a router that informs and did not boot has been heard of`() {
    let asked = admitted + [at(12, .secured), at(13, .configured), at(14, .rebootRequested(commandKey: "r"))]
    expect(asked, missing: .verified, "it was asked to reboot and has not been heard of since")
    expect(
      asked + [informed(100, "2 PERIODIC")], missing: .verified,
      "it was asked to reboot, and has informed since without a boot")
  }
}
