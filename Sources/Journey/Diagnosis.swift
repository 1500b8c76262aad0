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
    /// Sessions cut one after the other, with nothing done between, after which the next one is hardly better.
    package static let cuts = 3
    /// From the Download to the router's GET.
    package static let fetch: Int64 = 300
    /// From the end of the transfer to TransferComplete.
    package static let transfer: Int64 = 3600
    /// From the Reboot to the Inform with `1 BOOT`.
    package static let reboot: Int64 = 600

    /// Periodic Informs that may fail to come before a router counts as silent.
    package static let informs: Int64 = 10
    /// For how long it is taken to go on that two routers share a serial number, once that was seen: it is told hourly.
    package static let sharing: Int64 = 7200

    /// From a router's last Inform until it counts as silent.
    package static func silence(every informInterval: Int64) -> Int64 {
      let (seconds, overflows) = max(1, informInterval).multipliedReportingOverflow(by: informs)
      return overflows ? .max : seconds
    }

    /// From the end of a session to the next one.
    package static func nextSession(every informInterval: Int64) -> Int64 {
      let (twice, overflows) = max(0, informInterval).multipliedReportingOverflow(by: 2)
      return overflows || twice > .max - session ? .max : twice + session
    }
  }

  /// - Parameters:
  ///   - maker: Whose router it is by its Inform, nil before that.
  ///   - lastInform: Nil where only its journey tells.
  package static func of(
    _ router: Router, _ timeline: Timeline, by maker: Maker? = nil, expects: Expectations,
    lastInform: LastInform? = nil, at now: Timestamp
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
      guard let cause = lapse(timeline, expects, lastInform, at: now) else {
        return Standing(state: .provisioned, reached: steps, current: current)
      }
      let left = steps.filter { $0.milestone != .provisioned }
      return Standing(
        state: .lapsed, reached: left, current: left.last?.milestone, missing: .provisioned, cause: cause,
        advice: cause.advice(for: router.calledBy, of: maker ?? router.makerByDHCP))
    }
    let missing = next(after: current, expects)
    let finding =
      missing.flatMap { $0 > .informed && !isComingBack(timeline) ? atACS($0, timeline, expects) : nil }
      ?? onWay(next(after: timeline.boot.keys.max(), expects) ?? .discovered, timeline)
    let isOverdue = now.seconds(since: finding.since) >= finding.patience
    var cause = finding.cause
    if isOverdue, cause == .awaitingSession { cause = overdue(timeline, expects, lastInform) }
    return Standing(
      state: isOverdue ? .stopped : .onItsWay, reached: steps, current: current, missing: missing, cause: cause,
      advice: cause.advice(for: router.calledBy, of: maker ?? router.makerByDHCP))
  }

  /// Since its last Inform, the router has asked for an address: it booted, and is on its way to the ACS again.
  static func isComingBack(_ timeline: Timeline) -> Bool {
    !timeline.boot.isEmpty && timeline.boot[.informed] == nil
  }

  static func next(after furthest: Milestone?, _ expects: Expectations) -> Milestone? {
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
