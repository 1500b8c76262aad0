import NIOCore
import Synchronization

/// The channel that a server listens on, and those of the connections that it has taken.
final class OpenChannels: Sendable {
  private struct State {
    var listener: (any Channel)?
    /// By the numbers of their connections.
    var connections: [UInt64: any Channel] = [:]
    var isEnding = false
    var waiter: CheckedContinuation<Void, Never>?
  }

  private let state = Mutex(State())

  func listen(on listener: any Channel) {
    let isEnding = state.withLock { state in
      state.listener = listener
      return state.isEnding
    }
    if isEnding { listener.close(promise: nil) }
  }

  /// False where the server is to end.
  func add(_ channel: any Channel, number: UInt64) -> Bool {
    state.withLock { state in
      guard !state.isEnding else { return false }
      state.connections[number] = channel
      return true
    }
  }

  func remove(number: UInt64) {
    let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
      state.connections[number] = nil
      guard state.isEnding, state.connections.isEmpty else { return nil }
      defer { state.waiter = nil }
      return state.waiter
    }
    waiter?.resume()
  }

  /// No connection is taken any more; each of those that are open ends once its answer is out.
  func shutDown() {
    for connection in end() { connection.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent()) }
  }

  /// Closes them all at once.
  func cut() {
    for connection in end() { connection.close(promise: nil) }
  }

  private func end() -> [any Channel] {
    let (listener, connections) = state.withLock { state in
      state.isEnding = true
      return (state.listener, Array(state.connections.values))
    }
    listener?.close(promise: nil)
    return connections
  }

  /// Returns when no connection is open any more. To be called once, when the server is to end.
  func ended() async {
    await withCheckedContinuation { continuation in
      let isEmpty = state.withLock { state in
        if !state.connections.isEmpty { state.waiter = continuation }
        return state.connections.isEmpty
      }
      if isEmpty { continuation.resume() }
    }
  }
}
