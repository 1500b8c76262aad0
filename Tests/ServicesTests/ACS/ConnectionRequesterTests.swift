import CWMP
import HTTP
import Journey
import Net
import Synchronization
import Testing
import Transport

@testable import Services

struct ConnectionRequesterTests {
  private func problem(
    status: Status, hasCredentials: Bool = true, challenge: String? = nil
  ) async throws -> ConnectionRequestProblem? {
    try await withHTTPServer { _ in
      var response = HTTP.Response(status)
      if let challenge { response.headers["WWW-Authenticate"] = challenge }
      return response
    } _: { port in
      try await WakeFixture(url: "http://127.0.0.1:\(port)/x", hasCredentials: hasCredentials).wake().problem
    }
  }

  private func problem(
    limits: ConnectionRequestExchange.Limits = .init(connection: 30, whole: 60),
    _ react: @escaping @Sendable (Int, String) -> RawServer.Reaction
  ) async throws -> ConnectionRequestProblem? {
    let server = try RawServer(react)
    return try await WakeFixture(url: "http://127.0.0.1:\(server.port)/x", limits: limits).wake().problem
  }

  @Test func `a router that takes the digest and informs is woken`() async throws {
    let answer = Current<@Sendable (HTTP.Request) -> HTTP.Response>({ _ in HTTP.Response(.notFound) })
    try await withHTTPServer {
      answer.value($0)
    } _: { port in
      let fixture = try WakeFixture(url: "http://127.0.0.1:\(port)/x", informWait: 60)
      answer.value = fixture.gate(
        DigestAuthenticator(realm: "r", secret: Array(repeating: 1, count: 16), hashes: .crypto))
      let outcome = await fixture.wake()
      #expect(outcome.problem == nil)
      #expect(outcome.steps.map(\.stage) == ConnectionRequestStage.allCases)
      #expect(outcome.steps.last?.text.hasSuffix("with 6 CONNECTION REQUEST") == true)
      #expect(outcome.steps.contains { $0.text == "accepted the digest of 000FE2-MSR36-1" })
      #expect(fixture.counters.all["acs.connectionRequests.informed"] == 1)
    }
  }

  @Test func `what came of it stands in the router's journey`() async throws {
    let fixture = try WakeFixture(url: nil)
    #expect(await fixture.wake() == ConnectionRequestOutcome(problem: .noURL))
    try await fixture.journey.commit([.router(Router(id: fixture.router, firstSeen: Timestamp(secondsSince1970: 0)))])
    let events = fixture.store.events(of: fixture.router, after: 0, limit: 10)
    #expect(events.map(\.event.fact) == [.wakeFailed(reason: "the router has told no ConnectionRequestURL")])
  }

  @Test func `an answer without an Inform is no success`() async throws {
    try await withHTTPServer { _ in
      HTTP.Response(.noContent)
    } _: { port in
      let outcome = try await WakeFixture(url: "http://127.0.0.1:\(port)/x").wake()
      #expect(outcome.problem == .noInform(seconds: 1))
      // It did not ask who wakes it, and that is told.
      #expect(outcome.steps.contains { $0.stage == .login && $0.text.hasPrefix("asked for no login") })
    }
  }

  @Test func `another Inform counts only after the router has accepted`() async throws {
    let informs = Current<WakeFixture?>(nil)
    try await withHTTPServer { _ in
      informs.value?.inform("2 PERIODIC")
      return HTTP.Response(.ok)
    } _: { port in
      let fixture = try WakeFixture(url: "http://127.0.0.1:\(port)/x")
      informs.value = fixture
      #expect(await fixture.wake().problem == .noInform(seconds: 1))
    }
  }

