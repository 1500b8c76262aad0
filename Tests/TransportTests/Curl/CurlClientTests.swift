import Foundation
import HTTP
import Synchronization
import Testing
import Transport

struct CurlClientTests {
  private func failure(of request: CurlRequest, by client: CurlClient) async -> CurlError? {
    do {
      _ = try await client.send(request)
      return nil
    } catch {
      return error
    }
  }

  @Test func `method, headers and body arrive, status, headers and body come back`() async throws {
    try await withServer { request in
      Response(
        .created, headers: ["X-Type": request.headers["Content-Type"] ?? "none", "X-Two": "a: b"],
        body: .bytes(Array("\(request.method) \(request.path) ".utf8) + request.body))
    } body: { server in
      let client = try CurlClient()
      for (method, body) in [
        (Method.get, nil), (.post, []), (.post, Array("x".utf8)), (.post, nil), (.put, Array("y".utf8)), (.delete, nil),
        (.get, nil),
      ] as [(Method, [UInt8]?)] {
        let response = try await client.send(CurlRequest(method, url: server.url("/a"), body: body))
        #expect(response.status == .created)
        #expect(response.headers["x-type"] == "none" && response.headers["X-TWO"] == "a: b")
        #expect(response.body == Array("\(method) /a ".utf8) + (body ?? []))
        #expect(response.peer == HostPort(host: "127.0.0.1", port: server.port))
      }
      let head = try await client.send(CurlRequest(.head, url: server.url("/a")))
      #expect(head.body == [] && head.headers["Content-Length"] == "8")
      let typed = CurlRequest(.post, url: server.url("/a"), headers: ["Content-Type": "text/xml"], body: [65])
      #expect(try await client.send(typed).headers["X-Type"] == "text/xml")
    }
  }

  @Test func `a body is read as it is sent, and ends the transfer where it cannot be read`() async throws {
    try await withServer { request in
      Response(.ok, text: "\(request.method) \(request.body.count) \(request.body.reduce(0) { $0 &+ Int($1) })")
    } body: { server in
      let client = try CurlClient()
      for length in [0, 1, 3_000_000] {
        let left = Mutex(length)
        var request = CurlRequest(.put, url: server.url("/a"))
        request.upload = CurlRequest.Upload(length: length) { room in
          left.withLock { left in
            defer { left -= min(room, left) }
            return [UInt8](repeating: 2, count: min(room, left))
          }
        }
        let response = try await client.send(request)
        #expect(String(decoding: response.body, as: UTF8.self) == "PUT \(length) \(length * 2)")
      }
      var request = CurlRequest(.put, url: server.url("/a"))
      request.upload = CurlRequest.Upload(length: 10) { _ in nil }
      #expect(await failure(of: request, by: client) == .canceled)
      #expect(try await client.send(CurlRequest(url: server.url("/a"))).status == .ok)
    }
  }

  @Test func `a client keeps its connection and its cookies, another has its own`() async throws {
    try await withServer { request in
      var response = Response(.ok, text: "\(request.connection) \(request.cookie("sid") ?? "-")")
      if request.cookie("sid") == nil {
        response.headers.append("Set-Cookie", SetCookie(name: "sid", value: "s\(request.connection)").fieldValue)
      }
      return response
    } body: { server in
      let client = try CurlClient()
      let first = try await client.send(CurlRequest(url: server.url("/")))
      let second = try await client.send(CurlRequest(.post, url: server.url("/"), body: []))
      #expect(first.connectionsOpened == 1 && second.connectionsOpened == 0)
      let connection = String(decoding: first.body, as: UTF8.self).split(separator: " ").first ?? ""
      #expect(String(decoding: second.body, as: UTF8.self) == "\(connection) s\(connection)")
      let other = try await CurlClient().send(CurlRequest(url: server.url("/")))
      #expect(String(decoding: other.body, as: UTF8.self).hasSuffix(" -"))
    }
  }

  @Test func `an answer says whether credentials were asked for before it`() async throws {
    try await withServer { request in
      guard request.headers["Authorization"] == nil, request.path == "/asks" else { return Response(.ok) }
      return Response(.unauthorized, headers: ["WWW-Authenticate": "Digest realm=\"r\", nonce=\"n\", qop=\"auth\""])
    } body: { server in
      let credentials = CurlRequest.Credentials(username: "u", password: "p")
      for (path, wasChallenged) in [("/asks", true), ("/", false)] {
        let response = try await CurlClient().send(CurlRequest(url: server.url(path), credentials: credentials))
        #expect(response.status == .ok && response.wasChallenged == wasChallenged)
      }
    }
  }

