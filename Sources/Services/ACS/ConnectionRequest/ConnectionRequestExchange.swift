import CWMP
import HTTP
import Net
import Transport

/// One connection request over HTTP (TR-069 section 3.2.2.2), and what the router's answer comes to. A client of its own
/// for each: what libcurl keeps of one router's challenge would spoil the next one's.
struct ConnectionRequestExchange: Sendable {
  /// In seconds.
  struct Limits: Hashable, Sendable {
    var connection = 5
    /// A second try included.
    var whole = 10
  }

  enum Ending: Sendable {
    case answered(CurlResponse, Login)
    case failed(CurlError)
  }

  enum Login: Sendable {
    case notAsked
    case digest(isOnNewConnection: Bool)
    /// It asks for one, and in a way that cannot be answered: what it says.
    case unanswerable(fields: [String])
  }

  /// An empty body is wanted; more than this is no answer to a connection request.
  private static let longestBody = 64 << 10

  let url: ConnectionRequestURL
  let address: IPv4Address
  let credentials: CurlRequest.Credentials?
  var limits = Limits()

  /// The steps from the connection on that went well.
  func run() async throws(ConnectionRequestProblem) -> [ConnectionRequestOutcome.Step] {
    let start = ContinuousClock.now
    var ending = await once(seconds: limits.whole)
    let passed = Int((ContinuousClock.now - start).components.seconds)
    if Self.isWorthAnother(ending) { ending = await once(seconds: max(1, limits.whole - passed)) }
    switch ending {
    case .answered(let response, let login): return try judge(response, login)
    case .failed(let error): throw problem(error)
    }
  }

  /// The digest is answered here and not by libcurl, which reads one line of a challenge that is folded over several.
  private func once(seconds: Int) async -> Ending {
    do throws(CurlError) {
      let client = try CurlClient()
      let first: CurlResponse
      do throws(CurlError) {
        first = try await client.send(request(seconds: seconds))
      } catch .protocolError(let reason) {
        guard let challenge = await challengeByHand(seconds: seconds) else { throw .protocolError(reason) }
        return try await logIn(client, challenge, seconds: seconds)
      }
      guard first.status == .unauthorized, credentials != nil else { return .answered(first, .notAsked) }
      let fields = first.headers.values(of: "WWW-Authenticate")
      if let challenge = Self.challenge(in: fields) { return try await logIn(client, challenge, seconds: seconds) }
      // A head that breaks off is told by libcurl as far as its last whole line.
      let mayBeDigest = fields.isEmpty || fields.contains { $0.lowercased().contains("digest") }
      guard mayBeDigest, let challenge = await challengeByHand(seconds: seconds) else {
        return .answered(first, .unanswerable(fields: fields))
      }
      return try await logIn(client, challenge, seconds: seconds)
    } catch {
      return .failed(error)
    }
  }

  private func request(_ authorization: String? = nil, seconds: Int) -> CurlRequest {
    var request = CurlRequest(.get, url: url.text)
    if let authorization { request.headers["Authorization"] = authorization }
    request.connectTimeout = Double(min(seconds, limits.connection))
    request.totalTimeout = Double(seconds)
    request.maximumBody = Self.longestBody
    if url.address == nil {
      request.resolved = [ResolvedHost(host: url.host, port: url.port, address: "\(address)")]
    }
    return request
  }

  /// A nonce that the router says is stale is made good once.
  private func logIn(
    _ client: CurlClient, _ challenge: DigestChallenge, seconds: Int
  ) async throws(CurlError) -> Ending {
    var challenge = challenge
    var hasTried = false
    while true {
      let response = try await client.send(request(authorization(answering: challenge), seconds: seconds))
      let login = Login.digest(isOnNewConnection: response.connectionsOpened > 0)
      guard !hasTried, response.status == .unauthorized,
        let next = Self.challenge(in: response.headers.values(of: "WWW-Authenticate")), next.isStale
      else { return .answered(response, login) }
      challenge = next
      hasTried = true
    }
  }

  private func authorization(answering challenge: DigestChallenge) -> String? {
    credentials.map { credentials in
      DigestCredentials(
        answering: challenge, username: credentials.username, password: credentials.password, method: .get,
        uri: url.target, clientNonce: Randomness.token(characters: 16), hashes: .crypto
      ).fieldValue
    }
  }

  private static func challenge(in fields: [String]) -> DigestChallenge? {
    (try? DigestChallenge.parse(fields))?.first
  }

  /// The challenge of a router whose answer libcurl does not take: with lines that are no header fields, or without an
  /// end.
  private func challengeByHand(seconds: Int) async -> DigestChallenge? {
    guard credentials != nil,
      let bytes = await HeadQuery.ask(
        Endpoint(address, port: url.port),
        "GET \(url.target) HTTP/1.1\r\nHost: \(url.host):\(url.port)\r\nAccept: */*\r\nConnection: close\r\n\r\n",
        milliseconds: Int64(min(seconds, limits.connection)) * 1000),
      let head = ResponseHead(reading: bytes), head.status == 401
    else { return nil }
    return Self.challenge(in: head.headers.values(of: "WWW-Authenticate"))
  }

  /// Some routers drop the connection after their 401, and take the nonce for that connection's: a login on a new one is
  /// refused then, though its password is right. The whole exchange once more tells.
  static func isWorthAnother(_ ending: Ending) -> Bool {
    switch ending {
    case .answered(let response, .digest(let isOnNewConnection)): response.status == .unauthorized && isOnNewConnection
    case .answered: false
    case .failed(.dropped): true
    case .failed: false
    }
  }

  private func judge(
    _ response: CurlResponse, _ login: Login
  ) throws(ConnectionRequestProblem) -> [ConnectionRequestOutcome.Step] {
    let status = response.status.rawValue
    switch status {
    case 401: throw refusal(login)
    case 503: throw .busy
    case 200, 204: break
    default: throw .status(status)
    }
    let told =
      switch login {
      case .digest: "accepted the digest of \(credentials?.username ?? "nobody")"
      case .notAsked, .unanswerable: "asked for no login: whoever reaches it can wake it"
      }
    return [
      .init(.connection, "took the connection"), .init(.answer, "answered with status \(status)"),
      .init(.login, told), .init(.acceptance, "accepted"),
    ]
  }

  private func refusal(_ login: Login) -> ConnectionRequestProblem {
    guard let credentials else { return .noCredentials }
    switch login {
    case .digest: return .digestRefused(username: credentials.username)
    case .notAsked: return .noDigest(asked: Self.unreadable)
    case .unanswerable(let fields):
      let schemes = fields.flatMap { (try? AuthenticationField.parse($0)) ?? [] }.map { String($0.scheme.prefix(32)) }
      return .noDigest(asked: schemes.isEmpty ? Self.unreadable : schemes.joined(separator: ", "))
    }
  }

  private static let unreadable = "no scheme that can be read"

  private func problem(_ error: CurlError) -> ConnectionRequestProblem {
    switch error {
    case .refused: .refused
    case .connect(let reason), .resolve(let reason): .unreachable(reason: reason)
    case .timeout: .connectTimeout(seconds: limits.connection)
    case .silent: .answerTimeout(seconds: limits.whole)
    case .dropped(let reason): .dropped(reason: reason)
    case .tooLarge, .protocolError, .tooManyRedirects, .tls: .dropped(reason: "\(error)")
    case .invalidURL(let reason), .invalidRequest(let reason), .setup(let reason): .notSent(reason: reason)
    case .canceled: .notSent(reason: "\(error)")
    }
  }
}
