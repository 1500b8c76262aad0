import Glibc

/// Waits until one of a few descriptors has something to read (poll(2)).
package struct Poller {
  /// Which descriptors are ready, by their position in the list given to the poller.
  package struct Ready: Sendable {
    fileprivate var bits: UInt64 = 0

    package var isEmpty: Bool { bits == 0 }

    package func contains(_ position: Int) -> Bool {
      (0..<64).contains(position) && bits >> UInt64(position) & 1 == 1
    }
  }

  private var entries: [pollfd]

  /// At most 64 descriptors, which must stay open while they are waited for.
  package init(_ descriptors: [CInt]) {
    precondition(descriptors.count <= 64, "a poller watches at most 64 descriptors")
    entries = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
  }

  /// Empty where the time is over or a signal came. A descriptor with an error or a hangup is ready too: reading it
  /// tells what happened. Nil waits without limit.
  package mutating func wait(milliseconds: Int?) throws(SystemError) -> Ready {
    let limit = milliseconds.map { Int32(clamping: max(0, $0)) } ?? -1
    let count = poll(&entries, nfds_t(entries.count), limit)
    guard count >= 0 else {
      guard errno == EINTR else { throw SystemError("waiting for descriptors", code: errno) }
      return Ready()
    }
    var ready = Ready()
    guard count > 0 else { return ready }
    for position in entries.indices where entries[position].revents != 0 {
      ready.bits |= 1 << UInt64(position)
    }
    return ready
  }
}
