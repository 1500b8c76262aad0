import CWMP
import HTTP
import Journey
import Net
import Provisioning
import Store
import Transport

// How a POST finds its session, and how one begins. The locals of an async function take memory from the heap for as
// long as it runs: all that waits for nothing is in functions that are not, so that a greeting costs little.
extension CWMPHandler {
  /// Where a POST belongs.
  enum Turn {
    case answered(HTTP.Response)
    /// In no session: one may begin.
    case opening
    /// In this session, which is taken out.
    case going(Boxed<ACSSession>)
  }

  enum Opening {
    case answered(HTTP.Response)
    case begins(Boxed<Beginning>)
  }

  /// A session that begins once `changes` are committed.
  struct Beginning: Sendable {
    fileprivate let router: RouterID
    fileprivate let address: IPv4Address?
    fileprivate let moment: Timestamp
    fileprivate let events: [String]
    fileprivate let isRoutine: Bool
    fileprivate let changes: [Change]
    fileprivate let session: CWMP.Session
    fileprivate let device: Device
    fileprivate let reply: ACSEnvelope
    fileprivate let site: SiteConfiguration
  }

  @inline(never)
  func turn(of request: HTTP.Request, at now: Timestamp) -> Turn {
    switch sessions.take(
      cookie: request.cookie(Self.cookie), connection: request.connection, from: IPv4Address(request.peer.host),
      binding: site.part(\.addressBinding))
    {
    case .foreign(let place): return turn(ofStranger: request, in: place, at: now)
    case .busy:
      counters.increment("acs.refused.sessionBusy")
      return .answered(Self.unavailable("another POST of this session is being answered"))
    case .none: return .opening
    case .session(var session):
      session.connection = request.connection
      session.lastPost = now
      if session.isOver, CPEEnvelope.endsAsInform(request.body) {
        // The next session of a router that keeps its connection: read once the router has logged in.
        sessions.end(session)
        return .opening
      }
      return endAtOnce(session, request, at: now).map { .answered($0) } ?? .going(Boxed(session))
    }
  }

  /// The end of a session in which nothing is asked of the router, as in most; nil, with nothing done, where there is
  /// more to it.
  private func endAtOnce(_ session: ACSSession, _ request: HTTP.Request, at now: Timestamp) -> HTTP.Response? {
    guard request.body.isEmpty, !session.isOver, now.seconds(since: session.start) < Self.longestSession,
      provisioner.isSettled(session, in: site.value)
    else { return nil }
    var session = session
    var warnings = Warnings()
    guard case .ready = session.session.receive(.empty, warnings: &warnings) else { return nil }
    session.session.finish()
    let response = Self.end(of: session)
    session.transcript?.add(request, response, at: now)
    end(&session)
    _ = sessions.put(session)
    return response
  }

  /// A session has come to its end: what is worth keeping of it is kept.
  func end(_ session: inout ACSSession) {
    keepTranscript(of: &session)
    session.goal = nil
  }

  // MARK: - A session begins

  func open(_ request: HTTP.Request, at now: Timestamp) async -> HTTP.Response {
    switch opening(request, at: now) {
    case .answered(let response): response
    case .begins(let beginning): await begin(beginning, request)
    }
  }

  func begin(_ beginning: Boxed<Beginning>, _ request: HTTP.Request) async -> HTTP.Response {
    defer { sessions.leavePlace() }
    do {
      try await journey.commit(beginning.value.changes)
    } catch {
      return failed(error, request)
    }
    return begun(beginning, request)
  }

