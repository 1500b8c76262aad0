import CWMP
import HTTP
import Net
import Synchronization
import Testing
import Transport

@testable import Services

/// Connection requests to routers whose challenges are not as RFC 7616 has them. Each accepts the right digest alone.
struct OddChallengeTests {
  private static let nonce = "abcdef0123456789"

  /// Asks a router that answers with `head` (its challenge in it) until the digest is right, as it has to be.
  private func wake(_ head: String, closes: Bool = true) async throws -> (ConnectionRequestOutcome, requests: Int) {
    let known = Current<WakeFixture?>(nil)
    let requests = Atomic(0)
    let server = try RawServer { _, request in
      requests.add(1, ordering: .relaxed)
      guard let fixture = known.value,
        let line = request.split(separator: "\r\n").first(where: { $0.hasPrefix("Authorization: ") }),
        let digest = try? DigestCredentials(authorization: String(line.dropFirst("Authorization: ".count)))
      else { return closes ? .answerAndClose(head) : .answer(head) }
      let isRight =
        digest.nonce == Self.nonce && digest.realm == "IGD" && digest.uri == "/x?y=1"
        && digest.prove(password: fixture.secrets.connectionRequestPassword, method: .get, hashes: .crypto)
      guard isRight else { return .answerAndClose("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n") }
      fixture.inform("6 CONNECTION REQUEST")
      return .answerAndClose("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    }
    let fixture = try WakeFixture(url: "http://127.0.0.1:\(server.port)/x?y=1")
    known.value = fixture
    let outcome = await fixture.wake()
    return withExtendedLifetime(server) { (outcome, requests.load(ordering: .relaxed)) }
  }

  private static let whole = "realm=\"IGD\", nonce=\"\(nonce)\", qop=\"auth\""

  @Test(arguments: [
    "Digest \(whole)", "Digest realm=\"IGD\",\r\n nonce=\"\(nonce)\",\r\n qop=\"auth\"",
    "Digest realm=\"IGD\",\n\tnonce=\"\(nonce)\",\n qop=\"auth\"", "\r\n Digest \(whole)",
    "Digest realm=\"IGD\",\nnonce=\"\(nonce)\",\nqop=\"auth\"", "Digest realm=\"IGD\" nonce=\"\(nonce)\" qop=\"auth\"",
    "Digest realm=\"IGD\", qop=\"auth\", nonce=\"\(nonce)", "Basic realm=\"IGD\"\r\nWWW-Authenticate: Digest \(whole)",
    "Digest realm=\"IGD\", nonce=\"\(nonce)\"", "digest REALM=IGD,NONCE=\(nonce),QOP=auth",
  ])
  func `a challenge is answered however it is written`(challenge: String) async throws {
    for end in ["\r\nContent-Length: 0\r\n\r\n", "\nContent-Length: 0\n\n"] {
      let (outcome, requests) = try await wake("HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: \(challenge)\(end)")
      #expect(outcome.problem == nil, "\(challenge)\(end): \(outcome)")
      #expect(requests <= 3)
    }
  }

  @Test(arguments: ["", "\r\n", "\n"])
  func `a head without an end is read as far as it goes`(end: String) async throws {
    let (outcome, _) = try await wake("HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Digest \(Self.whole)\(end)")
    #expect(outcome.problem == nil, "\(outcome)")
  }

  @Test func `what asks for no digest is not asked twice, and gets no password`() async throws {
    let (outcome, requests) = try await wake(
      "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n")
    #expect(outcome.problem == .noDigest(asked: "Basic") && requests == 1)
  }
}