  @Test func `digest is answered, the nonce is used on with a growing count, and no credentials mean none`()
    async throws
  {
    let counts = Mutex<[String]>([])
    let authenticator = Mutex(DigestAuthenticator(realm: "usher", secret: Randomness.bytes(32), hashes: .crypto))
    try await withServer { request in
      authenticator.withLock { authenticator in
        if let field = request.headers["Authorization"], let credentials = try? DigestCredentials(authorization: field),
          case .accepted = authenticator.judge(credentials, method: request.method, passwords: ["p"], at: 0)
        {
          counts.withLock { $0.append(credentials.nonceCount ?? "-") }
          return Response(.ok, body: .bytes(request.body))
        }
        let fields = authenticator.challenge(after: .noCredentials, at: 0).map {
          Headers.Field("WWW-Authenticate", $0)
        }
        return Response(.unauthorized, headers: Headers(fields))
      }
    } body: { server in
      let client = try CurlClient()
      var request = CurlRequest(
        .post, url: server.url("/acs"), body: Array("inform".utf8), credentials: .init(username: "u", password: "p"))
      for _ in 0..<3 {
        let response = try await client.send(request)
        #expect(response.status == .ok && response.body == Array("inform".utf8))
      }
      #expect(counts.withLock { $0 } == ["00000001", "00000002", "00000003"])
      request.credentials?.password = "x"
      #expect(try await client.send(request).status == .unauthorized)
      request.credentials = nil
      #expect(try await client.send(request).status == .unauthorized)
      #expect(server.server.counts.connections == 1)
    }
  }

  @Test func `basic credentials go with the first request`() async throws {
    try await withServer {
      Response(.ok, text: $0.headers["Authorization"] ?? "-")
    } body: { server in
      let request = CurlRequest(
        url: server.url("/"), credentials: .init(username: "u", password: "p", scheme: .basic))
      let answer = try await CurlClient().send(request)
      #expect(String(decoding: answer.body, as: UTF8.self) == "Basic dTpw")
      #expect(server.server.counts.requests == 1)
    }
  }

  @Test func `redirects are followed only when asked, with method and body, and not for ever`() async throws {
    try await withServer { request in
      switch request.path {
      case "/302": Response(.found, headers: ["Location": "/end"])
      case "/307": Response(.temporaryRedirect, headers: ["Location": "/end"])
      case "/file": Response(.found, headers: ["Location": "file:///etc/hostname"])
      case "/loop": Response(.found, headers: ["Location": "/loop"])
      default: Response(.ok, body: .bytes(Array(request.method.rawValue.utf8) + request.body))
      }
    } body: { server in
      let client = try CurlClient()
      var request = CurlRequest(.post, url: server.url("/302"), body: [33])
      #expect(try await client.send(request).status == .found)
      request.followsRedirects = true
      #expect(try await client.send(request).body == Array("POST!".utf8))
      request.url = server.url("/307")
      #expect(try await client.send(request).body == Array("POST!".utf8))
      request.url = server.url("/loop")
      #expect(await failure(of: request, by: client) == .tooManyRedirects)
      request.url = server.url("/file")
      #expect(await failure(of: request, by: client)?.counterName == "httpClient.invalidUrl")
    }
  }

  @Test func `a Unix socket, a known address and a source address are used`() async throws {
    try await withServer {
      Response(.ok, text: "\($0.peer.host) \($0.headers["Host"] ?? "")")
    } body: { server in
      var request = CurlRequest(url: "http://acs.lab.invalid:\(server.port)/")
      request.resolved = [ResolvedHost(host: "acs.lab.invalid", port: server.port, address: "127.0.0.1")]
      let client = try CurlClient(.init(interface: "host!127.0.0.5"))
      let response = try await client.send(request)
      #expect(String(decoding: response.body, as: UTF8.self) == "127.0.0.5 acs.lab.invalid:\(server.port)")
      #expect(response.local.host == "127.0.0.5")
    }
    let path = "/tmp/usher-\(Randomness.token(characters: 8)).sock"
    try await withServer(address: .unixSocket(path: path), respond: echo) { _ in
      let response = try await CurlClient(.init(unixSocket: path)).send(CurlRequest(url: "http://usher/status"))
      #expect(response.body == Array("GET /status 0 ".utf8))
    }
  }

