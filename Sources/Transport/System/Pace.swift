import CLinux
import Glibc

/// Spaces what costs nearly the same for one item as for many, such as a sync, so that items which come in a crowd share
/// it. Where they come one at a time, nothing waits.
package struct Pace: Sendable {
  /// So many items shall share one round.
  private let crowd: Int
  /// The longest wait from one round to the next, in microseconds.
  private let longest: Int64
  /// When the last round began, in microseconds of the monotonic clock.
  private var last: Int64?
  /// How long the next one waits from there.
  private(set) var interval: Int64 = 0

  package init(crowd: Int, longest: Int64) {
    self.crowd = crowd
    self.longest = longest
  }

  /// A round of so many items begins now.
  package mutating func begin(items: Int) {
    begin(items: items, at: linux_monotonic_microseconds())
  }

  mutating func begin(items: Int, at now: Int64) {
    let elapsed = last.map { now - $0 } ?? longest
    // At the rate at which these came, how long until a crowd is there.
    interval = items < crowd / 4 ? 0 : min(longest, elapsed / Int64(items) * Int64(crowd))
    last = now
  }

  /// Holds the calling thread until the next round may begin.
  package func wait() {
    let rest = rest(at: linux_monotonic_microseconds())
    if rest > 0 { usleep(UInt32(clamping: rest)) }
  }

  func rest(at now: Int64) -> Int64 {
    last.map { min(interval, $0 + interval - now) } ?? 0
  }
}
