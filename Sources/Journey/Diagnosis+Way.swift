import Net

extension Diagnosis {
  /// Why a router that is on its way to the ACS has not reached this milestone, which is `informed` or before it.
  static func onWay(_ missing: Milestone, _ timeline: Timeline) -> Finding {
    switch missing {
    case .discovered: Finding(cause: .neverAsked, since: timeline.start ?? .distantPast, patience: 0)
    case .leased: address(timeline)
    case .bootFileFetched, .acsNameResolved: name(timeline)
    case .connected: connection(timeline)
    case .authenticated: authentication(timeline)
    case .informed, .admitted, .secured, .upgraded, .configured, .verified, .provisioned: inform(timeline)
    }
  }

  private static func address(_ timeline: Timeline) -> Finding {
    if let other = timeline.last(.answeredByOther),
      case .answeredByOther(let server, let hardware) = other.event.fact
    {
      return Finding(
        cause: .answeredByOther(server: server, hardware: hardware), since: other.event.moment,
        patience: Patience.address)
    }
    let latest = timeline.latest(of: [.discovered, .offered, .refused, .unserved, .declined, .released])
    let moment = latest?.event.moment ?? .distantPast
    switch latest?.event.fact {
    case .offered(let address):
      return Finding(cause: .noRequest(address: address), since: moment, patience: Patience.address)
    case .refused(let address, let reason):
      return Finding(cause: .refused(address: address, reason: reason), since: moment, patience: Patience.address)
    case .unserved(let reason): return Finding(cause: .unserved(reason: reason), since: moment, patience: 0)
    case .declined(let address):
      return Finding(cause: .declined(address: address), since: moment, patience: Patience.address)
    case .released(let address): return Finding(cause: .released(address: address), since: moment, patience: 0)
    default: break
    }
    // A client repeats its DHCPDISCOVER: what was said to the one before still tells why.
    if let unserved = timeline.last(.unserved), case .unserved(let reason) = unserved.event.fact {
      return Finding(cause: .unserved(reason: reason), since: unserved.event.moment, patience: 0)
    }
    let first = timeline.boot[.discovered] ?? moment
    if let offered = timeline.last(.offered), case .offered(let address) = offered.event.fact,
      offered.event.moment >= first
    {
      return Finding(cause: .noRequest(address: address), since: first, patience: Patience.address)
    }
    return Finding(cause: .noOffer, since: first, patience: Patience.address)
  }

  private static func name(_ timeline: Timeline) -> Finding {
    let since = timeline.boot[.leased] ?? timeline.boot.values.max() ?? .distantPast
    if let unresolved = timeline.last(.nameUnresolved), unresolved.event.moment >= since,
      case .nameUnresolved(let name, let reason) = unresolved.event.fact
    {
      return Finding(
        cause: .nameUnresolved(name: name, reason: reason), since: unresolved.event.moment, patience: 0)
    }
    return Finding(cause: .neverAskedDNS(way(timeline)), since: since, patience: Patience.contact)
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
    return Finding(cause: .neverConnected(way(timeline)), since: since, patience: Patience.contact)
  }

  static func authentication(_ timeline: Timeline) -> Finding {
    if let finding = withoutCredentials(timeline) { return finding }
    if let failed = timeline.last(.authenticationFailed),
      case .authenticationFailed(let username, let reason) = failed.event.fact
    {
      // One failure is how a client learns that its nonce is stale.
      return Finding(
        cause: .wrongPassword(username: username, times: failed.count, reason: reason), since: failed.event.moment,
        patience: failed.count > 1 ? 0 : Patience.session)
    }
    let since = timeline.boot[.connected] ?? timeline.lastEvent?.moment ?? .distantPast
    return Finding(cause: .neverAuthenticated, since: since, patience: Patience.session)
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
        since: timeline.boot[.connected] ?? timeline.lastEvent?.moment ?? .distantPast, patience: Patience.session)
    }
    return Finding(
      cause: .noCredentialsInDialect(dialect: dialect, username: username), since: failed.event.moment,
      patience: failed.count > 1 ? 0 : Patience.session)
  }

  private static func inform(_ timeline: Timeline) -> Finding {
    let latest = timeline.latest(of: [.authenticated, .authenticationFailed, .sessionAborted])
    let moment = latest?.event.moment ?? timeline.boot.values.max() ?? .distantPast
    switch latest?.event.fact {
    case .sessionAborted(let reason):
      return Finding(cause: .sessionCut(reason: reason), since: moment, patience: Patience.session)
    case .authenticationFailed: return authentication(timeline)
    default: return Finding(cause: .noInform, since: moment, patience: Patience.session)
    }
  }

  private static func way(_ timeline: Timeline) -> Cause.Way {
    var way = Cause.Way(address: nil, url: nil)
    if case .leased(let address, let url, let dialect, _)? = timeline.last(.leased)?.event.fact {
      way.address = address
      way.url = url
      way.withheld = url == nil ? dialect.flatMap(Fact.Withheld.init) : nil
    }
    if timeline.boot[.acsNameResolved] != nil, case .nameResolved(let name)? = timeline.last(.nameResolved)?.event.fact
    {
      way.name = name
    }
    switch timeline.latest(of: [.bootFileRequested, .bootFileFetched, .bootFileFailed])?.event.fact {
    case .bootFileRequested(let name, _): way.bootFile = .unfinished(name: name)
    case .bootFileFailed(let name, let reason): way.bootFile = .failed(name: name, reason: reason)
    case .bootFileFetched(let name, _, _): way.bootFile = .fetched(name: name)
    default: break
    }
    return way
  }
}
