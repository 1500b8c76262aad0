import Testing

@testable import Transport

struct PaceTests {
  private var pace = Pace(crowd: 20, longest: 4_000)

  @Test func `what comes one at a time, or in twos and threes, never waits`() {
    var pace = pace
    #expect(pace.rest(at: 0) == 0)
    for round in 0..<10 as Range<Int64> {
      pace.begin(items: 1 + Int(round % 3), at: round * 300)
      #expect(pace.rest(at: round * 300) == 0)
    }
  }

  @Test func `a crowd waits for as long as it takes to gather, and not for longer than the longest wait`() {
    var pace = pace
    pace.begin(items: 5, at: 0)
    #expect(pace.rest(at: 0) == 4_000)
    #expect(pace.rest(at: 3_900) == 100)
    #expect(pace.rest(at: 5_000) <= 0)
    // 30 in 2 ms: 20 are there after 1.3 ms.
    pace.begin(items: 30, at: 2_000)
    #expect((1_300...1_340).contains(pace.rest(at: 2_000)))
    // 10 in 2 ms: 20 would be there after 4 ms.
    pace.begin(items: 10, at: 4_000)
    #expect(pace.rest(at: 4_000) == 4_000)
  }

  @Test func `the thread is held for what is left`() {
    var pace = Pace(crowd: 4, longest: 200_000)
    pace.begin(items: 4)
    #expect(ContinuousClock().measure { pace.wait() } >= .milliseconds(150))
    #expect(ContinuousClock().measure { pace.wait() } < .milliseconds(100))
  }
}
