import HTTP
import Logging
import ServiceLifecycle
import Synchronization
import Testing
import Transport

extension HTTPServer: Service {}

struct HTTPShutdownTests {
  @Test func `a graceful shutdown finishes answers, ends streams and closes idle connections`() async throws {
    let (listening, continuation) = AsyncStream.makeStream(of: HTTPServer.Address.self)
    let (isReady, ready) = AsyncStream.makeStream(of: Void.self)
    var limits = HTTPLimits()
    limits.shutdownGrace = .seconds(3600)
    let server = HTTPServer(
      address: .network(host: "127.0.0.1", port: 0), limits: limits, onListening: { continuation.yield($0) }
    ) { request in
      switch request.path {
      case "/slow":
        for await _ in isReady {}
        return Response(.ok, text: "done")
      case "/follow":
        return Response(
          .ok,
          body: .stream(length: nil) { write in
            try await write(Array("line\n".utf8))
            try? await Task.sleep(for: .seconds(3600))
          })
      default: return Response(.ok, text: "idle")
      }
    }
    let group = ServiceGroup(
      configuration: .init(
        services: [.init(service: server)], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }))
    let running = Task { try await group.run() }
    var addresses = listening.makeAsyncIterator()
    guard case .network(_, let port) = await addresses.next() else { throw Failure("not listening") }

    let clients = try (0..<3).map { _ in try RawClient(port: port) }
    for (client, path) in zip(clients, ["/idle", "/follow", "/slow"]) {
      client.send("GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n")
    }
    _ = await clients[0].receive(until: "idle")
    _ = await clients[1].receive(until: "line\n\r\n")
    while server.counts.requests < 3 { try await Task.sleep(for: .milliseconds(5)) }
    await group.triggerGracefulShutdown()

    #expect(await clients[0].receive() == "")
    ready.finish()
    #expect(await clients[1].receive() == "0\r\n\r\n")
    #expect(try #require(await clients[2].receive()).hasSuffix("done"))
    try await running.value
    #expect(server.counts.openConnections == 0)
    #expect(throws: Failure.self) { try RawClient(port: port) }
  }

  @Test func `what does not end within the grace is cut off`() async throws {
    var limits = HTTPLimits()
    limits.shutdownGrace = .milliseconds(100)
    let (listening, continuation) = AsyncStream.makeStream(of: HTTPServer.Address.self)
    let server = HTTPServer(
      address: .network(host: "127.0.0.1", port: 0), limits: limits, onListening: { continuation.yield($0) }
    ) { _ in
      try? await Task.sleep(for: .seconds(3600))
      return Response(.ok)
    }
    let group = ServiceGroup(
      configuration: .init(
        services: [.init(service: server)], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }))
    let running = Task { try await group.run() }
    var addresses = listening.makeAsyncIterator()
    guard case .network(_, let port) = await addresses.next() else { throw Failure("not listening") }
    let client = try RawClient(port: port)
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    while server.counts.requests < 1 { try await Task.sleep(for: .milliseconds(5)) }
    await group.triggerGracefulShutdown()
    #expect(await client.receive() == "")
    try await running.value
  }
}
