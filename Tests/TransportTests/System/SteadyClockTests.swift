import Net
import Testing

@testable import Transport

struct SteadyClockTests {
  @Test func `the time advances with the boot clock from the wall clock of the start`() {
    let origin = ClockOrigin(wall: Timestamp(rawValue: 1_000_000), boot: 5000)
    #expect(origin.moment(boot: 5000) == Timestamp(rawValue: 1_000_000))
    #expect(origin.moment(boot: 65_500) == Timestamp(rawValue: 1_060_500))
  }

  @Test func `it agrees with the wall clock of a machine that nobody sets, and never goes backward`() {
    let wall = SteadyClock.wall()
    let first = SteadyClock.now()
    let second = SteadyClock.now()
    #expect(abs(first.milliseconds(since: wall)) < 60_000)
    #expect(second >= first)
  }
}
