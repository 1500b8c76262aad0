import HTTP
import Synchronization
import Testing

@testable import Transport

/// Header fields that are folded over lines (RFC 2616 section 2.2, RFC 9112 section 5.2), over real connections.
struct FoldedHeaderTests {
  /// Answers with a field that the request had, and its body.
  private static let tell: HTTPServer.Responder = { request in
    Response(
      .ok,
      text: "[\(request.headers["Authorization"] ?? "-")|\(request.hasFoldedHeaders)|"
        + String(decoding: request.body, as: UTF8.self) + "]")
  }

  /// The text of the answer's body, as ``tell`` makes it.
  private func told(_ answer: String?) -> String? {
    answer?.split(separator: "\r\n\r\n", maxSplits: 1).last.map(String.init)
  }

  private static let authorization =
    "Digest username=\"boot\",    realm=\"REALM\",    nonce=\"NONCE\",    uri=\"/acs\",    qop=auth,    nc=00000001,"
    + "    cnonce=\"0a4f113b\",    response=\"RESPONSE\",    algorithm=MD5"

  @Test func `a folded login is read as one line, and counted`() async throws {
    let request = try VectorFile.text(of: "http/digest-folded")
    try await withServer(respond: Self.tell) { server in
      let client = try RawClient(port: server.port)
      client.send(request)
      #expect(told(await client.receive(until: "]")) == "[\(Self.authorization)|true|hello]")
      client.send("GET / HTTP/1.1\r\nAuthorization: a\r\n\r\n")
      #expect(told(await client.receive(until: "]")) == "[a|false|]")
      #expect(server.server.counts.foldedHeaders == 1)
    }
  }

  @Test func `the fields and the login in them survive the repair`() throws {
    let credentials = try DigestCredentials(authorization: Self.authorization)
    #expect(credentials.nonce == "NONCE" && credentials.algorithm == "MD5" && credentials.nonceCount == "00000001")
  }

  @Test func `it is read wherever the pieces end in which it comes, request after request`() async throws {
    let request = try VectorFile.text(of: "http/digest-folded")
    let bytes = Array(request.utf8)
    try await withServer(respond: Self.tell) { server in
      let client = try RawClient(port: server.port)
      for split in 1..<bytes.count {
        client.send(String(decoding: bytes[..<split], as: UTF8.self))
        try await Task.sleep(for: .milliseconds(1))
        client.send(String(decoding: bytes[split...], as: UTF8.self))
        let answer = told(await client.receive(until: "]"))
        #expect(answer == "[\(Self.authorization)|true|hello]", "split at \(split)")
      }
    }
  }

