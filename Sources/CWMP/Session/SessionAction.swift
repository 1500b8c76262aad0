extension Session {
  /// What comes from the CPE: one POST.
  package enum Event: Hashable, Sendable {
    /// A POST without a body.
    case empty
    case envelope(CPEEnvelope)
  }

  /// What is to be done about an event. A reply is ready here, and leaves only after what it promises is committed.
  package enum Action: Hashable, Sendable {
    /// An empty POST before any Inform, by which some CPEs fetch the digest challenge: answer 204. Nothing begins.
    case probed
    /// Commit the Inform, then reply. `superseded` is what was outstanding in the session that this one ends: it
    /// counts as not done.
    case acknowledge(Inform, superseded: ACSRequest?, reply: ACSEnvelope)
    /// Commit how the transfer ended, then reply.
    case transferComplete(TransferComplete, reply: ACSEnvelope)
    case autonomousTransferComplete(AutonomousTransferComplete, reply: ACSEnvelope)
    /// Commit what became of the deployment units, then reply.
    case stateChangeComplete(DUStateChangeComplete, reply: ACSEnvelope)
    case autonomousStateChangeComplete(AutonomousDUStateChangeComplete, reply: ACSEnvelope)
    /// Commit that the CPE wishes for a file, then reply. Whether it gets one is another matter.
    case requestDownload(RequestDownload, reply: ACSEnvelope)
    /// Commit that someone kicked the CPE, then reply with where the browser is to go.
    case kicked(Kicked, reply: ACSEnvelope)
    /// Reply; there is nothing to commit.
    case reply(ACSEnvelope)
    /// Our turn: call ``Session/send(_:id:)`` or ``Session/finish()``.
    case ready
    /// Commit what the CPE answered; then it is our turn.
    case answered(ACSRequest, Answer)
    /// The CPE does not seem to have our request: send the same again.
    case resend(ACSEnvelope)
    /// An empty POST after the end: answer 204 once more.
    case over
    /// Reply with the fault, or, where there is none, with status 400.
    case refuse(Refusal, reply: ACSEnvelope?)
  }

  package enum Answer: Hashable, Sendable {
    case response(CPEResponse)
    case fault(Fault)
  }

  /// Why a message was not accepted.
  package enum Refusal: Hashable, Sendable {
    /// The session begins with an Inform, and this was not one.
    case notInformed
    case methodNotSupported(String)
    case misunderstoodHeader(String)
    /// None of the versions that the CPE offers is one of ours.
    case noCommonVersion([String])
    /// A response or fault that nothing was asked for, or to another method than the one outstanding.
    case unexpected(answer: String, outstanding: Method?)
    /// The request was sent as often as we do, and no answer came. The session is over.
    case unanswered(Method)
    /// The session has no end. It is over.
    case tooManyPosts
    case tooManyRequests
    case tooManyRefusals
  }
}

extension Session.Refusal {
  /// The stable name under which such refusals are counted.
  package var counter: String {
    switch self {
    case .notInformed: "cwmp.refused.notInformed"
    case .methodNotSupported: "cwmp.refused.methodNotSupported"
    case .misunderstoodHeader: "cwmp.refused.misunderstoodHeader"
    case .noCommonVersion: "cwmp.refused.noCommonVersion"
    case .unexpected: "cwmp.refused.unexpectedAnswer"
    case .unanswered: "cwmp.refused.unanswered"
    case .tooManyPosts: "cwmp.refused.tooManyPosts"
    case .tooManyRequests: "cwmp.refused.tooManyRequests"
    case .tooManyRefusals: "cwmp.refused.tooManyRefusals"
    }
  }
}

extension Session.Refusal: CustomStringConvertible {
  package var description: String {
    switch self {
    case .notInformed: "the session has not begun with an Inform"
    case .methodNotSupported(let name): "the method \(name) is not supported"
    case .misunderstoodHeader(let name): "the header \(name) must be understood and is not known"
    case .noCommonVersion(let versions): "no CWMP version in common with \(versions.joined(separator: ", "))"
    case .unexpected(let answer, let method?): "\(answer) came, but \(method.rawValue) is outstanding"
    case .unexpected(let answer, nil): "\(answer) came, but nothing is outstanding"
    case .unanswered(let method): "\(method.rawValue) was sent \(Session.sendLimit) times without an answer"
    case .tooManyPosts: "the session has had \(Session.postLimit) POSTs and no end"
    case .tooManyRequests: "the CPE made more than \(Session.requestLimit) requests in one session"
    case .tooManyRefusals: "\(Session.refusalLimit) messages of one session were refused"
    }
  }
}
