import CWMP
import HTTP
import Journey
import Logging
import Net
import Provisioning
import Store
import Transport

/// Answers the POSTs of CWMP sessions: decode → decide → commit → encode.
final class CWMPHandler: Sendable {
  static let cookie = "usher-session"
  /// Seconds that a session lasts at most: a large data model on a slow line is read in less.
  static let longestSession: Int64 = 3600
  /// Bytes of a message that is read where connections are; to read a longer one takes longer than others may wait.
  static let longestOnLoop = 16 << 10
  /// Bytes of a message of whoever has no session under way, or is not admitted: many times a router's Inform.
  static let strangersMessage = 256 << 10

  let site: Current<SiteConfiguration>
  let gatekeeper: Gatekeeper
  /// Nil where nobody is let in by where he is.
  let firstContact: FirstContact?
  let provisioner: Provisioner
  let sessions: SessionTable
  /// Where routers came from last that are all that they should be: their coming is no news.
  let settled = SettledPeers()
  /// How many new devices each address has brought.
  let newcomers = Newcomers()
  /// Who does not take to a new challenge, and which routers share a serial number.
  let loops = NonceLoops()
  let twins = TwinWatch()
  /// Claims and twins that wait for a person.
  let held = HeldWatch()
  let strangers = StrangerWatch()
  let transcripts: TranscriptKeeper
  let informs: InformWatch
  let journey: JourneyRecorder
  let devices: DeviceDirectory
  let counters: Counters
  let logger: Logger

  init(
    site: Current<SiteConfiguration>, gatekeeper: Gatekeeper, firstContact: FirstContact? = nil,
    provisioner: Provisioner, sessions: SessionTable, transcripts: TranscriptKeeper, informs: InformWatch,
    journey: JourneyRecorder, devices: DeviceDirectory, counters: Counters, logger: Logger
  ) {
    self.site = site
    self.gatekeeper = gatekeeper
    self.firstContact = firstContact
    self.provisioner = provisioner
    self.sessions = sessions
    self.transcripts = transcripts
    self.informs = informs
    self.journey = journey
    self.devices = devices
    self.counters = counters
    self.logger = logger
  }

  /// How much is taken of a POST's body, from the request without it.
  func reception(of request: HTTP.Request) -> HTTPServer.BodyWay {
    // Nearly all are short, and need no look at the sessions.
    if let length = request.headers["Content-Length"].flatMap({ Int($0) }), length <= Self.strangersMessage,
      request.headers["Content-Encoding"] == nil
    {
      return .whole
    }
    return sessions.hasAdmitted(cookie: request.cookie(Self.cookie), connection: request.connection)
      ? .whole : .short(Self.strangersMessage)
  }

  /// At once, wherever nothing is to be committed and the message is short.
  func answer(to request: HTTP.Request) -> HTTPServer.Answer {
    guard request.body.count > Self.longestOnLoop else { return answerAtOnce(to: request) }
    return .away { [self] in
      switch answerAtOnce(to: request) {
      case .now(let response): response
      case .later(let respond), .away(let respond): await respond()
      }
    }
  }

  private func answerAtOnce(to request: HTTP.Request) -> HTTPServer.Answer {
    let now = SteadyClock.now()
    if request.hasFoldedHeaders { noteFolded(request) }
    switch turn(of: request, at: now) {
    case .answered(let response): return .now(response)
    case .opening:
      switch opening(request, at: now) {
      case .answered(let response): return .now(response)
      case .begins(let beginning): return .later { await self.begin(beginning, request) }
      }
    case .going(let session): return .later { await self.go(on: session, request, at: now) }
    }
  }

  private func go(on session: Boxed<ACSSession>, _ request: HTTP.Request, at now: Timestamp) async -> HTTP.Response {
    do {
      return try await go(on: session.value, request, at: now)
    } catch {
      sessions.end(session.value)
      return failed(error, request)
    }
  }

