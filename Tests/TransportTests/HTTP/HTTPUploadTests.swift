import Foundation
import HTTP
import Synchronization
import Testing
import Transport

/// Bodies that are handed over in pieces.
struct HTTPUploadTests {
  private static let limit = 32 << 20

  /// What the responder saw of one body.
  private final class Seen: Sendable {
    let bytes = Mutex(0)
    let errors = Mutex<[BodyError]>([])
  }

  /// Counts the bytes under /files/, and waits with the first one for `gate`.
  private func counting(
    _ seen: Seen, limit: Int = limit, after gate: (@Sendable () async -> Void)? = nil
  ) -> HTTPServer.Reception {
    { request in
      guard request.path.hasPrefix("/files/") else { return .whole }
      return .stream(limit: limit) { request, body in
        await gate?()
        do throws(BodyError) {
          while let piece = try await body.next() { seen.bytes.withLock { $0 += piece.count } }
          return Response(.created, text: "\(request.method) \(seen.bytes.withLock { $0 }) \(request.body.count)")
        } catch {
          seen.errors.withLock { $0.append(error) }
          return Response(.internalServerError, text: "not to be seen")
        }
      }
    }
  }

  private func file(_ bytes: [UInt8]) throws -> URL {
    let file = FileManager.default.temporaryDirectory.appending(path: "usher-\(UUID().uuidString)")
    try Data(bytes).write(to: file)
    return file
  }

  @Test func `a body comes in pieces, and the connection goes on`() async throws {
    let file = try file([UInt8](repeating: 7, count: 20_000_000))
    defer { try? FileManager.default.removeItem(at: file) }
    for arguments in [[], ["-H", "Transfer-Encoding: chunked"], ["-H", "Expect:"]] {
      let seen = Seen()
      try await withServer(reception: counting(seen), respond: echo) { server in
        let result = try await runCurl(
          arguments + ["-T", file.path, server.url("/files/a")]
            + ["--next", "-sS", "-w", " %{num_connects}", "-d", "x", server.url("/other")])
        #expect(result.output == "PUT 20000000 0POST /other 1 x 0", "\(arguments)")
      }
    }
  }

  @Test func `the client waits where nobody takes its pieces`() async throws {
    let (seen, sent) = (Seen(), Seen())
    let (gate, opening) = AsyncStream.makeStream(of: Void.self)
    let reception = counting(seen) { for await _ in gate { return } }
    try await withServer(reception: reception, respond: echo) { server in
      let client = try RawClient(port: server.port)
      // On a thread of its own: a send that waits would keep one of the few from the tasks that are to answer.
      async let upload: Void = withCheckedContinuation { continuation in
        Thread.detachNewThread {
          client.send("POST /files/a HTTP/1.1\r\nHost: a\r\nContent-Length: 30000000\r\n\r\n")
          let piece = String(repeating: "x", count: 100_000)
          for _ in 0..<300 {
            client.send(piece)
            sent.bytes.withLock { $0 += piece.count }
          }
          continuation.resume()
        }
      }
      try await Task.sleep(for: .milliseconds(700))
      #expect(sent.bytes.withLock { $0 } < 15_000_000)
      opening.yield()
      await upload
      #expect(try #require(await client.receive(until: "POST 30000000 0")).hasPrefix("HTTP/1.1 201 "))
    }
  }

  @Test func `more than is wanted is answered with 413, announced or not`() async throws {
    let seen = Seen()
    try await withServer(reception: counting(seen, limit: 1_000_000), respond: echo) { server in
      let file = try file([UInt8](repeating: 7, count: 5_000_000))
      defer { try? FileManager.default.removeItem(at: file) }
      let announced = try await runCurl(["-i", "-T", file.path, server.url("/files/a")])
      #expect(announced.output.hasPrefix("HTTP/1.1 413 ") && announced.output.contains("up to 1000000 bytes"))
      #expect(seen.errors.withLock { $0 } == [] && seen.bytes.withLock { $0 } == 0)
      let chunked = try await runCurl(
        ["-i", "-H", "Transfer-Encoding: chunked", "-H", "Expect:", "-T", file.path, server.url("/files/a")])
      #expect(chunked.output.contains("HTTP/1.1 413 "))
      #expect(await server.reaches { _ in seen.errors.withLock { $0 } == [.tooLarge(limit: 1_000_000)] })
      #expect(server.server.counts.oversizeRequests == 2)
    }
  }

