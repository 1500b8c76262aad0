import HTTP
import Synchronization
import Testing
import Transport

struct HTTPStreamTests {
  /// Lines for as long as someone listens; `ended` learns how it came to its end.
  private func ticking(_ ended: @escaping @Sendable (Bool) -> Void) -> HTTPServer.Responder {
    { _ in
      Response(
        .ok, headers: ["Content-Type": "application/x-ndjson"],
        body: .stream(length: nil) { write in
          defer { ended(Task.isCancelled) }
          try await write(Array("{\"tick\":0}\n".utf8))
          // Nothing to say: only being canceled ends this.
          try await Task.sleep(for: .seconds(60))
        })
    }
  }

  @Test func `chunks arrive as they are written`() async throws {
    try await withServer { _ in
      Response(
        .ok,
        body: .stream(length: nil) { write in
          for number in 0..<3 { try await write(Array("{\"n\":\(number)}\n".utf8)) }
        })
    } body: { server in
      let result = try await runCurl(["-i", server.url("/"), server.url("/")])
      #expect(result.code == 0)
      #expect(result.output.contains("Transfer-Encoding: chunked"))
      #expect(result.output.hasSuffix("{\"n\":0}\n{\"n\":1}\n{\"n\":2}\n"))
    }
  }

  @Test func `a silent stream ends when its client goes`() async throws {
    let endings = Mutex<[Bool]>([])
    try await withServer(respond: ticking { ending in endings.withLock { $0.append(ending) } }) { server in
      do {
        let client = try RawClient(port: server.port)
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        _ = await client.receive(until: "{\"tick\":0}\n\r\n")
      }
      #expect(await server.reaches { $0.openConnections == 0 && $0.brokenAnswers == 1 })
      #expect(await server.reaches { _ in endings.withLock { $0 } == [true] })
    }
  }

  @Test func `a stream of known length has it in its head, and one that breaks its word is cut off`() async throws {
    try await withServer { request in
      let length = request.path == "/right" ? 6 : request.path == "/long" ? 5 : 7
      return Response(
        .ok,
        body: .stream(length: length) { write in
          try await write(Array("abc".utf8))
          try await write(Array("def".utf8))
        })
    } body: { server in
      let right = try await runCurl(["-i", server.url("/right"), server.url("/right")])
      #expect(right.code == 0 && right.output.contains("Content-Length: 6\r\n") && right.output.hasSuffix("abcdef"))
      #expect(try await runCurl([server.url("/long")]).code == 18)
      #expect(try await runCurl([server.url("/short")]).code == 18)
    }
  }

  @Test func `an error of the producer cuts the answer off, where the client notices`() async throws {
    try await withServer { _ in
      Response(
        .ok,
        body: .stream(length: nil) { write in
          try await write(Array("abc".utf8))
          throw Failure("no more")
        })
    } body: { server in
      let result = try await runCurl([server.url("/")])
      #expect(result.code == 18 && result.output == "abc")
    }
  }

  @Test func `HEAD of a stream has no body`() async throws {
    try await withServer { _ in
      Response(.ok, body: .stream(length: nil) { write in try await write([1]) })
    } body: { server in
      let client = try RawClient(port: server.port)
      client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n")
      #expect(try #require(await client.receive()) == "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
    }
  }
}
