import Net
import Testing

struct SpellingTests {
  @Test(arguments: [
    ("leese-time", "lease-time"), ("lease-tiem", "lease-time"), ("POOL", "pool"), ("ruoters", "routers"),
  ])
  func `the nearest spelling is a few edits away`(wrong: String, right: String) {
    #expect(Spelling.nearest(to: wrong, among: ["subnet", "pool", "routers", "lease-time"]) == right)
  }

  @Test func `several that are near are told, the nearest first, each once`() {
    let serials = ["210235A3", "310235A1", "999", "210235A1", "210235A1", "210235A2"]
    #expect(Spelling.near(to: "210235A1", among: serials, atMost: 3) == ["210235A1", "210235A3", "310235A1"])
    #expect(Spelling.near(to: "210235B1", among: serials, atMost: 1) == ["210235A1"])
    #expect(Spelling.near(to: "", among: serials, atMost: 3).isEmpty)
  }

  @Test(arguments: ["", "x", "zone", "completely-different", String(repeating: "pool", count: 1000)])
  func `what is near to nothing gets no suggestion`(wrong: String) {
    #expect(Spelling.nearest(to: wrong, among: ["subnet", "pool", "routers", "lease-time"]) == nil)
  }

  @Test(arguments: [
    ("", "", 0), ("abc", "", 3), ("", "abc", 3), ("abcd", "acbd", 1), ("ca", "abc", 3), ("kitten", "sitting", 3),
  ])
  func `a transposition of neighbors is one edit`(left: String, right: String, distance: Int) {
    #expect(Spelling.distance(from: left, to: right) == distance)
  }
}
