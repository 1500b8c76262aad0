import Net
import Testing

@testable import Journey

/// `provisioned` is a statement about now: each transcript of facts, and the moment, against the sentence.
struct LapseTests {
  private let router = Router(id: one, hardware: mac, serialNumber: "210235A", firstSeen: noon)
  /// Provisioned at second 60, and heard last at 55.
  private let provisioned = untilInformed + work

  private func standing(
    _ events: [Event], at second: Int64, expects: Expectations = Expectations(), lastInform: LastInform? = nil
  ) -> Standing {
    Diagnosis.of(
      router, Timeline(events), expects: expects, lastInform: lastInform, at: noon.advanced(bySeconds: second))
  }

  private func expect(
    _ events: [Event], at second: Int64, lapsedAs sentence: String, _ location: SourceLocation = #_sourceLocation
  ) {
    let standing = standing(events, at: second)
    #expect(standing.state == .lapsed, sourceLocation: location)
    #expect(standing.missing == .provisioned, sourceLocation: location)
    #expect(standing.current == .verified, sourceLocation: location)
    #expect(standing.cause?.description == sentence, sourceLocation: location)
    #expect(standing.advice?.isEmpty == false, sourceLocation: location)
  }

  @Test func `it is silent after ten inform intervals, and says since when`() {
    let sentence = "silent since \(noon.advanced(bySeconds: 55)), though it is to inform every 300 s"
    #expect(standing(provisioned, at: 3054).state == .provisioned)
    expect(provisioned, at: 3055, lapsedAs: sentence)
    expect(provisioned, at: 1_000_000, lapsedAs: sentence)
  }

  @Test func `periodic Informs, which are no facts, are heard, in the interval that the router has`() {
    let heard = LastInform(noon.advanced(bySeconds: 1000), every: 60)
    #expect(standing(provisioned, at: 1599, lastInform: heard).state == .provisioned)
    #expect(
      standing(provisioned, at: 1600, lastInform: heard).cause
        == .silent(since: noon.advanced(bySeconds: 1000), every: 60, stop: nil))
  }

  @Test func `an ACS that was not there has heard nobody: silence counts from its start`() {
    let expects = Expectations(listeningSince: noon.advanced(bySeconds: 10_000))
    #expect(standing(provisioned, at: 12_999, expects: expects).state == .provisioned)
    #expect(standing(provisioned, at: 13_000, expects: expects).state == .lapsed)
  }

  @Test func `one that is silent and has booted since is told with where it stands`() {
    expect(
      provisioned + [discovered(4000), leased(4001)], at: 5000,
      lapsedAs: "silent since \(noon.advanced(bySeconds: 55)), though it is to inform every 300 s; "
        + "it has asked for an address since, and stands there: it leased 192.0.2.10 with the ACS URL \(url), "
        + "but has not asked DNS for the ACS's name")
  }

  @Test func `it drifted by a task or a report, until it is restored or verified`() {
    let drift = at(100, .drifted(path: "Device.X", wanted: "1", found: "0"))
    let other = at(101, .drifted(path: "Device.Y", wanted: "a", found: ""))
    expect(provisioned + [drift], at: 102, lapsedAs: "drifted: Device.X is \"0\", where \"1\" is wanted")
    expect(
      provisioned + [drift, other], at: 102, lapsedAs: "drifted: Device.X is \"0\", where \"1\" is wanted, and 1 more")
    expect(
      provisioned + [drift, other, at(102, .restored(path: "Device.X"))], at: 102,
      lapsedAs: "drifted: Device.Y is \"\", where \"a\" is wanted")
    for end in [[at(103, .restored(path: "Device.X"))], [at(103, .verified), at(103, .provisioned)]] {
      #expect(standing(provisioned + [drift] + end, at: 104).state == .provisioned)
    }
  }

  @Test func `it came back with other firmware, until it is verified with that`() {
    let back = at(200, .informed(events: ["1 BOOT"], softwareVersion: "7.2"))
    expect(
      provisioned + [back], at: 201,
      lapsedAs: "other firmware: it came back with \"7.2\", and was verified with \"7.1\"")
    #expect(standing(provisioned + [back, at(202, .verified), at(202, .provisioned)], at: 203).state == .provisioned)
    #expect(standing(provisioned + [informed(200, "1 BOOT")], at: 201).state == .provisioned)
  }

  @Test func `two routers share its serial number, for as long as that goes on`() {
    let shared = at(200, .serialShared(serial: "210235A", first: "192.0.2.10", second: "192.0.2.11"))
    expect(
      provisioned + [shared], at: 300,
      lapsedAs: "shared serial number: 192.0.2.10 and 192.0.2.11 inform by turns as \"210235A\"")
    let heard = LastInform(noon.advanced(bySeconds: 7300))
    #expect(standing(provisioned + [shared], at: 7400, lastInform: heard).state == .provisioned)
  }

  @Test func `it says that it took a file that it never fetched`() {
    let without = provisioned.filter { $0.fact.kind != .downloadServed }
    guard let place = without.firstIndex(where: { $0.fact.kind == .downloadCompleted }) else {
      Issue.record("the transcript has no transfer")
      return
    }
    let events = without[...place] + [at(20, .downloadDoubtful(file: "a.cfg"))] + without[(place + 1)...]
    expect(
      Array(events), at: 61, lapsedAs: "doubtful: it says that it took \"a.cfg\", and never fetched it here")
    #expect(standing(Array(events) + [at(70, .downloadServed(file: "a.cfg", bytes: 9))], at: 71).state == .provisioned)
  }

  @Test func `a factory reset begins anew, and what had drifted is not told of it`() {
    let events =
      provisioned + [at(100, .drifted(path: "Device.X", wanted: "1", found: "0")), informed(110, "0 BOOTSTRAP")]
    #expect(standing(events, at: 111).state == .onItsWay)
    #expect(standing(events, at: 111).cause == .awaitingSession)
  }

  @Test func `what is remembered of drift and of names is bounded`() {
    var timeline = Timeline(provisioned)
    for number in 0..<1000 {
      timeline.record(at(100, .drifted(path: "Device.\(number)", wanted: "1", found: "0")))
      timeline.record(at(100, .nameUnresolved(name: "n\(number)", reason: "REFUSED")))
    }
    #expect(timeline.drifts.count == Timeline.driftsKept)
    #expect(timeline.unresolved.count == Timeline.unresolvedKept)
  }
}
