import CWMP
import Net
import Synchronization
import Testing
import Transport

@testable import Services

struct STUNServiceTests {
  /// A port that nobody has, for the server, and a client's socket.
  private func sockets() throws -> (port: UInt16, client: DatagramSocket) {
    (try DatagramSocket(.loopback, port: 0).local.port, try DatagramSocket(.loopback, port: 0))
  }

  private func receive(_ socket: DatagramSocket) async throws -> [UInt8]? {
    for _ in 0..<3000 {
      if let received = try socket.receive() { return received.bytes }
      try await Task.sleep(for: .milliseconds(10))
    }
    return nil
  }

  private func message(_ socket: DatagramSocket) async throws -> STUNMessage {
    let bytes = try #require(try await receive(socket))
    return try STUNMessage(decoding: bytes.span.bytes)
  }

  private func request(_ attributes: STUNAttribute...) -> STUNMessage {
    STUNMessage(.bindingRequest, transaction: Array(1...16), attributes: attributes)
  }

  @Test func `a router learns where it is seen, and is woken there`() async throws {
    let (port, client) = try sockets()
    var fixture = try WakeFixture(url: "http://10.0.0.1/x", informWait: 60, stunPort: port)
    try await fixture.stun.serve([.loopback])
    fixture.device.isNATDetected = true
    fixture.device.udpConnectionRequestAddress = "127.0.0.1:\(client.local.port)"

    try client.send(request(.connectionRequestBinding).encoded(), to: Endpoint(.loopback, port: port))
    let reply = try await message(client)
    #expect(reply.has(.mappedAddress(STUNAddress(.loopback, port: client.local.port))))

    let router = Task { [fixture] in
      var requests: [UDPConnectionRequest] = []
      for _ in 0..<ConnectionRequester.copies {
        guard let bytes = try await receive(client) else { break }
        var signature = ""
        let request = try UDPConnectionRequest(decoding: bytes, signature: &signature)
        #expect(
          signature
            == request.signature(
              password: fixture.secrets.connectionRequestPassword, hmac: MessageAuthentication.hmacSHA1))
        requests.append(request)
      }
      fixture.inform("6 CONNECTION REQUEST")
      return requests
    }
    let outcome = await fixture.wake()
    #expect(outcome.problem == nil)
    #expect(outcome.steps.map(\.stage) == [.address, .connection, .inform])
    let requests = try await router.value
    #expect(requests.count == 3 && Set(requests).count == 1)
    #expect(requests.first?.username == "000FE2-MSR36-1")
    try await fixture.stun.serve([])
  }

  @Test func `datagrams that were merely sent are no success`() async throws {
    let (port, client) = try sockets()
    var fixture = try WakeFixture(url: nil, stunPort: port)
    try await fixture.stun.serve([.loopback])
    fixture.device.isNATDetected = true
    fixture.device.udpConnectionRequestAddress = "127.0.0.1:\(client.local.port)"
    #expect(await fixture.wake().problem == .noInformAfterUDP(seconds: 1, silence: nil, period: 0))
    #expect(try await receive(client) != nil)
    // No datagram goes where the router is not, nor where it has no NAT.
    fixture.device.udpConnectionRequestAddress = "127.0.0.2:\(client.local.port)"
    #expect(await fixture.wake().problem == .noURL)
    fixture.device.udpConnectionRequestAddress = "127.0.0.1:\(client.local.port)"
    fixture.device.isNATDetected = false
    #expect(await fixture.wake().problem == .noURL)
    try await fixture.stun.serve([])
  }

  @Test func `what keeps a router behind a NAT from being asked is told`() async throws {
    let (port, _) = try sockets()
    var fixture = try WakeFixture(url: "http://10.0.0.1/x", stunPort: port)
    fixture.device.softwareVersion = "7.1"
    func problem(_ missing: ConnectionRequestProblem.Missing) -> ConnectionRequestProblem {
      .behindNAT("10.0.0.1", own: WakeFixture.own, missing)
    }
    #expect(await fixture.wake().problem == problem(.udpAddress))
    fixture.device.isNATDetected = true
    fixture.device.udpConnectionRequestAddress = "192.0.2.66:7547"
    #expect(await fixture.wake().problem == problem(.foreignUDPAddress("192.0.2.66:7547")))
    fixture.device.stunRefusal = STUNRefusal(softwareVersion: "7.1", code: 9005)
    #expect(await fixture.wake().problem == problem(.stunParameters(code: 9005)))
  }

  @Test func `a router that proves who it is is asked where it was seen last`() async throws {
    let (port, client) = try sockets()
    let fixture = try WakeFixture(url: nil, stunPort: port)
    try await fixture.stun.serve([.loopback])
    let username = fixture.secrets.connectionRequestUsername
    let server = Endpoint(.loopback, port: port)

    try client.send(request(.bindingChange).encoded(), to: server)
    let refusal = try await message(client)
    #expect(refusal.attributes == [.errorCode(code: 401, reason: "Unauthorized")])
    #expect(fixture.stun.place(of: username) == nil)

    let start = ContinuousClock.now
    let message = request(.connectionRequestBinding, .bindingChange, .username(Array(username.utf8)))
    let password = Array(fixture.secrets.connectionRequestPassword.utf8)
    try client.send(
      STUNIntegrity.filled.protected(message, password: password, hmac: MessageAuthentication.hmacSHA1), to: server)
    let reply = try #require(try await receive(client))
    #expect(STUNIntegrity.of(reply, password: password, hmac: MessageAuthentication.hmacSHA1) == .filled)
    #expect(fixture.stun.place(of: username) == STUNAddress(.loopback, port: client.local.port))
    // It has told no address in its Informs, and is asked all the same.
    guard case .noInformAfterUDP(1, let silence?, _)? = await fixture.wake().problem else {
      Issue.record("it was not asked over UDP, or its binding is unknown")
      return
    }
    // It was last heard before the three datagrams and the wait for its Inform, and after the start.
    #expect((1...(ContinuousClock.now - start).components.seconds + 1).contains(silence))
    #expect(try await receive(client) != nil)
    try await fixture.stun.serve([])
  }

  @Test func `bindings are bounded and forgotten`() {
    var bindings = Bindings()
    let now = Timestamp(secondsSince1970: 1000)
    func binding(_ number: Int) -> STUNResponder.Binding {
      .init(
        place: STUNAddress(IPv4Address(rawValue: UInt32(number)), port: 1), username: number == 0 ? "u" : nil,
        takesConnectionRequests: true, isChange: false)
    }
    func note(_ number: Int, at moment: Timestamp) -> Bool {
      bindings.note(binding(number), at: .loopback, now: moment)
    }
    let isNoted = (0...Bindings.limit).map { note($0, at: now) }
    #expect(isNoted.count(where: { $0 }) == Bindings.limit && isNoted.last == false)
    #expect(bindings.place(of: "u", now: now) == binding(0).place)
    let later = now.advanced(bySeconds: Bindings.life)
    #expect(bindings.place(of: "u", now: later) == nil)
    let isNotedLater = note(Bindings.limit, at: later)
    #expect(isNotedLater)
    #expect(bindings.local(for: binding(1).place, now: later) == nil)
  }
}