  @Test func `a bomb is stopped at the limit, and never whole in memory`() async throws {
    let seen = Seen()
    let bomb = try #require(Deflater.deflate([UInt8](repeating: 0, count: 64 << 20), .gzip))
    try await withServer(reception: counting(seen, limit: 1_000_000), respond: echo) { server in
      let file = try file(bomb)
      defer { try? FileManager.default.removeItem(at: file) }
      let result = try await runCurl(
        ["-i", "-H", "Expect:", "-H", "Content-Encoding: gzip", "-T", file.path, server.url("/files/a")])
      #expect(result.output.contains("HTTP/1.1 413 "))
      #expect(seen.bytes.withLock { $0 } <= 1_000_000)
    }
  }

  @Test func `a content coding is undone as the pieces are taken`() async throws {
    let seen = Seen()
    let coded = try #require(Deflater.deflate([UInt8](repeating: 0, count: 10_000_000), .gzip))
    try await withServer(reception: counting(seen), respond: echo) { server in
      let file = try file(coded)
      defer { try? FileManager.default.removeItem(at: file) }
      let coding = ["-H", "Content-Encoding: gzip"]
      #expect(try await runCurl(coding + ["-T", file.path, server.url("/files/a")]).output == "PUT 10000000 0")
      try Data(coded.dropLast(3)).write(to: file)
      let cut = try await runCurl(coding + ["-i", "-T", file.path, server.url("/files/a")])
      #expect(cut.output.contains("HTTP/1.1 400 ") && cut.output.contains("the gzip data ends too early"))
    }
  }

  @Test func `the client is told to go on when its body is asked for, and never before`() async throws {
    try await withServer { request in
      .stream(limit: 100) { request, body in
        if request.path == "/no" { return Response(.forbidden, text: "no") }
        return Response(.ok, text: String(decoding: (try? await body.next()) ?? [], as: UTF8.self))
      }
    } respond: {
      await echo($0)
    } body: { server in
      let head = " HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n"
      let refused = try RawClient(port: server.port)
      refused.send("PUT /no" + head)
      let answer = try #require(await refused.receive())
      #expect(answer.hasPrefix("HTTP/1.1 403 ") && answer.contains("Connection: close\r\n"))
      let taken = try RawClient(port: server.port)
      taken.send("PUT /yes" + head)
      _ = await taken.receive(until: "HTTP/1.1 100 Continue\r\n\r\n")
      taken.send("body")
      #expect(try #require(await taken.receive(until: "\r\n\r\nbody")).contains("HTTP/1.1 200 OK\r\n"))
    }
  }

  @Test func `a body that comes too slowly is answered with 408`() async throws {
    let seen = Seen()
    var limits = HTTPLimits()
    limits.pieceTimeout = .milliseconds(300)
    try await withServer(limits: limits, reception: counting(seen), respond: echo) { server in
      let client = try RawClient(port: server.port)
      client.send("PUT /files/a HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n")
      let trickle = Task {
        for _ in 0..<100 {
          client.send("x")
          try await Task.sleep(for: .milliseconds(20))
        }
      }
      #expect(try #require(await client.receive()).hasPrefix("HTTP/1.1 408 "))
      trickle.cancel()
      #expect(await server.reaches { $0.slowRequests == 1 && seen.errors.withLock { $0 } == [.tooSlow] })
    }
  }

  @Test func `a client that goes in the middle interrupts the responder`() async throws {
    let seen = Seen()
    try await withServer(reception: counting(seen), respond: echo) { server in
      do {
        let client = try RawClient(port: server.port)
        client.send("PUT /files/a HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nabc")
        #expect(await server.reaches { _ in seen.bytes.withLock { $0 } == 3 })
      }
      #expect(await server.reaches { $0.openConnections == 0 && seen.errors.withLock { $0 } == [.interrupted] })
    }
  }

  @Test func `a chunk that is none interrupts the responder too`() async throws {
    let seen = Seen()
    try await withServer(reception: counting(seen), respond: echo) { server in
      let client = try RawClient(port: server.port)
      client.send("PUT /files/a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n")
      #expect(try #require(await client.receive()).hasPrefix("HTTP/1.1 400 "))
      #expect(await server.reaches { _ in seen.errors.withLock { $0 } == [.interrupted] })
    }
  }

  @Test func `bodies beyond their number are answered with 503`() async throws {
    let seen = Seen()
    var limits = HTTPLimits()
    limits.streams = 1
    try await withServer(limits: limits, reception: counting(seen), respond: echo) { server in
      let first = try RawClient(port: server.port)
      first.send("PUT /files/a HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nab")
      #expect(await server.reaches { _ in seen.bytes.withLock { $0 } == 2 })
      #expect(try await runCurl(["-i", "-d", "x", server.url("/files/b")]).output.hasPrefix("HTTP/1.1 503 "))
      first.send("cd")
      _ = await first.receive(until: "PUT 4 0")
      #expect(try await runCurl(["-d", "x", server.url("/files/b")]).output == "POST 5 0")
    }
  }
}
