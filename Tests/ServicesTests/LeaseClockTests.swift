import DHCP
import Net
import Services
import Testing
import Transport

struct LeaseClockTests {
  private static let start = Timestamp(secondsSince1970: 1_767_268_800)
  private static let hour: Int64 = 3_600_000
  private static let year = 365 * 24 * hour

  /// `hours` after the start, on a machine that had booted an hour before it, with a wall clock that is so far off.
  private func clocks(_ hours: Int64, off: Int64 = 0, boot: String? = "first") -> MachineClocks {
    MachineClocks(
      wall: Self.start.advanced(byMilliseconds: hours * Self.hour + off), boot: (1 + hours) * Self.hour, bootID: boot)
  }

  private func begun() -> LeaseClock {
    LeaseClock.resume(nil, at: clocks(0), latest: .distantPast).clock
  }

  @Test func `the first run begins with the wall clock`() {
    let resumption = LeaseClock.resume(nil, at: clocks(0), latest: .distantPast)
    #expect(resumption.shift == 0)
    #expect(resumption.clock.now(at: clocks(0)) == Self.start)
    #expect(resumption.clock.now(at: clocks(5)) == Self.start.advanced(byMilliseconds: 5 * Self.hour))
  }

  @Test(arguments: [0, 59_999, -59_999])
  func `a restart goes on where the boot clock is, and a wall clock that drifts changes nothing`(drift: Int64) {
    #expect(
      LeaseClock.resume(begun(), at: clocks(3, off: drift), latest: Self.start) == .init(clock: begun(), shift: 0))
  }

  @Test(arguments: [60_001, 24 * hour, 10 * year, -24 * hour, -10 * year])
  func `where the wall clock was set before a restart, the time follows it and leases keep what is left`(jump: Int64) {
    let later = clocks(3, off: jump)
    let resumption = LeaseClock.resume(begun(), at: later, latest: Self.start)
    #expect(resumption.shift == jump)
    #expect(resumption.clock.now(at: later) == later.wall)
    let lease = Lease(
      address: IPv4Address(192, 0, 2, 20), client: .identifier([1]), hardware: nil, state: .bound, start: Self.start,
      expiry: Self.start.advanced(byMilliseconds: 4 * Self.hour))
    let moved = lease.shifted(byMilliseconds: resumption.shift)
    #expect(moved.expiry.milliseconds(since: later.wall) == Self.hour)
    #expect(moved.expiry.milliseconds(since: moved.start) == 4 * Self.hour)
  }

  @Test func `after a boot without a battery the time goes on from the latest moment on record`() {
    let latest = Self.start.advanced(byMilliseconds: 2 * Self.hour)
    let unset = MachineClocks(wall: .distantPast, boot: 5000, bootID: "second")
    let resumption = LeaseClock.resume(begun(), at: unset, latest: latest)
    #expect(resumption.shift == 0)
    #expect(resumption.clock.now(at: unset) == latest)

    // NTP has answered, and the daemon is started once more: the leases of that run keep what is left of them.
    let set = MachineClocks(
      wall: Self.start.advanced(byMilliseconds: 9 * Self.hour), boot: 5000 + Self.hour, bootID: "second")
    let corrected = LeaseClock.resume(resumption.clock, at: set, latest: latest)
    #expect(corrected.clock.now(at: set) == set.wall)
    #expect(corrected.shift == 6 * Self.hour)
  }

  @Test func `after a boot a wall clock that is ahead is believed`() {
    let later = clocks(0, off: Self.year, boot: "second")
    let resumption = LeaseClock.resume(begun(), at: later, latest: Self.start)
    #expect(resumption == .init(clock: LeaseClock(bootID: "second", offset: resumption.clock.offset), shift: 0))
    #expect(resumption.clock.now(at: later) == later.wall)
  }

  @Test func `a machine that does not name its boots goes by its wall clock, and never backward`() {
    let unnamed = MachineClocks(wall: Self.start, boot: 5000, bootID: nil)
    let first = LeaseClock.resume(nil, at: unnamed, latest: .distantPast).clock
    for jump in [Self.hour, -Self.hour] {
      let later = MachineClocks(wall: Self.start.advanced(byMilliseconds: jump), boot: 6000, bootID: nil)
      let resumption = LeaseClock.resume(first, at: later, latest: Self.start)
      #expect(resumption.shift == 0)
      #expect(resumption.clock.now(at: later) == max(later.wall, Self.start))
    }
  }

  @Test func `it is stored as text, and what is no such text is refused`() {
    #expect(LeaseClock(stored: begun().stored) == begun())
    #expect(LeaseClock(stored: Array("x -12".utf8)) == LeaseClock(bootID: "x", offset: -12))
    let unnamed = LeaseClock(bootID: nil, offset: 7)
    #expect(LeaseClock(stored: unnamed.stored) == unnamed)
    for text in ["", "x", "x ", " 1", "x 1 2", "x 99999999999999999999"] {
      #expect(LeaseClock(stored: Array(text.utf8)) == nil)
    }
  }

  @Test func `no moment on record and no clock of a machine traps`() {
    let extremes = [Int64.min, -1, 0, 1, .max]
    for offset in extremes {
      for wall in extremes {
        for boot in [0, Int64.max] {
          let clocks = MachineClocks(wall: Timestamp(rawValue: wall), boot: boot, bootID: "x")
          for id in ["x", "y", nil] {
            let resumption = LeaseClock.resume(
              LeaseClock(bootID: id, offset: offset), at: clocks, latest: Timestamp(rawValue: wall))
            // It is a time that can be told and counted from, whatever it is.
            let now = resumption.clock.now(at: clocks)
            #expect(now.advanced(bySeconds: 0) == now)
          }
        }
      }
    }
  }
}
