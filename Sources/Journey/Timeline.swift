package import Net

/// The events of one router, folded in the order in which they were committed, into how far it has come.
///
/// A *journey* begins with the router's first event, and anew with each factory reset, which it tells by informing with
/// `0 BOOTSTRAP`. A milestone keeps the moment at which the journey first reached it. A *boot* begins with the first
/// DHCPDISCOVER after an Inform or after ten minutes of silence: it starts no new journey, so a router that was
/// provisioned and is switched off and on stays provisioned. A new journey takes over the milestones of the boot that
/// it began in. A router that has never informed begins its journey anew with each boot.
///
/// A milestone is lost only by what contradicts it:
/// - a factory reset loses all from `secured` on;
/// - quarantine hides all from `admitted` on, until the router is admitted again;
/// - new work (a parameter set, a Download asked for) and a read-back that differs lose `configured` and what follows;
/// - a Reboot asked for, and boots that follow each other too fast, lose `verified` and `provisioned`;
/// - credentials of its own that it does not use lose `secured` and `provisioned`;
/// - an address that is given back, declined, refused or withdrawn loses the way from `leased` on.
///
/// What tells that `provisioned` may be true no more (``drifts``, ``otherFirmware``, …) loses no milestone: it is for
/// ``Diagnosis`` to weigh at the moment that is asked about.
///
/// It needs the router's events in full, but holds a bounded part: the newest of each kind and the last 100.
package struct Timeline: Hashable, Sendable {
  /// The last event of one kind and how many there were since something better happened.
  struct Tally: Hashable, Sendable {
    var event: Event
    var count: Int
    /// The number of the event in the fold: of two, the later one is greater, also in the same millisecond.
    var order: Int
  }

  /// A parameter that is otherwise than it was confirmed.
  struct Drift: Hashable, Sendable {
    let path: String
    let wanted: String
    let found: String
    let moment: Timestamp
  }

  package static let lastEventsKept = 100
  static let driftsKept = 64
  static let unresolvedKept = 16
  /// A router that asks for an address after so many seconds without a word is taken to boot again.
  package static let silence: Int64 = 600

  /// When this journey began.
  package private(set) var start: Timestamp?
  /// The last events, oldest first.
  package private(set) var lastEvents: [Event] = []
  private(set) var boot: [Milestone: Timestamp] = [:]
  private var journey: [Milestone: Timestamp] = [:]
  /// What had been confirmed and is otherwise now, the oldest first.
  private(set) var drifts: [Drift] = []
  /// The names that it asked DNS for in vain since it booted, the last asked last.
  private(set) var unresolved: [Event] = []
  /// Sessions that ended before their end, one after the other, with nothing done between.
  private(set) var cuts = 0
  private var version: String?
  private var verifiedVersion: String?
  private var isQuarantined = false
  /// Of the last Inform that told a boot.
  private var lastBoot: Timestamp?
  private var tallies: [Fact.Kind: Tally] = [:]
  /// Why the last connection for the file that it is to download came to nothing, where that was in the TLS handshake. It
  /// outlives the Inform by which a router tells that the download failed.
  private(set) var downloadHandshake: Event?
  private var count = 0

  package init() {}

  package init(_ events: some Sequence<Event>) {
    for event in events { record(event) }
  }

  /// When each milestone was reached in this journey.
  package var reached: [Milestone: Timestamp] {
    isQuarantined ? journey.filter { $0.key < .admitted } : journey
  }

  package var furthest: Milestone? { reached.keys.max() }

  package var lastEvent: Event? { lastEvents.last }

  /// The last one in which it was heard itself.
  var lastOfItself: Event? { lastEvents.last { !$0.fact.kind.isOfOthers } }

  /// The last event of this kind that still tells something.
  func last(_ kind: Fact.Kind) -> Tally? { tallies[kind] }

  /// The latest among the last events of these kinds.
  func latest(of kinds: [Fact.Kind]) -> Tally? {
    kinds.compactMap { tallies[$0] }.max { $0.order < $1.order }
  }

  /// What it ran when it was verified, and what it has come back with since; nil where that is the same.
  var otherFirmware: (verified: String, present: String)? {
    guard let verifiedVersion, let version, version != verifiedVersion else { return nil }
    return (verifiedVersion, version)
  }

  package mutating func record(_ event: Event) {
    if start == nil { start = event.moment }
    count += 1
    if lastEvents.count == Self.lastEventsKept { lastEvents.removeFirst() }
    lastEvents.append(event)

    beginIfNew(with: event)
    noteBoot(event)
    noteHandshake(event)
    for kind in event.fact.kind.outdates { tallies[kind] = nil }
    let times = (tallies[event.fact.kind]?.count ?? 0) + 1
    tallies[event.fact.kind] = Tally(event: event, count: times, order: count)
    note(event)
    lose(by: event.fact)
    guard let milestone = event.fact.milestone else { return }
    if journey[milestone] == nil { journey[milestone] = event.moment }
    if milestone >= .verified, journey[.configured] == nil { journey[.configured] = event.moment }
    if milestone <= .informed, boot[milestone] == nil { boot[milestone] = event.moment }
  }

  private mutating func beginIfNew(with event: Event) {
    switch event.fact {
    case .discovered where boot[.informed] != nil || hasGone || isAfterSilence(event.moment):
      boot = [:]
      unresolved = []
      guard journey[.informed] == nil else { break }
      journey = [:]
      start = event.moment
    case .informed(let events, _) where events.contains(where: Self.isBootstrap):
      let admitted = journey[.admitted]
      // A bootstrap that is told twice, with no work between, is one.
      guard journey.keys.contains(where: { $0 > .admitted }) else { break }
      journey = boot
      if admitted != nil { journey[.admitted] = event.moment }
      start = boot.values.min() ?? event.moment
      for kind in Fact.Kind.work { tallies[kind] = nil }
      (drifts, verifiedVersion) = ([], nil)
    default: break
    }
  }

  /// A router that informs after a longer while than between its boots has come to rest.
  private mutating func noteBoot(_ event: Event) {
    guard case .informed(let events, _) = event.fact else { return }
    if let lastBoot, event.moment.seconds(since: lastBoot) > Self.bootGap { tallies[.flapping] = nil }
    if events.contains(where: Self.isBoot) { lastBoot = event.moment }
  }

  /// Seconds between two boots, at most, of a router that boots again and again.
  private static let bootGap: Int64 = 120

  private static func isBoot(_ event: String) -> Bool {
    event.split(separator: " ").first == "1" || isBootstrap(event)
  }

  private mutating func noteHandshake(_ event: Event) {
    switch event.fact {
    case .sessionAborted where event.fact.isHandshakeFailure && tallies[.downloadRequested] != nil:
      downloadHandshake = event
    case .downloadRequested, .downloadServed, .downloadCompleted, .discovered: downloadHandshake = nil
    default: break
    }
  }

  /// Whether it has no address any more because it was given back or taken.
  private var hasGone: Bool { tallies[.released] != nil || tallies[.addressWithdrawn] != nil }

  private func isAfterSilence(_ moment: Timestamp) -> Bool {
    guard let last = lastEvents.dropLast().last(where: { !$0.fact.kind.isOfOthers }) else { return false }
    return moment.seconds(since: last.moment) > Self.silence
  }

  private static func isBootstrap(_ event: String) -> Bool {
    event.split(separator: " ").first == "0"
  }

  /// What a fact adds to what is known beside the milestones.
  private mutating func note(_ event: Event) {
    switch event.fact {
    case .informed(_, let told): version = told ?? version
    case .nameUnresolved(let name, _):
      unresolved.removeAll { $0.fact.unresolvedName == name }
      unresolved.append(event)
      if unresolved.count > Self.unresolvedKept { unresolved.removeFirst() }
    case .drifted(let path, let wanted, let found):
      drifts.removeAll { $0.path == path }
      guard drifts.count < Self.driftsKept else { break }
      drifts.append(Drift(path: path, wanted: wanted, found: found, moment: event.moment))
    case .restored(let path): drifts.removeAll { $0.path == path }
    case .verified, .provisioned:
      drifts = []
      verifiedVersion = version
    case .sessionAborted, .leftAfterInform: cuts += 1
    default: break
    }
    if event.fact.kind.isProgress { cuts = 0 }
  }

  private mutating func lose(by fact: Fact) {
    switch fact {
    case .released, .declined, .refused, .addressWithdrawn:
      boot = boot.filter { $0.key < .leased }
      if journey[.informed] == nil { journey = journey.filter { $0.key < .leased } }
    case .quarantined: isQuarantined = true
    case .admitted: isQuarantined = false
    case .parametersSet, .parameterRefused, .downloadRequested, .downloadFailed, .mismatched, .goalChanged:
      for milestone in [Milestone.configured, .verified, .provisioned] { journey[milestone] = nil }
    case .credentialsLost:
      for milestone in [Milestone.secured, .provisioned] { journey[milestone] = nil }
    case .rebootRequested, .flapping:
      for milestone in [Milestone.verified, .provisioned] { journey[milestone] = nil }
    default: break
    }
  }
}

