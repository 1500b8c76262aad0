import Net

extension Diagnosis {
  /// Why a router that is on its way to the ACS has not reached this milestone, which is `informed` or before it.
  static func onWay(_ missing: Milestone, _ timeline: Timeline) -> Finding {
    switch missing {
    case .discovered:
      // A request that was refused or not answered is no sign of a router that asks for nothing.
      timeline.latest(of: addressing) != nil
        ? address(timeline) : Finding(cause: .neverAsked, since: timeline.start ?? .distantPast, patience: 0)
    case .leased: address(timeline)
    case .bootFileFetched, .acsNameResolved: name(timeline)
    case .connected: connection(timeline)
    case .authenticated: authentication(timeline)
    case .informed, .admitted, .secured, .upgraded, .configured, .verified, .provisioned: inform(timeline)
    }
  }

  /// What tells how its asking for an address ended.
  private static let addressing: [Fact.Kind] = [
    .discovered, .offered, .refused, .unserved, .unknownNetwork, .declined, .released, .addressWithdrawn,
    .answeredByOther, .leasedElsewhere,
  ]

  private static func address(_ timeline: Timeline) -> Finding {
    if let other = other(timeline) { return other }
    let latest = timeline.latest(of: addressing)
    let moment = latest?.event.moment ?? .distantPast
    if let fact = latest?.event.fact, let finding = address(fact, since: moment) { return finding }
    // A client repeats its DHCPDISCOVER: what was said to the one before still tells why.
    if let told = timeline.latest(of: [.unserved, .unknownNetwork]),
      let finding = address(told.event.fact, since: told.event.moment)
    {
      return finding
    }
    let first = timeline.boot[.discovered] ?? moment
    if let offered = timeline.last(.offered), case .offered(let address) = offered.event.fact,
      offered.event.moment >= first
    {
      return Finding(cause: .noRequest(address: address), since: first, patience: Patience.address)
    }
    return Finding(cause: .noOffer, since: first, patience: Patience.address)
  }

  private static func address(_ fact: Fact, since moment: Timestamp) -> Finding? {
    switch fact {
    case .offered(let address):
      Finding(cause: .noRequest(address: address), since: moment, patience: Patience.address)
    case .refused(let address, let reason):
      Finding(cause: .refused(address: address, reason: reason), since: moment, patience: Patience.address)
    case .unserved(let reason): Finding(cause: .unserved(reason: reason), since: moment, patience: 0)
    case .unknownNetwork(let address, let isRelayed):
      Finding(cause: .unknownNetwork(address: address, isRelayed: isRelayed), since: moment, patience: 0)
    case .declined(let address):
      Finding(cause: .declined(address: address), since: moment, patience: Patience.address)
    case .released(let address): Finding(cause: .released(address: address), since: moment, patience: 0)
    case .addressWithdrawn(let address):
      Finding(cause: .addressWithdrawn(address: address), since: moment, patience: 0)
    default: nil
    }
  }

  /// Another DHCP server has it.
  private static func other(_ timeline: Timeline) -> Finding? {
    let answered = timeline.last(.answeredByOther)
    var hardware: String?
    if case .answeredByOther(_, let seen)? = answered?.event.fact { hardware = seen }
    if let taken = timeline.last(.leasedElsewhere), case .leasedElsewhere(let address, let server) = taken.event.fact {
      return Finding(
        cause: .leasedElsewhere(address: address, server: server, hardware: hardware), since: taken.event.moment,
        patience: Patience.address)
    }
    guard let answered, case .answeredByOther(let server, _) = answered.event.fact else { return nil }
    return Finding(
      cause: .answeredByOther(server: server, hardware: hardware), since: answered.event.moment,
      patience: Patience.address)
  }

  private static func name(_ timeline: Timeline) -> Finding {
    let since = timeline.boot[.leased] ?? timeline.boot.values.max() ?? .distantPast
    let way = way(timeline)
    if let vain = vain(way, since: since, timeline) { return vain }
    return Finding(cause: .neverAskedDNS(way), since: since, patience: Patience.contact)
  }

  /// What came of its asking DNS, where it got no answer for the ACS's name; nil where it did not ask.
  private static func vain(_ way: Cause.Way, since: Timestamp, _ timeline: Timeline) -> Finding? {
    let asked = timeline.unresolved.filter { $0.moment >= since }
    for event in asked.reversed() {
      guard case .nameUnresolved(let name, let reason) = event.fact,
        way.url == nil || way.acsName?.isName(name) == true
      else { continue }
      return Finding(cause: .nameUnresolved(name: name, reason: reason), since: event.moment, patience: 0)
    }
    guard case .nameUnresolved(let name, let reason)? = asked.last?.fact else { return nil }
    return Finding(
      cause: .askedOtherNames(way, last: name, reason: reason, count: asked.count), since: since,
      patience: Patience.contact)
  }

