import HTTP
import Testing
import Transport

/// A connection brings one request after the other.
struct HTTPIsolationTests {
  /// Requests of all kinds that leave the connection open, each as its lines before `Host`, and its body.
  private static let requests: [(head: [String], body: [UInt8])] = [
    (["GET /a?b=c HTTP/1.1"], []),
    (["HEAD /a HTTP/1.1"], []),
    (["DELETE /a HTTP/1.1", "X-Long: \(String(repeating: "x", count: 5000))"], []),
    (["POST / HTTP/1.1", "Content-Length: 0"], []),
    (["POST / HTTP/1.1", "Content-Length: 5"], Array("five!".utf8)),
    (["POST / HTTP/1.1", "Content-Length: 5", "Expect: 100-continue"], Array("later".utf8)),
    (["PUT / HTTP/1.1", "Transfer-Encoding: chunked"], Array("3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n".utf8)),
    (["POST / HTTP/1.1", "Transfer-Encoding: chunked"], Array("1\r\na\r\n0\r\nTrailer: b\r\n\r\n".utf8)),
    (["POST / HTTP/1.1", "Content-Encoding: gzip", "Content-Length: 0"], []),
    (["PUT /files/a HTTP/1.1", "Content-Length: 4"], Array("file".utf8)),
    (["PUT /files/a HTTP/1.1", "Transfer-Encoding: chunked"], Array("2\r\nab\r\n0\r\n\r\n".utf8)),
    (["POST / HTTP/1.1", "Cookie: sid=1", "Authorization: Basic dTpw", "Content-Length: 1"], [0]),
  ]

  private static func coded() throws -> [(head: [String], body: [UInt8])] {
    try [ContentCoding.gzip, .deflate].map { coding in
      let body = try #require(Deflater.deflate([UInt8](repeating: 65, count: 3000), coding))
      return (["POST / HTTP/1.1", "Content-Encoding: \(coding.rawValue)", "Content-Length: \(body.count)"], body)
    }
  }

  /// All that the responder was told, and the body.
  private static func described(_ request: Request, _ body: [UInt8]) -> Response {
    let fields = request.headers.fields.filter { $0.name != "Connection" }.map { "\($0.name)=\($0.value)" }
    return Response(
      .ok, text: "\(request.method) \(request.target.text) \(fields) \(String(decoding: body, as: UTF8.self))")
  }

  /// What comes back for these requests, sent at once over one connection, of which the last asks to close it.
  private func answers(
    to requests: [(head: [String], body: [UInt8])], by server: RunningServer
  ) async throws -> String {
    let client = try RawClient(port: server.port)
    var bytes: [UInt8] = []
    for (number, request) in requests.enumerated() {
      let closing = number == requests.count - 1 ? ["Connection: close"] : []
      bytes += Array(((request.head + ["Host: a"] + closing).joined(separator: "\r\n") + "\r\n\r\n").utf8)
      bytes += request.body
    }
    client.send(bytes)
    return try #require(await client.receive())
  }

  @Test func `a request is answered as on a fresh connection, whatever request came before it`() async throws {
    let reception: HTTPServer.Reception = { request in
      guard request.path.hasPrefix("/files/") else { return .whole }
      return .stream(limit: 100) { request, body in
        var bytes: [UInt8] = []
        while let piece = try? await body.next() { bytes += piece }
        return Self.described(request, bytes)
      }
    }
    let requests = try Self.requests + Self.coded()
    try await withServer(reception: reception, respond: { Self.described($0, $0.body) }) { server in
      var alone: [String] = []
      for request in requests { alone.append(try await answers(to: [request], by: server)) }
      #expect(Set(alone).count == requests.count, "the requests are not told apart")
      let end = (head: ["GET /end HTTP/1.1"], body: [] as [UInt8])
      let endAnswer = try await answers(to: [end], by: server)
      for (number, first) in requests.enumerated() {
        let both = try await answers(to: [first, end], by: server)
        #expect(both.hasSuffix(endAnswer), "\(first.head)")
        let firstAnswer = both.dropLast(endAnswer.count)
        for (second, answer) in zip(requests, alone) {
          let answers = try await answers(to: [first, second], by: server)
          #expect(answers == firstAnswer + answer, "\(second.head) after \(first.head), \(number)")
        }
      }
      #expect(await server.reaches { $0.openConnections == 0 && $0.unreadableRequests == 0 })
    }
  }
}
