import Net
import Testing

@testable import Services

struct SessionAdmissionTests {
  private let noon = Timestamp(rawValue: 1_800_000_000_000)

  @Test func `a session begins at once where there is room`() {
    var admission = SessionAdmission(limit: 10)
    let wait = admission.wait(underWay: 9, at: noon)
    #expect(wait == nil)
  }

  @Test func `a crowd is spread over the time that it takes to serve it`() {
    var admission = SessionAdmission(limit: 10)
    for second in 0..<20 {
      for _ in 0..<500 { admission.sessionEnded(at: noon.advanced(bySeconds: Int64(second))) }
    }
    let now = noon.advanced(bySeconds: 20)
    let waits = (0..<10_000).compactMap { _ in admission.wait(underWay: 10, at: now) }
    #expect(waits.count == 10_000)
    #expect(waits.first == 3)
    // At 500 sessions a second, the last of 10,000 has its turn 20 s after the first.
    #expect(waits.last == 23)
    let perSecond = Dictionary(grouping: waits) { $0 }.mapValues(\.count)
    #expect(perSecond.values.allSatisfy { $0 <= 510 })
  }

  @Test func `nobody is told to wait longer than the longest time`() {
    var admission = SessionAdmission(limit: 1)
    let waits = (0..<200_000).compactMap { _ in admission.wait(underWay: 1, at: noon) }
    #expect(waits.max() == SessionAdmission.longest)
    #expect(waits.allSatisfy { $0 >= SessionAdmission.shortest })
  }

  @Test func `after a rest the turns begin anew`() {
    var admission = SessionAdmission(limit: 1)
    for _ in 0..<1000 { _ = admission.wait(underWay: 1, at: noon) }
    let wait = admission.wait(underWay: 1, at: noon.advanced(bySeconds: 3600))
    #expect(wait == SessionAdmission.shortest)
  }
}
