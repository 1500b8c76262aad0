import CLinux
package import Net
import Synchronization

/// The time that leases live by. It advances with CLOCK_BOOTTIME, which counts suspension too, so a wall clock that
/// jumps (NTP's first answer on an appliance without a battery, an operator's `date`) neither expires nor prolongs a
/// lease while the daemon runs. It begins where the wall clock is when the process first asks, or where it is told to.
package enum SteadyClock {
  /// What is added to the boot clock, in milliseconds.
  private static let offset = Atomic<Int64>(wall().rawValue - linux_boot_milliseconds())

  /// Never goes backward, but by ``begin(offset:)``. The same for all threads.
  package static func now() -> Timestamp {
    Timestamp(rawValue: offset.load(ordering: .relaxed)).advanced(byMilliseconds: linux_boot_milliseconds())
  }

  /// What the machine's wall clock says at this moment: for dates on certificates, in logs and to people.
  package static func wall() -> Timestamp {
    Timestamp(rawValue: linux_wall_milliseconds())
  }

  /// Makes the time be the boot clock plus so many milliseconds. To be called before anything has taken a moment from
  /// this clock that it still needs.
  package static func begin(offset milliseconds: Int64) {
    offset.store(milliseconds, ordering: .relaxed)
  }
}
