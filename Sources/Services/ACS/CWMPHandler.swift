import CWMP
import HTTP
import Journey
import Logging
import Net
import Provisioning
import Store
import Transport

/// Answers the POSTs of CWMP sessions: decode → decide → commit → encode.
struct CWMPHandler: Sendable {
  static let cookie = "usher-session"
  /// Seconds that a session lasts at most: a large data model on a slow line is read in less.
  static let longestSession: Int64 = 3600

  let site: Current<SiteConfiguration>
  let gatekeeper: Gatekeeper
  let provisioner: Provisioner
  let sessions: SessionTable
  /// Where routers came from last that are all that they should be: their coming is no news.
  let settled = SettledPeers()
  /// How many new devices each address has brought.
  let newcomers = Newcomers()
  let transcripts = TranscriptRoom()
  let informs: InformWatch
  let journey: JourneyRecorder
  let devices: DeviceDirectory
  let counters: Counters
  let logger: Logger

  func respond(to request: HTTP.Request) async -> HTTP.Response {
    let now = SteadyClock.now()
    let found = sessions.take(cookie: request.cookie(Self.cookie), connection: request.connection)
    do {
      switch found {
      case .busy:
        counters.increment("acs.refused.sessionBusy")
        return Self.unavailable("another POST of this session is being answered")
      case .none: return try await open(request, at: now)
      case .session(var session):
        session.connection = request.connection
        session.lastPost = now
        return try await go(on: session, request, at: now)
      }
    } catch {
      // Nothing was promised: the router tries again, and finds all as it was.
      if case .session(let session) = found { sessions.end(session) }
      counters.increment("acs.failed")
      logger.error("a session could not go on", metadata: [.peer: "\(request.peer)", .reason: "\(error)"])
      return Self.unavailable("\(error)")
    }
  }

  func removeEndedSessions(at now: Timestamp) {
    sessions.removeEnded(at: now)
  }

  /// Ends tasks whose time is over. A session that is under way judges for itself, and so has two seconds more.
  func endOverdueTasks(at now: Timestamp) async {
    do throws(StoreError) {
      try await provisioner.endOverdueTasks(at: now.advanced(bySeconds: -2))
    } catch {
      counters.increment("acs.failed")
      logger.error("tasks could not be ended", metadata: [.reason: "\(error)"])
    }
  }

  /// Ends sessions that have fallen silent.
  func removeSilentSessions(at now: Timestamp) {
    for var session in sessions.removeSilent(at: now) {
      session.transcript?.noteTrouble()
      keepTranscript(of: &session)
      guard case .awaiting(let request, _) = session.session.state else { continue }
      counters.increment("acs.sessions.silent")
      journey.sighting(
        of: session.router,
        .sessionAborted(reason: "it did not answer \(request.method.rawValue) within \(session.session.timeout) s"))
    }
  }

  // MARK: - A session begins

