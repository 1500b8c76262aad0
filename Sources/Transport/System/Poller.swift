import Glibc

/// Waits until one of a few descriptors has something to read (poll(2)).
package struct Poller {
  /// Which descriptors are ready, by their position in the list given to the poller.
  package struct Ready: Sendable {
    fileprivate var bits: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    package init() {}

    package var isEmpty: Bool { bits == (0, 0, 0, 0) }

    package func contains(_ position: Int) -> Bool {
      let bit: UInt64 = 1 << UInt64(position & 63)
      return switch position >> 6 {
      case 0: bits.0 & bit != 0
      case 1: bits.1 & bit != 0
      case 2: bits.2 & bit != 0
      case 3: bits.3 & bit != 0
      default: false
      }
    }

    fileprivate mutating func insert(_ position: Int) {
      let bit: UInt64 = 1 << UInt64(position & 63)
      switch position >> 6 {
      case 0: bits.0 |= bit
      case 1: bits.1 |= bit
      case 2: bits.2 |= bit
      default: bits.3 |= bit
      }
    }
  }

  private var entries: [pollfd]

  package static let maximumCount = 256

  /// At most ``maximumCount`` descriptors, which must stay open while they are waited for.
  package init(_ descriptors: [CInt]) {
    precondition(descriptors.count <= Self.maximumCount, "a poller watches at most 256 descriptors")
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
      ready.insert(position)
    }
    return ready
  }
}
