import HTTP
import Testing

struct DigestAuthenticatorTests {
  private let now: Int64 = 1_800_000_000_000
  private let server = Server()

  /// The value, where the tests can change it.
  private final class Server {
    var authenticator = DigestAuthenticator(
      realm: "usher", secret: Array(0..<32), nonceLifetimeSeconds: 300, hashes: plainHashes)
  }

  private func challenge(_ refusal: DigestRefusal = .noCredentials, at moment: Int64) throws -> DigestChallenge {
    let challenges = try DigestChallenge.parse(server.authenticator.challenge(after: refusal, at: moment))
    return try #require(challenges.first)
  }

  private func answer(
    _ challenge: DigestChallenge, password: String = "secret", uri: String = "/acs", count: UInt32 = 1
  ) throws -> DigestCredentials {
    let credentials = DigestCredentials(
      answering: challenge, username: "router", password: password, method: .post, uri: uri, clientNonce: "c0ffee",
      count: count, hashes: plainHashes)
    // By way of the wire.
    return try DigestCredentials(authorization: credentials.fieldValue)
  }

  @Test func `an answered challenge is accepted, and says which password it was`() throws {
    let credentials = try answer(try challenge(at: now))
    #expect(
      server.authenticator.judge(credentials, method: .post, passwords: ["old", "secret"], at: now)
        == .accepted(password: 1))
  }

  @Test func `the challenge is what nearly every router takes`() throws {
    let challenge = try challenge(at: now)
    #expect(challenge.algorithm == .md5)
    #expect(challenge.qop == ["auth"])
    #expect(!challenge.isStale)
    #expect(try self.challenge(.replayed, at: now).isStale)
    #expect(try !self.challenge(.wrongPassword, at: now).isStale)
  }

  @Test func `a wrong password, another method and an unknown user are refused alike`() throws {
    let challenge = try challenge(at: now)
    let wrong = DigestAuthenticator.Verdict.refused(.wrongPassword)
    #expect(
      server.authenticator.judge(try answer(challenge, password: "x"), method: .post, passwords: ["secret"], at: now)
        == wrong)
    #expect(server.authenticator.judge(try answer(challenge), method: .get, passwords: ["secret"], at: now) == wrong)
    #expect(server.authenticator.judge(try answer(challenge), method: .post, passwords: [], at: now) == wrong)
    #expect(!DigestRefusal.wrongPassword.isStale)
  }

  @Test func `an empty password can be proved`() throws {
    let credentials = try answer(try challenge(at: now), password: "")
    #expect(server.authenticator.judge(credentials, method: .post, passwords: [""], at: now) == .accepted(password: 0))
  }

  @Test(arguments: ["", "http://acs.example:7547/acs", "/elsewhere"])
  func `the uri is hashed as the header has it`(uri: String) throws {
    let credentials = try answer(try challenge(at: now), uri: uri)
    #expect(
      server.authenticator.judge(credentials, method: .post, passwords: ["secret"], at: now) == .accepted(password: 0))
  }

  @Test func `the uri is compared by path and query, absolute or not`() throws {
    let challenge = try challenge(at: now)
    let target = RequestTarget("/acs")
    #expect(try answer(challenge, uri: "/acs").names(target))
    #expect(try answer(challenge, uri: "http://acs.example:7547/acs").names(target))
    #expect(try !answer(challenge, uri: "").names(target))
    #expect(try !answer(challenge, uri: "/acs?x=1").names(target))
  }

  @Test func `a client that leaves out qop, cnonce, nc, opaque and algorithm is accepted once a nonce`() throws {
    var challenge = try challenge(at: now)
    challenge.qop = []
    challenge.algorithm = nil
    let credentials = try answer(challenge)
    #expect(!credentials.fieldValue.contains("qop") && !credentials.fieldValue.contains("algorithm"))
    #expect(
      server.authenticator.judge(credentials, method: .post, passwords: ["secret"], at: now) == .accepted(password: 0))
    #expect(
      server.authenticator.judge(credentials, method: .post, passwords: ["secret"], at: now) == .refused(.replayed))
  }

  @Test func `a nonce used again with the same count is stale, with the next count it is good`() throws {
    let challenge = try challenge(at: now)
    let judge = { (credentials: DigestCredentials) in
      server.authenticator.judge(credentials, method: .post, passwords: ["secret"], at: now)
    }
    #expect(judge(try answer(challenge)) == .accepted(password: 0))
    #expect(judge(try answer(challenge)) == .refused(.replayed))
    #expect(judge(try answer(challenge, count: 2)) == .accepted(password: 0))
    #expect(judge(try answer(challenge, count: 1)) == .refused(.replayed))
    #expect(DigestRefusal.replayed.isStale)
  }

  @Test func `a nonce is good for its lifetime, and stale after`() throws {
    let credentials = try answer(try challenge(at: now))
    #expect(
      server.authenticator.judge(credentials, method: .post, passwords: ["secret"], at: now + 300_001)
        == .refused(.expiredNonce))
    #expect(
      server.authenticator.judge(credentials, method: .post, passwords: ["secret"], at: now + 300_000)
        == .accepted(password: 0))
  }

  @Test func `a nonce of before a restart is stale, with a wrong password it is refused`() throws {
    var restarted = DigestAuthenticator(realm: "usher", secret: Array(1..<33), hashes: plainHashes)
    let challenge = try challenge(at: now)
    let verdict = restarted.judge(try answer(challenge), method: .post, passwords: ["secret"], at: now)
    #expect(verdict == .refused(.unknownNonce))
    #expect(DigestRefusal.unknownNonce.isStale)
    let wrong = restarted.judge(
      try answer(challenge, password: "x"), method: .post, passwords: ["secret"], at: now)
    #expect(wrong == .refused(.wrongPassword))
  }

  @Test func `another realm, algorithm or quality is refused by name`() throws {
    let challenge = try challenge(at: now)
    var credentials = try answer(challenge)
    credentials.realm = "other"
    #expect(
      server.authenticator.judge(credentials, method: .post, passwords: ["secret"], at: now) == .refused(.otherRealm))
    credentials = try answer(challenge)
    credentials.algorithm = "SHA-256"
    #expect(
      server.authenticator.judge(credentials, method: .post, passwords: ["secret"], at: now)
        == .refused(.algorithmNotOffered))
    credentials = try answer(challenge)
    credentials.qop = "auth-int"
    #expect(
      server.authenticator.judge(credentials, method: .post, passwords: ["secret"], at: now) == .refused(.qopNotOffered)
    )
  }
}