extension Fact {
  fileprivate var unresolvedName: String? {
    if case .nameUnresolved(let name, _) = self { name } else { nil }
  }
}

extension Fact.Kind {
  /// Whether a session got somewhere: what ended it is no lasting hindrance then.
  fileprivate var isProgress: Bool {
    switch self {
    case .secured, .upgraded, .parametersSet, .parameterRefused, .requestRefused, .downloadRequested, .downloadServed,
      .downloadCompleted, .downloadFailed, .configured, .rebootRequested, .mismatched, .verified, .provisioned,
      .taskDone, .parametersDiscovered:
      true
    case .discovered, .offered, .leased, .refused, .unserved, .unknownNetwork, .released, .addressWithdrawn, .declined,
      .answeredByOther, .leasedElsewhere, .optionDropped, .nameRefused, .bootFileRequested, .bootFileFetched,
      .bootFileFailed, .nameResolved, .nameUnresolved, .misdirected, .credentialsLost, .goalChanged, .flapping,
      .connected, .authenticated, .authenticationFailed,
      .loginUnusable, .nonceUnknown,
      .messageRefused, .turnedAway, .misuseRefused, .informed, .admitted, .quarantined, .downloadDoubtful,
      .fileUploaded,
      .downloadWished, .kicked, .rebooted, .drifted, .restored, .serialShared, .claimHeld, .claimTaken,
      .claimApproved, .twinHeld, .twinSeen, .sessionAborted, .leftAfterInform,
      .unplannable, .taskFailed, .taskCanceled, .woken, .wakeFailed:
      false
    }
  }