  /// Judges a request that belongs to no session. Where one begins, it has a place.
  @inline(never)
  func opening(_ request: HTTP.Request, at now: Timestamp) -> Opening {
    let site = site.value
    let address = IPv4Address(request.peer.host)
    if !request.body.isEmpty, let address, sessions.isCrowded(address) {
      counters.increment("acs.refused.crowdedAddress")
      return .answered(
        Self.unavailable("\(SessionTable.servedAtOnceOfAddress) routers at \(address) are served before this one"))
    }
    if request.headers["Authorization"] == nil, !request.body.isEmpty, let wait = sessions.wait(at: now) {
      counters.increment("acs.refused.crowded")
      return .answered(Self.unavailable("many routers are served before this one", retryAfter: wait))
    }
    if let address, !settled.contains(address) { journey.sighting(at: address, .connected(address: address)) }
    var login = Contact.Login.none
    var username: String?
    var owner: Device?
    if site.authenticates, let certificate = request.certificate, isInform(request, of: certificate) {
      username = "certificate of \(certificate)"
      login = .certificate
    } else if site.authenticates, request.headers["Authorization"] == nil, cannotLogIn(request, in: site) {
      counters.increment("acs.admitted.withoutLogin")
    } else if site.authenticates {
      switch gatekeeper.judge(request, site, at: now) {
      case .unavailable(let reason): return .answered(Self.unavailable(reason))
      case .refused where request.headers["Authorization"] != nil && cannotLogIn(request, in: site):
        // What it takes for a login is worth as much as none.
        counters.increment("acs.admitted.withoutLogin")
      case .refused(let refusal, let tried, let challenges):
        guard let name = firstContact(request, as: tried, from: address, in: site, at: now) else {
          note(refusal, username: tried, of: request, address)
          return .answered(refuse(refusal, challenges: challenges))
        }
        username = name
        login = .link
      case .admitted(let name, let device, let isNext):
        username = name
        loops.loggedIn(address, name)
        owner = device
        login = device == nil ? .bootstrap : isNext ? .next : .own
      }
    }
    guard !request.body.isEmpty else {
      counters.increment("acs.probed")
      return .answered(HTTP.Response(.noContent))
    }
    let envelope: CPEEnvelope
    switch decode(request) {
    case .success(let decoded): envelope = decoded
    case .failure(let error):
      noteRefused("\(error)", of: request, loggedInAs: username)
      return .answered(refuse(error, request))
    }
    var session = CWMP.Session()
    var warnings = Warnings()
    let action = session.receive(.envelope(envelope), warnings: &warnings)
    note(warnings, request)
    guard case .acknowledge(let inform, _, let reply) = action else {
      if case .refuse(let refusal, _) = action { noteRefused("\(refusal)", of: request, loggedInAs: username) }
      return .answered(answer(refusal: action))
    }
    guard owner == nil || owner?.id == inform.device else {
      counters.increment("acs.refused.foreignCredentials")
      let reason = "device \(inform.device.name) used the credentials of \(owner?.id.name ?? "another")"
      logger.warning("credentials of another device", metadata: [.peer: "\(request.peer)", .reason: "\(reason)"])
      noteTurnedAway(reason, address)
      return .answered(HTTP.Response(.forbidden, text: reason + "\n"))
    }
    if login == .bootstrap, let username, let reason = refusal(of: username, inform, in: site) {
      counters.increment("acs.refused.otherModel")
      logger.warning("the login of another model", metadata: [.peer: "\(request.peer)", .reason: "\(reason)"])
      if let address { journey.sighting(at: address, .authenticationFailed(username: username, reason: reason)) }
      return .answered(HTTP.Response(.forbidden, text: reason + "\n"))
    }
    let claim = judgeClaim(inform, login, from: address, in: site, at: now)
    if case .held? = claim { return .answered(Self.unavailable(Self.heldClaim, retryAfter: Claim.retryAfter)) }
    if let reason = refusalOnRecord(inform, login, from: address, in: site, at: now) {
      noteTurnedAway(reason, address)
      return .answered(Self.unavailable(reason, retryAfter: 300))
    }
    if let wait = sessions.takePlace(at: now) {
      counters.increment("acs.refused.crowded")
      return .answered(Self.unavailable("many routers are served before this one", retryAfter: wait))
    }
    guard
      let beginning = beginning(
        inform, session, owner, login: login, claim, username: username, from: address, reply: reply, in: site,
        at: now)
    else {
      sessions.leavePlace()
      return .answered(Self.unavailable("no more routers are taken on record"))
    }
    return .begins(Boxed(beginning))
  }