  @Test func `each answer that is no acceptance has its problem`() async throws {
    #expect(try await problem(status: .serviceUnavailable) == .busy)
    #expect(try await problem(status: .notFound) == .status(404))
    #expect(try await problem(status: .found) == .status(302))
    #expect(try await problem(status: .unauthorized, hasCredentials: false) == .noCredentials)
    #expect(try await problem(status: .unauthorized, challenge: "Basic realm=\"x\"") == .noDigest(asked: "Basic"))
    #expect(try await problem(status: .unauthorized) == .noDigest(asked: "no scheme that can be read"))
    #expect(
      try await problem(
        status: .unauthorized, challenge: "Basic realm=\"x\", Digest realm=\"r\", nonce=\"n\", qop=\"auth\"")
        == .digestRefused(username: "000FE2-MSR36-1"))
    #expect(
      try await problem(status: .unauthorized, challenge: "Digest realm=\"r\", nonce=\"n\", qop=\"auth\"")
        == .digestRefused(username: "000FE2-MSR36-1"))
  }

  @Test func `a router without credentials of its own is woken where it asks for none`() async throws {
    let informs = Current<WakeFixture?>(nil)
    try await withHTTPServer { request in
      #expect(request.headers["Authorization"] == nil)
      informs.value?.inform("6 CONNECTION REQUEST")
      return HTTP.Response(.ok)
    } _: { port in
      let fixture = try WakeFixture(url: "http://127.0.0.1:\(port)/x", hasCredentials: false, informWait: 60)
      informs.value = fixture
      #expect(await fixture.wake().isWoken)
    }
  }

  @Test func `refused, silent and dropped connections are told apart`() async throws {
    let unused = try DatagramSocket(.loopback, port: 0).local.port
    #expect(try await WakeFixture(url: "http://127.0.0.1:\(unused)/").wake().problem == .refused)
    #expect(
      try await problem(limits: .init(connection: 3, whole: 3)) { _, _ in .silence } == .answerTimeout(seconds: 3))
    guard case .dropped? = try await problem({ _, _ in .drop }) else {
      Issue.record("a dropped connection is not told as such")
      return
    }
  }

  @Test func `a router that takes no connection in time is told as such`() async throws {
    let full = try FullServer()
    let fixture = try WakeFixture(url: "http://127.0.0.1:\(full.port)/", limits: .init(connection: 1, whole: 60))
    #expect(await fixture.wake().problem == .connectTimeout(seconds: 1))
  }

  @Test(arguments: [true, false])
  func `a connection that is dropped after the 401 is made again`(isNonceBound: Bool) async throws {
    let seen = Mutex<[Int]>([])
    let server = try RawServer { connection, request in
      seen.withLock { $0.append(connection) }
      // The nonce is good on its own connection alone, or on any; the third connection is kept.
      let isLoggedIn = request.contains("nonce=\"n\(isNonceBound ? connection : 1)\"")
      if isLoggedIn { return .answer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") }
      let refusal =
        "HTTP/1.1 401 No\r\nContent-Length: 0\r\n"
        + "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\(connection)\", qop=\"auth\"\r\n\r\n"
      return connection == 3 ? .answer(refusal) : .answerAndClose(refusal)
    }
    let outcome = try await WakeFixture(url: "http://127.0.0.1:\(server.port)/x").wake()
    #expect(outcome.problem == .noInform(seconds: 1))
    #expect(seen.withLock { $0 } == (isNonceBound ? [1, 2, 3, 3] : [1, 2]))
  }

  @Test func `36 a router that drops the connection after its 401 is asked again with the login`() async throws {
    let requests = Mutex<[Bool]>([])
    let server = try RawServer { _, request in
      let isLoggedIn = request.contains("Authorization: Digest ")
      requests.withLock { $0.append(isLoggedIn) }
      if isLoggedIn { return .answer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") }
      return .answerAndClose(
        "HTTP/1.1 401 No\r\nContent-Length: 0\r\nWWW-Authenticate: Digest realm=\"r\", nonce=\"n\"\r\n\r\n")
    }
    let outcome = try await WakeFixture(url: "http://127.0.0.1:\(server.port)/x").wake()
    #expect(outcome.problem == .noInform(seconds: 1))
    #expect(requests.withLock { $0 } == [false, true])
  }

  @Test func `nothing is sent to a host that is not the router's`() async throws {
    let url = "http://127.0.0.1:1/x"
    let other = IPv4Address(192, 0, 2, 9)
    var fixture = try WakeFixture(url: url, address: other)
    #expect(await fixture.wake().problem == .behindNAT("127.0.0.1", own: other, .udpAddress))
    fixture.device.isNATDetected = false
    #expect(await fixture.wake().problem == .foreignHost("127.0.0.1", own: other))
    let loopback = try #require(Subnet("127.0.0.0/8"))
    #expect(try await WakeFixture(url: url, allowed: [loopback], address: other).wake().problem == .refused)
    #expect(try await WakeFixture(url: "https://127.0.0.1/").wake().problem == .unusableURL(.tls))
    // A name is the router's own address, whatever DNS says.
    #expect(try await WakeFixture(url: "http://localhost.example:1/").wake().problem == .refused)
  }

  @Test func `one request to a router is under way at a time`() async throws {
    try await withHTTPServer { _ in
      HTTP.Response(.ok)
    } _: { port in
      let fixture = try WakeFixture(url: "http://127.0.0.1:\(port)/x")
      async let first = fixture.wake()
      async let second = fixture.wake()
      let problems = await [first.problem, second.problem]
      #expect(Set(problems) == [.noInform(seconds: 1), .alreadyUnderWay])
      #expect(await fixture.wake().problem == .noInform(seconds: 1))
    }
  }

  @Test func `many routers are asked at once, and 64 at most`() async throws {
    let gauge = Mutex((now: 0, most: 0))
    let mayAnswer = Atomic(false)
    try await withHTTPServer { _ in
      gauge.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
      while !mayAnswer.load(ordering: .acquiring) { try? await Task.sleep(for: .milliseconds(10)) }
      gauge.withLock { $0.now -= 1 }
      return HTTP.Response(.notFound)
    } _: { port in
      let fixture = try WakeFixture(
        url: "http://127.0.0.1:\(port)/x", hasCredentials: false, limits: .init(connection: 3600, whole: 3600))
      await withTaskGroup(of: ConnectionRequestOutcome.self) { group in
        for number in 0..<100 {
          let id = DeviceID(oui: "000FE2", productClass: "", serialNumber: "\(number)")
          var device = Device(
            id: id, manufacturer: "", dataModel: .device, firstInform: fixture.device.firstInform)
          device.connectionRequestURL = fixture.device.connectionRequestURL
          group.addTask { [device] in await fixture.requester.wake(device, fixture.router) }
        }
        // None is answered before as many are asked as may be, and all others wait.
        for _ in 0..<3000
        where gauge.withLock(\.now) < ConnectionRequester.atOnce
          || fixture.requester.turnstile.waiting < 100 - ConnectionRequester.atOnce
        {
          try? await Task.sleep(for: .milliseconds(10))
        }
        mayAnswer.store(true, ordering: .releasing)
        for await outcome in group { #expect(outcome.problem == .status(404)) }
      }
    }
    #expect(gauge.withLock(\.most) == ConnectionRequester.atOnce)
  }

  @Test func `many wait in turn, and no more than may`() async {
    let turnstile = Turnstile(places: 2, queue: 2)
    #expect(await turnstile.enter())
    #expect(await turnstile.enter())
    async let third = turnstile.enter()
    async let fourth = turnstile.enter()
    while turnstile.waiting < 2 { await Task.yield() }
    #expect(await turnstile.enter() == false)
    turnstile.leave()
    turnstile.leave()
    #expect(await [third, fourth] == [true, true])
    turnstile.leave()
    #expect(await turnstile.enter())
  }
}
