package import Net

/// Says where a router is and, if it stopped, why.
package enum Diagnosis {
  /// How long, in seconds, the next thing may take before the router counts as stopped.
  package enum Patience {
    /// From a DHCPDISCOVER, an offer or a DHCPNAK to what follows: clients repeat after 4, 8 and 16 s (RFC 2131 §4.1).
    package static let address: Int64 = 30
    /// From the lease to the ACS: Comware fetches its boot file, and starts CWMP after its interfaces.
    package static let contact: Int64 = 180
    /// From one step of a session to the next: twice the 30 s after which a Comware router gives a session up.
    package static let session: Int64 = 60
    /// From the Download to the router's GET.
    package static let fetch: Int64 = 300
    /// From the end of the transfer to TransferComplete.
    package static let transfer: Int64 = 3600
    /// From the Reboot to the Inform with `1 BOOT`.
    package static let reboot: Int64 = 600

    /// From the end of a session to the next one.
    package static func nextSession(every informInterval: Int64) -> Int64 {
      let (twice, overflows) = max(0, informInterval).multipliedReportingOverflow(by: 2)
      return overflows || twice > .max - session ? .max : twice + session
    }
  }

  /// `maker` is whose router it is by its Inform, nil before that.
  package static func of(
    _ router: Router, _ timeline: Timeline, by maker: Maker? = nil, expects: Expectations, at now: Timestamp
  ) -> Standing {
    let reached = timeline.reached
    let steps = Milestone.allCases.compactMap { milestone in
      reached[milestone].map { Standing.Step(milestone: milestone, moment: $0) }
    }
    let current = steps.last?.milestone
    if let finding = flapping(timeline) {
      return Standing(
        state: .stopped, reached: steps, current: current, missing: next(after: current, expects),
        cause: finding.cause, advice: finding.cause.advice(for: router.calledBy, of: maker ?? router.makerByDHCP))
    }
    guard current != .provisioned else {
      return Standing(state: .provisioned, reached: steps, current: current)
    }
    let missing = next(after: current, expects)
    let finding =
      missing.flatMap { $0 > .informed && !isComingBack(timeline) ? atACS($0, timeline, expects) : nil }
      ?? onWay(next(after: timeline.boot.keys.max(), expects) ?? .discovered, timeline)
    return Standing(
      state: now.seconds(since: finding.since) >= finding.patience ? .stopped : .onItsWay, reached: steps,
      current: current, missing: missing, cause: finding.cause,
      advice: finding.cause.advice(for: router.calledBy, of: maker ?? router.makerByDHCP))
  }

  /// Since its last Inform, the router has asked for an address: it booted, and is on its way to the ACS again.
  private static func isComingBack(_ timeline: Timeline) -> Bool {
    !timeline.boot.isEmpty && timeline.boot[.informed] == nil
  }

  private static func next(after furthest: Milestone?, _ expects: Expectations) -> Milestone? {
    Milestone.allCases.first { milestone in
      expects.contains(milestone) && furthest.map { milestone > $0 } ?? true
    }
  }
}

/// A cause, and when it is overdue.
struct Finding {
  let cause: Cause
  let since: Timestamp
  /// Seconds; 0 where nothing better is to be expected.
  let patience: Int64
}

extension Router {
  /// Its shortest name.
  fileprivate var calledBy: String {
    serialNumber ?? hardware?.description ?? address?.description ?? String(id.rawValue)
  }
}
