import Glibc
import Services
import Store
import Synchronization
import Testing

struct CommitterTests {
  private func setting(_ name: String) -> Change { .setting(name: name, value: [1]) }

  @Test func `a thousand submissions of fifty tasks are all there, in fewer commits`() async throws {
    let store = MemoryStore()
    let committer = Committer(store: TestStore(store, delay: .milliseconds(1)))
    try await withThrowingTaskGroup(of: Void.self) { group in
      for task in 0..<50 {
        group.addTask {
          for index in 0..<20 {
            try await committer.commit([setting("\(task) \(index)")])
            #expect(store.setting(named: "\(task) \(index)") != nil)
          }
        }
      }
      try await group.waitForAll()
    }
    let statistics = committer.statistics
    #expect(statistics.changes == 1_000)
    #expect(statistics.commits == store.commits)
    #expect(statistics.commits < 1_000)
    #expect(statistics.largestGroup > 1)
    #expect(statistics.failures == 0)
    #expect(statistics.refusals == 0)
  }

  @Test func `a lonely submission is committed at once, by either way`() async throws {
    let store = MemoryStore()
    let committer = Committer(store: store)
    try committer.commitAndWait([setting("a"), setting("b")])
    try await committer.commit([setting("c")])
    try committer.commitAndWait([])
    try await committer.commit([])
    #expect(["a", "b", "c"].allSatisfy { store.setting(named: $0) != nil })
    #expect(committer.statistics.commits == 2)
    #expect(committer.statistics.changes == 3)
    #expect(committer.statistics.largestGroup == 2)
  }

  @Test func `what waits together takes effect in the order of submission`() async throws {
    let store = MemoryStore()
    let gate = TestStore(store, isClosed: true)
    let committer = Committer(store: gate)
    async let first: Void = committer.commit([setting("first")])
    await gate.untilReached(1)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for index in UInt8(1)...20 {
        group.addTask { try await committer.commit([.setting(name: "value", value: [index])]) }
        try await untilTrue { committer.unfinishedChanges == 1 + Int(index) }
      }
      gate.open()
      try await group.waitForAll()
    }
    try await first
    #expect(store.setting(named: "value") == [20])
    #expect(committer.statistics.commits == 2)
    #expect(committer.statistics.largestGroup == 20)
  }

  @Test func `one bad submission fails alone`() async throws {
    let store = MemoryStore()
    let gate = TestStore(store, isClosed: true) { changes in
      changes.contains(.setting(name: "bad", value: [1])) ? .refused("bad") : nil
    }
    let committer = Committer(store: gate)
    async let first: Void = committer.commit([setting("first")])
    await gate.untilReached(1)
    let failures = await withTaskGroup(of: (String, StoreError?).self) { group in
      for name in ["a", "bad", "c"] {
        group.addTask { (name, await committer.failure(of: [setting(name), setting("\(name)'s second")])) }
      }
      try? await untilTrue { committer.unfinishedChanges == 7 }
      gate.open()
      return await group.reduce(into: [String: StoreError]()) { $0[$1.0] = $1.1 }
    }
    try await first
    #expect(failures == ["bad": .refused("bad")])
    #expect(store.setting(named: "a's second") != nil)
    #expect(store.setting(named: "c's second") != nil)
    #expect(store.setting(named: "bad's second") == nil)
    #expect(committer.statistics.failures == 1)
  }

  @Test func `where the medium fails, all that joined fail at once, and the next commit is tried`() async throws {
    let store = MemoryStore()
    let gate = TestStore(store, isClosed: true)
    let committer = Committer(store: gate)
    async let first: Void = committer.commit([setting("first")])
    await gate.untilReached(1)
    store.fail(at: 2)
    let errors = await withTaskGroup(of: StoreError?.self) { group in
      for name in ["a", "b", "c"] {
        group.addTask { await committer.failure(of: [setting(name)]) }
      }
      try? await untilTrue { committer.unfinishedChanges == 4 }
      gate.open()
      return await group.reduce(into: []) { $0.append($1) }
    }
    try await first
    #expect(errors == Array(repeating: .unavailable("injected fault"), count: 3))
    #expect(gate.attempts == 2)
    #expect(committer.statistics.failure == .unavailable("injected fault"))
    try await committer.commit([setting("a")])
    #expect(store.setting(named: "a") != nil)
    #expect(committer.statistics.failures == 3)
    #expect(committer.statistics.failure == nil)
  }

  @Test(arguments: 1...6)
  func `where the nth commit fails, its submission is not there and all others are`(nth: Int) async throws {
    let store = MemoryStore()
    let committer = Committer(store: store)
    store.fail(at: nth, with: .refused("no"))
    for index in 1...6 {
      let failure = await committer.failure(of: [setting("\(index)")])
      #expect(failure == (index == nth ? .refused("no") : nil))
    }
    #expect((1...6).filter { store.setting(named: "\($0)") == nil } == [nth])
  }

  @Test func `a transaction takes no more changes than its limit, a larger submission goes alone`() async throws {
    let store = MemoryStore()
    let gate = TestStore(store, isClosed: true)
    let committer = Committer(store: gate)
    let most = Committer.groupLimit
    async let first: Void = committer.commit([setting("first")])
    await gate.untilReached(1)
    try await withThrowingTaskGroup(of: Void.self) { group in
      var expected = 1
      for count in [1, most + 1, most - 1, 1, 1] {
        group.addTask { try await committer.commit(Array(repeating: setting("x"), count: count)) }
        expected += count
        let reached = expected
        try await untilTrue { committer.unfinishedChanges == reached }
      }
      gate.open()
      try await group.waitForAll()
    }
    try await first
    #expect(gate.sizes == [1, 1, most + 1, most, 1])
  }

  @Test func `more than may wait is refused, and there is room again afterwards`() async throws {
    let store = MemoryStore()
    let gate = TestStore(store, isClosed: true)
    let committer = Committer(store: gate)
    async let first: Void = committer.commit(Array(repeating: setting("x"), count: Committer.waitingLimit))
    await gate.untilReached(1)
    #expect(throws: StoreError.overloaded(waiting: Committer.waitingLimit)) {
      try committer.commitAndWait([setting("y")])
    }
    gate.open()
    try await first
    #expect(store.setting(named: "y") == nil)
    try await committer.commit([setting("y")])
    #expect(store.setting(named: "y") != nil)
    #expect(committer.statistics.refusals == 1)
  }

  @Test func `stopping commits what waits and refuses what comes later`() async throws {
    let store = MemoryStore()
    let committer = Committer(store: TestStore(store, delay: .milliseconds(1)))
    let outcomes = await withTaskGroup(of: Bool.self) { group in
      for index in 0..<100 {
        group.addTask {
          let failure = await committer.failure(of: [setting("\(index)")])
          #expect(failure == nil || failure == .stopped)
          return failure == nil
        }
      }
      group.addTask {
        committer.stop()
        return false
      }
      return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
    }
    #expect((0..<100).count { store.setting(named: "\($0)") != nil } == outcomes)
    #expect(committer.unfinishedChanges == 0)
    await #expect(throws: StoreError.stopped) { try await committer.commit([setting("late")]) }
    #expect(throws: StoreError.stopped) { try committer.commitAndWait([setting("late")]) }
    #expect(store.setting(named: "late") == nil)
  }
}

