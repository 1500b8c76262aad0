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
    case answered(CurlResponse)
    case failed(CurlError)
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
    case .answered(let response): return try judge(response)
    case .failed(let error): throw problem(error)
    }
  }

  private func once(seconds: Int) async -> Ending {
    var request = CurlRequest(.get, url: url.text, credentials: credentials)
    request.connectTimeout = Double(min(seconds, limits.connection))
    request.totalTimeout = Double(seconds)
    request.maximumBody = Self.longestBody
    if url.address == nil {
      request.resolved = [ResolvedHost(host: url.host, port: url.port, address: "\(address)")]
    }
    do throws(CurlError) {
      return .answered(try await CurlClient().send(request))
    } catch {
      return .failed(error)
    }
  }

  /// Some routers drop the connection after their 401, and take the nonce for that connection's: a login on a new one is
  /// refused then, though its password is right. The whole exchange once more tells.
  static func isWorthAnother(_ ending: Ending) -> Bool {
    switch ending {
    case .answered(let response): response.status == .unauthorized && response.connectionsOpened > 1
    case .failed(.dropped): true
    case .failed: false
    }
  }

  private func judge(_ response: CurlResponse) throws(ConnectionRequestProblem) -> [ConnectionRequestOutcome.Step] {
    let status = response.status.rawValue
    switch status {
    case 401: throw refusal(response)
    case 503: throw .busy
    case 200, 204: break
    default: throw .status(status)
    }
    let login =
      response.wasChallenged
      ? "accepted the digest of \(credentials?.username ?? "nobody")"
      : "asked for no login: whoever reaches it can wake it"
    return [
      .init(.connection, "took the connection"), .init(.answer, "answered with status \(status)"),
      .init(.login, login), .init(.acceptance, "accepted"),
    ]
  }

  private func refusal(_ response: CurlResponse) -> ConnectionRequestProblem {
    guard let credentials else { return .noCredentials }
    let values = response.headers.fields.filter { $0.name.lowercased() == "www-authenticate" }.map(\.value)
    if let challenges = try? DigestChallenge.parse(values), !challenges.isEmpty {
      return .digestRefused(username: credentials.username)
    }
    let schemes = values.flatMap { (try? AuthenticationField.parse($0)) ?? [] }.map { String($0.scheme.prefix(32)) }
    return .noDigest(asked: schemes.isEmpty ? "no scheme that can be read" : schemes.joined(separator: ", "))
  }

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