  private func open(_ request: HTTP.Request, at now: Timestamp) async throws -> HTTP.Response {
    let site = site.value
    let address = IPv4Address(request.peer.host)
    if !request.body.isEmpty, let address, sessions.isCrowded(address) {
      counters.increment("acs.refused.crowdedAddress")
      return Self.unavailable("\(SessionTable.servedAtOnceOfAddress) routers at \(address) are served before this one")
    }
    if request.headers["Authorization"] == nil, !request.body.isEmpty, let wait = sessions.wait(at: now) {
      counters.increment("acs.refused.crowded")
      return Self.unavailable("many routers are served before this one", retryAfter: wait)
    }
    if let address, !settled.contains(address) { journey.sighting(at: address, .connected(address: address)) }
    var login = Contact.Login.none
    var username: String?
    var owner: Device?
    if site.authenticates, let certificate = request.certificate, isInform(request, of: certificate) {
      username = "certificate of \(certificate)"
      login = .certificate
    } else if site.authenticates, cannotLogIn(request, in: site) {
      counters.increment("acs.admitted.withoutLogin")
    } else if site.authenticates {
      switch gatekeeper.judge(request, site, at: now) {
      case .unavailable(let reason): return Self.unavailable(reason)
      case .refused(let refusal, let username, let challenges):
        return refuse(refusal, username: username, challenges: challenges, address)
      case .admitted(let name, let device):
        username = name
        owner = device
        login = device == nil ? .bootstrap : .own
      }
    }
    guard !request.body.isEmpty else {
      counters.increment("acs.probed")
      return HTTP.Response(.noContent)
    }
    let envelope: CPEEnvelope
    switch decode(request) {
    case .success(let decoded): envelope = decoded
    case .failure(let error): return refuse(error, request)
    }
    var session = CWMP.Session()
    var warnings = Warnings()
    let action = session.receive(.envelope(envelope), warnings: &warnings)
    note(warnings, request)
    guard case .acknowledge(let inform, _, let reply) = action else { return answer(refusal: action) }
    guard owner == nil || owner?.id == inform.device else {
      counters.increment("acs.refused.foreignCredentials")
      let reason = "device \(inform.device) used the credentials of \(owner.map { "\($0.id)" } ?? "another")"
      logger.warning("credentials of another device", metadata: [.peer: "\(request.peer)", .reason: "\(reason)"])
      return HTTP.Response(.forbidden, text: reason + "\n")
    }
    if let reason = refusalOnRecord(inform, login, from: address, in: site, at: now) {
      return Self.unavailable(reason, retryAfter: 300)
    }
    if let wait = sessions.takePlace(at: now) {
      counters.increment("acs.refused.crowded")
      return Self.unavailable("many routers are served before this one", retryAfter: wait)
    }
    defer { sessions.leavePlace() }
    guard
      var begun = try await begin(
        inform, session, owner, login: login, username: username, from: address, request.connection, in: site,
        at: now)
    else { return Self.unavailable("no more routers are taken on record") }
    let cookie = SetCookie(name: Self.cookie, value: begun.id, path: "/", isHTTPOnly: true)
    begun.reached = IPv4Address(request.local.host)
    begun.declares = request.body.starts(with: "<?xml".utf8)
    let response = Self.envelope(reply, to: begun, headers: ["Set-Cookie": cookie.fieldValue])
    begun.transcript?.add(request, response, at: now)
    if var former = sessions.supersede(by: begun) {
      if !former.isOver {
        counters.increment("acs.sessions.superseded")
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
    guard row == nil else { return nil }
    guard devices.quarantined < DeviceDirectory.quarantineLimit else {
      counters.increment("acs.refused.quarantineFull")
      return
        "\(DeviceDirectory.quarantineLimit) devices wait for somebody to admit them, and no more are taken on record"
    }
    // Where a profile admits all who log in, all may come.
    if login != .none, site.profiles.contains(where: { $0.admit == .all }) { return nil }
    guard let address, !newcomers.admit(from: address, at: now) else { return nil }
    counters.increment("acs.refused.newcomers")
    logger.debug("too many new devices from one address", metadata: [.peer: "\(address)"])
    return "more than \(Newcomers.limit) new devices came from \(address) within an hour"
  }

  /// A session is over, or cut: what is worth keeping of it is kept.
  private func keepTranscript(of session: inout ACSSession) {
    guard let transcript = session.transcript else { return }
    session.transcript = nil
    guard let bytes = transcript.bytes(of: session.device.id) else { return }
    journey.keep(transcript: bytes, of: session.device.id, start: transcript.start, kept: site.value.transcripts)
  }

  /// Whether the request is an Inform of a router that the inventory has, of a model that never answers a challenge.
  private func cannotLogIn(_ request: HTTP.Request, in site: SiteConfiguration) -> Bool {
    guard site.models.contains(where: { !$0.authenticates }), request.headers["Authorization"] == nil,
      !request.body.isEmpty, case .success(let envelope) = decode(request),
      case .request(.inform(let inform)) = envelope.body
    else { return false }
    var device = Device(
      id: inform.device, manufacturer: inform.manufacturer, dataModel: .device,
      firstInform: Timestamp(rawValue: 0))
    device.softwareVersion = inform.value(of: "DeviceInfo.SoftwareVersion")
    let row = site.inventory.row(serialNumber: inform.device.serialNumber, oui: inform.device.oui, hardware: nil)
    return row?.isApproved == true && !site.models.model(of: device).authenticates
  }

  /// Whether the request is an Inform of the device that the certificate names.
  private func isInform(_ request: HTTP.Request, of certificate: ClientCertificate) -> Bool {
    guard !request.body.isEmpty, case .success(let envelope) = decode(request),
      case .request(.inform(let inform)) = envelope.body
    else { return false }
    return certificate.names(inform.device)
  }

  /// Commits an Inform and who sent it; nil where no more routers are taken.
  private func begin(
    _ inform: Inform, _ session: CWMP.Session, _ owner: Device?, login: Contact.Login, username: String?,
    from address: IPv4Address?, _ connection: UInt64, in site: SiteConfiguration, at now: Timestamp
  ) async throws -> ACSSession? {
    let known = owner ?? devices.device(inform.device)
    // Where the address was known, the connection has been noted already.
    let isStranger = address.map { journey.router(at: $0) == nil } ?? false
    let contact = Contact(
      id: inform.device, manufacturer: inform.manufacturer,
      events: inform.events.map { Contact.Occurrence($0.code.rawValue, commandKey: $0.commandKey) },
      parameters: inform.parameters, login: login)
    guard
      let (router, records) = journey.informed(
        device: "\(inform.device)", serialNumber: inform.device.serialNumber, from: address, at: now)
    else { return nil }

    var progress = Progress(known, informed: contact, at: now)
    let row = provisioner.row(of: inform.device, router, in: site)
    var facts: [Fact] = []
    var profile: Profile?
    do throws(GoalError) {
      profile = try site.profiles.profile(for: progress.device, row: row)
    } catch {
      if row != nil { facts.append(.unplannable(reason: "\(error)")) }
    }
    progress.decide(Admission.decision(for: progress.device, row: row, profile: profile))

    let ended = provisioner.endedTasks(by: inform, at: now)
    let isRoutine = ended.isEmpty && isRoutine(inform, known, progress.device)
    if let address { settled.note(address, isSettled: isRoutine) }
    if isRoutine {
      try await journey.commit(records + [.contact(inform.device, now)])
    } else {
      var way: [Fact] = []
      if isStranger, let address { way.append(.connected(address: address)) }
      if let username { way.append(.authenticated(username: username)) }
      facts = way + progress.outcomes.flatMap(Fact.facts) + facts
      try await journey.commit(
        records + facts.map { .event(Event(router: router, moment: now, fact: $0)) } + [.device(progress.device)]
          + Change.tasks(ended, of: router, at: now))
      logger.info(
        "Inform committed",
        metadata: [
          .device: "\(inform.device)", .reason: "\(inform.events.map(\.code.rawValue).joined(separator: ", "))",
        ])
    }
    counters.increment("acs.informs")
    informs.heard(inform.device, events: inform.events.map(\.code.rawValue))
    var session = session
    session.forgetParameters()
    var begun = ACSSession(
      id: Randomness.token(characters: 24), router: router, address: address, connection: connection,
      session: session, device: progress.device, start: now)
    if !site.models.isEmpty { begun.model = site.models.model(of: progress.device) }
    if site.transcripts > 0 {
      begun.transcript = SessionTranscript(
        start: now, isRoutine: isRoutine, kept: site.keptTranscripts, room: transcripts)
    }
    return begun
  }

  /// A periodic Inform of a router that is all that it should be is no news.
  private func isRoutine(_ inform: Inform, _ known: Device?, _ device: Device) -> Bool {
    guard var known, known.verified != nil, inform.events.allSatisfy({ $0.code == .periodic }) else { return false }
    known.lastInform = device.lastInform
    return known == device
  }

  // MARK: - A session goes on

  private func go(on session: ACSSession, _ request: HTTP.Request, at now: Timestamp) async throws -> HTTP.Response {
    var session = session
    let site = site.value
    if session.isOver, request.body.isEmpty {
      if session.model.end == .confirmed, !session.isConfirmed {
        session.isConfirmed = true
        _ = sessions.put(session)
        return Self.end(of: session)
      }
      // Who still has the cookie of a session that is over begins the next one so: libcurl asks for the challenge with
      // an empty POST, and takes any other answer for leave to go on without a login.
      _ = sessions.put(session)
      return try await open(request, at: now)
    }
    if session.isOver, CPEEnvelope.endsAsInform(request.body) {
      // The next session of a router that keeps its connection: read once the router has logged in.
      sessions.end(session)
      return try await open(request, at: now)
    }
    guard now.seconds(since: session.start) < Self.longestSession else {
      counters.increment("acs.refused.sessionTooLong")
      let reason = "the session has lasted for \(Self.longestSession) s and has no end"
      abort(&session, reason)
      return HTTP.Response(.badRequest, text: reason + "\n")
    }
    let event: CWMP.Session.Event
    if request.body.isEmpty {
      event = .empty
    } else {
      switch decode(request) {
      case .success(let envelope): event = .envelope(envelope)
      case .failure(let error):
        let response = refuse(error, request)
        session.transcript?.noteTrouble()
        session.transcript?.add(request, response, at: now)
        keepTranscript(of: &session)
        sessions.end(session)
        return response
      }
    }
    if case .envelope(let envelope) = event, case .request(.inform) = envelope.body {
      // It begins anew, whoever it is: what was outstanding counts as not done.
      if !session.isOver { session.transcript?.noteTrouble() }
      keepTranscript(of: &session)
      sessions.end(session)
      return try await open(request, at: now)
    }

    if case .envelope(let envelope) = event, case .request(let asked) = envelope.body {
      counters.increment("acs.received.\(asked.method.rawValue)")
    }

    var warnings = Warnings()
    let action = session.session.receive(event, warnings: &warnings)
    note(warnings, request)
    let response: HTTP.Response
    switch action {
    case .ready:
      response = try await ask(&session, in: site, request, at: now)
    case .answered(let asked, let answer):
      try await provisioner.apply(answer, to: asked, of: &session, in: site, at: now)
      response = try await ask(&session, in: site, request, at: now)
    case .transferComplete(let transfer, let reply):
      try await provisioner.complete(transfer, of: &session, in: site, at: now)
      response = Self.envelope(reply, to: session)
    case .stateChangeComplete(let change, let reply):
      let fault = change.results.lazy.compactMap(\.fault).first
      _ = try await provisioner.completeTask(
        commandKey: change.commandKey, code: fault?.code ?? 0, text: fault?.text ?? "", of: session, at: now)
      response = Self.envelope(reply, to: session)
    case .requestDownload(let wish, let reply):
      try await provisioner.note(wish, of: &session, in: site, at: now)
      response = Self.envelope(reply, to: session)
    case .kicked(let kicked, let reply):
      try await provisioner.note(kicked, of: session, at: now)
      response = Self.envelope(reply, to: session)
    case .autonomousTransferComplete(_, let reply), .autonomousStateChangeComplete(_, let reply), .reply(let reply),
      .resend(let reply):
      response = Self.envelope(reply, to: session)
    case .probed, .over, .acknowledge:
      response = Self.end(of: session)
    case .refuse:
      response = answer(refusal: action)
    }
    session.transcript?.add(request, response, at: now)
    if session.isOver, case .refuse(let refusal, _) = action {
      abort(&session, "\(refusal)")
      return response
    }
    switch action {
    case .refuse, .answered(_, .fault): session.transcript?.noteTrouble()
    default: break
    }
    if session.isOver { keepTranscript(of: &session) }
    _ = sessions.put(session)
    return response
  }

  /// Ends a session that was taken out, and says why.
  private func abort(_ session: inout ACSSession, _ reason: String) {
    session.transcript?.noteTrouble()
    keepTranscript(of: &session)
    sessions.end(session)
    journey.sighting(of: session.router, .sessionAborted(reason: reason))
  }

  /// Our turn: the next request, or the end of the session.
  private func ask(
    _ session: inout ACSSession, in site: SiteConfiguration, _ request: HTTP.Request, at now: Timestamp
  ) async throws -> HTTP.Response {
    switch try await provisioner.next(
      for: &session, in: site, after: request, isCrowded: sessions.isCrowded, at: now)
    {
    case .finish:
      session.session.finish()
      return Self.end(of: session)
    case .request(let next):
      if let problem = next.problem {
        journey.sighting(
          of: session.router, .unplannable(reason: "\(next.method.rawValue) cannot be sent: \(problem.withoutSecrets)"))
        session.session.finish()
        return Self.end(of: session)
      }
      counters.increment("acs.sent.\(next.method.rawValue)")
      let habits = session.model.habits.filled(from: session.device.habits)
      return Self.envelope(
        session.session.send(next.spelled(by: habits), id: session.nextRequestID()), to: session)
    }
  }

  // MARK: - Decode, refuse, encode

  private func decode(_ request: HTTP.Request) -> Result<CPEEnvelope, EnvelopeError> {
    var warnings = Warnings()
    let charset = request.headers["Content-Type"].flatMap { MediaType($0)?.charset }
    let result = Result { () throws(EnvelopeError) in
      try CPEEnvelope(decoding: request.body, charset: charset, warnings: &warnings)
    }
    note(warnings, request)
    return result
  }

  private func note(_ warnings: Warnings, _ request: HTTP.Request) {
    for warning in warnings.first {
      counters.increment("acs.warning")
      logger.debug("a router's message is unusual", metadata: [.peer: "\(request.peer)", .reason: "\(warning)"])
    }
  }

  private func refuse(_ error: EnvelopeError, _ request: HTTP.Request) -> HTTP.Response {
    counters.increment(error.counter)
    logger.warning("a message was refused", metadata: [.peer: "\(request.peer)", .reason: "\(error)"])
    if let address = IPv4Address(request.peer.host) {
      journey.sighting(at: address, .sessionAborted(reason: "its message was refused: \(error)"))
    }
    return HTTP.Response(.badRequest, text: "\(error)\n")
  }

  private func refuse(
    _ refusal: DigestRefusal, username: String?, challenges: [String], _ address: IPv4Address?
  ) -> HTTP.Response {
    counters.increment("acs.\(refusal.counterName)")
    if let username, !refusal.isStale, let address {
      journey.sighting(
        at: address, .authenticationFailed(username: username.printable(longest: 64), reason: "\(refusal)"))
    }
    var response = HTTP.Response(.unauthorized, text: "\(refusal)\n")
    for challenge in challenges { response.headers.append("WWW-Authenticate", challenge) }
    return response
  }

  private func answer(refusal action: CWMP.Session.Action) -> HTTP.Response {
    guard case .refuse(let refusal, let reply) = action else { return HTTP.Response(.badRequest) }
    counters.increment(refusal.counter)
    return reply.map { Self.envelope($0) } ?? HTTP.Response(.badRequest, text: "\(refusal)\n")
  }

  /// Our last word in a session.
  private static func end(of session: ACSSession) -> HTTP.Response {
    switch session.model.end {
    case .noContent: HTTP.Response(.noContent)
    case .empty, .confirmed: HTTP.Response(.ok)
    }
  }

  private static func envelope(
    _ envelope: ACSEnvelope, to session: ACSSession? = nil, headers: Headers = [:]
  ) -> HTTP.Response {
    // A router that sends no declaration may fail at one, whatever is said of its model.
    let declares = session.map { $0.declares && $0.model.declaration } ?? false
    var response = HTTP.Response(.ok, headers: headers, body: .bytes(envelope.encoded(withDeclaration: declares)))
    response.headers["Content-Type"] = "text/xml; charset=\"utf-8\""
    response.headers["SOAPAction"] = ""
    return response
  }

  private static func unavailable(_ reason: String, retryAfter seconds: Int64 = 30) -> HTTP.Response {
    var response = HTTP.Response(.serviceUnavailable, text: reason + "\n")
    response.headers["Retry-After"] = String(seconds)
    return response
  }
}