extension Committer {
  /// Why a commit failed, or nil.
  fileprivate func failure(of changes: [Change]) async -> StoreError? {
    do {
      try await commit(changes)
      return nil
    } catch {
      return error
    }
  }
}

/// A store that can be slow, held, or choosy, before another one.
private final class TestStore: FactStore {
  private let store: any FactStore
  private let delay: Duration
  private let fault: @Sendable ([Change]) -> StoreError?
  private let isClosed: Atomic<Bool>
  private let sizesTried = Mutex<[Int]>([])

  init(
    _ store: any FactStore, delay: Duration = .zero, isClosed: Bool = false,
    fault: @escaping @Sendable ([Change]) -> StoreError? = { _ in nil }
  ) {
    self.store = store
    self.delay = delay
    self.isClosed = Atomic(isClosed)
    self.fault = fault
  }

  var sizes: [Int] { sizesTried.withLock { $0 } }
  var attempts: Int { sizes.count }

  func open() { isClosed.store(false, ordering: .sequentiallyConsistent) }

  func untilReached(_ attempts: Int) async {
    try? await untilTrue { self.attempts >= attempts }
  }

  func commit(_ changes: [Change]) throws(StoreError) {
    sizesTried.withLock { $0.append(changes.count) }
    let start = ContinuousClock.now
    while isClosed.load(ordering: .sequentiallyConsistent) || ContinuousClock.now < start + delay { usleep(200) }
    if let error = fault(changes) { throw error }
    try store.commit(changes)
  }
}

/// Returns when `condition` holds; throws where it does not come to hold.
private func untilTrue(_ condition: () -> Bool) async throws {
  for _ in 0..<20_000 {
    if condition() { return }
    try await Task.sleep(for: .milliseconds(1))
  }
  throw TimedOut()
}

private struct TimedOut: Error {}
