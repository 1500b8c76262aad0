import Net
import Services
import Testing

struct LogThrottleTests {
  private let start = Timestamp(secondsSince1970: 1_767_225_600)

  private func after(_ seconds: Int64) -> Timestamp { start.advanced(bySeconds: seconds) }

  @Test func `of one event of one router a few lines a minute are written, and the rest is counted`() {
    var throttle = LogThrottle()
    let taken = (0..<1000).map { _ in throttle.takes("login refused", of: "192.0.2.7", .warning, at: start) }
    #expect(taken.filter(\.self).count == LogThrottle.linesOfRouter && taken.first == true)
    let others = [("login refused", "192.0.2.8"), ("quarantined", "192.0.2.7")].map { event, router in
      throttle.takes(event, of: router, .warning, at: start)
    }
    #expect(others == [true, true])
    #expect(throttle.takeHeld(at: after(59)).isEmpty)
    #expect(
      throttle.takeHeld(at: after(60)) == [
        .init(event: "login refused", router: "192.0.2.7", level: .warning, count: 1000 - LogThrottle.linesOfRouter)
      ])
    #expect(throttle.takeHeld(at: after(61)).isEmpty)
  }

  @Test func `the next minute begins anew, and what was held back is told though nobody asked between`() {
    var throttle = LogThrottle()
    for _ in 0..<8 { _ = throttle.takes("a", of: "r", .info, at: start) }
    let first = throttle.takes("a", of: "r", .info, at: after(61))
    #expect(first)
    #expect(throttle.takeHeld(at: after(61)) == [.init(event: "a", router: "r", level: .info, count: 3)])
  }

  @Test func `a flood of many routers is bounded too, in lines and in memory`() {
    var throttle = LogThrottle()
    let written = (0..<100_000).count { throttle.takes("lease committed", of: "r\($0)", .info, at: start) }
    #expect(written == LogThrottle.linesOfEvent)
    let unlike = (0..<10_000).count { throttle.takes("event \($0)", of: "", .info, at: start) }
    #expect(unlike <= LogThrottle.eventLimit + LogThrottle.linesOfEvent)
    let held = throttle.takeHeld(all: true, at: start)
    #expect(held.count <= LogThrottle.eventLimit * (LogThrottle.heldLines + 1))
    #expect(held.map(\.count).reduce(0, +) == 110_000 - written - unlike)
  }

  @Test func `of thousands of routers with lines held back the worst are told, and the others in one line`() {
    var throttle = LogThrottle()
    for router in 0..<1000 {
      for _ in 0..<(10 + router % 30) { _ = throttle.takes("refused", of: "r\(router)", .warning, at: start) }
    }
    let held = throttle.takeHeld(at: after(60))
    #expect(held.count == LogThrottle.heldLines + 1)
    #expect(held.last.map { $0.router.isEmpty && $0.level == .warning } == true)
    #expect(held.dropLast().map(\.count) == Array(repeating: 34, count: LogThrottle.heldLines))
  }
}
