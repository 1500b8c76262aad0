import CPE
import Testing

struct RetryScheduleTests {
  @Test(arguments: [(1, 5, 10), (2, 10, 20), (3, 20, 40), (9, 1280, 2560), (10, 2560, 5120), (11, 2560, 5120)])
  func `the n-th wait lies in the range of TR-069's table`(retry: Int, low: Int64, high: Int64) {
    let schedule = RetrySchedule()
    #expect(schedule.wait(before: retry, random: 0) == low * 1000)
    for random: UInt32 in [1, 77, 123_456, .max] {
      #expect((low * 1000...high * 1000).contains(schedule.wait(before: retry, random: random)))
    }
  }

  @Test func `no setting makes it overflow or wait for ever`() {
    let schedule = RetrySchedule(minimumWait: .max, multiplier: .max)
    #expect((0...86_400_000).contains(schedule.wait(before: .max, random: .max)))
    #expect(RetrySchedule(minimumWait: 0, multiplier: 0).wait(before: 0, random: 5) == 1)
  }
}
