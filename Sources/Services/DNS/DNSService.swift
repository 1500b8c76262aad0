package import DNS
package import Net
import ServiceLifecycle
import Synchronization
import Transport

/// Answers DNS queries: receive → decode and decide → send. Over UDP each worker has a thread and a socket of its own.
package final class DNSService: Service {
  /// What listens at one address.
  private struct Listener: Sendable {
    let threads: [OwnThread]
    let stop: Wakeup
    let stream: StreamServer

    func end() async {
      stop.signal()
      for thread in threads { await thread.finished }
      await stream.stop()
    }
  }

  private let workers: Int
  private let worker: Worker
  private let listeners = Mutex<[IPv4Address: Listener]>([:])
  private let ended = Mutex<[String: Int]>([:])

  /// With so many workers at each address. `acsName` is the name whose queries are steps of a router's journey.
  package init(
    workers: Int, zones: ZonePublisher, acsName: Current<Name?>, journey: JourneyRecorder, counters: Counters
  ) {
    self.workers = max(1, workers)
    worker = Worker(zones: zones, acsName: acsName, journey: journey, counters: counters)
  }

  /// Answers on port 53 of these addresses, over UDP and TCP, and of no others. Throws where one cannot be opened, with
  /// the others served.
  package func serve(_ addresses: [IPv4Address]) async throws {
    for (address, listener) in listeners.withLock({ $0 }) where !addresses.contains(address) {
      listeners.withLock { $0[address] = nil }
      await listener.end()
      ended.withLock { $0.merge(Self.counts(of: listener), uniquingKeysWith: +) }
    }
    var failure: (any Error)?
    for address in addresses where listeners.withLock({ $0[address] }) == nil {
      do {
        let listener = try await listen(at: address)
        listeners.withLock { $0[address] = listener }
      } catch {
        failure = failure ?? error
      }
    }
    if let failure { throw failure }
  }

  private func listen(at address: IPv4Address) async throws -> Listener {
    let sockets = try (0..<workers).map { _ in
      try DatagramSocket(address, port: 53, options: SocketOptions(reusePort: true))
    }
    let stream = try await StreamServer.start(address, port: 53) { [worker] message, peer in
      worker.answer(message, from: peer.address)
    }
    let stop = try Wakeup()
    let threads = try sockets.enumerated().map { number, socket in
      try OwnThread(named: "dns-\(number)") { [worker] in worker.serve(socket, until: stop) }
    }
    return Listener(threads: threads, stop: stop, stream: stream)
  }

  /// What became of the TCP connections, by the names of counters.
  package var counts: [String: Int] {
    listeners.withLock { $0 }.values.reduce(into: ended.withLock { $0 }) { sum, listener in
      sum.merge(Self.counts(of: listener), uniquingKeysWith: +)
    }
  }

  private static func counts(of listener: Listener) -> [String: Int] {
    let statistics = listener.stream.statistics
    return [
      "dns.connections": statistics.accepted, "dns.closed.evicted": statistics.evicted,
      "dns.closed.idle": statistics.idle,
    ]
  }

  package func run() async throws {
    try? await gracefulShutdown()
    for listener in listeners.withLock({ $0 }).values { await listener.end() }
  }
}

private struct Worker: Sendable {
  let zones: ZonePublisher
  let acsName: Current<Name?>
  let journey: JourneyRecorder
  let counters: Counters

  func serve(_ socket: DatagramSocket, until stop: Wakeup) {
    let responder = Responder()
    var writer = ResponseWriter()
    do {
      var batch = try DatagramBatch(capacity: 64, inputSize: 4096, outputSize: Responder.maximumPayload)
      var poller = Poller([socket.fileDescriptor, stop.fileDescriptor])
      var tooLong = 0
      while !(try poller.wait(milliseconds: nil)).contains(1) {
        guard let received = try? socket.receive(into: &batch), received > 0 else { continue }
        if batch.truncated > tooLong {
          counters.increment("dns.dropped.tooLong", by: batch.truncated - tooLong)
          tooLong = batch.truncated
        }
        let snapshot = zones.zones
        batch.answerEach { datagram, room in
          let outcome = responder.answer(datagram.bytes, over: .udp, from: snapshot, into: &writer)
          note(outcome, from: datagram.source.address)
          guard writer.bytes.count <= room.byteCount else { return 0 }
          for (offset, byte) in writer.bytes.enumerated() {
            room.storeBytes(of: byte, toByteOffset: offset, as: UInt8.self)
          }
          return writer.bytes.count
        }
        socket.sendReplies(of: batch)
      }
    } catch {
      counters.increment("dns.stopped")
    }
  }

  /// One message of a TCP connection.
  func answer(_ message: [UInt8], from client: IPv4Address) -> [UInt8]? {
    var writer = ResponseWriter()
    let outcome = Responder().answer(message.span.bytes, over: .tcp, from: zones.zones, into: &writer)
    note(outcome, from: client)
    return writer.bytes.isEmpty ? nil : writer.bytes
  }

  private func note(_ outcome: Outcome, from client: IPv4Address) {
    counters.increment(outcome.counter)
    guard outcome.verdict == .answered, let name = outcome.name, name == acsName.value else { return }
    journey.sighting(at: client, .nameResolved(name: "\(name)"))
  }
}
