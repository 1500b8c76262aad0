import CWMP
import Testing

/// Sessions that a CPE would never end: each comes to its end, with the reason.
struct EndlessSessionTests {
  private var session = Session()
  private var warnings = Warnings()
  private let get = ACSRequest.getParameterValues(GetParameterValues(paths: ["Device.A"]))
  private let values = CPEResponse.getParameterValues(
    GetParameterValuesResponse(parameters: [ParameterValue(path: "Device.A", value: "1")]))

  init() {
    _ = cpe(.request(.inform(Messages.decodedInform)))
  }

  private mutating func cpe(_ body: CPEMessage, id: String = "c1") -> Session.Action {
    let envelope = CPEEnvelope(id: id, namespace: .newest, header: Header(), body: body)
    return session.receive(.envelope(envelope), warnings: &warnings)
  }

  @Test(arguments: [CPERequest.getRPCMethods, .transferComplete(TransferComplete(commandKey: "k"))])
  mutating func `requests of the CPE are answered 256 times, then with fault 8004, and the session is over`(
    request: CPERequest
  ) {
    // The Inform began the count anew.
    for number in 1...Session.requestLimit {
      let action = cpe(.request(request))
      if case .refuse = action { Issue.record("request \(number) was refused") }
    }
    let fault = ACSEnvelope(id: "c1", namespace: .newest, body: .fault(.resourcesExceeded))
    #expect(cpe(.request(request)) == .refuse(.tooManyRequests, reply: fault))
    #expect(session.state == .ended)
  }

  @Test mutating func `an answer to another method is refused 15 times, then the session is over`() {
    #expect(session.receive(.empty, warnings: &warnings) == .ready)
    _ = session.send(get, id: "a1")
    let other = CPEMessage.response(.setParameterValues(SetParameterValuesResponse(status: .done)))
    for _ in 1..<Session.refusalLimit {
      #expect(
        cpe(other, id: "a1")
          == .refuse(.unexpected(answer: "SetParameterValuesResponse", outstanding: .getParameterValues), reply: nil))
    }
    #expect(cpe(other, id: "a1") == .refuse(.tooManyRefusals, reply: nil))
    #expect(session.state == .ended)
  }

  @Test mutating func `the same answer for ever gets the outstanding request eight times, then the session is over`() {
    #expect(session.receive(.empty, warnings: &warnings) == .ready)
    _ = session.send(get, id: "a1")
    #expect(cpe(.response(values), id: "a1") == .answered(get, .response(values)))
    let request = session.send(get, id: "a2")
    for _ in 2...Session.sendLimit { #expect(cpe(.response(values), id: "a1") == .resend(request)) }
    #expect(cpe(.response(values), id: "a1") == .refuse(.unanswered(.getParameterValues), reply: nil))
    #expect(session.state == .ended)
  }

  @Test mutating func `a session has 20,000 POSTs at most, however well they answer`() {
    #expect(session.receive(.empty, warnings: &warnings) == .ready)
    for number in 2...Session.postLimit {
      _ = session.send(get, id: "a\(number)")
      #expect(cpe(.response(values), id: "a\(number)") == .answered(get, .response(values)))
    }
    _ = session.send(get, id: "last")
    #expect(cpe(.response(values), id: "last") == .refuse(.tooManyPosts, reply: nil))
    #expect(session.state == .ended)
  }

  @Test mutating func `the parameters of an Inform are not kept as long as its session is`() {
    session.forgetParameters()
    #expect(session.inform?.parameters.isEmpty == true)
    #expect(session.inform?.events == Messages.decodedInform.events)
  }
}
