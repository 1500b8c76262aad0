package import HTTP

/// What the router answers to who knocks on its connection request URL (TR-069 section 3.2.2).
package struct ConnectionRequestGate: Sendable {
  package enum Verdict: Hashable, Sendable {
    /// Answered with 200; a session is to follow.
    case accepted
    case refused
  }

  /// Whether a session is going on.
  package var isBusy = false
  /// Without a user name, nobody is asked for one (`cwmp cpe username` is not set).
  package var username = ""
  package var password = ""

  private let path: String
  private var authenticator: DigestAuthenticator

  /// `path` begins with a slash; `secret` is at least 16 random bytes.
  package init(path: String, secret: [UInt8], hashes: HashFunctions) {
    self.path = path
    authenticator = DigestAuthenticator(realm: "HPE MSR", secret: secret, hashes: hashes)
  }

  /// `moment` is in milliseconds since 1970.
  package mutating func receive(_ request: Request, at moment: Int64) -> (response: Response, verdict: Verdict) {
    guard request.path == path else { return (Response(.notFound), .refused) }
    guard request.method == .get else {
      return (Response(.methodNotAllowed, headers: ["Allow": "GET"]), .refused)
    }
    if !username.isEmpty, let refusal = refusal(of: request, at: moment) {
      var response = Response(.unauthorized)
      for field in authenticator.challenge(after: refusal, at: moment) {
        response.headers.append("WWW-Authenticate", field)
      }
      return (response, .refused)
    }
    guard !isBusy else { return (Response(.serviceUnavailable), .refused) }
    return (Response(.ok), .accepted)
  }

  private mutating func refusal(of request: Request, at moment: Int64) -> DigestRefusal? {
    guard let field = request.headers["Authorization"] else { return .noCredentials }
    let credentials: DigestCredentials
    do throws(AuthenticationError) {
      credentials = try DigestCredentials(authorization: field)
    } catch {
      return .unreadable(error)
    }
    let passwords = credentials.username == username ? [password] : []
    switch authenticator.judge(credentials, method: request.method, passwords: passwords, at: moment) {
    case .accepted: return nil
    case .refused(let refusal): return refusal
    }
  }
}
