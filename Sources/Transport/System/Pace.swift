import CLinux
import Glibc

/// Spaces what costs nearly the same for one item as for many, such as a sync, so that items which come in a crowd share
/// it. Where they come one at a time, nothing waits.
package struct Pace: Sendable {
  /// So many items shall share one round.
  private let crowd: Int
  /// The longest wait from one round to the next, in microseconds.
  private let longest: Int64
  /// Where a crowd would take so many times the longest wait to gather, nothing waits.
  private static let sparse: Int64 = 4
  /// When the last round began, in microseconds of the monotonic clock.
  private var last: Int64?
  /// The items of late, each second. What is older than a few of the longest waits counts little.
  private var rate: Int64 = 0
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
    let memory = 4 * longest
    let elapsed = last.map { min(now - $0, 1_000 * memory) } ?? 1_000 * memory
    rate = (rate * memory + Int64(items) * 1_000_000) / (memory + elapsed)
    let gathering = Int64(crowd) * 1_000_000 / max(1, rate)
    interval = gathering > Self.sparse * longest ? 0 : min(longest, gathering)
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