  /// Nothing was promised: the router tries again, and finds all as it was.
  func failed(_ error: any Error, _ request: HTTP.Request) -> HTTP.Response {
    counters.increment("acs.failed")
    logger.error("a session could not go on", metadata: [.peer: "\(request.peer)", .reason: "\(error)"])
    return Self.unavailable("\(error)")
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
      noteSilence(of: session)
    }
  }

  /// A session is over, or cut: what is worth keeping of it is kept.
  func keepTranscript(of session: inout ACSSession) {
    guard let transcript = session.transcript else { return }
    session.transcript = nil
    transcripts.keep(transcript, of: session.device, kept: site.value.transcripts)
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
      return await open(request, at: now)
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
        journey.sighting(of: session.router, .sessionAborted(reason: "its message was refused: \(error)"))
        return response
      }
    }
    if case .envelope(let envelope) = event, case .request(.inform(let inform)) = envelope.body {
      noteAnewBeginning(after: session, events: inform.events.map(\.code.rawValue), at: now)
      // It begins anew, whoever it is: what was outstanding counts as not done.
      if !session.isOver { session.transcript?.noteTrouble() }
      keepTranscript(of: &session)
      sessions.end(session)
      return await open(request, at: now)
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
    if session.isOver { end(&session) }
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
      if let problem = next.problem(in: session.session.namespace) {
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

  func decode(_ request: HTTP.Request) -> Result<CPEEnvelope, EnvelopeError> {
    var warnings = Warnings()
    let charset = request.headers["Content-Type"].flatMap { MediaType($0)?.charset }
    let result = Result { () throws(EnvelopeError) in
      try CPEEnvelope(decoding: request.body, charset: charset, warnings: &warnings)
    }
    note(warnings, request)
    return result
  }

  private func noteFolded(_ request: HTTP.Request) {
    counters.increment("acs.warning")
    logger.debug(
      "a router's message is unusual",
      metadata: [.peer: "\(request.peer)", .reason: "a header field of it is folded over lines"])
  }

  func note(_ warnings: Warnings, _ request: HTTP.Request) {
    for warning in warnings.first {
      counters.increment("acs.warning")
      logger.debug("a router's message is unusual", metadata: [.peer: "\(request.peer)", .reason: "\(warning)"])
    }
  }

  func refuse(_ error: EnvelopeError, _ request: HTTP.Request) -> HTTP.Response {
    counters.increment(error.counter)
    logger.warning("a message was refused", metadata: [.peer: "\(request.peer)", .reason: "\(error)"])
    return HTTP.Response(.badRequest, text: "\(error)\n")
  }

  func refuse(_ refusal: DigestRefusal, challenges: [String]) -> HTTP.Response {
    counters.increment("acs.\(refusal.counterName)")
    var response = HTTP.Response(.unauthorized, text: "\(refusal)\n")
    for challenge in challenges { response.headers.append("WWW-Authenticate", challenge) }
    return response
  }

  func answer(refusal action: CWMP.Session.Action) -> HTTP.Response {
    guard case .refuse(let refusal, let reply) = action else { return HTTP.Response(.badRequest) }
    counters.increment(refusal.counter)
    return reply.map { Self.envelope($0) } ?? HTTP.Response(.badRequest, text: "\(refusal)\n")
  }

  /// Our last word in a session.
  static func end(of session: ACSSession) -> HTTP.Response {
    switch session.model.end {
    case .noContent: HTTP.Response(.noContent)
    case .empty, .confirmed: HTTP.Response(.ok)
    }
  }

  static func envelope(
    _ envelope: ACSEnvelope, to session: ACSSession? = nil, headers: Headers = [:]
  ) -> HTTP.Response {
    // A router that sends no declaration may fail at one, whatever is said of its model.
    let declares = session.map { $0.declares && $0.model.declaration } ?? false
    var response = HTTP.Response(.ok, headers: headers, body: .bytes(envelope.encoded(withDeclaration: declares)))
    response.headers["Content-Type"] = "text/xml; charset=\"utf-8\""
    response.headers["SOAPAction"] = ""
    return response
  }

  static func unavailable(_ reason: String, retryAfter seconds: Int64 = 30) -> HTTP.Response {
    var response = HTTP.Response(.serviceUnavailable, text: reason + "\n")
    response.headers["Retry-After"] = String(seconds)
    return response
  }
}
