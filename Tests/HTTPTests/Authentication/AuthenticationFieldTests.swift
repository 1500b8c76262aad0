import HTTP
import Testing

struct AuthenticationFieldTests {
  private func basic(_ text: String) -> BasicCredentials? { try? BasicCredentials(authorization: text) }

  @Test func `credentials are read as routers write them`() throws {
    let credentials = try DigestCredentials(
      authorization:
        "digest username = \"a\\\"b\",realm=usher ,, nonce=\"n\" uri=\"\", response=\"ABC\", nc=1, cnonce=\"\", qop=\"\""
    )
    #expect(credentials.username == "a\"b")
    #expect(credentials.realm == "usher")
    #expect(credentials.uri == "")
    #expect(credentials.qop == nil)
    #expect(credentials.opaque == nil)
  }

  @Test(arguments: [
    ("", AuthenticationError.noScheme), ("Basic abc", .otherScheme), ("username=\"a\"", .noScheme),
    ("Digest username=\"a", .unterminatedQuote(parameter: "username")), ("Digest (", .unexpectedCharacter),
    ("Digest username=a", .missing(parameter: "realm")),
    ("Digest username=a,realm=b,nonce=c,uri=d,response=e,qop=auth", .missing(parameter: "cnonce")),
    ("Digest username=a,realm=b,nonce=c,uri=d,response=e,qop=auth,cnonce=f", .missing(parameter: "nc")),
    ("Digest username=a,realm=b,nonce=c,uri=d,response=e,qop=auth,cnonce=f,nc=x", .malformed(parameter: "nc")),
    ("Digest username=a,realm=b,nonce=c,uri=d,response=e,qop=auth,cnonce=f,nc=100000000", .malformed(parameter: "nc")),
  ])
  func `what cannot be hashed is refused by name`(text: String, error: AuthenticationError) {
    #expect(throws: error) { try DigestCredentials(authorization: text) }
  }

