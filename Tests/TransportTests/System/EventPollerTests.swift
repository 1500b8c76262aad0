import Testing

@testable import Transport

struct EventPollerTests {
  @Test func `it names those that are ready and no others, and forgets those that are closed`() throws {
    var poller = try EventPoller()
    var wakeups = try (0..<300).map { _ in try Wakeup() }
    for (token, wakeup) in wakeups.enumerated() { try poller.add(wakeup.fileDescriptor, token: UInt64(token) << 40) }
    #expect(try poller.wait(milliseconds: 1).isEmpty)
    wakeups[7].signal()
    wakeups[299].signal()
    #expect(Set(try poller.wait(milliseconds: nil)) == [7 << 40, 299 << 40])
    wakeups[7].clear()
    #expect(Array(try poller.wait(milliseconds: nil)) == [299 << 40])
    wakeups.removeLast()
    // A program that is just being started by another test may still hold what was closed here.
    var rounds = 0
    while try !poller.wait(milliseconds: 1).isEmpty, rounds < 10_000 {
      rounds += 1
      pause(milliseconds: 1)
    }
    #expect(rounds < 10_000)
  }

  @Test func `of many that are ready it names some, and the others next time`() throws {
    var poller = try EventPoller()
    let wakeups = try (0..<300).map { _ in try Wakeup() }
    for (token, wakeup) in wakeups.enumerated() {
      try poller.add(wakeup.fileDescriptor, token: UInt64(token))
      wakeup.signal()
    }
    var named: Set<UInt64> = []
    for _ in 0..<3 {
      for token in try poller.wait(milliseconds: nil) {
        named.insert(token)
        wakeups[Int(token)].clear()
      }
    }
    #expect(named.count == 300)
  }
}
