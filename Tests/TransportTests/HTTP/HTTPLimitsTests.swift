import HTTP
import Synchronization
import Testing
import Transport

/// What a hostile, slow or broken client gets.
struct HTTPLimitsTests {
  private func limits(_ change: (inout HTTPLimits) -> Void) -> HTTPLimits {
    var limits = HTTPLimits()
    change(&limits)
    return limits
  }

  @Test func `a body beyond the limit is answered with 413, announced or not, and the connection closed`() async throws
  {
    try await withServer(limits: limits { $0.body = 1000 }, respond: echo) { server in
      let body = String(repeating: "x", count: 3_000_000)
      for extra in [[], ["-H", "Expect:"], ["-H", "Transfer-Encoding: chunked"]] {
        let result = try await runCurl(
          extra + ["-i", "-w", "%{http_code}", "--data-binary", "@-", server.url("/")], input: body)
        #expect(result.output.contains("413") && result.output.contains("up to 1000 bytes"))
        #expect(result.output.contains("Connection: close"))
      }
      #expect(server.server.counts.oversizeRequests == 3)
      let result = try await runCurl(["-d", String(repeating: "x", count: 1000), server.url("/")])
      #expect(result.output.hasPrefix("POST / 1000 "))
    }
  }

  @Test func `lengths that are no numbers, and headers beyond the limit, are answered with 400`() async throws {
    try await withServer(limits: limits { $0.headers = 1000 }, respond: echo) { server in
      for head in [
        "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "GET / HTTP/1.1\r\nA: \(String(repeating: "x", count: 2000))\r\n\r\n",
        "GET / HTTP/1.1\r\n\(String(repeating: "A: x\r\n", count: 200))\r\n", "\u{16}\u{3}\u{1}\u{2}\u{0}\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
      ] {
        let client = try RawClient(port: server.port)
        client.send(head)
        let answer = try #require(await client.receive())
        #expect(answer.hasPrefix("HTTP/1.1 400 Bad Request\r\n"), "\(head.prefix(50))")
      }
      #expect(server.server.counts.unreadableRequests == 6)
      #expect(try await runCurl([server.url("/")]).output == "GET / 0 ")
    }
  }

  @Test func `a client that sends its body too slowly gets 408`() async throws {
    try await withServer(limits: limits { $0.requestTimeout = .milliseconds(300) }, respond: echo) { server in
      let client = try RawClient(port: server.port)
      client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nx")
      #expect(try #require(await client.receive()).hasPrefix("HTTP/1.1 408 "))
      #expect(server.server.counts.slowRequests == 1)
    }
  }

  @Test func `a head that comes byte by byte does not hold a connection`() async throws {
    try await withServer(limits: limits { $0.idleTimeout = .milliseconds(300) }, respond: echo) { server in
      let client = try RawClient(port: server.port)
      let trickle = Task {
        for character in "GET / HTTP/1.1\r\nHost: " + String(repeating: "a", count: 1000) {
          client.send(String(character))
          try await Task.sleep(for: .milliseconds(20))
        }
      }
      #expect(try #require(await client.receive()) == "")
      trickle.cancel()
      #expect(await server.reaches { $0.idleConnections == 1 && $0.openConnections == 0 })
    }
  }

  @Test func `a client that does not take its answer is given up`() async throws {
    try await withServer(limits: limits { $0.stallTimeout = .milliseconds(300) }) { _ in
      Response(.ok, body: .bytes([UInt8](repeating: 1, count: 32 << 20)))
    } body: { server in
      let client = try RawClient(port: server.port)
      client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
      #expect(await server.reaches { $0.brokenAnswers == 1 && $0.openConnections == 0 })
      withExtendedLifetime(client) {}
    }
  }

  @Test func `connections beyond the limit are closed at once, and let in again later`() async throws {
    try await withServer(limits: limits { $0.connections = 2 }, respond: echo) { server in
      var clients: [RawClient] = []
      for _ in 0..<2 {
        let client = try RawClient(port: server.port)
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        _ = await client.receive(until: "GET / 0 ")
        clients.append(client)
      }
      let third = try RawClient(port: server.port)
      #expect(try #require(await third.receive()) == "")
      #expect(server.server.counts.refusedConnections == 1)
      clients.removeAll()
      #expect(await server.reaches { $0.openConnections == 0 })
      #expect(try await runCurl([server.url("/")]).output == "GET / 0 ")
    }
  }

