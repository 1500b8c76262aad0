import Net
import Testing

@testable import Journey

/// What is told of a router that others come for.
struct ClaimedTests {
  private let router = Router(id: one, hardware: mac, address: address, serialNumber: "210235A", firstSeen: noon)
  private let host = IPv4Address(192, 0, 2, 60)

  private func claim(_ second: Int64) -> Event {
    at(second, .claimHeld(address: host, hardware: nil, reason: "it does not say that it was reset (0 BOOTSTRAP)"))
  }

  private func standing(_ events: [Event], at second: Int64) -> Standing {
    Diagnosis.of(router, Timeline(events), expects: Expectations(), at: noon.advanced(bySeconds: second))
  }

  @Test func `a claim that is held changes nothing of where a router stands`() {
    let events = untilInformed + work
    let before = standing(events, at: 100)
    let after = standing(events + [claim(70), at(80, .twinSeen(serial: "1", twin: "2"))], at: 100)
    #expect(before.state == .provisioned && after == before)
  }

  @Test func `a router that is silent since somebody came for it is told so, with what to do`() {
    let events = untilInformed + work + [claim(200)]
    let silent = standing(events, at: 10_000)
    #expect(
      silent.cause
        == .claimed(address: host, hardware: nil, reason: "it does not say that it was reset (0 BOOTSTRAP)"))
    #expect(silent.advice?.contains("\"usher admit 210235A --from 192.0.2.60\"") == true)
    let heard = standing(events + [informed(300, "2 PERIODIC")], at: 10_000)
    #expect(heard.cause?.name == "silent", "it was heard with its own credentials since")
  }

  @Test func `who comes for a router does not make it seem to be there`() {
    let quiet = [discovered(0), leased(2)]
    // After ten minutes without a word of its own, it boots again.
    let boots = Timeline(quiet + (1...20).map { claim(Int64($0) * 60) } + [discovered(1260)])
    #expect(boots.start == noon.advanced(bySeconds: 1260))
  }

  @Test func `a device that is held as a twin is told whose row it is, until a person admits it`() {
    let held =
      untilInformed + [
        at(11, .quarantined(reason: "r")), at(11, .twinHeld(serial: "210235a", holder: "000FE2-210235A")),
      ]
    let twin = standing(held, at: 100)
    #expect(twin.cause == .twin(serial: "210235a", holder: "000FE2-210235A"))
    #expect(twin.advice?.contains("takes the row from 000FE2-210235A") == true)
    #expect(standing(held + [at(20, .admitted(by: "a person"))], at: 30).cause != twin.cause)
    let other = standing(held + [at(20, .quarantined(reason: "line 2 says no"))], at: 100)
    #expect(other.cause == .quarantined(reason: "line 2 says no"))
  }
}