  /// Why no record is made of a device that is new; nil where there is one, or may be.
  private func refusalOnRecord(
    _ inform: Inform, _ login: Contact.Login, from address: IPv4Address?, in site: SiteConfiguration,
    at now: Timestamp
  ) -> String? {
    guard !devices.knows(inform.device) else { return nil }
    let hardware = address.flatMap { journey.router(at: $0) }?.hardware
    let row = site.inventory.row(
      serialNumber: inform.device.serialNumber, oui: inform.device.oui, hardware: hardware)
    // Whom the operator expects is let in, however many others come.
    if row != nil, holder(of: row, beside: inform.device) == nil { return nil }
    guard devices.quarantined < DeviceDirectory.quarantineLimit else {
      counters.increment("acs.refused.quarantineFull")
      return
        "\(DeviceDirectory.quarantineLimit) devices wait for somebody to admit them, and no more are taken on record"
    }
    // Where a profile admits all who log in, all may come.
    if login != .none, row == nil, site.profiles.contains(where: { $0.admit == .all }) { return nil }
    guard let address, !newcomers.admit(from: address, at: now) else { return nil }
    counters.increment("acs.refused.newcomers")
    logger.debug("too many new devices from one address", metadata: [.peer: "\(address)"])
    return "more than \(Newcomers.limit) new devices came from \(address) within an hour"
  }

  /// Whether the request is an Inform of a router that the inventory has, of a model that never answers a challenge, or
  /// never right.
  private func cannotLogIn(_ request: HTTP.Request, in site: SiteConfiguration) -> Bool {
    guard site.models.contains(where: { !$0.authenticates }), !request.body.isEmpty,
      case .success(let envelope) = decode(request),
      case .request(.inform(let inform)) = envelope.body
    else { return false }
    let device = Self.stranger(inform)
    let row = site.inventory.row(serialNumber: inform.device.serialNumber, oui: inform.device.oui, hardware: nil)
    return row?.isApproved == true && !site.models.model(of: device).authenticates
  }

  /// Why a login that is not option 43's does not hold for the device: it is that of other models.
  private func refusal(of username: String, _ inform: Inform, in site: SiteConfiguration) -> String? {
    guard username != site.username else { return nil }
    let login = site.models.model(of: Self.stranger(inform)).login
    return login?.username == username ? nil : "the login \"\(username.printable(longest: 64))\" is not its model's"
  }

  /// As it shows itself.
  private static func stranger(_ inform: Inform) -> Device {
    var device = Device(
      id: inform.device, manufacturer: inform.manufacturer, dataModel: .device,
      firstInform: Timestamp(rawValue: 0))
    device.softwareVersion = inform.value(of: "DeviceInfo.SoftwareVersion")
    return device
  }

  /// Whether the request is an Inform of the device that the certificate names.
  private func isInform(_ request: HTTP.Request, of certificate: ClientCertificate) -> Bool {
    guard !request.body.isEmpty, case .success(let envelope) = decode(request),
      case .request(.inform(let inform)) = envelope.body
    else { return false }
    return certificate.names(inform.device)
  }

  /// What an Inform, and who sent it, come to; nil where no more routers are taken.
  private func beginning(
    _ inform: Inform, _ session: CWMP.Session, _ owner: Device?, login: Contact.Login, _ claim: Claim.Decision?,
    username: String?, from address: IPv4Address?, reply: ACSEnvelope, in site: SiteConfiguration, at now: Timestamp
  ) -> Beginning? {
    var known = owner ?? devices.device(inform.device)
    if known != nil, inform.events.contains(where: { $0.code == .boot }),
      let request = sessions.outstanding(of: inform.device),
      let set = LastSet(request, moment: now, isAnswered: false)
    {
      // It may have booted because of that.
      known?.lastSet = set
    }
    // Where the address was known, the connection has been noted already.
    let isStranger = address.map { journey.router(at: $0) == nil } ?? false
    let contact = Contact(
      id: inform.device, manufacturer: inform.manufacturer,
      events: inform.events.map { Contact.Occurrence($0.code.rawValue, commandKey: $0.commandKey) },
      parameters: inform.parameters, login: login)
    guard
      let (router, records, former) = journey.informed(
        device: "\(inform.device)", serialNumber: inform.device.serialNumber, from: address, at: now)
    else { return nil }

    var progress = Progress(
      known, informed: contact,
      sharesCredentials: known.map { provisioner.sharesCredentials($0, in: site) } ?? false, at: now)
    count(progress.outcomes, of: inform.device)
    let row = provisioner.row(of: inform.device, router, in: site)
    var facts: [Fact] = []
    var profile: Profile?
    do throws(GoalError) {
      profile = try site.profiles.profile(for: progress.device, row: row)
    } catch {
      if row != nil { facts.append(.unplannable(reason: "\(error)")) }
    }
    facts += admit(&progress, by: row, profile, router, from: address, at: now)
    facts += claimTaken(claim, login, known, progress.device, from: address)
    noteTwins(of: progress.device, row, router, from: former, to: address, in: site, at: now)

    let ended = provisioner.endedTasks(by: inform, at: now)
    let isRoutine = ended.isEmpty && isRoutine(inform, known, progress.device)
    if let address { settled.note(address, isSettled: isRoutine) }
    let changes: [Change]
    if isRoutine {
      changes = records + [.contact(inform.device, now)]
    } else {
      var way: [Fact] = []
      if isStranger, let address { way.append(.connected(address: address)) }
      if let username { way.append(.authenticated(username: username)) }
      facts = way + progress.outcomes.flatMap(Fact.facts) + facts
      changes =
        records + facts.map { .event(Event(router: router, moment: now, fact: $0)) } + [.device(progress.device)]
        + Change.tasks(ended, of: router, at: now)
    }
    var session = session
    session.forgetParameters()
    return Beginning(
      router: router, address: address, moment: now, events: inform.events.map(\.code.rawValue), isRoutine: isRoutine,
      changes: changes, session: session, device: progress.device, reply: reply, site: site)
  }

