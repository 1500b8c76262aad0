import Net

/// Which connections a stream server holds, so that none of them, nor one peer, can take all the room. Moments are
/// milliseconds on any clock that does not go backward.
struct StreamTable<ID: Hashable> {
  private struct Entry {
    let peer: IPv4Address
    var lastActivity: Int64
    /// Of two that were active in the same millisecond, the later one has the greater.
    var order: UInt64
  }

  private let limits: StreamLimits
  private var entries: [ID: Entry] = [:]
  private var activities: UInt64 = 0

  init(limits: StreamLimits) {
    self.limits = limits
  }

  var count: Int { entries.count }
  var ids: [ID] { Array(entries.keys) }

  /// Takes the connection in. Where there is no room, the one that has been silent for longest makes it, of the same
  /// peer if that has its share: it is returned, to be closed.
  mutating func admit(_ id: ID, peer: IPv4Address, at now: Int64) -> ID? {
    var candidates = entries.filter { $0.value.peer == peer }
    if candidates.count < limits.connectionsPerPeer {
      candidates = entries.count < limits.connections ? [:] : entries
    }
    let evicted = candidates.min { left, right in
      (left.value.lastActivity, left.value.order) < (right.value.lastActivity, right.value.order)
    }?.key
    if let evicted { entries[evicted] = nil }
    activities += 1
    entries[id] = Entry(peer: peer, lastActivity: now, order: activities)
    return evicted
  }

  mutating func noteActivity(_ id: ID, at now: Int64) {
    activities += 1
    entries[id]?.lastActivity = now
    entries[id]?.order = activities
  }

  mutating func remove(_ id: ID) {
    entries[id] = nil
  }

  /// Removes and returns the connections that have been silent for longer than they may.
  mutating func removeIdle(at now: Int64) -> [ID] {
    let idle = entries.filter { now - $0.value.lastActivity >= limits.idle }.map(\.key)
    for id in idle { entries[id] = nil }
    return idle
  }
}

/// What a stream server allows (RFC 7766 §6.2.3 leaves the numbers to the server).
package struct StreamLimits: Hashable, Sendable {
  /// Milliseconds without a whole message from the peer after which a connection is closed.
  package var idle: Int64 = 10_000
  package var connections = 256
  package var connectionsPerPeer = 32

  package init() {}
}
