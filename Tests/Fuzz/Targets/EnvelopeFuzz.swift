import CWMP
import XML

/// Any bytes are a message of a CPE and of an ACS, or are refused; what was read is written and read again as the same.
/// As the POSTs of a session, one is outstanding at most, and only what was asked is answered.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard count > 1, let start else { return 0 }
  let input = Array(UnsafeBufferPointer(start: start, count: count))
  var talk = Talk(choices: input[0])
  // Each percent sign ends a POST; nothing between two of them is an empty one.
  for post in input.dropFirst().split(separator: UInt8(ascii: "%"), maxSplits: 15, omittingEmptySubsequences: false) {
    let bytes = Array(post)
    checkFromACS(bytes)
    if bytes.isEmpty {
      talk.receive(.empty)
    } else if let envelope = checkFromCPE(bytes) {
      talk.receive(.envelope(envelope))
    }
  }
  return 0
}

private let reader = XMLReader(limits: XMLLimits(bytes: 8192, depth: 16, elements: 1024, attributes: 16, names: 128))

private func checkFromCPE(_ bytes: [UInt8]) -> CPEEnvelope? {
  var warnings = Warnings()
  guard let envelope = try? CPEEnvelope(decoding: bytes, reader: reader, warnings: &warnings) else { return nil }
  precondition(warnings.first.count <= Warnings.limit, "too many warnings are kept")
  for warning in warnings.first { precondition(!warning.description.isEmpty, "a warning without words") }
  // The name of an unknown method is only told, never sent.
  if case .unknown = envelope.body { return envelope }
  let written = envelope.encoded()
  var again = Warnings()
  guard let read = try? CPEEnvelope(decoding: written, warnings: &again) else {
    preconditionFailure("what was written is not read")
  }
  precondition(read.encoded() == written, "what was read again differs")
  return envelope
}

private func checkFromACS(_ bytes: [UInt8]) {
  var warnings = Warnings()
  guard let envelope = try? ACSEnvelope(decoding: bytes, reader: reader, warnings: &warnings) else { return }
  if case .unknown = envelope.body { return }
  if case .request(let request) = envelope.body, let problem = request.problem {
    precondition(!problem.description.isEmpty, "a problem without words")
  }
  checkWriting(envelope)
}

private func checkWriting(_ envelope: ACSEnvelope) {
  let written = envelope.encoded()
  var again = Warnings()
  guard let read = try? ACSEnvelope(decoding: written, warnings: &again) else {
    preconditionFailure("what was written is not read")
  }
  precondition(read.encoded() == written, "what was read again differs")
}

/// A session, and what the ACS has asked in it.
private struct Talk {
  private static let requests: [ACSRequest] = [
    .getParameterValues(GetParameterValues(paths: ["Device."])), .getAllQueuedTransfers, .getRPCMethods,
    .setParameterValues(SetParameterValues(parameters: [ParameterValue(path: "Device.A", value: "1")])),
    .reboot(RebootRequest(commandKey: "k")), .getParameterAttributes(GetParameterAttributes(paths: ["Device."])),
  ]

  private var session = Session()
  private var outstanding: ACSRequest?
  private var number = 0
  /// Which request comes first, and whether the session ends after each.
  private let choices: UInt8

  init(choices: UInt8) {
    self.choices = choices
  }

  mutating func receive(_ event: Session.Event) {
    var warnings = Warnings()
    let action = session.receive(event, warnings: &warnings)
    precondition((30...600).contains(session.timeout), "a timeout beyond its bounds")
    switch action {
    case .ready:
      precondition(outstanding == nil, "our turn while something is outstanding")
      ask()
    case .answered(let request, let answer):
      precondition(request == outstanding, "what was not asked is answered")
      if case .response(let response) = answer { precondition(response.method == request.method, "another method") }
      outstanding = nil
      ask()
    case .resend(let envelope):
      precondition(envelope.body == outstanding.map { .request($0) }, "another request is sent again")
    case .acknowledge(let inform, let superseded, let reply):
      precondition(superseded == outstanding && session.inform == inform, "another session begins")
      outstanding = nil
      check(reply, to: event)
    case .transferComplete(_, let reply), .autonomousTransferComplete(_, let reply), .stateChangeComplete(_, let reply),
      .autonomousStateChangeComplete(_, let reply), .requestDownload(_, let reply), .kicked(_, let reply),
      .reply(let reply):
      precondition(session.inform != nil, "an answer before the Inform")
      check(reply, to: event)
    case .refuse(let refusal, let reply):
      precondition(!refusal.description.isEmpty && !refusal.counter.isEmpty, "a refusal without a reason")
      if case .unanswered = refusal { outstanding = nil }
      if let reply { check(reply, to: event) }
    case .probed, .over:
      precondition(event == .empty, "a message is passed over")
    }
  }

  private mutating func ask() {
    guard session.state == .ready else { return }
    guard choices & 1 == 0 || number == 0 else { return session.finish() }
    let request = Self.requests[(Int(choices >> 1) + number) % Self.requests.count]
    number += 1
    outstanding = request
    checkWriting(session.send(request, id: "\(number)"))
  }

  private func check(_ reply: ACSEnvelope, to event: Session.Event) {
    guard case .envelope(let envelope) = event else { preconditionFailure("an answer to nothing") }
    precondition(reply.id == envelope.id && reply.namespace == envelope.namespace, "an answer to something else")
    checkWriting(reply)
  }
}
