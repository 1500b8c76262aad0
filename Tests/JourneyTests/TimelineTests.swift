import Net
import Testing

@testable import Journey

struct TimelineTests {
  private func moments(_ timeline: Timeline) -> [Milestone: Int64] {
    timeline.reached.mapValues { $0.seconds(since: noon) }
  }

  private let complete: [Milestone: Int64] = [
    .discovered: 0, .leased: 2, .acsNameResolved: 4, .connected: 8, .authenticated: 9, .informed: 10, .admitted: 11,
    .secured: 12, .configured: 20, .verified: 60, .provisioned: 60,
  ]

  @Test func `each milestone has the moment at which the journey first reached it`() {
    let timeline = Timeline(untilInformed + work)
    #expect(moments(timeline) == complete)
    #expect(timeline.start == noon)
  }

  @Test func `a power cycle does not un-provision a router`() {
    let timeline = Timeline(untilInformed + work + [discovered(1000), leased(1001), informed(1010, "1 BOOT")])
    #expect(moments(timeline) == complete)
    #expect(timeline.boot[.leased] == noon.advanced(bySeconds: 1001))
  }

  @Test func `a factory reset begins a new journey with the boot that led to it`() {
    let timeline = Timeline(
      untilInformed + work + [
        discovered(1000), leased(1001), at(1002, .connected(address: address)), informed(1010, "0 BOOTSTRAP", "1 BOOT"),
      ])
    #expect(
      moments(timeline) == [.discovered: 1000, .leased: 1001, .connected: 1002, .informed: 1010, .admitted: 1010])
    #expect(timeline.start == noon.advanced(bySeconds: 1000))
  }

  @Test func `a bootstrap told twice is one`() {
    let timeline = Timeline(untilInformed + [at(11, .admitted(by: "x")), informed(30, "0 BOOTSTRAP")])
    #expect(moments(timeline)[.informed] == 10)
    #expect(moments(timeline)[.discovered] == 0)
  }

  @Test func `repeated DISCOVERs are one boot, and one after ten minutes of silence is another`() {
    #expect(moments(Timeline([discovered(0), discovered(4), discovered(600)])) == [.discovered: 0])
    #expect(moments(Timeline([discovered(0), leased(1), discovered(602)])) == [.discovered: 602])
  }

  @Test func `the boot file's lease and the next one are one journey`() {
    let timeline = Timeline([
      discovered(0), leased(1), at(3, .bootFileFetched(name: "device.cfg", bytes: 9, scheme: "tftp")), discovered(20),
      leased(21),
    ])
    #expect(moments(timeline) == [.discovered: 0, .leased: 1, .bootFileFetched: 3])
  }

  @Test func `quarantine hides what follows until the router is admitted again`() {
    var timeline = Timeline(untilInformed + work + [at(100, .quarantined(reason: "left the inventory"))])
    #expect(timeline.furthest == .informed)
    timeline.record(at(200, .admitted(by: "a person")))
    #expect(timeline.furthest == .provisioned)
  }

  @Test func `new work and a read-back that differs lose what they put in question`() {
    let done = untilInformed + work
    #expect(Timeline(done + [at(100, .parametersSet(count: 1))]).furthest == .secured)
    #expect(Timeline(done + [at(100, .downloadRequested(file: "b", commandKey: "k"))]).furthest == .secured)
    #expect(Timeline(done + [at(100, .mismatched(path: "x", wanted: "1", found: "2"))]).furthest == .secured)
    #expect(Timeline(done + [at(100, .rebootRequested(commandKey: "r"))]).furthest == .configured)
    let again = Timeline(done + [at(100, .parametersSet(count: 1)), at(101, .verified), at(101, .provisioned)])
    #expect(again.furthest == .provisioned)
    #expect(again.reached[.configured] == noon.advanced(bySeconds: 101))
  }

  @Test func `a flood of events leaves a bounded timeline`() {
    var timeline = Timeline()
    for second in 0..<10_000 { timeline.record(discovered(Int64(second))) }
    #expect(timeline.lastEvents.count == Timeline.lastEventsKept)
    #expect(timeline.last(.discovered)?.count == 10_000)
  }
}
