import CLinux
import Glibc

/// Spaces what costs the same however much is done by it, such as a sync: the first time at once, and from then on no
/// more often than once in an interval, so that what comes meanwhile is done together.
package struct Pace: Sendable {
  /// Microseconds.
  private let interval: Int64
  private var last: Int64?

  package init(microseconds interval: Int64) {
    self.interval = interval
  }

  /// Notes that it is done now.
  package mutating func note() {
    last = linux_monotonic_microseconds()
  }

  /// Holds the calling thread until it may be done again.
  package func wait() {
    guard let last else { return }
    let rest = last + interval - linux_monotonic_microseconds()
    if rest > 0 { usleep(UInt32(clamping: min(rest, interval))) }
  }
}
