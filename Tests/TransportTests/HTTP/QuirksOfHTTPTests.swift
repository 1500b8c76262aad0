import Foundation
import HTTP
import Testing
import Transport

/// How routers speak HTTP. The number is the quirk's.
struct QuirksOfHTTPTests {
  private let head = "POST /acs HTTP/1.1\r\nHost: acs\r\n"

  @Test(arguments: [
    "Content-Length: 0\r\n\r\n", "\r\n", "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "Content-Length: 000\r\n\r\n",
  ])
  func `7 a POST is empty with a length of nothing, without a length, or with no chunk`(rest: String) async throws {
    try await withServer(respond: echo) { server in
      let router = try RawClient(port: server.port)
      for _ in 0..<2 {
        router.send(head + rest)
        #expect(await router.receive(until: "POST /acs 0 ") != nil)
      }
    }
  }

  @Test func `7 an Inform in chunks of any size arrives whole`() async throws {
    try await withServer(respond: echo) { server in
      let router = try RawClient(port: server.port)
      router.send(head + "Transfer-Encoding: chunked\r\n\r\n")
      for piece in ["<Env", "e", "lope/>"] { router.send("\(String(piece.utf8.count, radix: 16))\r\n\(piece)\r\n") }
      router.send("0\r\n\r\n")
      #expect(await router.receive(until: "POST /acs 11 <Envelope/>") != nil)
    }
  }

  @Test func `8 Expect is answered with 100 before the body comes, to a login that fails as well`() async throws {
    try await withServer { request in
      Response(.unauthorized, text: "\(request.body.count)")
    } body: { server in
      let router = try RawClient(port: server.port)
      for _ in 0..<2 {
        router.send(head + "Expect: 100-continue\r\nContent-Length: 4\r\n\r\n")
        #expect(await router.receive(until: "HTTP/1.1 100 Continue\r\n\r\n") != nil)
        router.send("body")
        let answer = try #require(await router.receive(until: "\r\n\r\n4"))
        #expect(answer.hasPrefix("HTTP/1.1 401 "))
      }
    }
  }

  @Test(arguments: ["gzip", "x-gzip", "deflate"])
  func `12 a body comes compressed, and its answer goes so where that is read`(coding: String) async throws {
    let text = String(repeating: "<Inform/>", count: 500)
    let body = try #require(Deflater.deflate(Array(text.utf8), coding == "deflate" ? .deflate : .gzip))
    let file = FileManager.default.temporaryDirectory.appending(path: "usher-\(UUID().uuidString)")
    try Data(body).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    try await withServer {
      Response(.ok, text: String(decoding: $0.body, as: UTF8.self))
    } body: { server in
      let post = ["-i", "-H", "Content-Encoding: \(coding)", "--data-binary", "@\(file.path)", server.url("/acs")]
      let plain = try await runCurl(post)
      #expect(plain.output.hasSuffix("\r\n\r\n" + text) && !plain.output.contains("Content-Encoding"))
      let compressed = try await runCurl(["--compressed"] + post)
      #expect(compressed.output.hasSuffix("\r\n\r\n" + text) && compressed.output.contains("Content-Encoding"))
    }
  }

  @Test func `14 HTTP 1.0 is answered and closed`() async throws {
    try await withServer(respond: echo) { server in
      for _ in 0..<2 {
        let router = try RawClient(port: server.port)
        router.send("POST /acs HTTP/1.0\r\nContent-Length: 2\r\n\r\nhi")
        #expect(await router.receive()?.hasSuffix("\r\n\r\nPOST /acs 2 hi") == true)
      }
    }
  }

  @Test func `43 an answer has a length and no chunks, and leaves the connection open`() async throws {
    try await withServer { request in
      request.body.isEmpty ? Response(.noContent) : Response(.ok, text: String(repeating: "x", count: 100_000) + "!")
    } body: { server in
      let router = try RawClient(port: server.port)
      for _ in 0..<3 {
        router.send(head + "Content-Length: 1\r\n\r\nx")
        let answer = try #require(await router.receive(until: "!"))
        #expect(answer.contains("\r\nContent-Length: 100001\r\n"))
        #expect(!answer.lowercased().contains("transfer-encoding:") && !answer.lowercased().contains("connection:"))
      }
      router.send(head + "\r\n")
      let end = try #require(await router.receive(until: "\r\n\r\n"))
      #expect(end.hasPrefix("HTTP/1.1 204 ") && !end.lowercased().contains("connection:"))
      #expect(server.server.counts.connections == 1)
    }
  }

  @Test func `50 a connection that is opened and closed without a byte is counted and nothing else`() async throws {
    try await withServer(respond: echo) { server in
      for _ in 0..<5 { _ = try RawClient(port: server.port) }
      #expect(await server.reaches { $0.emptyConnections == 5 && $0.openConnections == 0 })
      #expect(server.server.counts.requests == 0 && server.server.counts.unreadableRequests == 0)
    }
  }
}
