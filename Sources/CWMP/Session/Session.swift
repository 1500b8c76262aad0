/// The ACS's side of one session (TR-069 section 3.7.2), as values: what came, what is to be done. It belongs to a
/// cookie, not to a connection, and it is kept by whoever owns both.
///
/// Requests of the CPE are answered whenever they come, also after its first empty POST. Of ours, one is outstanding at
/// most, and it stays so until it is answered, or until a new Inform begins the session again.
package struct Session: Hashable, Sendable {
  package enum State: Hashable, Sendable {
    case expectingInform
    /// The CPE's turn: it sends its requests, and an empty POST when it has no more.
    case informed
    /// Our turn.
    case ready
    case awaiting(ACSRequest, id: String)
    case ended
  }

  package private(set) var state = State.expectingInform
  /// The Inform that the session is about.
  package private(set) var inform: Inform?
  /// Of the CPE's last Inform; requests and replies use the same.
  package private(set) var namespace = Namespace.newest
  /// How long the CPE waits for us, as its Inform said.
  private var statedTimeout: Int?
  /// How often the outstanding request was sent.
  private var sendings = 0
  /// The ID of the request before the outstanding one.
  private var answeredID: String?
  private var posts = 0
  private var requests = 0
  private var refusals = 0

  /// How often a request is sent at most.
  package static let sendLimit = 8
  /// POSTs in one session, at most: reading the largest data model that is read takes about half as many.
  package static let postLimit = 20_000
  /// Requests of the CPE's in one session, at most.
  package static let requestLimit = 256
  /// Messages of one session that are refused before it is over.
  package static let refusalLimit = 16

  package init() {}

  /// For how many seconds without a POST the session is kept: what the CPE says within 30 to 600, else 60.
  package var timeout: Int { min(max(statedTimeout ?? 60, 30), 600) }

  /// Takes one POST of the CPE. A session without an end comes to one here, by a refusal that leaves it ended.
  package mutating func receive(_ event: Event, warnings: inout Warnings) -> Action {
    posts += 1
    guard posts <= Self.postLimit else { return stop(.tooManyPosts) }
    let action = take(event, &warnings)
    guard case .refuse = action, state != .ended else { return action }
    refusals += 1
    return refusals < Self.refusalLimit ? action : stop(.tooManyRefusals)
  }

  private mutating func stop(_ refusal: Refusal, reply: ACSEnvelope? = nil) -> Action {
    state = .ended
    return .refuse(refusal, reply: reply)
  }

  private mutating func take(_ event: Event, _ warnings: inout Warnings) -> Action {
    guard case .envelope(let envelope) = event else { return receiveEmpty() }
    if let header = envelope.header.misunderstood {
      return .refuse(.misunderstoodHeader(header), reply: reply(to: envelope, .fault(.mustUnderstand)))
    }
    if case .request(.inform(let inform)) = envelope.body { return begin(inform, envelope) }
    guard inform != nil else { return .refuse(.notInformed, reply: nil) }
    switch envelope.body {
    case .request(let request): return receive(request, envelope)
    case .unknown(let name):
      return .refuse(.methodNotSupported(name), reply: reply(to: envelope, .fault(.methodNotSupported)))
    case .response(let response): return receive(.response(response), response.method, envelope, &warnings)
    case .fault(let fault): return receive(.fault(fault), nil, envelope, &warnings)
    }
  }

  /// Sends a request; it must be our turn. `id` is new in this session. Nothing may leave before it is committed that
  /// this was asked.
  package mutating func send(_ request: ACSRequest, id: String) -> ACSEnvelope {
    precondition(state == .ready, "a request is sent when it is our turn")
    state = .awaiting(request, id: id)
    sendings = 1
    return ACSEnvelope(id: id, namespace: namespace, body: .request(request))
  }

  /// There is nothing to ask: the answer is 204.
  package mutating func finish() {
    state = .ended
  }

  /// What the Inform told has been taken, and is not kept as long as the session is: it may be megabytes.
  package mutating func forgetParameters() {
    inform?.parameters = []
  }

  // MARK: - The CPE's turn

  private mutating func begin(_ inform: Inform, _ envelope: CPEEnvelope) -> Action {
    let offered = envelope.header.supportedVersions
    let version = CWMPVersion.best(of: offered)
    if !offered.isEmpty, version == nil {
      return .refuse(.noCommonVersion(offered), reply: reply(to: envelope, .fault(.versionNotSupported)))
    }
    var superseded: ACSRequest?
    if case .awaiting(let request, _) = state { superseded = request }
    self = Session()
    state = .informed
    self.inform = inform
    namespace = envelope.namespace
    statedTimeout = envelope.header.sessionTimeout
    var reply = reply(to: envelope, .response(.inform(InformResponse())))
    reply.header.useVersion = version
    return .acknowledge(inform, superseded: superseded, reply: reply)
  }

  /// After the end the session goes on: an empty POST will follow, and we may have something to ask by then.
  private mutating func receive(_ request: CPERequest, _ envelope: CPEEnvelope) -> Action {
    requests += 1
    guard requests <= Self.requestLimit else {
      return stop(.tooManyRequests, reply: reply(to: envelope, .fault(.resourcesExceeded)))
    }
    if state == .ended { state = .informed }
    switch request {
    case .inform(let inform):
      return begin(inform, envelope)
    case .getRPCMethods:
      let methods = GetRPCMethodsResponse(methods: Method.ofACS.map(\.rawValue))
      return .reply(reply(to: envelope, .response(.getRPCMethods(methods))))
    case .transferComplete(let complete):
      return .transferComplete(complete, reply: reply(to: envelope, .response(.transferComplete)))
    case .autonomousTransferComplete(let complete):
      let reply = reply(to: envelope, .response(.autonomousTransferComplete))
      return .autonomousTransferComplete(complete, reply: reply)
    case .stateChangeComplete(let complete):
      return .stateChangeComplete(complete, reply: reply(to: envelope, .response(.stateChangeComplete)))
    case .autonomousStateChangeComplete(let complete):
      let reply = reply(to: envelope, .response(.autonomousStateChangeComplete))
      return .autonomousStateChangeComplete(complete, reply: reply)
    case .requestDownload(let request):
      return .requestDownload(request, reply: reply(to: envelope, .response(.requestDownload)))
    case .kicked(let kicked):
      return .kicked(kicked, reply: reply(to: envelope, .response(.kicked(KickedResponse(to: kicked)))))
    }
  }

  private mutating func receiveEmpty() -> Action {
    switch state {
    case .expectingInform: return .probed
    case .informed, .ready:
      state = .ready
      return .ready
    case .awaiting(let request, let id): return resend(request, id)
    case .ended: return .over
    }
  }

  private func reply(to envelope: CPEEnvelope, _ body: ACSMessage) -> ACSEnvelope {
    ACSEnvelope(id: envelope.id, namespace: envelope.namespace, body: body)
  }

  // MARK: - Answers to us

  /// `method` is nil for a fault, which does not say what it answers.
  private mutating func receive(
    _ answer: Answer, _ method: Method?, _ envelope: CPEEnvelope, _ warnings: inout Warnings
  ) -> Action {
    let name = method?.responseName ?? "Fault"
    guard case .awaiting(let request, let id) = state else {
      return .refuse(.unexpected(answer: name, outstanding: nil), reply: nil)
    }
    if envelope.id != id {
      // The answer before, once more: our request after it was lost on its way.
      if let answeredID, envelope.id == answeredID { return resend(request, id) }
      guard method == nil || method == request.method else {
        return .refuse(.unexpected(answer: name, outstanding: request.method), reply: nil)
      }
      warnings.add(.mismatchedID(sent: id, received: envelope.id?.shortened))
    } else if let method, method != request.method {
      return .refuse(.unexpected(answer: name, outstanding: request.method), reply: nil)
    }
    answeredID = id
    state = .ready
    return .answered(request, answer)
  }

  private mutating func resend(_ request: ACSRequest, _ id: String) -> Action {
    guard sendings < Self.sendLimit else {
      return stop(.unanswered(request.method))
    }
    sendings += 1
    return .resend(ACSEnvelope(id: id, namespace: namespace, body: .request(request)))
  }
}

/// The versions of CWMP that we speak: 1.0 to 1.4.
private enum CWMPVersion {
  /// The highest of the offered ones that we speak, as it was written.
  static func best(of offered: [String]) -> String? {
    offered.filter { ["1.0", "1.1", "1.2", "1.3", "1.4"].contains($0) }.max()
  }
}
