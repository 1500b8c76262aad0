import CWMP
import Net
import Testing

/// Each test is a transcript: `cpe` is a POST and what the session says of it, `acs` is what we do in our turn.
struct SessionTests {
  private static let get = ACSRequest.getParameterValues(GetParameterValues(paths: ["Device.A"]))
  private static let values = CPEResponse.getParameterValues(
    GetParameterValuesResponse(parameters: [ParameterValue(path: "Device.A", value: "1")]))
  private static let set = ACSRequest.setParameterValues(
    SetParameterValues(parameters: [ParameterValue(path: "Device.A", value: "2")]))
  private static let setResponse = CPEResponse.setParameterValues(SetParameterValuesResponse(status: .done))
  private static let complete = TransferComplete(commandKey: "k")

  private var get: ACSRequest { Self.get }
  private var values: CPEResponse { Self.values }
  private var set: ACSRequest { Self.set }
  private var setResponse: CPEResponse { Self.setResponse }
  private var complete: TransferComplete { Self.complete }

  @Test func `an Inform, two requests, the end`() {
    var talk = Talk()
    #expect(talk.cpe("c1", .request(.inform(talk.inform))) == talk.acknowledged("c1"))
    #expect(talk.cpe() == .ready)
    #expect(talk.acs(get, "a1") == talk.reply("a1", .request(get)))
    #expect(talk.cpe("a1", .response(values)) == .answered(get, .response(values)))
    #expect(talk.acs(set, "a2") == talk.reply("a2", .request(set)))
    #expect(talk.cpe("a2", .response(setResponse)) == .answered(set, .response(setResponse)))
    talk.session.finish()
    #expect(talk.session.state == .ended)
    #expect(talk.warnings.isEmpty)
  }

  @Test func `a fault answers what is outstanding`() {
    var talk = Talk.informed()
    #expect(talk.cpe() == .ready)
    _ = talk.acs(set, "a1")
    let fault = Fault(code: 9003, text: "Invalid arguments")
    #expect(talk.cpe("a1", .fault(fault)) == .answered(set, .fault(fault)))
    #expect(talk.session.state == .ready)
  }

