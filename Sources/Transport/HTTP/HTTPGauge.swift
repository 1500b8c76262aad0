import Synchronization

/// A place in the counts.
typealias HTTPCounter = any WritableKeyPath<HTTPCounts, Int> & Sendable

/// What the connections of one server share: its counts, and how much room is left.
final class HTTPGauge: Sendable {
  private struct State {
    var counts = HTTPCounts()
    var streams = 0
    /// Open connections of each peer, by its address.
    var peers: [String: Int] = [:]
    /// Bytes of the bodies of each peer, by its address.
    var bodiesOfPeers: [String: Int] = [:]
  }

  private static let lastConnection = Atomic<UInt64>(0)

  private let limits: HTTPLimits
  private let state = Mutex(State())

  init(_ limits: HTTPLimits) {
    self.limits = limits
  }

  var counts: HTTPCounts { state.withLock { $0.counts } }

  func count(_ event: HTTPCounter) {
    state.withLock { $0.counts[keyPath: event] += 1 }
  }

  func count(_ failure: HandshakeFailure) {
    state.withLock { $0.counts.handshakeFailures[failure.counterName, default: 0] += 1 }
  }

  /// The number of a new connection, one series for all servers of the process; nil where there are too many, or too many
  /// of the peer. A peer without an address is not counted by itself.
  func open(_ peer: String?) -> UInt64? {
    let isOpen = state.withLock { state in
      state.counts.connections += 1
      let ofPeer = peer.flatMap { state.peers[$0] } ?? 0
      let free = limits.connections - state.counts.openConnections
      guard free > 0, ofPeer < limits.connectionsOfPeer(whileFree: free) else {
        state.counts.refusedConnections += 1
        return false
      }
      state.counts.openConnections += 1
      if let peer { state.peers[peer] = ofPeer + 1 }
      return true
    }
    return isOpen ? Self.lastConnection.add(1, ordering: .relaxed).newValue : nil
  }

  func close(_ peer: String?) {
    state.withLock { state in
      state.counts.openConnections -= 1
      guard let peer, let count = state.peers[peer] else { return }
      state.peers[peer] = count > 1 ? count - 1 : nil
    }
  }

  /// Takes one of the places for bodies that are handed over in pieces; false where there is none.
  func beginStream() -> Bool {
    state.withLock { state in
      guard state.streams < limits.streams else { return false }
      state.streams += 1
      return true
    }
  }

  func endStream() {
    state.withLock { $0.streams -= 1 }
  }

  /// Takes room for so many further bytes of a body of a peer's, of which it has `former` already; false where there is
  /// none. A peer without an address has no limit of its own.
  func reserve(_ bytes: Int, after former: Int, of peer: String?) -> Bool {
    let room = former + bytes > limits.smallBody ? limits.bodies / 4 * 3 : limits.bodies
    return state.withLock { state in
      let ofPeer = peer.flatMap { state.bodiesOfPeers[$0] } ?? 0
      guard state.counts.bodyBytes + bytes <= room, ofPeer + bytes <= limits.bodiesOfPeer else { return false }
      state.counts.bodyBytes += bytes
      if let peer { state.bodiesOfPeers[peer] = ofPeer + bytes }
      return true
    }
  }

  func release(_ bytes: Int, of peer: String?) {
    guard bytes > 0 else { return }
    state.withLock { state in
      state.counts.bodyBytes -= bytes
      guard let peer, let ofPeer = state.bodiesOfPeers[peer] else { return }
      let left = ofPeer - bytes
      state.bodiesOfPeers[peer] = left > 0 ? left : nil
    }
  }
}
