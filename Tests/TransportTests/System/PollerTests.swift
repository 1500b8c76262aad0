import Testing

@testable import Transport

struct PollerTests {
  @Test func `it names those that are ready and no others`() throws {
    let wakeups = try (0..<3).map { _ in try Wakeup() }
    var poller = Poller(wakeups.map(\.fileDescriptor))
    wakeups[2].signal()
    let ready = try poller.wait(milliseconds: nil)
    #expect((0..<3).map(ready.contains) == [false, false, true])
    #expect(!ready.contains(64) && !ready.contains(-1))
    wakeups[2].clear()
    #expect(try poller.wait(milliseconds: 1).isEmpty)
  }

  @Test func `a descriptor that is no more is ready, so that reading it says so`() throws {
    var poller = Poller([CInt.max])
    #expect(try poller.wait(milliseconds: 1000).contains(0))
  }
}