  private static func connection(_ timeline: Timeline) -> Finding {
    let since = timeline.boot[.acsNameResolved] ?? timeline.boot[.leased] ?? timeline.boot.values.max() ?? .distantPast
    // A session that was cut before there was a connection is a handshake that failed.
    if let cut = timeline.last(.sessionAborted), cut.event.moment >= since,
      case .sessionAborted(let reason) = cut.event.fact
    {
      return Finding(cause: .handshakeFailed(reason: reason), since: cut.event.moment, patience: 0)
    }
    if let missed = timeline.last(.misdirected), missed.event.moment >= since,
      case .misdirected("POST", let url) = missed.event.fact
    {
      return Finding(cause: .misdirected(url: url), since: missed.event.moment, patience: 0)
    }
    let way = way(timeline)
    if way.name == nil, let vain = vain(way, since: since, timeline) { return vain }
    return Finding(cause: .neverConnected(way), since: since, patience: Patience.contact)
  }

  /// What tells how its login ended.
  static let logins: [Fact.Kind] = [
    .authenticationFailed, .loginUnusable, .nonceUnknown, .messageRefused, .turnedAway,
  ]

  static func authentication(_ timeline: Timeline) -> Finding {
    if let finding = withoutCredentials(timeline) { return finding }
    guard let latest = timeline.latest(of: logins), let finding = login(latest) else {
      let since = timeline.boot[.connected] ?? timeline.lastOfItself?.moment ?? .distantPast
      return Finding(cause: .neverAuthenticated, since: since, patience: Patience.session)
    }
    return finding
  }

  /// Nil for what is no such fact.
  static func login(_ latest: Timeline.Tally) -> Finding? {
    let moment = latest.event.moment
    // Once may be part of an exchange that ends well: one failure is how a client learns that its nonce is stale.
    let patience = latest.count > 1 ? 0 : Patience.session
    switch latest.event.fact {
    case .authenticationFailed(let username, let reason):
      return Finding(
        cause: .wrongPassword(username: username, times: latest.count, reason: reason), since: moment,
        patience: patience)
    case .loginUnusable(let scheme, let username, let reason):
      return Finding(
        cause: .loginUnusable(scheme: scheme, username: username, reason: reason), since: moment, patience: patience)
    case .nonceUnknown(let username):
      return Finding(cause: .nonceUnknown(username: username), since: moment, patience: 0)
    case .messageRefused(let reason):
      return Finding(cause: .messageRefused(reason: reason), since: moment, patience: patience)
    case .turnedAway(let reason):
      return Finding(cause: .turnedAway(reason: reason), since: moment, patience: Patience.session)
    default: return nil
    }
  }

  /// In the words of the configuration, and as older versions stored them.
  private static let dialectsWithoutCredentials: Set<String> = [
    "broadband-forum", "url", "broadbandForum", "bareURL",
  ]

  /// A router that was told of the ACS in a dialect without credentials, and has never had any of ours.
  private static func withoutCredentials(_ timeline: Timeline) -> Finding? {
    guard case .leased(_, _?, let dialect?, _)? = timeline.last(.leased)?.event.fact,
      Self.dialectsWithoutCredentials.contains(dialect), timeline.reached[.secured] == nil
    else { return nil }
    guard let failed = timeline.last(.authenticationFailed),
      case .authenticationFailed(let username, _) = failed.event.fact
    else {
      return Finding(
        cause: .noCredentialsInDialect(dialect: dialect, username: nil),
        since: timeline.boot[.connected] ?? timeline.lastOfItself?.moment ?? .distantPast, patience: Patience.session)
    }
    return Finding(
      cause: .noCredentialsInDialect(dialect: dialect, username: username), since: failed.event.moment,
      patience: failed.count > 1 ? 0 : Patience.session)
  }

  private static func inform(_ timeline: Timeline) -> Finding {
    let latest = timeline.latest(of: [.authenticated, .sessionAborted] + logins)
    let moment = latest?.event.moment ?? timeline.boot.values.max() ?? .distantPast
    if let latest, let finding = login(latest) { return finding }
    if case .sessionAborted(let reason)? = latest?.event.fact {
      return Finding(
        cause: .sessionCut(reason: reason, times: timeline.cuts), since: moment, patience: Patience.session)
    }
    return Finding(cause: .noInform, since: moment, patience: Patience.session)
  }

  private static func way(_ timeline: Timeline) -> Cause.Way {
    var way = Cause.Way(address: nil, url: nil)
    switch timeline.latest(of: [.leased, .leasedElsewhere])?.event.fact {
    case .leased(let address, let url, let dialect, _):
      (way.address, way.url) = (address, url)
      way.withheld = url == nil ? dialect.flatMap(Fact.Withheld.init) : nil
    case .leasedElsewhere(let address, let server): (way.address, way.server) = (address, server)
    default: break
    }
    if timeline.boot[.acsNameResolved] != nil, case .nameResolved(let name)? = timeline.last(.nameResolved)?.event.fact
    {
      way.name = name
    }
    let bootFile = timeline.latest(of: [.bootFileRequested, .bootFileFetched, .bootFileFailed])?.event
    // What it did with the file at an earlier boot is not on this way.
    guard let bootFile, bootFile.moment >= timeline.boot.values.min() ?? .distantPast else { return way }
    switch bootFile.fact {
    case .bootFileRequested(let name, _): way.bootFile = .unfinished(name: name)
    case .bootFileFailed(let name, let reason): way.bootFile = .failed(name: name, reason: reason)
    case .bootFileFetched(let name, _, _): way.bootFile = .fetched(name: name)
    default: break
    }
    return way
  }
}
