/// How long a CPE waits before it tries a failed session again (TR-069 section 3.2.1.1): the n-th wait is a random time
/// between m(k/1000)^(n-1) and m(k/1000)^n, from the 10th on as the 10th.
package struct RetrySchedule: Hashable, Sendable {
  /// m, in milliseconds.
  package let minimumWait: Int64
  /// k, in thousandths.
  package let multiplier: Int64

  /// `minimumWait` in milliseconds, 1 to 65,535,000; `multiplier` in thousandths, 1000 to 65,535.
  package init(minimumWait: Int64 = 5000, multiplier: Int64 = 2000) {
    self.minimumWait = min(max(1, minimumWait), 65_535_000)
    self.multiplier = min(max(1000, multiplier), 65_535)
  }

  /// The wait before the n-th retry, in milliseconds; n counts from 1. A day at most, however the numbers are set.
  package func wait(before retry: Int, random: UInt32) -> Int64 {
    var low = minimumWait
    for _ in 1..<min(max(retry, 1), 10) { low = grown(low) }
    return low + Int64(random) % (grown(low) - low + 1)
  }

  private func grown(_ wait: Int64) -> Int64 {
    min(wait * multiplier / 1000, 86_400_000)
  }
}
