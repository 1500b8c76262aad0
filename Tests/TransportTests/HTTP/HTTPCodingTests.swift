import Foundation
import HTTP
import Testing
import Transport

/// Requests in a content coding, by curl.
struct HTTPCodingTests {
  private let text = String(repeating: "<Inform>0</Inform>", count: 500)

  private var limits: HTTPLimits {
    var limits = HTTPLimits()
    limits.body = 100_000
    return limits
  }

  /// The status and the answer's headers and body.
  private func post(
    _ body: [UInt8], coding: String, to server: RunningServer, _ arguments: [String] = []
  ) async throws -> String {
    let file = FileManager.default.temporaryDirectory.appending(path: "usher-\(UUID().uuidString)")
    try Data(body).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    return try await runCurl(
      arguments + [
        "-i", "-H", "Content-Encoding: \(coding)", "--data-binary", "@\(file.path)", server.url("/"),
      ]
    ).output
  }

  private func coded(_ coding: ContentCoding, _ bytes: [UInt8]? = nil) throws -> [UInt8] {
    try #require(Deflater.deflate(bytes ?? Array(text.utf8), coding))
  }

  @Test func `the responder gets the body as it was before its coding, chunked or not`() async throws {
    try await withServer(limits: limits, respond: echo) { server in
      let zlib = try coded(.deflate)
      let raw = Array(zlib.dropFirst(2).dropLast(4))
      for arguments in [[], ["-H", "Transfer-Encoding: chunked"], ["-H", "Expect: 100-continue"]] {
        for (coding, body) in [
          ("gzip", try coded(.gzip)), ("x-gzip", try coded(.gzip)), ("deflate", zlib), ("deflate", raw),
        ] {
          let answer = try await post(body, coding: coding, to: server, arguments)
          #expect(answer.hasSuffix("POST / 9000 \(text.prefix(64))"), "\(coding) \(arguments)")
          #expect(!answer.contains("Content-Encoding"))
        }
      }
      #expect(try await post([], coding: "gzip", to: server).hasSuffix("POST / 0 "))
    }
  }

  @Test func `a bomb is answered with 413 when as much as a body may have has come out`() async throws {
    try await withServer(limits: limits, respond: echo) { server in
      let bomb = try coded(.gzip, [UInt8](repeating: 0, count: 64 << 20))
      #expect(bomb.count < 100_000)
      let answer = try await post(bomb, coding: "gzip", to: server, ["-H", "Expect:"])
      #expect(answer.hasPrefix("HTTP/1.1 413 ") && answer.contains("up to 100000 bytes"))
      #expect(server.server.counts.oversizeRequests == 1)
      #expect(try await post(try coded(.gzip), coding: "gzip", to: server).hasPrefix("HTTP/1.1 200 "))
    }
  }

  @Test func `damaged and shortened data is answered with 400 and a reason`() async throws {
    try await withServer(limits: limits, respond: echo) { server in
      let cut = try await post(Array(try coded(.gzip).dropLast(9)), coding: "gzip", to: server)
      #expect(cut.hasPrefix("HTTP/1.1 400 ") && cut.contains("the gzip data ends too early"))
      let plain = try await post(Array(text.utf8), coding: "gzip", to: server)
      #expect(plain.hasPrefix("HTTP/1.1 400 ") && plain.contains("incorrect header check"))
      #expect(server.server.counts.undecodableRequests == 2)
    }
  }

  @Test func `an unknown coding is answered with 415, and what is taken instead`() async throws {
    try await withServer(respond: echo) { server in
      let answer = try await post([1], coding: "br", to: server)
      #expect(answer.hasPrefix("HTTP/1.1 415 "))
      #expect(answer.contains("Accept-Encoding: gzip, x-gzip, deflate, identity\r\n"))
      #expect(server.server.counts.compressedRequests == 1)
    }
  }

  @Test func `an answer is coded where the request was and the client says that it reads it`() async throws {
    let text = text
    try await withServer { _ in
      Response(.ok, text: text)
    } body: { server in
      for coding in ["gzip", "deflate"] {
        let mirrored = try await post(
          try coded(coding == "gzip" ? .gzip : .deflate), coding: coding, to: server, ["--compressed"])
        #expect(mirrored.contains("Content-Encoding: \(coding)\r\n") && mirrored.hasSuffix(text))
      }
      let silent = try await post(try coded(.gzip), coding: "gzip", to: server)
      #expect(silent.contains("Content-Length: 9000\r\n") && silent.hasSuffix(text))
      let plain = try await runCurl(["-i", "--compressed", "-d", text, server.url("/")])
      #expect(!plain.output.contains("Content-Encoding"))
    }
  }
}
