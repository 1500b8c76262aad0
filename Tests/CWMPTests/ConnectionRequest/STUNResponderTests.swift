import Net
import Testing

@testable import CWMP

struct STUNResponderTests {
  private let transaction = STUNMessageTests.transaction
  private let source = STUNAddress(IPv4Address(198, 51, 100, 7), port: 5060)
  private let local = STUNAddress(IPv4Address(192, 0, 2, 1), port: 3478)

  private func decide(
    _ bytes: [UInt8], from source: STUNAddress? = nil, challenges: STUNResponder.Challenges = .bindingChanges
  ) -> STUNResponder.Decision {
    STUNResponder(challenges: challenges, hmac: plainHMAC).decide(bytes, from: source ?? self.source, at: local) {
      $0 == "router" ? "secret" : nil
    }
  }

  private func request(_ attributes: STUNAttribute...) -> STUNMessage {
    STUNMessage(.bindingRequest, transaction: transaction, attributes: attributes)
  }

  private func refusal(_ decision: STUNResponder.Decision) throws -> (STUNResponder.Refusal, STUNMessage?) {
    switch decision {
    case .respond: throw Answered()
    case .refuse(let refusal, let reply): (refusal, try STUNMessage(decoding: reply.datagram.span.bytes))
    case .ignore(let refusal): (refusal, nil)
    }
  }

  private struct Answered: Error {}

  @Test func `a binding request is told where it came from`() {
    let expected = STUNMessage(
      .bindingResponse, transaction: transaction,
      attributes: [.mappedAddress(source), .sourceAddress(local), .changedAddress(local)])
    #expect(
      decide(request(.connectionRequestBinding).encoded())
        == .respond(
          .init(datagram: expected.encoded(), destination: source),
          .init(place: source, username: nil, takesConnectionRequests: true, isChange: false)))
  }

  @Test func `RFC 5389: a client with the magic cookie is told its address turned, too`() throws {
    var request = request()
    request.transaction = [0x21, 0x12, 0xA4, 0x42] + Array(repeating: 9, count: 12)
    guard case .respond(let reply, _) = decide(request.encoded()) else { throw Answered() }
    #expect(
      try STUNMessage(decoding: reply.datagram.span.bytes).attributes
        == [.mappedAddress(source), .sourceAddress(local), .changedAddress(local), .xorMappedAddress(source)])
  }

  @Test func `an answer goes to another port of the sender, and to no other address`() throws {
    var elsewhere = source
    elsewhere.port = 999
    guard case .respond(let reply, let binding) = decide(request(.responseAddress(elsewhere)).encoded()) else {
      throw Answered()
    }
    #expect(reply.destination == elsewhere)
    #expect(binding.place == source)
    #expect(try STUNMessage(decoding: reply.datagram.span.bytes).has(.reflectedFrom(source)))

    elsewhere.address = IPv4Address(198, 51, 100, 8)
    #expect(decide(request(.responseAddress(elsewhere)).encoded()) == .ignore(.foreignResponseAddress(elsewhere)))
  }

  @Test func `responses and what cannot be read are never answered`() {
    for kind in [STUNMessage.Kind.bindingResponse, .bindingErrorResponse] {
      #expect(decide(STUNMessage(kind, transaction: transaction).encoded()) == .ignore(.notARequest))
    }
    #expect(decide([1]) == .ignore(.malformed(.truncated(at: 0, needed: 1))))
    let nowhere = STUNAddress(source.address, port: 0)
    #expect(decide(request().encoded(), from: nowhere) == .ignore(.source(nowhere)))
  }

  @Test func `RFC 3489 section 8.1: attributes that it must understand and does not are told, an even number`() throws {
    let (refusal, reply) = try refusal(
      decide(
        request(.other(type: 0x7FFF, []), .other(type: 0x8000, []), .changeRequest(address: false, port: false))
          .encoded()))
    #expect(refusal == .unknownAttributes([0x7FFF]))
    #expect(
      reply?.attributes
        == [.errorCode(code: 420, reason: "Unknown Attribute   "), .unknownAttributes([0x7FFF, 0x7FFF])])
    // There is no other address to answer from.
    #expect(
      try self.refusal(decide(request(.changeRequest(address: true, port: false)).encoded())).0
        == .unknownAttributes([3]))
  }

  @Test func `annex G: a changed binding is believed of who proves who it is`() throws {
    #expect(try refusal(decide(request(.bindingChange).encoded())).0 == .unauthorized)
    #expect(
      try refusal(decide(request(.bindingChange).encoded())).1?.attributes
        == [.errorCode(code: 401, reason: "Unauthorized")])
    for integrity in STUNIntegrity.allCases {
      let protected = integrity.protected(
        request(.bindingChange, .username(Array("router  ".utf8))), password: Array("secret".utf8), hmac: plainHMAC)
      guard case .respond(let reply, let binding) = decide(protected) else { throw Answered() }
      #expect(
        binding == .init(place: source, username: "router", takesConnectionRequests: false, isChange: true))
      #expect(STUNIntegrity.of(reply.datagram, password: Array("secret".utf8), hmac: plainHMAC) == integrity)
      var damaged = protected
      damaged[24] ^= 1
      #expect(decide(damaged) != decide(protected))
    }
  }

  @Test(arguments: ["router", "router==", "router==  ", "router\0\0"])
  func `RFC 3489 section 11.2.6: a name that was filled up to a multiple of four bytes is known`(name: String) throws {
    let protected = STUNIntegrity.filled.protected(
      request(.username(Array(name.utf8))), password: Array("secret".utf8), hmac: plainHMAC)
    guard case .respond(_, let binding) = decide(protected) else { throw Answered() }
    #expect(binding.username == "router")
  }

  @Test func `a user name that is given out has a multiple of four bytes, and its owner's name before`() {
    for length in 1...32 {
      let name = String(repeating: "a", count: length)
      let padded = STUNUsername.padded(name)
      #expect(padded.utf8.count.isMultiple(of: 4) && padded.hasPrefix(name) && padded.utf8.count - length < 4)
      #expect(STUNUsername.unpadded(padded) == name)
    }
  }

  @Test func `RFC 3489 section 11.2.3: CHANGED-ADDRESS stands in every binding response`() throws {
    for attributes in [[], [.connectionRequestBinding], [.responseAddress(source)]] as [[STUNAttribute]] {
      let request = STUNMessage(.bindingRequest, transaction: transaction, attributes: attributes)
      guard case .respond(let reply, _) = decide(request.encoded()) else { throw Answered() }
      #expect(try STUNMessage(decoding: reply.datagram.span.bytes).has(.changedAddress(local)))
    }
  }

  @Test func `a wrong password, an unknown name and no name are told apart`() throws {
    func protected(_ attributes: STUNAttribute...) -> [UInt8] {
      STUNIntegrity.filled.protected(
        STUNMessage(.bindingRequest, transaction: transaction, attributes: attributes), password: [1], hmac: plainHMAC)
    }
    let answers = [
      try refusal(decide(protected())), try refusal(decide(protected(.username(Array("stranger".utf8))))),
      try refusal(decide(protected(.username(Array("router".utf8))))),
      try refusal(decide(request().encoded(), challenges: .always)),
    ]
    #expect(answers.map(\.0) == [.missingUsername, .unknownUsername, .integrity, .unauthorized])
    #expect(answers.map(\.0.code) == [432, 436, 431, 401])
  }
}
