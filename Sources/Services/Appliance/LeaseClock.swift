package import DHCP
package import Net
package import Transport

/// How the time that leases live by goes on from one run of the daemon to the next: the boot of the machine, and what
/// was added to its boot clock. It is on record, so that a restart does not depend on the wall clock:
///
/// - Within one boot the boot clock says how much time passed. Where the wall clock has been set meanwhile (NTP answered,
///   or the operator did), the time follows it and the leases on record move along: what was left of each is still left.
/// - Across a boot, or where the machine does not name its boots, only the wall clock is there. Where it is behind what is on record (no battery), the time goes on from
///   the latest moment on record: leases look younger than they are, which holds an address too long and never too
///   short. Where it is ahead, the machine may have been off for so long, and it is believed.
package struct LeaseClock: Hashable, Sendable {
  /// The name under which it is on record.
  package static let setting = "clock"
  /// So far, in milliseconds, the two clocks may drift apart without the wall clock having been set.
  package static let tolerance: Int64 = 60_000

  package let bootID: String?
  /// Milliseconds between the boot clock and this time.
  package let offset: Int64

  package init(bootID: String?, offset: Int64) {
    self.bootID = bootID
    self.offset = offset
  }

  /// The clock for a run that begins, and how far the leases on record move, in milliseconds.
  package struct Resumption: Hashable, Sendable {
    package let clock: LeaseClock
    package let shift: Int64

    package init(clock: LeaseClock, shift: Int64) {
      self.clock = clock
      self.shift = shift
    }
  }

  /// - Parameters:
  ///   - previous: what the run before had, where it is on record.
  ///   - latest: the latest moment on record that had come.
  package static func resume(_ previous: LeaseClock?, at clocks: MachineClocks, latest: Timestamp) -> Resumption {
    guard let previous, previous.bootID != nil, previous.bootID == clocks.bootID else {
      return Resumption(clock: LeaseClock(clocks, now: max(clocks.wall, latest)), shift: 0)
    }
    let difference = clocks.wall.milliseconds(since: previous.now(at: clocks))
    guard difference.magnitude > tolerance.magnitude else { return Resumption(clock: previous, shift: 0) }
    return Resumption(clock: LeaseClock(clocks, now: clocks.wall), shift: difference)
  }

  private init(_ clocks: MachineClocks, now: Timestamp) {
    self.init(bootID: clocks.bootID, offset: now.advanced(byMilliseconds: -clocks.boot).rawValue)
  }

  /// The time at a moment of the same boot.
  package func now(at clocks: MachineClocks) -> Timestamp {
    Timestamp(rawValue: offset).advanced(byMilliseconds: clocks.boot)
  }

  /// The form that is stored: the boot's name (`-` where it has none), a space, the milliseconds.
  package var stored: [UInt8] { Array("\(bootID ?? "-") \(offset)".utf8) }

  /// Nil for bytes that ``stored`` does not make.
  package init?(stored: [UInt8]) {
    let words = String(decoding: stored, as: UTF8.self).split(separator: " ", omittingEmptySubsequences: false)
    guard words.count == 2, !words[0].isEmpty, let offset = Int64(words[1]) else { return nil }
    self.init(bootID: words[0] == "-" ? nil : String(words[0]), offset: offset)
  }
}

extension Lease {
  /// The same lease told by a clock that is so many milliseconds ahead.
  package func shifted(byMilliseconds milliseconds: Int64) -> Lease {
    var lease = self
    lease.start = start.advanced(byMilliseconds: milliseconds)
    lease.expiry = expiry.advanced(byMilliseconds: milliseconds)
    return lease
  }
}
