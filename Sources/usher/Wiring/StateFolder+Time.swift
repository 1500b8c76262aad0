import DHCP
import Logging
import Net
import Services
import Store
import Transport

extension StateFolder {
  /// Goes on with the time that leases live by, and returns the leases on record as they are told by it. To be called
  /// before any of the services is made.
  func continueTime(_ logger: Logger) throws(StoreError) -> [Lease] {
    let clocks = MachineClocks.read()
    var leases = try store.leases()
    let previous = try store.setting(named: LeaseClock.setting).flatMap { LeaseClock(stored: $0) }
    let latest = leases.lazy.map(\.start).max() ?? .distantPast
    let resumption = LeaseClock.resume(previous, at: clocks, latest: latest)
    if resumption.shift != 0 {
      leases = leases.map { $0.shifted(byMilliseconds: resumption.shift) }
      logger.notice(
        "the machine's clock was set since the last start: the leases on record were moved along",
        metadata: ["seconds": "\(resumption.shift / 1000)"])
    }
    if resumption.clock != previous {
      let moved = resumption.shift == 0 ? [] : leases.map { Change.lease($0) }
      try store.commit(moved + [.setting(name: LeaseClock.setting, value: resumption.clock.stored)])
    }
    SteadyClock.begin(offset: resumption.clock.offset)
    let now = SteadyClock.now()
    if now.milliseconds(since: clocks.wall) > LeaseClock.tolerance {
      logger.warning(
        "the machine's clock is behind what is on record; the time goes on from there",
        metadata: ["clock": "\(clocks.wall)", "time": "\(now)"])
    }
    return leases
  }
}