  @Test func `requests of the CPE come before its empty POST`() {
    var talk = Talk.informed()
    #expect(
      talk.cpe("c2", .request(.transferComplete(complete)))
        == .transferComplete(complete, reply: talk.reply("c2", .response(.transferComplete))))
    let methods = GetRPCMethodsResponse(
      methods: [
        "Inform", "GetRPCMethods", "TransferComplete", "AutonomousTransferComplete", "DUStateChangeComplete",
        "AutonomousDUStateChangeComplete", "RequestDownload", "Kicked",
      ])
    #expect(
      talk.cpe("c3", .request(.getRPCMethods)) == .reply(talk.reply("c3", .response(.getRPCMethods(methods)))))
    let autonomous = AutonomousTransferComplete(transferURL: "http://t", isDownload: true, fileType: "1 X")
    #expect(
      talk.cpe("c4", .request(.autonomousTransferComplete(autonomous)))
        == .autonomousTransferComplete(autonomous, reply: talk.reply("c4", .response(.autonomousTransferComplete))))
    #expect(talk.cpe() == .ready)
  }

  @Test func `what becomes of deployment units is committed before it is answered`() {
    var talk = Talk.informed()
    let complete = DUStateChangeComplete(results: [RPCTests.result], commandKey: "k")
    #expect(
      talk.cpe("c2", .request(.stateChangeComplete(complete)))
        == .stateChangeComplete(complete, reply: talk.reply("c2", .response(.stateChangeComplete))))
    let autonomous = AutonomousDUStateChangeComplete(results: [
      AutonomousDeploymentResult(RPCTests.failure, operation: "Update")
    ])
    #expect(
      talk.cpe("c3", .request(.autonomousStateChangeComplete(autonomous)))
        == .autonomousStateChangeComplete(
          autonomous, reply: talk.reply("c3", .response(.autonomousStateChangeComplete))))
    #expect(talk.cpe() == .ready)
  }

  @Test func `a wish for a file is taken, and the CPE gets it in our turn or not`() {
    var talk = Talk.informed()
    let wish = RequestDownload(fileType: .configuration)
    #expect(
      talk.cpe("c2", .request(.requestDownload(wish)))
        == .requestDownload(wish, reply: talk.reply("c2", .response(.requestDownload))))
    #expect(talk.cpe() == .ready)
  }

  @Test(arguments: [("http://next/?a", "http://next/?a"), ("", ""), (String(repeating: "n", count: 1025), "")])
  func `who kicked the CPE is sent where the kick URL says, unless that is too long`(next: String, answered: String) {
    var talk = Talk.informed()
    let kicked = Kicked(command: "c", referer: "", argument: "", next: next)
    #expect(
      talk.cpe("c2", .request(.kicked(kicked)))
        == .kicked(kicked, reply: talk.reply("c2", .response(.kicked(KickedResponse(nextURL: answered))))))
    #expect(talk.cpe() == .ready)
  }

  @Test func `quirk 30: a TransferComplete after the empty POST is accepted, and what is outstanding stays so`() {
    var talk = Talk.informed()
    #expect(talk.cpe() == .ready)
    let request = talk.acs(get, "a1")
    #expect(
      talk.cpe("c2", .request(.transferComplete(complete)))
        == .transferComplete(complete, reply: talk.reply("c2", .response(.transferComplete))))
    #expect(talk.cpe() == .resend(request))
    #expect(talk.cpe("a1", .response(values)) == .answered(get, .response(values)))
  }

  @Test func `quirk 30: a TransferComplete after the end goes on with the session`() {
    var talk = Talk.informed()
    #expect(talk.cpe() == .ready)
    talk.session.finish()
    #expect(
      talk.cpe("c2", .request(.transferComplete(complete)))
        == .transferComplete(complete, reply: talk.reply("c2", .response(.transferComplete))))
    #expect(talk.cpe() == .ready)
  }

  @Test func `quirk 27: an empty POST after the end is answered once more`() {
    var talk = Talk.informed()
    #expect(talk.cpe() == .ready)
    talk.session.finish()
    #expect(talk.cpe() == .over)
    #expect(talk.session.state == .ended)
  }

  @Test func `quirk 45: an empty POST before the Inform begins nothing`() {
    var talk = Talk()
    #expect(talk.cpe() == .probed)
    #expect(talk.cpe() == .probed)
    #expect(talk.cpe("c1", .request(.inform(talk.inform))) == talk.acknowledged("c1"))
  }

  @Test func `quirk 45: an empty POST while a request is outstanding gets the same request again, with its ID`() {
    var talk = Talk.informed()
    #expect(talk.cpe() == .ready)
    let request = talk.acs(get, "a1")
    #expect(talk.cpe() == .resend(request))
    #expect(talk.cpe("a1", .response(values)) == .answered(get, .response(values)))
  }

  @Test func `a request that is never answered is sent eight times, then the session is over`() {
    var talk = Talk.informed()
    #expect(talk.cpe() == .ready)
    let request = talk.acs(get, "a1")
    for _ in 2...8 { #expect(talk.cpe() == .resend(request)) }
    #expect(talk.cpe() == .refuse(.unanswered(.getParameterValues), reply: nil))
    #expect(talk.cpe() == .over)
  }

  @Test func `the sendings are counted for each request anew`() {
    var talk = Talk.informed()
    #expect(talk.cpe() == .ready)
    for number in 1...3 {
      let request = talk.acs(get, "a\(number)")
      for _ in 2...8 { #expect(talk.cpe() == .resend(request)) }
      #expect(talk.cpe("a\(number)", .response(values)) == .answered(get, .response(values)))
    }
  }

  @Test func `quirk 49: a second Inform begins the session again, and what was outstanding is not done`() {
    var talk = Talk.informed()
    #expect(talk.cpe() == .ready)
    _ = talk.acs(set, "a1")
    var other = talk.inform
    other.retryCount = 1
    #expect(
      talk.cpe("c9", .request(.inform(other)))
        == .acknowledge(other, superseded: set, reply: talk.reply("c9", .response(.inform(InformResponse())))))
    #expect(talk.session.inform == other)
    #expect(
      talk.cpe("a1", .response(setResponse))
        == .refuse(.unexpected(answer: "SetParameterValuesResponse", outstanding: nil), reply: nil))
    #expect(talk.cpe() == .ready)
  }

  @Test(arguments: ["", "c1", nil])
  func `an answer with another ID is taken if its method is the one outstanding, with a warning`(id: String?) {
    var talk = Talk.informed()
    #expect(talk.cpe() == .ready)
    _ = talk.acs(get, "a1")
    #expect(talk.cpe(id, .response(values)) == .answered(get, .response(values)))
    #expect(talk.warnings.first == [.mismatchedID(sent: "a1", received: id)])
  }

  @Test(arguments: ["a1", "c1"])
  func `an answer to another method is refused, whatever its ID, and the request stays outstanding`(id: String) {
    var talk = Talk.informed()
    #expect(talk.cpe() == .ready)
    let request = talk.acs(get, "a1")
    #expect(
      talk.cpe(id, .response(setResponse))
        == .refuse(
          .unexpected(answer: "SetParameterValuesResponse", outstanding: .getParameterValues), reply: nil))
    #expect(talk.cpe() == .resend(request))
  }

  @Test func `the answer before, once more, gets the request after it once more`() {
    var talk = Talk.informed()
    #expect(talk.cpe() == .ready)
    _ = talk.acs(get, "a1")
    #expect(talk.cpe("a1", .response(values)) == .answered(get, .response(values)))
    let second = talk.acs(get, "a2")
    #expect(talk.cpe("a1", .response(values)) == .resend(second))
    #expect(talk.cpe("a2", .response(values)) == .answered(get, .response(values)))
  }

  @Test func `an answer to nothing is refused`() {
    var talk = Talk.informed()
    #expect(
      talk.cpe("a1", .response(.reboot))
        == .refuse(.unexpected(answer: "RebootResponse", outstanding: nil), reply: nil))
    #expect(
      talk.cpe("a1", .fault(Fault(code: 9000, text: "")))
        == .refuse(.unexpected(answer: "Fault", outstanding: nil), reply: nil))
    #expect(talk.cpe() == .ready)
  }

  @Test func `nothing but an Inform begins a session`() {
    var talk = Talk()
    #expect(talk.cpe("c1", .request(.transferComplete(complete))) == .refuse(.notInformed, reply: nil))
    #expect(talk.cpe("c1", .response(values)) == .refuse(.notInformed, reply: nil))
    #expect(talk.cpe("c1", .unknown("Odd")) == .refuse(.notInformed, reply: nil))
    #expect(talk.session.state == .expectingInform)
  }

  @Test func `an unknown method gets the fault 8000, and the session goes on`() {
    var talk = Talk.informed()
    #expect(
      talk.cpe("c2", .unknown("X_Odd"))
        == .refuse(.methodNotSupported("X_Odd"), reply: talk.reply("c2", .fault(.methodNotSupported))))
    #expect(talk.cpe() == .ready)
  }

  @Test func `a header that must be understood and is not gets SOAP's fault, before anything else`() {
    var talk = Talk()
    let header = Header(misunderstood: "Trace")
    #expect(
      talk.cpe("c1", .request(.inform(talk.inform)), header: header)
        == .refuse(.misunderstoodHeader("Trace"), reply: talk.reply("c1", .fault(.mustUnderstand))))
    #expect(talk.session.state == .expectingInform)
  }

  @Test func `of the versions offered the highest that we speak is used`() {
    var talk = Talk()
    let action = talk.cpe(
      "c1", .request(.inform(talk.inform)), header: Header(supportedVersions: ["1.0", "1.4", "1.2", "1.9"]))
    guard case .acknowledge(_, _, let reply) = action else {
      Issue.record("\(action)")
      return
    }
    #expect(reply.header == Header(useVersion: "1.4"))
  }

  @Test func `without a version in common the Inform gets the fault 8006`() {
    var talk = Talk()
    #expect(
      talk.cpe("c1", .request(.inform(talk.inform)), header: Header(supportedVersions: ["2.0"]))
        == .refuse(.noCommonVersion(["2.0"]), reply: talk.reply("c1", .fault(.versionNotSupported))))
    #expect(talk.session.state == .expectingInform)
  }

  @Test func `requests and replies have the namespace of the Inform`() throws {
    var talk = Talk()
    talk.namespace = try #require(Namespace(urn: "urn:dslforum-org:cwmp-1-0"))
    #expect(talk.cpe("c1", .request(.inform(talk.inform))) == talk.acknowledged("c1"))
    #expect(talk.cpe() == .ready)
    #expect(talk.acs(get, "a1").namespace == talk.namespace)
  }

  @Test(arguments: [(nil, 60), (45, 45), (1, 30), (100_000, 600)])
  func `the session is kept for as long as the CPE waits, within bounds`(stated: Int?, seconds: Int) {
    var talk = Talk()
    _ = talk.cpe("c1", .request(.inform(talk.inform)), header: Header(sessionTimeout: stated))
    #expect(talk.session.timeout == seconds)
  }

  @Test func `whatever comes in whatever order, at most one request is outstanding and nothing unasked is answered`() {
    let messages: [(String?, CPEMessage)] = [
      ("c1", .request(.inform(Messages.decodedInform))), ("c2", .request(.getRPCMethods)),
      ("c3", .request(.transferComplete(complete))), ("a1", .response(values)), ("a2", .response(setResponse)),
      (nil, .response(values)), ("a2", .fault(Fault(code: 9002, text: ""))), ("c4", .unknown("Odd")),
      ("c5", .request(.requestDownload(RequestDownload(fileType: .configuration)))),
    ]
    var random = FixedRandom(state: 3)
    var answered = 0
    for _ in 0..<2500 {
      var talk = Talk()
      var outstanding: ACSRequest?
      var number = 0
      for _ in 0..<12 {
        let choice = Int(random.next() % UInt64(messages.count + 3))
        let action = choice < messages.count ? talk.cpe(messages[choice].0, messages[choice].1) : talk.cpe()
        switch action {
        case .ready:
          #expect(outstanding == nil)
        case .answered(let request, _):
          #expect(outstanding == request)
          outstanding = nil
          answered += 1
        case .resend(let envelope):
          #expect(envelope.body == outstanding.map { .request($0) })
        case .acknowledge(_, let superseded, _):
          #expect(superseded == outstanding)
          outstanding = nil
        case .refuse(.unanswered, _):
          outstanding = nil
        case .probed, .transferComplete, .autonomousTransferComplete, .stateChangeComplete,
          .autonomousStateChangeComplete, .requestDownload, .kicked, .reply, .over, .refuse:
          break
        }
        guard talk.session.state == .ready else { continue }
        if random.next() % 4 == 0 {
          talk.session.finish()
        } else {
          number += 1
          let request = random.next() % 2 == 0 ? get : set
          outstanding = request
          _ = talk.acs(request, "a\(number)")
        }
      }
    }
    #expect(answered > 500)
  }
}

/// A session and what was said in it.
private struct Talk {
  var session = Session()
  var warnings = Warnings()
  var namespace = Namespace.newest
  let inform = Messages.decodedInform

  static func informed() -> Talk {
    var talk = Talk()
    _ = talk.cpe("c1", .request(.inform(talk.inform)))
    return talk
  }

  mutating func cpe() -> Session.Action {
    session.receive(.empty, warnings: &warnings)
  }

  mutating func cpe(_ id: String?, _ body: CPEMessage, header: Header = Header()) -> Session.Action {
    let envelope = CPEEnvelope(id: id, namespace: namespace, header: header, body: body)
    return session.receive(.envelope(envelope), warnings: &warnings)
  }

  mutating func acs(_ request: ACSRequest, _ id: String) -> ACSEnvelope {
    session.send(request, id: id)
  }

  func reply(_ id: String, _ body: ACSMessage) -> ACSEnvelope {
    ACSEnvelope(id: id, namespace: namespace, body: body)
  }

  func acknowledged(_ id: String) -> Session.Action {
    .acknowledge(inform, superseded: nil, reply: reply(id, .response(.inform(InformResponse()))))
  }
}

/// The same numbers in every run (SplitMix64).
struct FixedRandom: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
