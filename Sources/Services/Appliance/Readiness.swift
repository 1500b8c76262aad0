import Synchronization

/// Waits until so many servers listen. DHCP leads routers to the others, so it answers only once they are there, and the
/// service manager is told only then.
package final class Readiness: Sendable {
  private struct State {
    var missing: Int
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private let state: Mutex<State>

  package init(servers: Int) {
    state = Mutex(State(missing: servers))
  }

  /// One of the servers listens.
  package func arrived() {
    let ready = state.withLock { state in
      state.missing -= 1
      guard state.missing <= 0 else { return [CheckedContinuation<Void, Never>]() }
      defer { state.waiting = [] }
      return state.waiting
    }
    for continuation in ready { continuation.resume() }
  }

  /// Ends the wait of all, for a start that is given up.
  package func abandon() {
    let waiting = state.withLock { state in
      state.missing = 0
      defer { state.waiting = [] }
      return state.waiting
    }
    for continuation in waiting { continuation.resume() }
  }

  /// Returns when all servers listen, or the task is canceled.
  package func wait() async {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isReady = state.withLock { state in
          guard state.missing > 0, !Task.isCancelled else { return true }
          state.waiting.append(continuation)
          return false
        }
        if isReady { continuation.resume() }
      }
    } onCancel: {
      abandon()
    }
  }
}
