import Synchronization

/// Lets so many through at once, and as many more wait in turn.
final class Turnstile: Sendable {
  private struct State {
    var free: Int
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private let state: Mutex<State>
  private let queue: Int

  init(places: Int, queue: Int) {
    state = Mutex(State(free: places))
    self.queue = queue
  }

  /// How many wait for a place.
  var waiting: Int { state.withLock(\.waiting.count) }

  /// False at once where as many wait as may; else waits for a place, which ``leave()`` gives back.
  func enter() async -> Bool {
    enum Entry { case free, full, waits }
    var isFull = false
    await withCheckedContinuation { continuation in
      let entry = state.withLock { state -> Entry in
        if state.free > 0 {
          state.free -= 1
          return .free
        }
        guard state.waiting.count < queue else { return .full }
        state.waiting.append(continuation)
        return .waits
      }
      switch entry {
      case .free: continuation.resume()
      case .full:
        isFull = true
        continuation.resume()
      case .waits: break
      }
    }
    return !isFull
  }

  func leave() {
    let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
      guard !state.waiting.isEmpty else {
        state.free += 1
        return nil
      }
      return state.waiting.removeFirst()
    }
    next?.resume()
  }
}
