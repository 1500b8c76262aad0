import DHCP
import Journey
import Net
import Store
import Testing

struct MemoryStoreTests {
  private func setting(_ index: Int) -> Change { .setting(name: "\(index)", value: [1]) }

  @Test(arguments: 1...5)
  func `the planned commit fails and leaves nothing, the others happen`(nth: Int) throws {
    let store = MemoryStore()
    store.fail(at: nth)
    for index in 1...5 {
      if index == nth {
        #expect(throws: StoreError.unavailable("injected fault")) { try store.commit([setting(index)]) }
      } else {
        try store.commit([setting(index)])
      }
    }
    #expect((1...5).filter { store.setting(named: "\($0)") == nil } == [nth])
    #expect(store.commits == 4)
  }

  @Test func `a fault lasts as many commits as planned, with the error that was asked for`() throws {
    let store = MemoryStore()
    store.fail(at: 2, times: 2, with: .refused("no"))
    try store.commit([setting(1)])
    #expect(throws: StoreError.refused("no")) { try store.commit([setting(2)]) }
    #expect(throws: StoreError.refused("no")) { try store.commit([setting(3)]) }
    try store.commit([setting(4)])
    #expect(store.commits == 2)
  }

  @Test func `no changes are no commit and take no planned fault`() throws {
    let store = MemoryStore()
    store.fail()
    try store.commit([])
    #expect(store.commits == 0)
    #expect(throws: StoreError.self) { try store.commit([setting(1)]) }
  }

  @Test func `every error says what it is and has a counter of its own`() {
    let errors: [StoreError] = [
      .unavailable("disk full"), .refused("too big"), .newerSchema(found: 9, known: 1), .corrupt("lease"),
      .overloaded(waiting: 5), .stopped,
    ]
    #expect(Set(errors.map(\.counter)).count == errors.count)
    #expect(errors[0].description.contains("disk full"))
    #expect(errors[2].description.contains("9"))
  }
}
