import Foundation
import HTTP
import Synchronization
import Testing
import Transport

/// With real clients: `curl`, and raw sockets for what curl would not do.
struct HTTPServerTests {
  @Test func `a request arrives whole, and its answer has a length and keeps the connection`() async throws {
    let seen = Mutex<[Request]>([])
    try await withServer { request in
      seen.withLock { $0.append(request) }
      return Response(.ok, headers: ["X-A": "1"], body: .bytes(Array("hello".utf8)))
    } body: { server in
      let result = try await runCurl(
        ["-i", "-H", "Cookie: sid=7", "-d", "body", server.url("/acs%20x?a=%31"), server.url("/second")])
      #expect(result.code == 0)
      #expect(result.output.contains("HTTP/1.1 200 OK\r\n"))
      #expect(result.output.contains("Content-Length: 5\r\n"))
      #expect(!result.output.lowercased().contains("connection: close"))
      let requests = seen.withLock { $0 }
      let first = try #require(requests.first)
      #expect(first.method == .post && first.path == "/acs x" && first.query == [.init("a", "1")])
      #expect(first.cookie("sid") == "7" && first.body == Array("body".utf8))
      #expect(first.peer.host == "127.0.0.1" && first.peer.port > 0)
      #expect(first.local == HostPort(host: "127.0.0.1", port: server.port))
      #expect(requests.count == 2 && requests[1].connection == first.connection)
    }
  }

  @Test func `each connection has a number of its own`() async throws {
    let numbers = Mutex<Set<UInt64>>([])
    try await withServer { request in
      numbers.withLock { _ = $0.insert(request.connection) }
      return Response(.noContent)
    } body: { server in
      for _ in 0..<3 { _ = try await runCurl([server.url("/")]) }
      #expect(numbers.withLock { $0.count } == 3)
    }
  }

  @Test func `curl logs in with digest`() async throws {
    let authenticator = Mutex(DigestAuthenticator(realm: "usher", secret: Randomness.bytes(32), hashes: .crypto))
    try await withServer { request in
      authenticator.withLock { authenticator in
        var refusal = DigestRefusal.noCredentials
        if let field = request.headers["Authorization"] {
          do throws(AuthenticationError) {
            let credentials = try DigestCredentials(authorization: field)
            switch authenticator.judge(
              credentials, method: request.method, passwords: ["secret"], at: SteadyClock.now().rawValue)
            {
            case .accepted: return Response(.ok, text: "welcome \(credentials.username), \(request.body.count)")
            case .refused(let reason): refusal = reason
            }
          } catch {
            refusal = .unreadable(error)
          }
        }
        var response = Response(.unauthorized)
        for value in authenticator.challenge(after: refusal, at: SteadyClock.now().rawValue) {
          response.headers.append("WWW-Authenticate", value)
        }
        return response
      }
    } body: { server in
      let login = ["--digest", "-d", "inform", "-w", " %{http_code} %{num_connects}\n"]
      let right = try await runCurl(login + ["-u", "router:secret", server.url("/acs"), server.url("/acs")])
      #expect(right.output == "welcome router, 6 200 1\nwelcome router, 6 200 0\n")
      let wrong = try await runCurl(login + ["-u", "router:wrong", server.url("/acs")])
      #expect(wrong.output == " 401 1\n")
    }
  }

  @Test func `Expect is answered with 100 before the body comes`() async throws {
    try await withServer(respond: echo) { server in
      let result = try await runCurl(
        ["-v", "-H", "Expect: 100-continue", "--expect100-timeout", "15", "-d", "body", server.url("/")])
      #expect(result.errors.contains("< HTTP/1.1 100 Continue"))
      #expect(result.output == "POST / 4 body")
    }
  }

  @Test func `a chunked body is received`() async throws {
    try await withServer(respond: echo) { server in
      let result = try await runCurl(
        ["-H", "Transfer-Encoding: chunked", "--data-binary", "@-", server.url("/")], input: "chunk by chunk")
      #expect(result.output == "POST / 14 chunk by chunk")
    }
  }

  @Test func `an answer of 204 has neither body nor length, one to HEAD the length alone`() async throws {
    try await withServer { request in
      request.method == .head ? Response(.ok, text: "hello") : Response(.noContent, text: "not sent")
    } body: { server in
      let result = try await runCurl(["-i", server.url("/")])
      #expect(result.output == "HTTP/1.1 204 No Content\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n")
      let head = try await runCurl(["-I", server.url("/"), server.url("/")])
      #expect(head.code == 0)
      #expect(head.output.components(separatedBy: "Content-Length: 5\r\n").count == 3)
    }
  }

