import CPE
import HTTP
import Testing

struct ConnectionRequestGateTests {
  /// Not MD5, but a function of all its input: the gate's own way is tested here, not the hash.
  private static let hashes = HashFunctions(
    md5: { bytes in String(bytes.reduce(UInt64(14_695_981_039_346_656_037)) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 })
    },
    sha256: { bytes in
      let hash = bytes.reduce(UInt64(5381)) { $0 &* 33 ^ UInt64($1) }
      return String(repeating: "0", count: 48) + String(hash | 1 << 63, radix: 16)
    })

  private var gate: ConnectionRequestGate {
    var gate = ConnectionRequestGate(path: "/random", secret: Array(0..<16), hashes: Self.hashes)
    gate.username = "acs"
    gate.password = "word"
    return gate
  }

  private func request(_ path: String = "/random", authorization: String? = nil) -> Request {
    var request = Request(method: .get, target: RequestTarget(path))
    request.headers["Authorization"] = authorization
    return request
  }

  /// Answers the challenge of a 401.
  private func authorization(for response: Response, username: String = "acs", password: String) throws -> String {
    let challenge = try #require(response.headers["WWW-Authenticate"])
    let nonce = try #require(challenge.firstMatch(of: /nonce="([^"]*)"/)).output.1
    let md5 = Self.hashes.md5
    let secret = md5(Array("\(username):HPE MSR:\(password)".utf8))
    let asked = md5(Array("GET:/random".utf8))
    let proof = md5(Array("\(secret):\(nonce):00000001:cafe:auth:\(asked)".utf8))
    return "Digest username=\"\(username)\", realm=\"HPE MSR\", nonce=\"\(nonce)\", uri=\"/random\", "
      + "qop=auth, nc=00000001, cnonce=\"cafe\", response=\"\(proof)\""
  }

  @Test func `who does not know the password gets 401, and who does gets 200`() throws {
    var gate = gate
    let challenged = gate.receive(request(), at: 0)
    #expect(challenged.response.status == .unauthorized)
    #expect(challenged.verdict == .refused)
    let wrong = try authorization(for: challenged.response, password: "guess")
    #expect(gate.receive(request(authorization: wrong), at: 0).response.status == .unauthorized)
    let foreign = try authorization(for: challenged.response, username: "other", password: "word")
    #expect(gate.receive(request(authorization: foreign), at: 0).response.status == .unauthorized)
    let right = try authorization(for: challenged.response, password: "word")
    let accepted = gate.receive(request(authorization: right), at: 0)
    #expect(accepted.response.status == .ok)
    #expect(accepted.verdict == .accepted)
    #expect(gate.receive(request(authorization: right), at: 0).verdict == .refused)
  }

  @Test func `during a session it is 503, but only for who knows the password`() throws {
    var gate = gate
    gate.isBusy = true
    let challenged = gate.receive(request(), at: 0)
    #expect(challenged.response.status == .unauthorized)
    let right = try authorization(for: challenged.response, password: "word")
    let busy = gate.receive(request(authorization: right), at: 0)
    #expect(busy.response.status == .serviceUnavailable)
    #expect(busy.verdict == .refused)
  }

  @Test func `another path is not found, and nothing but GET is allowed`() {
    var gate = gate
    #expect(gate.receive(request("/"), at: 0).response.status == .notFound)
    var post = request()
    post.method = .post
    #expect(gate.receive(post, at: 0).response.status == .methodNotAllowed)
  }

  @Test func `without a user name nobody is asked for one`() {
    var gate = gate
    gate.username = ""
    #expect(gate.receive(request(), at: 0).verdict == .accepted)
  }

  @Test func `what is no digest is refused`() {
    var gate = gate
    for field in ["", "Digest", "Basic YWNzOndvcmQ=", "Digest username=\"acs\"", "Digest \u{FFFD}=,=,"] {
      #expect(gate.receive(request(authorization: field), at: 0).response.status == .unauthorized)
    }
  }
}