  /// What is worth a counter and a line in the log of what an Inform comes to.
  private func count(_ outcomes: [Provisioning.Outcome], of device: DeviceID) {
    for case .credentialsLost(let times, let isLeft) in outcomes {
      counters.increment(isLeft ? "acs.credentials.left" : "acs.credentials.lost")
      logger.warning(
        "a router does not keep its own credentials",
        metadata: [
          .device: "\(device)", .reason: "\(times) \(isLeft ? "times; it gets no new ones for a day" : "times")",
        ])
    }
    for case .flapping(let boots, let seconds, let lastSet) in outcomes {
      counters.increment("acs.flapping")
      logger.warning(
        "a router boots again and again",
        metadata: [
          .device: "\(device)", .reason: "\(boots) times within \(seconds) s; set last: \(lastSet ?? "nothing")",
        ])
    }
  }

  /// The Inform is committed.
  @inline(never)
  private func begun(_ boxed: Boxed<Beginning>, _ request: HTTP.Request) -> HTTP.Response {
    let beginning = boxed.value
    let (device, site) = (beginning.device, beginning.site)
    if !beginning.isRoutine {
      logger.info(
        "Inform committed",
        metadata: [.device: "\(device.id.name)", .reason: "\(beginning.events.joined(separator: ", "))"])
    }
    counters.increment("acs.informs")
    informs.heard(device.id, events: beginning.events)
    var begun = ACSSession(
      id: Randomness.token(characters: 24), router: beginning.router, address: beginning.address,
      connection: request.connection, session: beginning.session, device: device, start: beginning.moment)
    if !site.models.isEmpty { begun.model = site.models.model(of: device) }
    if site.transcripts > 0 {
      begun.transcript = transcripts.transcript(
        of: device, start: beginning.moment, isRoutine: beginning.isRoutine, kept: site.keptTranscripts)
    }
    let cookie = SetCookie(name: Self.cookie, value: begun.id, path: "/", isHTTPOnly: true)
    begun.reached = IPv4Address(request.local.host)
    begun.declares = request.body.starts(with: "<?xml".utf8)
    let response = Self.envelope(beginning.reply, to: begun, headers: ["Set-Cookie": cookie.fieldValue])
    begun.transcript?.add(request, response, at: beginning.moment)
    if var former = sessions.supersede(by: begun) {
      if !former.isOver {
        counters.increment("acs.sessions.superseded")
        noteAnewBeginning(after: former, events: beginning.events, at: beginning.moment)
        former.transcript?.noteTrouble()
      }
      keepTranscript(of: &former)
    }
    guard sessions.put(begun) else {
      counters.increment("acs.refused.tooManySessions")
      return Self.unavailable("too many sessions are under way")
    }
    return response
  }

  /// A periodic Inform of a router that is all that it should be is no news.
  private func isRoutine(_ inform: Inform, _ known: Device?, _ device: Device) -> Bool {
    guard var known, known.verified != nil, inform.events.allSatisfy({ $0.code == .periodic }) else { return false }
    known.lastInform = device.lastInform
    return known == device
  }
}
