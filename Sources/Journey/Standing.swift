package import Net

/// Where a router stands on its way.
package struct Standing: Hashable, Sendable {
  package enum State: String, Hashable, Sendable {
    case provisioned
    /// It was provisioned, and that is not known to be true any more: the cause says why.
    case lapsed
    case onItsWay = "on its way"
    /// What should have come next is overdue or refused: it needs a hand, or a retry after a while.
    case stopped
  }

  package var state: State
  /// The milestones of the present journey in their order, each with its moment.
  package var reached: [Step]
  /// The milestone furthest on.
  package var current: Milestone?
  /// The first milestone that is missing after ``current``, where one is.
  package var missing: Milestone?
  package var cause: Cause?
  /// What to try, a sentence without its full stop.
  package var advice: String?

  package struct Step: Hashable, Sendable {
    package let milestone: Milestone
    package let moment: Timestamp

    package init(milestone: Milestone, moment: Timestamp) {
      self.milestone = milestone
      self.moment = moment
    }
  }
}

/// When a router informed last, which is no fact of its journey where all was as it should be.
package struct LastInform: Hashable, Sendable {
  package let moment: Timestamp
  /// Seconds between its periodic Informs, as it confirmed them; nil where it did not.
  package let interval: Int64?

  package init(_ moment: Timestamp, every interval: Int64? = nil) {
    self.moment = moment
    self.interval = interval
  }
}

/// Which of the milestones that not every router passes are expected, and how often it informs.
package struct Expectations: Hashable, Sendable {
  /// The ACS's URL has a name that the router must ask DNS for.
  package var resolvesName: Bool
  /// The ACS asks for credentials.
  package var authenticates: Bool
  /// The appliance gives the addresses.
  package var leases: Bool
  /// The profile wants a firmware.
  package var upgrades: Bool
  /// Seconds between its periodic Informs.
  package var informInterval: Int64
  /// Since when the ACS is there to be heard: nobody is silent before.
  package var listeningSince: Timestamp

  package init(
    resolvesName: Bool = true, authenticates: Bool = true, leases: Bool = true, upgrades: Bool = false,
    informInterval: Int64 = 300, listeningSince: Timestamp = .distantPast
  ) {
    self.resolvesName = resolvesName
    self.authenticates = authenticates
    self.leases = leases
    self.upgrades = upgrades
    self.informInterval = informInterval
    self.listeningSince = listeningSince
  }

  /// Whether the milestone can be missing. The boot file never is: a router with CWMP on does without.
  package func contains(_ milestone: Milestone) -> Bool {
    switch milestone {
    case .bootFileFetched: false
    case .acsNameResolved: resolvesName
    case .authenticated: authenticates
    case .upgraded: upgrades
    case .discovered, .leased: leases
    case .connected, .informed, .admitted, .secured, .configured, .verified, .provisioned: true
    }
  }
}
