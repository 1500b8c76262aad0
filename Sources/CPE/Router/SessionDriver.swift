import CWMP
import HTTP
import Net
import Transport

/// Carries one session over HTTP: what the session says goes to the ACS, and its answers come back.
struct SessionDriver {
  let resolver: Resolver
  let tls: CurlClient.TLSFiles
  let closeWait: Int64
  /// Milliseconds before each message.
  let delay: Int64
  /// The session ends after so many messages, without the answer to the last.
  let lastMessage: Int?
  let console: @Sendable (String) -> Void
  /// Told before each message what flash is to hold: a promise is kept through a power cut.
  let save: (Flash) throws -> Void

  enum Failure: Error, CustomStringConvertible {
    case status(Status)
    case dropped

    var description: String {
      switch self {
      case .status(.unauthorized): "the ACS refused the user name or the password (401)"
      case .status(let status): "the ACS answered \(status)"
      case .dropped: "the session was dropped on purpose"
      }
    }
  }

  /// Runs `session` to its end with the ACS at `url`. Throws what kept it from a good one.
  func run(
    _ session: inout CPESession, url: String, credentials: CurlRequest.Credentials?
  ) async throws {
    var request = CurlRequest(.post, url: url, credentials: credentials)
    request.resolved = try await resolver.resolved(url)
    request.connectTimeout = Double(closeWait) / 1000
    request.totalTimeout = Double(closeWait) / 1000
    request.followsRedirects = true
    // Its cookies and connections last as long as the session.
    let client = try CurlClient(CurlClient.Options(interface: "\(resolver.source)", tls: tls))

    var step = session.begin()
    var messages = 0
    while true {
      try save(session.router.flash)
      switch step {
      case .post(let envelope):
        request.body = envelope.encoded()
        request.headers = ["Content-Type": "text/xml; charset=\"utf-8\"", "SOAPAction": ""]
      case .postEmpty:
        request.body = []
        request.headers = [:]
      case .end:
        return
      case .fail(let failure):
        throw failure
      }
      messages += 1
      if delay > 0 { try await Task.sleep(for: .milliseconds(delay)) }
      let response = try await client.send(request)
      if messages == lastMessage { throw Failure.dropped }
      switch response.status {
      case .ok: step = session.receive(response.body)
      case .noContent: step = session.receive([])
      default: throw Failure.status(response.status)
      }
      if let method = session.takeMethod() { console("CWMP: \(method).") }
    }
  }
}