  @Test func `a field of very many parameters or schemes is refused`() {
    #expect(throws: AuthenticationError.tooManyParameters) {
      try AuthenticationField.parse("Digest " + String(repeating: "a=1,", count: 65))
    }
    #expect(throws: AuthenticationError.tooManySchemes) {
      try AuthenticationField.parse(String(repeating: "Digest,", count: 17))
    }
  }

  @Test func `several challenges in one field are told apart, and only those that can be met are kept`() throws {
    let challenges = try DigestChallenge.parse([
      "Negotiate YII==, Basic realm=\"x, y\", Digest realm=\"a\", nonce=\"1\", algorithm=SHA-512-256, qop=\"auth\"",
      "Digest realm=\"b\", nonce=\"2\", qop=\"auth-int\"",
      "Digest realm=\"c\", nonce=\"3\", qop=\"auth-int, auth\", algorithm=sha-256, stale=TRUE, opaque=\"o\", Basic realm=d",
      "DIGEST realm=\"e\", nonce=\"4\"",
    ])
    #expect(
      challenges == [
        DigestChallenge(
          realm: "c", nonce: "3", opaque: "o", algorithm: .sha256, qop: ["auth-int", "auth"], isStale: true),
        DigestChallenge(realm: "e", nonce: "4", algorithm: nil, qop: []),
      ])
  }

  @Test(arguments: [
    // Folded over lines, with and without a blank, with and without CR.
    "Digest realm=\"IGD\",\r\n nonce=\"abc\",\r\n\tqop=\"auth\"", "Digest realm=\"IGD\",\nnonce=\"abc\",\nqop=\"auth\"",
    // Blanks for commas, or nothing, or others.
    "Digest realm=\"IGD\" nonce=\"abc\" qop=\"auth\"", "Digest realm=\"IGD\"nonce=\"abc\"qop=\"auth\"",
    "Digest realm=\"IGD\"; nonce=\"abc\"; qop=\"auth\"", "Digest , realm=\"IGD\",, nonce=\"abc\", qop=auth,",
    // Without an end.
    "Digest realm=\"IGD\", nonce=\"abc\", qop=\"auth", "Digest realm=\"IGD\", qop=\"auth\", nonce=\"abc",
    "Digest realm=\"IGD\", nonce=\"abc, qop=\"auth\"", "Digest realm=\"IGD nonce=\"abc qop=\"auth\"",
    "Digest realm=\"IGD,\n nonce=\"abc,\n qop=\"auth", "Digest realm=\"IGD\"\", nonce=\"abc\", qop=\"auth\"",
    // Without quotes.
    "Digest realm=IGD, nonce=abc, qop=auth", "Digest qop=auth,auth-int, realm=\"IGD\", nonce=\"abc\"",
  ])
  func `a challenge is read as routers write it`(text: String) throws {
    let challenges = try DigestChallenge.parse([text])
    #expect(challenges == [DigestChallenge(realm: "IGD", nonce: "abc", algorithm: nil, qop: ["auth"])], "\(text)")
  }

  @Test func `a field that cannot be read does not spoil another`() throws {
    let challenges = try DigestChallenge.parse(["\"", "Digest realm=\"a\", nonce=\"b\""])
    #expect(challenges.map(\.nonce) == ["b"])
    #expect(throws: AuthenticationError.noScheme) { try DigestChallenge.parse(["realm=\"a\""]) }
  }

  @Test func `a challenge that is cut anywhere tells what it still says, or is refused`() {
    let text = "Digest realm=\"a\", nonce=\"b=\\\", qop=\"auth,auth-int\";opaque=\"x"
    func challenges(_ text: some Sequence<UInt8>) -> [DigestChallenge] {
      (try? DigestChallenge.parse([String(decoding: Array(text), as: UTF8.self)])) ?? []
    }
    for count in 0...text.utf8.count {
      let begun = challenges(text.utf8.prefix(count))
      #expect(begun.count <= 1 && begun.allSatisfy { "a".hasPrefix($0.realm) }, "\(count)")
      #expect(count == 0 || challenges(text.utf8.dropFirst(count)) == [], "\(count)")
    }
    #expect(challenges(("Digest " + String(repeating: "a=\"", count: 4000)).utf8) == [])
  }

  @Test func `a challenge comes back as it went out`() throws {
    let challenge = DigestChallenge(realm: "a \"b\" \\", nonce: "n", opaque: "o", algorithm: .md5Session, isStale: true)
    #expect(try DigestChallenge.parse([challenge.fieldValue]) == [challenge])
  }

  @Test func `line ends in a name do not leave its quotes`() throws {
    let credentials = DigestCredentials(
      answering: DigestChallenge(realm: "r", nonce: "n"), username: "a\r\nX: y", password: "", method: .get, uri: "/",
      clientNonce: "c", hashes: plainHashes)
    #expect(!credentials.fieldValue.utf8.contains { $0 == 13 || $0 == 10 })
  }

  @Test func `basic credentials split at the first colon`() {
    #expect(basic("basic dXNlcjpwYTpzcw==") == BasicCredentials(username: "user", password: "pa:ss"))
    #expect(basic(BasicCredentials(username: "ü", password: "").authorization)?.username == "ü")
    #expect(basic("Basic Og==") == BasicCredentials(username: "", password: ""))
  }

  @Test(arguments: ["", "Basic", "Basic !", "Basic dXNlcg==", "Digest dXNlcjpw", "Basic /zo="])
  func `what are no basic credentials is refused`(text: String) {
    #expect(basic(text) == nil)
  }

  @Test func `basic credentials match by name and password`() {
    let credentials = BasicCredentials(username: "user", password: "secret")
    #expect(credentials.matches(username: "user", password: "secret"))
    #expect(!credentials.matches(username: "user", password: "secreT"))
    #expect(!credentials.matches(username: "use", password: "secret"))
  }

  @Test func `mutated fields are read or refused, and what is read is written and read the same`() {
    let seeds = [
      "Digest username=\"Mufasa\", realm=\"t@h.com\", nonce=\"dcd9\", uri=\"/dir\", qop=auth, nc=00000001, cnonce=\"0a4f\", response=\"6629\", opaque=\"5ccc\"",
      "Digest realm=\"a\", qop=\"auth,auth-int\", algorithm=MD5, nonce=\"7y\", Basic realm=\"x\\\"y\"",
      "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
    ]
    var read = 0
    for text in mutations(of: seeds) {
      _ = basic(text)
      for challenge in (try? DigestChallenge.parse([text])) ?? [] where isPlain(challenge.fieldValue, in: text) {
        read += 1
        #expect((try? DigestChallenge.parse([challenge.fieldValue])) == [challenge])
      }
      if let credentials = try? DigestCredentials(authorization: text) {
        read += 1
        #expect(!credentials.prove(password: "x", method: .get, hashes: plainHashes))
      }
    }
    #expect(read > 500)
  }

  /// Control characters are left out in writing.
  private func isPlain(_ field: String, in text: String) -> Bool {
    !text.utf8.contains { $0 < 0x20 || $0 == 0x7F }
  }
}
