import Testing
import Transport

struct PaceTests {
  @Test func `the first time is at once, and what follows waits for what is left of the interval`() {
    let clock = ContinuousClock()
    var pace = Pace(microseconds: 200_000)
    #expect(clock.measure { pace.wait() } < .milliseconds(100))
    pace.note()
    #expect(clock.measure { pace.wait() } >= .milliseconds(150))
    #expect(clock.measure { pace.wait() } < .milliseconds(100))
  }
}
