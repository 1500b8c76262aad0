import HTTP
import Synchronization
import Testing
import Transport

/// Clients that send on before they are answered.
struct HTTPPipeliningTests {
  private func get(_ path: String) -> String { "GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n" }

  enum Way: CaseIterable {
    case atOnce, onLoop, elsewhere
  }

  @Test(arguments: Way.allCases)
  func `thousands of requests that come at once are answered one by one, in their order`(way: Way) async throws {
    let paths = Mutex<[String]>([])
    try await withServer(
      respondsOnLoop: way == .onLoop,
      answer: { request in
        paths.withLock { $0.append(request.path) }
        let response = Response(.ok, text: request.path + ";")
        return way == .atOnce ? .now(response) : .later { response }
      }
    ) { server in
      let client = try RawClient(port: server.port)
      client.send((1...5000).map { get("/\($0)") }.joined())
      let answers = try #require(await client.receive(until: "/5000;"))
      #expect(answers.matches(of: #/\r\n\r\n\/(\d+);/#).map { Int($0.1) } == Array(1...5000))
      #expect(paths.withLock { $0 } == (1...5000).map { "/\($0)" })
    }
  }

  @Test func `an answer that is there at once reaches a client that closes its half right behind its request`()
    async throws
  {
    try await withServer(answer: { .now(Response(.ok, text: $0.path + ";")) }) { server in
      for number in 1...50 {
        let client = try RawClient(port: server.port)
        client.send((1...number).map { get("/\($0)") }.joined())
        client.closeOutput()
        let answers = try #require(await client.receive())
        #expect(answers.matches(of: #/\/(\d+);/#).map { Int($0.1) } == Array(1...number))
      }
    }
  }

  @Test func `requests that came before the client closed its half are all answered`() async throws {
    try await withServer { request in
      try? await Task.sleep(for: .milliseconds(20))
      return Response(.ok, text: request.path + ";")
    } body: { server in
      let client = try RawClient(port: server.port)
      client.send((1...5).map { get("/\($0)") }.joined())
      client.closeOutput()
      let answers = try #require(await client.receive())
      #expect(answers.matches(of: #/\/(\d);/#).map { Int($0.1) } == Array(1...5))
    }
  }

  @Test func `what is not HTTP behind a request is refused once that is answered`() async throws {
    try await withServer { request in
      try? await Task.sleep(for: .milliseconds(50))
      return Response(.ok, text: request.path + ";")
    } body: { server in
      let client = try RawClient(port: server.port)
      client.send(get("/1") + "\u{1}\u{2}\u{3}\r\n\r\n" + get("/2"))
      let answers = try #require(await client.receive())
      let (first, second) = (try #require(answers.range(of: "/1;")), try #require(answers.range(of: " 400 ")))
      #expect(first.lowerBound < second.lowerBound && !answers.contains("/2;"))
      #expect(server.server.counts.unreadableRequests == 1)
    }
  }

  @Test func `what stands behind a request that asks to close is not answered`() async throws {
    try await withServer(respond: echo) { server in
      let client = try RawClient(port: server.port)
      client.send("GET /1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" + get("/2"))
      let answers = try #require(await client.receive())
      #expect(answers.contains("GET /1") && !answers.contains("GET /2"))
    }
  }

  @Test func `a client that never lets itself be answered is not read on`() async throws {
    let (waiting, letGo) = AsyncStream.makeStream(of: Void.self)
    try await withServer { _ in
      for await _ in waiting {}
      return Response(.ok)
    } body: { server in
      let client = try RawClient(port: server.port)
      // The kernel's own buffers hold some megabytes.
      #expect(await client.flood(String(repeating: get("/"), count: 1000), limit: 64 << 20) < 32 << 20)
      letGo.finish()
    }
  }
}
