import Net

/// Any bytes are a STUN message or are refused, and so with the datagram of a connection request; what is read is
/// written and read again as the same. Whatever is asked, a response is never answered, and an answer goes to the sender
/// and is little longer than the question.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  let message = message(bytes)
  if let message { expectProtected(message) }
  for challenges in [STUNResponder.Challenges.never, .bindingChanges, .always] {
    let decision = STUNResponder(challenges: challenges, hmac: hmac).decide(bytes, from: source, at: local) { name in
      name == "router" ? "secret" : nil
    }
    switch decision {
    case .ignore: break
    case .respond(let reply, let binding):
      precondition(binding.place == source)
      precondition(binding.username == nil || binding.username == "router", "a name that nobody has")
      precondition(!binding.isChange || challenges == .never || binding.username != nil, "an unproved change")
      expectRight(reply, to: message, .bindingResponse, count)
    case .refuse(let refusal, let reply):
      precondition(refusal.code != nil)
      expectRight(reply, to: message, .bindingErrorResponse, count)
    }
  }
  connectionRequest(bytes)
  return 0
}

private let source = STUNAddress(IPv4Address(192, 0, 2, 7), port: 4000)
private let local = STUNAddress(IPv4Address(192, 0, 2, 1), port: 3478)

/// Not a cryptographic code, but one that tells one text from another.
private let hmac: HMACSHA1 = { key, message in
  (0..<20).map { place in
    (key + message).reduce(UInt32(place) &+ 0x811C_9DC5) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
  }.map { UInt8(truncatingIfNeeded: $0 >> 16) }
}

private func message(_ bytes: [UInt8]) -> STUNMessage? {
  guard let message = try? STUNMessage(decoding: bytes.span.bytes) else { return nil }
  let written = message.encoded()
  guard let again = try? STUNMessage(decoding: written.span.bytes) else {
    preconditionFailure("what was written is not read")
  }
  precondition(again == message && again.encoded() == written, "what was read again differs")
  return message
}

private func expectProtected(_ message: STUNMessage) {
  guard message.messageIntegrity == nil else { return }
  for integrity in STUNIntegrity.allCases {
    let datagram = integrity.protected(message, password: [1], hmac: hmac)
    precondition(STUNIntegrity.of(datagram, password: [1], hmac: hmac) != nil, "what was protected is not known")
    precondition(STUNIntegrity.of(datagram, password: [2], hmac: hmac) == nil, "another password does as well")
  }
}

private func expectRight(
  _ reply: STUNResponder.Reply, to request: STUNMessage?, _ kind: STUNMessage.Kind, _ count: Int
) {
  guard let request, let answer = message(reply.datagram) else {
    preconditionFailure("an answer to nothing, or one that is not read")
  }
  precondition(request.kind == .bindingRequest, "a response was answered")
  precondition(answer.kind == kind && answer.transaction == request.transaction)
  precondition(reply.destination.address == source.address && reply.destination.port != 0, "an answer to another")
  precondition(reply.datagram.count <= count + 76, "an answer that is much longer than its question")
}

private func connectionRequest(_ bytes: [UInt8]) {
  var signature = ""
  guard let request = try? UDPConnectionRequest(decoding: bytes, signature: &signature) else { return }
  let written = request.encoded(to: "192.0.2.7:4000", password: "secret", hmac: hmac)
  guard written.count <= UDPConnectionRequest.maximumLength else { return }
  guard let again = try? UDPConnectionRequest(decoding: written, signature: &signature) else {
    preconditionFailure("what was written is not read")
  }
  precondition(again == request && signature == request.signature(password: "secret", hmac: hmac))
}
