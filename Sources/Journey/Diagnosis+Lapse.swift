import Net

// `provisioned` is a statement about now. What was true once lapses where something is known that speaks against it, or
// where nothing has been known for too long; it is decided by facts and the moment alone.
extension Diagnosis {
  /// Why a router that was provisioned is not known to be so now; nil where it is.
  static func lapse(
    _ timeline: Timeline, _ expects: Expectations, _ lastInform: LastInform?, at now: Timestamp
  ) -> Cause? {
    if let silence = silence(timeline, expects, lastInform, at: now) { return silence }
    if let shared = timeline.last(.serialShared), now.seconds(since: shared.event.moment) < Patience.sharing,
      case .serialShared(let serial, let first, let second) = shared.event.fact
    {
      return .serialShared(serial: serial, first: first, second: second)
    }
    if let firmware = timeline.otherFirmware {
      return .otherFirmware(verified: firmware.verified, present: firmware.present)
    }
    if let drift = timeline.drifts.first {
      return .drifted(path: drift.path, wanted: drift.wanted, found: drift.found, others: timeline.drifts.count - 1)
    }
    if case .downloadDoubtful(let file)? = timeline.last(.downloadDoubtful)?.event.fact {
      return .doubtful(file: file)
    }
    return nil
  }

  private static func silence(
    _ timeline: Timeline, _ expects: Expectations, _ lastInform: LastInform?, at now: Timestamp
  ) -> Cause? {
    let heard = heard(timeline, lastInform)
    let interval = lastInform?.interval ?? expects.informInterval
    guard now.seconds(since: max(heard, expects.listeningSince)) >= Patience.silence(every: interval) else {
      return nil
    }
    if let claimed = claimed(timeline) { return claimed }
    guard isComingBack(timeline) else { return .silent(since: heard, every: interval, stop: nil) }
    let stop = onWay(next(after: timeline.boot.keys.max(), expects) ?? .discovered, timeline).cause
    return .silent(since: heard, every: interval, stop: Cause.Stop(stop))
  }

  /// Its next session is overdue: what is known is that it is silent, unless nobody was there to hear it.
  static func overdue(_ timeline: Timeline, _ expects: Expectations, _ lastInform: LastInform?) -> Cause {
    let heard = heard(timeline, lastInform)
    guard heard > .distantPast, heard >= expects.listeningSince else { return .awaitingSession }
    if let claimed = claimed(timeline) { return claimed }
    return .silent(since: heard, every: lastInform?.interval ?? expects.informInterval, stop: nil)
  }

  /// Since it was heard last, somebody came for it who may be itself.
  private static func claimed(_ timeline: Timeline) -> Cause? {
    guard case .claimHeld(let address, let hardware, let reason)? = timeline.last(.claimHeld)?.event.fact else {
      return nil
    }
    return .claimed(address: address, hardware: hardware, reason: reason)
  }

  private static func heard(_ timeline: Timeline, _ lastInform: LastInform?) -> Timestamp {
    max(timeline.last(.informed)?.event.moment ?? .distantPast, lastInform?.moment ?? .distantPast)
  }
}