  private func status(of words: [String]) async throws -> String {
    try await runCurl(["-o", "/dev/null", "-w", "%{http_code}"] + words).output
  }

  @Test func `bodies beyond the room for all of them are answered with 503`() async throws {
    try await withServer(limits: limits { $0.bodies = 1000 }, respond: echo) { server in
      let first = try RawClient(port: server.port)
      first.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\n" + String(repeating: "x", count: 800))
      #expect(await server.reaches { $0.bodyBytes == 800 })
      let body = String(repeating: "x", count: 300)
      #expect(try await status(of: ["-d", body, server.url("/")]) == "503")
      first.send(String(repeating: "x", count: 100))
      _ = await first.receive(until: String(repeating: "x", count: 64))
      #expect(try await runCurl(["-d", body, server.url("/")]).output.hasPrefix("POST / 300 "))
    }
  }

  @Test func `a peer fills no more than its part of the room, and is answered with 503 beyond`() async throws {
    try await withServer(limits: limits { $0.bodiesOfPeer = 1000 }, respond: echo) { server in
      let first = try RawClient(port: server.port)
      first.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\n" + String(repeating: "x", count: 800))
      #expect(await server.reaches { $0.bodyBytes == 800 })
      let words = ["-d", String(repeating: "x", count: 300), server.url("/")]
      #expect(try await status(of: words) == "503")
      #expect(try await status(of: ["--interface", "127.0.0.2"] + words) == "200")
      #expect(server.server.counts.overloadedRequests == 1)
      withExtendedLifetime(first) {}
    }
  }

  @Test func `large bodies leave a quarter of the room to small ones`() async throws {
    let narrow = limits {
      $0.bodies = 1000
      $0.smallBody = 100
    }
    try await withServer(limits: narrow, respond: echo) { server in
      let first = try RawClient(port: server.port)
      first.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\n" + String(repeating: "x", count: 700))
      #expect(await server.reaches { $0.bodyBytes == 700 })
      #expect(try await status(of: ["-d", String(repeating: "x", count: 101), server.url("/")]) == "503")
      #expect(try await status(of: ["-d", String(repeating: "x", count: 100), server.url("/")]) == "200")
      withExtendedLifetime(first) {}
    }
  }

  @Test func `a connection without a byte is a count and nothing more`() async throws {
    try await withServer(respond: echo) { server in
      for _ in 0..<5 { _ = try RawClient(port: server.port) }
      #expect(await server.reaches { $0.emptyConnections == 5 && $0.openConnections == 0 })
      #expect(server.server.counts.requests == 0)
    }
  }

  @Test func `a header with a line end is never sent`() async throws {
    try await withServer { _ in
      Response(.ok, headers: ["X": "a\r\nSet-Cookie: evil=1"], body: .bytes([1]))
    } body: { server in
      let result = try await runCurl(["-i", server.url("/")])
      #expect(result.code != 0)
      #expect(!result.output.contains("evil"))
    }
  }

  @Test func `mutated requests leave the server serving`() async throws {
    let seed =
      "POST /acs?x=1 HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nCookie: a=\"b\"\r\nAuthorization: Digest x=\"y\"\r\n\r\nbody"
    try await withServer(respond: echo) { server in
      var state: UInt64 = 7
      func random(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % bound
      }
      for _ in 0..<300 {
        var bytes = Array(seed.utf8)
        for _ in 0...random(4) { bytes[random(bytes.count)] = UInt8(random(256)) }
        let client = try RawClient(port: server.port)
        client.send(String(decoding: bytes.prefix(random(bytes.count + 1)), as: UTF8.self))
        client.closeOutput()
        #expect(await client.receive() != nil)
      }
      #expect(await server.reaches { $0.openConnections == 0 })
      #expect(try await runCurl([server.url("/")]).output == "GET / 0 ")
    }
  }
}