  @Test func `HTTP 1.0 is closed after the answer, unless it asks for more`() async throws {
    try await withServer(respond: echo) { server in
      let closing = try RawClient(port: server.port)
      closing.send("POST /acs HTTP/1.0\r\nContent-Length: 2\r\n\r\nhi")
      let answer = try #require(await closing.receive())
      #expect(answer.hasPrefix("HTTP/1.0 200 OK\r\n") && answer.hasSuffix("\r\n\r\nPOST /acs 2 hi"))
      #expect(answer.contains("Connection: close\r\n"))

      let keeping = try RawClient(port: server.port)
      for _ in 0..<2 {
        keeping.send("GET /a HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n")
        let answer = try #require(await keeping.receive(until: "GET /a 0 "))
        #expect(answer.contains("Connection: keep-alive\r\n") && answer.contains("Content-Length: 9\r\n"))
      }
    }
  }

  @Test func `a stream goes to HTTP 1.0 until the close, without chunks`() async throws {
    try await withServer { _ in
      Response(
        .ok, body: .stream(length: nil) { write in for word in ["one ", "two"] { try await write(Array(word.utf8)) } })
    } body: { server in
      let client = try RawClient(port: server.port)
      client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
      let answer = try #require(await client.receive())
      #expect(answer.hasSuffix("\r\n\r\none two") && !answer.lowercased().contains("chunked"))
    }
  }

  @Test func `twenty requests share a connection, pipelined or not`() async throws {
    let numbers = Mutex<[UInt64]>([])
    try await withServer { request in
      numbers.withLock { $0.append(request.connection) }
      return Response(.ok, text: request.path + ";")
    } body: { server in
      let urls = (0..<20).map { server.url("/\($0)") }
      let result = try await runCurl(urls)
      #expect(result.output == (0..<20).map { "/\($0);" }.joined())
      #expect(Set(numbers.withLock { $0 }).count == 1)

      let client = try RawClient(port: server.port)
      client.send((0..<20).map { "GET /\($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined())
      let answers = try #require(await client.receive(until: "/19;"))
      #expect(answers.components(separatedBy: "HTTP/1.1 200 OK").count == 21)
      #expect(numbers.withLock { $0.count } == 40)
    }
  }

  @Test func `a half-closed client still gets its answer`() async throws {
    try await withServer(respond: echo) { server in
      let client = try RawClient(port: server.port)
      client.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n")
      client.closeOutput()
      #expect(try #require(await client.receive()).hasSuffix("GET /a 0 "))
    }
  }

  @Test func `a large answer arrives whole`() async throws {
    let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
    try await withServer { _ in
      Response(.ok, body: .bytes(bytes))
    } body: { server in
      let file = FileManager.default.temporaryDirectory.appending(path: "usher-\(UUID().uuidString)")
      defer { try? FileManager.default.removeItem(at: file) }
      let result = try await runCurl(["-o", file.path, server.url("/")])
      #expect(result.code == 0)
      #expect(try Data(contentsOf: file) == Data(bytes))
    }
  }

  @Test func `a Unix socket is served, with mode 0660, in place of a stale one, and is gone at the end`() async throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "usher-\(UUID().uuidString.prefix(8)).sock").path
    for _ in 0..<2 {
      try await withServer(address: .unixSocket(path: path)) { request in
        Response(.ok, text: "\(request.peer)")
      } body: { server in
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o660)
        let result = try await runCurl(["--unix-socket", path, "http://usher/"])
        #expect(result.output == "unix socket")
        let second = HTTPServer(address: .unixSocket(path: path), respond: echo)
        await #expect(throws: HTTPServerError.addressInUse(.unixSocket(path: path))) { try await second.run() }
      }
      #expect(!FileManager.default.fileExists(atPath: path))
      leaveStaleSocket(path)
    }
    try FileManager.default.removeItem(atPath: path)
  }

  /// A socket file that nothing listens on.
  private func leaveStaleSocket(_ path: String) {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var name = sockaddr_un()
    name.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
    _ = withUnsafePointer(to: name) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
  }

  @Test func `an address that cannot be listened on is named in a sentence`() async throws {
    try await withServer(respond: echo) { server in
      let second = HTTPServer(address: .network(host: "127.0.0.1", port: server.port), respond: echo)
      let error = await #expect(throws: HTTPServerError.self) { try await second.run() }
      #expect(error?.description == "TCP 127.0.0.1:\(server.port) is taken by another program")
    }
    let elsewhere = HTTPServer(address: .network(host: "192.0.2.1", port: 0), respond: echo)
    await #expect(throws: HTTPServerError.addressNotOurs(.network(host: "192.0.2.1", port: 0))) {
      try await elsewhere.run()
    }
  }
}
