import CLinux
package import Net

/// The time that leases live by. The wall clock is read once, when the process first asks; from then on the time
/// advances with CLOCK_BOOTTIME, which counts suspension too. So a wall clock that jumps (NTP's first answer on an
/// appliance without a battery, an operator's `date`) neither expires nor prolongs a lease while the daemon runs.
///
/// Across restarts the wall clock is what remains: leases are stored as moments, and a new process starts from the wall
/// clock as it then is. If that was wrong by some hours at one of the two starts, leases look older or younger by that
/// much once, until their next renewal.
package enum SteadyClock {
  private static let origin = ClockOrigin(wall: wall(), boot: linux_boot_milliseconds())

  /// Never goes backward. The same for all threads.
  package static func now() -> Timestamp {
    origin.moment(boot: linux_boot_milliseconds())
  }

  /// What the machine's wall clock says at this moment: for dates on certificates, in logs and to people.
  package static func wall() -> Timestamp {
    Timestamp(rawValue: linux_wall_milliseconds())
  }
}

/// A moment known on both clocks.
struct ClockOrigin: Sendable {
  let wall: Timestamp
  /// Milliseconds since the machine booted.
  let boot: Int64

  func moment(boot now: Int64) -> Timestamp {
    wall.advanced(byMilliseconds: now - boot)
  }
}
