import HTTP
import Testing
import Transport

/// The examples of the RFCs, with the real hash functions.
struct DigestVectorTests {
  private func credentials(_ text: String) throws -> DigestCredentials {
    try DigestCredentials(authorization: text)
  }

  @Test func `the example of RFC 2617 section 3.5 is proved by its password alone`() throws {
    let credentials = try credentials(
      """
      Digest username="Mufasa", realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", \
      uri="/dir/index.html", qop=auth, nc=00000001, cnonce="0a4f113b", \
      response="6629fae49393a05397450978507c4ef1", opaque="5ccc069c403ebaf9f0171e9517f40e41"
      """)
    #expect(credentials.prove(password: "Circle Of Life", method: .get, hashes: .crypto))
    #expect(!credentials.prove(password: "Circle of Life", method: .get, hashes: .crypto))
    #expect(!credentials.prove(password: "Circle Of Life", method: .post, hashes: .crypto))
  }

  @Test func `without qop the response is that of RFC 2069, as its erratum corrects it`() throws {
    let credentials = try credentials(
      """
      Digest username="Mufasa", realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", \
      uri="/dir/index.html", response="1949323746fe6a43ef61f9606e7febea", opaque="5ccc069c403ebaf9f0171e9517f40e41"
      """)
    #expect(credentials.prove(password: "CircleOfLife", method: .get, hashes: .crypto))
  }

  @Test(arguments: [
    ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
    ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
  ])
  func `the examples of RFC 7616 section 3.9.1 are proved, and answered as they are`(
    algorithm: String, response: String
  ) throws {
    let challenge = try #require(
      try DigestChallenge.parse([
        """
        Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=\(algorithm), \
        nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"
        """
      ]).first)
    let credentials = DigestCredentials(
      answering: challenge, username: "Mufasa", password: "Circle of Life", method: .get, uri: "/dir/index.html",
      clientNonce: "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", hashes: .crypto)
    #expect(credentials.response == response)
    let read = try self.credentials(credentials.fieldValue)
    #expect(read == credentials)
    #expect(read.prove(password: "Circle of Life", method: .get, hashes: .crypto))
  }

  @Test(arguments: DigestAlgorithm.allCases)
  func `server and client agree in every algorithm`(algorithm: DigestAlgorithm) throws {
    var server = DigestAuthenticator(
      realm: "usher", algorithms: [algorithm], secret: Randomness.bytes(32), hashes: .crypto)
    let challenge = try #require(try DigestChallenge.parse(server.challenge(after: .noCredentials, at: 0)).first)
    let credentials = DigestCredentials(
      answering: challenge, username: "u", password: "p", method: .post, uri: "/", clientNonce: "c", hashes: .crypto)
    #expect(server.judge(credentials, method: .post, passwords: ["p"], at: 1) == .accepted(password: 0))
  }

  @Test(arguments: DigestAlgorithm.allCases)
  func `a key stands for its password in one realm, under one name, and for MD5 alone`(
    algorithm: DigestAlgorithm
  ) throws {
    var server = DigestAuthenticator(
      realm: "usher", algorithms: [algorithm], secret: Randomness.bytes(32), hashes: .crypto)
    let challenge = try #require(try DigestChallenge.parse(server.challenge(after: .noCredentials, at: 0)).first)
    let credentials = DigestCredentials(
      answering: challenge, username: "u", password: "p", method: .post, uri: "/", clientNonce: "c", hashes: .crypto)
    func key(_ username: String, _ realm: String, _ password: String) -> DigestKey {
      DigestKey(username: username, realm: realm, password: password, hashes: .crypto)
    }
    for other in [key("v", "usher", "p"), key("u", "Usher", "p"), key("u", "usher", "q")] {
      #expect(server.judge(credentials, method: .post, key: other, at: 1) == .refused(.wrongPassword))
    }
    #expect(server.judge(credentials, method: .get, key: key("u", "usher", "p"), at: 1) == .refused(.wrongPassword))
    let verdict = server.judge(credentials, method: .post, key: key("u", "usher", "p"), at: 1)
    #expect(verdict == (algorithm.takesKey ? .accepted(password: 0) : .refused(.wrongPassword)))
    if algorithm.takesKey {
      #expect(server.judge(credentials, method: .post, key: key("u", "usher", "p"), at: 1) == .refused(.replayed))
    }
  }

  @Test func `the hash functions give the digests of RFC 1321 and FIPS 180-4`() {
    #expect(HashFunctions.crypto.md5(Array("abc".utf8)) == "900150983cd24fb0d6963f7d28e17f72")
    #expect(
      HashFunctions.crypto.sha256(Array("abc".utf8))
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  }
}
