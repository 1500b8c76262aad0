import Foundation
import Net
import Testing

@testable import Transport

struct StreamServerTests {
  /// Echoes; a message that begins with 0 has no answer, one that begins with 1 a large one, with 2 two of them, with 4
  /// one that comes later, from another thread.
  private func start(_ change: (inout StreamLimits) -> Void = { _ in }) async throws -> StreamServer {
    var limits = StreamLimits()
    change(&limits)
    return try await StreamServer.start(.loopback, port: 0, limits: limits) { message, _, respond in
      switch message.first {
      case 0: respond([])
      case 1: respond([[UInt8](repeating: 7, count: 65_535)])
      case 2: respond([message, [3]])
      case 4: Thread.detachNewThread { respond([message]) }
      default: respond([message])
      }
    }
  }

  @Test func `N63 several messages on one connection are answered in order, however they are cut`() async throws {
    let server = try await start()
    let client = try StreamClient(server.local)
    let bytes: [UInt8] = [0, 2, 5, 6, 0, 1, 8, 0, 3, 9, 9, 9]
    for byte in bytes { try client.send([byte]) }
    #expect(try client.receive(bytes.count) == bytes)
    try client.send(bytes)
    #expect(try client.receive(bytes.count) == bytes)
    #expect(server.statistics.messages == 6)
    await server.stop()
    #expect(try client.receive(1) == [])
  }

  @Test func `N63 a peer that has closed its side still gets its answers`() async throws {
    let server = try await start()
    let client = try StreamClient(server.local)
    try client.send([0, 2, 5, 6, 0, 1, 8, 0, 3, 9])
    client.endOutput()
    #expect(try client.receive(100) == [0, 2, 5, 6, 0, 1, 8])
    await server.stop()
  }

  @Test func `the largest message and the largest answer pass`() async throws {
    let server = try await start()
    let client = try StreamClient(server.local)
    let message = [UInt8](repeating: 3, count: 65_535)
    try client.send([255, 255] + message)
    #expect(try client.receive(65_537) == [255, 255] + message)
    try client.send([0, 1, 1])
    #expect(try client.receive(65_537) == [255, 255] + [UInt8](repeating: 7, count: 65_535))
    await server.stop()
  }

  @Test(arguments: [[0, 0], [0, 1, 0], [0, 2, 0, 9, 0, 1, 5]] as [[UInt8]])
  func `a message that is empty or has no answer closes the connection`(bytes: [UInt8]) async throws {
    let server = try await start()
    let client = try StreamClient(server.local)
    try client.send([0, 1, 4] + bytes)
    #expect(try client.receive(100) == [0, 1, 4])
    #expect(server.statistics.refused == 1)
    await server.stop()
  }

  @Test func `a peer that takes no answers is not read any further`() async throws {
    let server = try await start()
    let client = try StreamClient(server.local)
    // 4,000 questions for 262 MB of answers.
    try client.send([UInt8](repeating: 0, count: 0) + (0..<4000).flatMap { _ in [0, 1, 1] as [UInt8] })
    try await Task.sleep(for: .milliseconds(300))
    #expect(server.statistics.messages < 400)
    #expect(try client.receive(65_537).count == 65_537)
    await server.stop()
  }

  @Test func `N63 N64 a silent connection is closed, also one that trickles half a message`() async throws {
    let server = try await start { $0.idle = 200 }
    let silent = try StreamClient(server.local)
    let trickling = try StreamClient(server.local)
    for _ in 0..<5 {
      try? trickling.send([9])
      try await Task.sleep(for: .milliseconds(100))
    }
    #expect(try silent.receive(1) == [])
    #expect(try trickling.receive(1) == [])
    #expect(server.statistics.idle == 2)
    await server.stop()
  }

  @Test func `an answer may be several messages, and may come later: the order stays`() async throws {
    let server = try await start()
    let client = try StreamClient(server.local)
    try client.send([0, 2, 4, 4, 0, 1, 2, 0, 1, 4, 0, 1, 9])
    #expect(try client.receive(16) == [0, 2, 4, 4, 0, 1, 2, 0, 1, 3, 0, 1, 4, 0, 1, 9])
    await server.stop()
  }

  @Test func `a peer beyond its share gets in for its oldest connection`() async throws {
    let server = try await start {
      $0.connectionsPerPeer = 2
      $0.idle = 60_000
    }
    var clients: [StreamClient] = []
    for number: UInt8 in 5...7 {
      let client = try StreamClient(server.local)
      try client.send([0, 1, number])
      #expect(try client.receive(3) == [0, 1, number])
      clients.append(client)
    }
    #expect(try clients[0].receive(1) == [])
    try clients[1].send([0, 1, 9])
    #expect(try clients[1].receive(3) == [0, 1, 9])
    #expect(server.statistics.evicted == 1)
    #expect(server.connectionCount == 2)
    await server.stop()
    #expect(server.connectionCount == 0)
  }

  @Test func `a port that is taken is said to be`() async throws {
    let server = try await start()
    await #expect(throws: SocketError.addressInUse(server.local)) {
      _ = try await StreamServer.start(.loopback, port: server.local.port) { message, _, respond in
        respond([message])
      }
    }
    await server.stop()
  }
}

/// A blocking TCP client. What does not come within 30 s is taken not to come.
private final class StreamClient {
  private let descriptor: CInt

  init(_ endpoint: Endpoint) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var limit = timeval(tv_sec: 30, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = endpoint.port.bigEndian
    address.sin_addr.s_addr = endpoint.address.rawValue.bigEndian
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard result == 0 else { throw SystemError("connecting", code: errno) }
  }

  deinit {
    close(descriptor)
  }

  func send(_ bytes: [UInt8]) throws {
    guard Foundation.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
      throw SystemError("sending", code: errno)
    }
  }

  func endOutput() {
    shutdown(descriptor, Int32(SHUT_WR))
  }

  /// So many bytes, or fewer where the connection ends before.
  func receive(_ count: Int) throws -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count < count {
      let received = recv(descriptor, &chunk, min(chunk.count, count - bytes.count), 0)
      if received == 0 || (received < 0 && errno == ECONNRESET) { return bytes }
      guard received > 0 else { throw SystemError("receiving", code: errno) }
      bytes += chunk[..<received]
    }
    return bytes
  }
}
