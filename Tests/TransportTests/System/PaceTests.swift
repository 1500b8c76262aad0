import CLinux
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

  @Test func `a few at once after a silence never wait`() {
    var pace = pace
    for round in 0..<3 as Range<Int64> {
      pace.begin(items: 8, at: 1_000_000 + round * 500)
      #expect(pace.rest(at: 1_000_000 + round * 500) == 0)
    }
  }

  @Test func `a crowd waits for as long as it takes to gather, and not for longer than the longest wait`() {
    // 5,000 a second, in rounds of any size: 20 are there after 4 ms.
    for items in [1, 2, 10, 40] as [Int64] {
      let pace = steady(rounds: 400 / items, items: items, every: items * 200)
      #expect((3_900...4_000).contains(pace.interval))
    }
    // 20,000 a second: after 1 ms.
    let pace = steady(rounds: 200, items: 10, every: 500)
    #expect((990...1_040).contains(pace.interval))
    #expect(pace.rest(at: 199 * 500 + 300) == pace.interval - 300)
    #expect(pace.rest(at: 200 * 500 + 5_000) <= 0)
    // 1,000 a second would take 20 ms: nobody waits.
    #expect(steady(rounds: 200, items: 1, every: 1_000).interval == 0)
  }

  @Test func `a crowd that ends is soon forgotten`() {
    var pace = steady(rounds: 200, items: 10, every: 500)
    pace.begin(items: 1, at: 199 * 500 + 1_000_000)
    #expect(pace.interval == 0)
  }

  private func steady(rounds: Int64, items: Int64, every: Int64) -> Pace {
    var pace = pace
    for round in 0..<rounds { pace.begin(items: Int(items), at: round * every) }
    return pace
  }

  @Test func `the thread is held for what is left, and no longer`() {
    var pace = Pace(crowd: 4, longest: 200_000)
    let start = linux_monotonic_microseconds()
    for _ in 0..<4 { pace.begin(items: 4, at: start) }
    #expect(pace.interval == 200_000)
    pace.wait()
    let end = linux_monotonic_microseconds()
    #expect(end - start >= 200_000)
    #expect(pace.rest(at: end) <= 0)
  }
}