  /// What a session does to a router, and how it fails.
  static let work: [Fact.Kind] = [
    .parametersSet, .parameterRefused, .requestRefused, .downloadRequested, .downloadServed, .downloadCompleted,
    .downloadFailed, .configured, .rebootRequested, .rebooted, .mismatched, .verified, .provisioned, .unplannable,
    .secured, .credentialsLost, .goalChanged, .upgraded, .downloadDoubtful, .leftAfterInform,
  ]

  /// The kinds of earlier events that tell nothing more once one of this kind has happened.
  fileprivate var outdates: [Fact.Kind] {
    switch self {
    case .leased:
      [
        .offered, .refused, .unserved, .unknownNetwork, .declined, .released, .addressWithdrawn, .answeredByOther,
        .leasedElsewhere,
      ]
    case .leasedElsewhere: [.released, .addressWithdrawn, .declined, .refused]
    case .bootFileFetched: [.bootFileFailed]
    case .nameResolved: [.nameUnresolved]
    case .connected: [.misdirected]
    case .authenticated: [.authenticationFailed, .loginUnusable, .nonceUnknown, .turnedAway]
    case .informed:
      [
        .authenticationFailed, .loginUnusable, .nonceUnknown, .sessionAborted, .messageRefused, .turnedAway,
        .wakeFailed,
        .released, .addressWithdrawn, .claimHeld,
      ]
    case .claimApproved: [.claimHeld]
    case .admitted: [.quarantined, .twinHeld]
    case .quarantined: [.admitted]
    case .secured: [.requestRefused, .unplannable, .credentialsLost, .leftAfterInform]
    case .parametersSet: [.parameterRefused, .requestRefused, .unplannable, .leftAfterInform]
    case .downloadRequested:
      [.downloadServed, .downloadFailed, .downloadDoubtful, .requestRefused, .unplannable, .leftAfterInform]
    case .downloadServed: [.downloadDoubtful]
    case .downloadFailed: [.downloadRequested, .downloadServed]
    case .downloadCompleted: [.downloadRequested, .downloadServed, .downloadFailed, .downloadDoubtful]
    case .rebootRequested: [.rebooted, .requestRefused, .unplannable, .leftAfterInform]
    case .rebooted: [.rebootRequested]
    case .verified, .provisioned:
      [
        .mismatched, .parameterRefused, .requestRefused, .downloadRequested, .downloadFailed, .rebootRequested,
        .unplannable, .goalChanged, .leftAfterInform,
      ]
    case .discovered, .optionDropped, .nameRefused, .offered, .refused, .unserved, .unknownNetwork, .released,
      .addressWithdrawn, .declined, .answeredByOther, .bootFileRequested, .bootFileFailed, .nameUnresolved,
      .misdirected,
      .credentialsLost, .goalChanged, .flapping,
      .authenticationFailed,
      .loginUnusable, .nonceUnknown, .messageRefused, .turnedAway, .misuseRefused, .upgraded, .parameterRefused,
      .requestRefused,
      .downloadDoubtful, .fileUploaded, .downloadWished, .kicked, .configured, .mismatched, .drifted, .restored,
      .serialShared, .claimHeld, .claimTaken, .twinHeld, .twinSeen, .sessionAborted, .leftAfterInform, .unplannable,
      .taskDone, .taskFailed, .taskCanceled,
      .parametersDiscovered, .woken, .wakeFailed:
      []
    }
  }
}
