import Net
import Testing

@testable import Transport

struct SteadyClockTests {
  @Test func `it agrees with the wall clock of a machine that nobody sets, and never goes backward`() {
    let wall = SteadyClock.wall()
    let first = SteadyClock.now()
    let second = SteadyClock.now()
    #expect(abs(first.milliseconds(since: wall)) < 60_000)
    #expect(second >= first)
  }

  @Test func `the clocks of the machine are those that the time goes by, and its boot has a name`() {
    let clocks = MachineClocks.read()
    #expect(abs(clocks.wall.milliseconds(since: SteadyClock.now())) < 60_000)
    #expect(clocks.boot > 0)
    #expect(clocks.bootID?.utf8.count == 32)
    #expect(MachineClocks.read().bootID == clocks.bootID)
  }
}