  @Test func `a body is never touched, whatever stands in it`() async throws {
    let body = "A: b\r\n c\r\n\r\n d\n e\r\n"
    let head = "POST / HTTP/1.1\r\nAuthorization: x,\r\n y\r\n"
    let chunked = [body, "\r\n f"].map { "\(String($0.utf8.count, radix: 16))\r\n\($0)\r\n" }.joined() + "0\r\n\r\n"
    try await withServer(respond: Self.tell) { server in
      let client = try RawClient(port: server.port)
      for _ in 0..<3 {
        client.send("\(head)Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
        #expect(told(await client.receive(until: "]")) == "[x,   y|true|\(body)]")
        client.send("\(head)Transfer-Encoding: chunked\r\n\r\n\(chunked)")
        #expect(told(await client.receive(until: "]")) == "[x,   y|true|\(body)\r\n f]")
        for byte in "\(head)Transfer-Encoding: chunked\r\n\r\n\(chunked)" { client.send(String(byte)) }
        #expect(told(await client.receive(until: "]")) == "[x,   y|true|\(body)\r\n f]")
      }
    }
  }

  @Test func `requests that are sent ahead are read as well`() async throws {
    let request = "POST / HTTP/1.1\r\nAuthorization: x,\r\n y\r\nContent-Length: 4\r\n\r\n\r\n z"
    try await withServer(respond: Self.tell) { server in
      let client = try RawClient(port: server.port)
      client.send(String(repeating: request, count: 3) + "GET / HTTP/1.1\r\nConnection: close\r\n\r\n")
      let answers = await client.receive() ?? ""
      #expect(answers.components(of: "[x,   y|true|\r\n z]") == 3 && answers.components(of: "[-|false|]") == 1)
    }
  }

  @Test func `each kind of request is read behind each other, in one piece and in two`() async throws {
    let body = "A: b\r\n c\r\n\r\n"
    let kinds: [(request: String, answer: String)] = [
      ("GET / HTTP/1.1\r\nAuthorization: a\r\n\r\n", "[a|false|]"),
      ("GET / HTTP/1.1\r\nAuthorization: a\r\n b\r\n\r\n", "[a   b|true|]"),
      ("POST / HTTP/1.1\r\nCONTENT-length: \(body.utf8.count)\r\n\r\n\(body)", "[-|false|\(body)]"),
      (
        "POST / HTTP/1.1\r\nAuthorization: a\r\n b\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)",
        "[a   b|true|\(body)]"
      ),
      ("POST / HTTP/1.1\r\nContent-Length: 0\r\nAuthorization: a\r\n\tb\r\n\r\n", "[a  \tb|true|]"),
      ("POST / HTTP/1.1\r\nX-Content-Length: 3\r\nAuthorization: a\r\n\r\n", "[a|false|]"),
      ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n\r\n\r\n0\r\n\r\n", "[-|false|\r\n]"),
    ]
    try await withServer(respond: Self.tell) { server in
      let client = try RawClient(port: server.port)
      for first in kinds {
        for second in kinds {
          let last = "GET / HTTP/1.1\r\nAuthorization: end\r\n\r\n"
          let bytes = Array((first.request + second.request + last).utf8)
          let half = first.request.utf8.count
          for split in [bytes.count, half, half / 2, half - 3, half + 3, (half + bytes.count) / 2, bytes.count - 2] {
            client.send(String(decoding: bytes[..<split], as: UTF8.self))
            if split < bytes.count {
              try await Task.sleep(for: .milliseconds(1))
              client.send(String(decoding: bytes[split...], as: UTF8.self))
            }
            let answers = await client.receive(until: "[end|false|]")?.matches(of: /\[[^\]]*\]/).map {
              String($0.output)
            }
            #expect(
              answers == [first.answer, second.answer, "[end|false|]"], "\(first.request)\(second.request) at \(split)")
          }
        }
      }
    }
  }

  @Test(arguments: [
    ("GET / HTTP/1.1\r\nFoo Bar: b\r\n\r\n", "\"Foo Bar\""), ("GET / HTTP/1.1\r\nHost: a\r\nFoo\r\n\r\n", "\"Foo\""),
    ("GET / HTTP/1.1\r\nFoo: a\u{1}b\r\n\r\n", "\"Foo\""), ("GET / HTTP/1.1\r\n Foo: a\r\n\r\n", "first header field"),
    ("POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n", "\"Content-Length\""),
    ("POST / HTTP/1.1\r\nContent-Length:\r\n 4\r\n\r\nbody", "\"Content-Length\""),
    ("POST / HTTP/1.1\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n", "length"),
    ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", "chunks"),
    ("GET / HTTP/1.1\r\nLong: \(String(repeating: "a", count: 100_000))\r\n\r\n", "\"Long\""),
    ("nonsense\r\n\r\n", "HTTP/1.1"),
  ])
  func `a refusal names the field and the router`(request: String, name: String) async throws {
    let refusals = Mutex<[String]>([])
    try await withServer(
      onRefusal: { peer, reason in refusals.withLock { $0.append("\(peer.host) \(reason)") } },
      answer: { _ in .now(Response(.ok)) }
    ) { server in
      let client = try RawClient(port: server.port)
      client.send(request)
      client.closeOutput()
      let answer = await client.receive() ?? ""
      #expect(answer.hasPrefix("HTTP/1.1 400 ") && answer.contains(name), "\(answer)")
      #expect(answer.contains("(request of 127.0.0.1:"))
      #expect(refusals.withLock { $0 }.first?.hasPrefix("127.0.0.1 ") == true)
    }
  }
}

extension String {
  fileprivate func components(of text: String) -> Int { ranges(of: text).count }
}