  @Test func `pieces are handed over as they come, and the receiver can end it`() async throws {
    try await withServer { request in
      guard request.path == "/follow" else { return Response(.notFound, text: "no such thing") }
      return Response(
        .ok,
        body: .stream(length: nil) { write in
          while true {
            try await write(Array("line\n".utf8))
            try await Task.sleep(for: .milliseconds(5))
          }
        })
    } body: { server in
      let client = try CurlClient()
      let bytes = Mutex<[UInt8]>([])
      await #expect(throws: CurlError.canceled) {
        try await client.send(CurlRequest(url: server.url("/follow"))) { piece in
          bytes.withLock { bytes in
            bytes += piece
            return bytes.count < 50
          }
        }
      }
      #expect(bytes.withLock { String(decoding: $0, as: UTF8.self) }.hasPrefix("line\nline\n"))
      #expect(await server.reaches { $0.openConnections == 0 })
      let missing = try await client.send(CurlRequest(url: server.url("/none"))) { _ in false }
      #expect(missing.status == .notFound && missing.body == Array("no such thing".utf8))
    }
  }

  @Test func `canceling the task ends a request that waits`() async throws {
    try await withServer { _ in
      try? await Task.sleep(for: .seconds(3600))
      return Response(.ok)
    } body: { server in
      let client = try CurlClient()
      let url = server.url("/")
      let task = Task { try await client.send(CurlRequest(url: url)) }
      #expect(await server.reaches { $0.requests == 1 })
      task.cancel()
      await #expect(throws: CurlError.canceled) { try await task.value }
    }
  }

  @Test func `an answer beyond the limit is refused`() async throws {
    try await withServer { _ in
      Response(.ok, body: .bytes([UInt8](repeating: 1, count: 1001)))
    } body: { server in
      var request = CurlRequest(url: server.url("/"))
      request.maximumBody = 1000
      let client = try CurlClient()
      #expect(await failure(of: request, by: client) == .tooLarge(limit: 1000))
      request.maximumBody = 1001
      #expect(try await client.send(request).body.count == 1001)
    }
  }

  @Test func `each stage fails by its own name`() async throws {
    let client = try CurlClient()
    let unused = try await withServer(respond: echo) { $0.port }
    #expect(
      await failure(of: CurlRequest(url: "http://127.0.0.1:\(unused)/"), by: client)?.counterName
        == "httpClient.refused")
    #expect(
      await failure(of: CurlRequest(url: "http://nowhere.invalid/"), by: client)?.counterName == "httpClient.resolve")
    #expect(
      await failure(of: CurlRequest(url: "ftp://127.0.0.1/"), by: client)?.counterName == "httpClient.invalidUrl")
    #expect(await failure(of: CurlRequest(url: ""), by: client)?.counterName == "httpClient.invalidUrl")
    #expect(
      await failure(of: CurlRequest(url: "http://a/", headers: ["X": "a\r\nY: b"]), by: client)?.counterName
        == "httpClient.invalidRequest")
    try await withServer(respond: { _ in
      try? await Task.sleep(for: .seconds(3600))
      return Response(.ok)
    }) { server in
      var slow = CurlRequest(url: server.url("/"))
      slow.totalTimeout = 2
      #expect(await failure(of: slow, by: client)?.counterName == "httpClient.silent")
      #expect(
        await failure(of: CurlRequest(url: "https://127.0.0.1:\(server.port)/"), by: client)?.counterName
          == "httpClient.tls")
    }
  }

  @Test func `what the thread's start throws comes with the request`() async throws {
    let client = try CurlClient(.init(onThreadStart: { throw Failure("no namespace") }))
    let error = await #expect(throws: CurlError.self) { try await client.send(CurlRequest(url: "http://127.0.0.1/")) }
    #expect(error?.counterName == "httpClient.setup")
  }

  @Test(.enabled(if: geteuid() == 0, "only root can make a network namespace"))
  func `a client whose thread entered a namespace opens its sockets there`() async throws {
    let name = "http-\(Randomness.token(characters: 6))"
    try ip("netns", "add", name)
    defer { try? ip("netns", "delete", name) }
    try await withServer(respond: echo) { server in
      let request = CurlRequest(url: server.url("/"))
      let inside = try CurlClient(.init(onThreadStart: { try NetworkNamespace(named: name).enter() }))
      #expect(await failure(of: request, by: inside)?.counterName == "httpClient.connect")
      #expect(await failure(of: request, by: try CurlClient()) == nil)
    }
  }

  private func ip(_ arguments: String...) throws {
    let process = try Process.run(URL(filePath: "/usr/sbin/ip"), arguments: arguments)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failure("ip \(arguments) failed") }
  }
}
