import DHCP
import Logging
import Net
import Services
import Store
import Transport

extension StateFolder {
  /// Goes on with the time that leases live by, and moves the leases on record along where it was set. To be called
  /// before anything else reads them, and before any of the services is made.
  func continueTime(_ logger: Logger) throws(StoreError) {
    let clocks = MachineClocks.read()
    let previous = try store.setting(named: LeaseClock.setting).flatMap { LeaseClock(stored: $0) }
    let latest = try store.latestLeaseStart() ?? .distantPast
    let resumption = LeaseClock.resume(previous, at: clocks, latest: latest)
    if resumption.shift != 0 {
      logger.notice(
        "the machine's clock was set since the last start: the leases on record were moved along",
        metadata: ["seconds": "\(resumption.shift / 1000)"])
    }
    if resumption.clock != previous {
      let moved =
        resumption.shift == 0
        ? [] : try store.leases().map { Change.lease($0.shifted(byMilliseconds: resumption.shift)) }
      try store.commit(moved + [.setting(name: LeaseClock.setting, value: resumption.clock.stored)])
    }
    SteadyClock.begin(offset: resumption.clock.offset)
    let now = SteadyClock.now()
    if now.milliseconds(since: clocks.wall) > LeaseClock.tolerance {
      logger.warning(
        "the machine's clock is behind what is on record; the time goes on from there",
        metadata: ["clock": "\(clocks.wall)", "time": "\(now)"])
    }
  }
}
