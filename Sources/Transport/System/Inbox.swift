import Synchronization

/// A bounded queue into a loop that waits in a `Poller`: any thread sends, the loop takes all at once.
package final class Inbox<Item: Sendable>: Sendable {
  package enum Acceptance: Hashable, Sendable {
    case accepted
    /// The loop has not kept up: `capacity` items wait.
    case full
    case closed
  }

  private struct State {
    var items: [Item] = []
    var isClosed = false
  }

  package let capacity: Int
  private let state = Mutex(State())
  private let wakeup: Wakeup

  /// `capacity` is the most items that may wait.
  package init(capacity: Int = 1024) throws(SystemError) {
    self.capacity = capacity
    wakeup = try Wakeup()
  }

  /// Readable while items wait, and after `close`.
  package var fileDescriptor: CInt { wakeup.fileDescriptor }

  package func send(_ item: Item) -> Acceptance {
    let acceptance = state.withLock { state -> Acceptance in
      guard !state.isClosed else { return .closed }
      guard state.items.count < capacity else { return .full }
      state.items.append(item)
      return .accepted
    }
    if acceptance == .accepted { wakeup.signal() }
    return acceptance
  }

  /// The items that wait, oldest first. Does not block.
  package func takeAll() -> [Item] {
    wakeup.clear()
    return state.withLock { state in
      if state.isClosed { wakeup.signal() }
      let items = state.items
      state.items = []
      return items
    }
  }

  /// Refuses what is sent from now on and wakes the loop, which takes what is left and ends.
  package func close() {
    state.withLock { $0.isClosed = true }
    wakeup.signal()
  }

  package var isClosed: Bool { state.withLock { $0.isClosed } }
}
