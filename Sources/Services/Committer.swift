import Dispatch
package import Store
import Synchronization

/// Joins what several services want committed into one transaction, so that one sync pays for all of it. While a commit
/// is under way the next ones gather; where nothing is under way a commit starts at once.
package final class Committer: Sendable {
  /// So many changes at most join in one transaction (a single larger submission goes alone).
  package static let groupLimit = 1_000
  /// So many changes at most wait or are being committed; more are refused (a single larger submission is not).
  package static let waitingLimit = 50_000
  /// Where commits follow each other closer than this, those who can wait are let to wait for so long, in microseconds:
  /// more of them share a sync then.
  static let gathering: Int64 = 4_000

  /// What happened since the start.
  package struct Statistics: Hashable, Sendable {
    /// Transactions that succeeded.
    package var commits = 0
    /// Changes in them.
    package var changes = 0
    /// Submissions that failed, and those refused because too many waited or the program was ending.
    package var failures = 0
    package var refusals = 0
    /// The most changes in one transaction.
    package var largestGroup = 0
    /// Why the store took no changes when it was last tried; nil where it did. Changes that were themselves to blame say
    /// nothing of it.
    package var failure: StoreError?
  }

  private struct Submission {
    let changes: [Change]
    let complete: @Sendable (Result<Void, StoreError>) -> Void
  }

  private struct State {
    var waiting: [Submission] = []
    /// The changes of all submissions that are not completed yet.
    var unfinishedChanges = 0
    var isStopped = false
    /// When the last commit that others waited for began (a steady clock's microseconds), and whether one is scheduled.
    var lastStart = Int64.min / 2
    var isScheduled = false
    var statistics = Statistics()
  }

  private let store: any FactStore
  private let onCommit: @Sendable ([Change]) -> Void
  private let state = Mutex(State())
  /// Only here are commits made. `sync` runs on the calling thread where the queue is idle: a lonely commit costs no
  /// change of thread.
  private let queue = DispatchQueue(label: "committer", qos: .userInitiated)

  /// `onCommit` is told of each transaction that succeeded, in their order, before anyone who waits for it: what mirrors
  /// the store in memory follows it so.
  package init(store: any FactStore, onCommit: @escaping @Sendable ([Change]) -> Void = { _ in }) {
    self.store = store
    self.onCommit = onCommit
  }

  package var statistics: Statistics { state.withLock(\.statistics) }

  /// The changes that wait or are being committed now.
  package var unfinishedChanges: Int { state.withLock(\.unfinishedChanges) }

  /// Returns when the changes are durable. Where it throws, none of them happened.
  package func commit(_ changes: [Change]) async throws(StoreError) {
    guard !changes.isEmpty else { return }
    let result = await withCheckedContinuation { continuation in
      if let refusal = submit(changes, complete: { continuation.resume(returning: $0) }) {
        continuation.resume(returning: .failure(refusal))
      } else {
        schedule()
      }
    }
    try result.get()
  }

  /// As ``commit(_:)``, for a thread of its own that may block.
  package func commitAndWait(_ changes: [Change]) throws(StoreError) {
    guard !changes.isEmpty else { return }
    let outcome = Outcome()
    if let refusal = submit(changes, complete: { result in outcome.result.withLock { $0 = result } }) { throw refusal }
    queue.sync { commitWaiting() }
    try outcome.result.withLock { $0 }.get()
  }

  /// Commits what waits, and refuses what comes later. Returns when all of it is done.
  package func stop() {
    state.withLock { $0.isStopped = true }
    queue.sync { commitWaiting() }
  }

  /// Lets the changes wait, or says why not; `complete` is called once, and not where they are refused.
  private func submit(
    _ changes: [Change], complete: @escaping @Sendable (Result<Void, StoreError>) -> Void
  ) -> StoreError? {
    state.withLock { state in
      let isOverloaded = state.unfinishedChanges > 0 && state.unfinishedChanges + changes.count > Self.waitingLimit
      guard !state.isStopped, !isOverloaded else {
        state.statistics.refusals += 1
        return state.isStopped ? .stopped : .overloaded(waiting: state.unfinishedChanges)
      }
      state.waiting.append(Submission(changes: changes, complete: complete))
      state.unfinishedChanges += changes.count
      return nil
    }
  }

  private static var microseconds: Int64 { Int64(DispatchTime.now().uptimeNanoseconds / 1000) }

  /// Sees to it that what waits is committed: at once where little happens, and else when some has gathered.
  private func schedule() {
    let now = Self.microseconds
    let delay = state.withLock { state -> Int64? in
      guard !state.isScheduled else { return nil }
      state.isScheduled = true
      return max(0, state.lastStart + Self.gathering - now)
    }
    switch delay {
    case nil: break
    case 0: queue.async { self.commitWaiting() }
    case let delay?: queue.asyncAfter(deadline: .now() + .microseconds(Int(delay))) { self.commitWaiting() }
    }
  }

  /// On the queue. Leaves nothing waiting that was submitted before the call.
  private func commitWaiting() {
    let now = Self.microseconds
    let waiting = state.withLock { state in
      state.isScheduled = false
      guard !state.waiting.isEmpty else { return [Submission]() }
      state.lastStart = now
      defer { state.waiting = [] }
      return state.waiting
    }
    var rest = waiting[...]
    while !rest.isEmpty { commit(takeGroup(from: &rest)) }
  }

  /// The first submissions of `rest`, at least one, at most ``groupLimit`` changes.
  private func takeGroup(from rest: inout ArraySlice<Submission>) -> ArraySlice<Submission> {
    var count = 0
    let group = rest.prefix { submission in
      count += submission.changes.count
      return count <= Self.groupLimit
    }
    defer { rest = rest.dropFirst(max(1, group.count)) }
    return rest.prefix(max(1, group.count))
  }

  private func commit(_ group: ArraySlice<Submission>) {
    let result = commitOnce(group.count == 1 ? group.first?.changes ?? [] : group.flatMap(\.changes))
    switch result {
    case .failure(let error) where group.count > 1 && !error.concernsAll:
      // One of them may be to blame: the others must not fail with it.
      for submission in group { finish([submission], commitOnce(submission.changes)) }
    case .success, .failure: finish(group, result)
    }
  }

  private func commitOnce(_ changes: [Change]) -> Result<Void, StoreError> {
    let result = Result { () throws(StoreError) in try store.commit(changes) }
    if case .success = result { onCommit(changes) }
    state.withLock { state in
      switch result {
      case .success:
        state.statistics.commits += 1
        state.statistics.changes += changes.count
        state.statistics.largestGroup = max(state.statistics.largestGroup, changes.count)
        state.statistics.failure = nil
      case .failure(.refused): break
      case .failure(let error): state.statistics.failure = error
      }
    }
    return result
  }

  private func finish(_ submissions: ArraySlice<Submission>, _ result: Result<Void, StoreError>) {
    state.withLock { state in
      if case .failure = result { state.statistics.failures += submissions.count }
      state.unfinishedChanges -= submissions.reduce(0) { $0 + $1.changes.count }
    }
    for submission in submissions { submission.complete(result) }
  }

  /// Where the thread that waits finds its result.
  private final class Outcome: Sendable {
    let result = Mutex<Result<Void, StoreError>>(.failure(.stopped))
  }
}

extension StoreError {
  /// Whether every other commit would fail the same way now.
  fileprivate var concernsAll: Bool {
    switch self {
    case .unavailable, .newerSchema, .stopped: true
    case .refused, .corrupt, .overloaded: false
    }
  }
}
