package import DNS
package import Net
import ServiceLifecycle
package import Transport

/// Answers DNS queries: receive → decode and decide → send. Over UDP each worker has a thread and a socket of its own.
package final class DNSService: Service {
  private let sockets: [DatagramSocket]
  private let streams: [StreamServer]
  private let worker: Worker

  private init(sockets: [DatagramSocket], streams: [StreamServer], worker: Worker) {
    self.sockets = sockets
    self.streams = streams
    self.worker = worker
  }

  /// Opens port 53 on each address, over UDP for so many workers and over TCP. `acsName` is the name whose queries are
  /// steps of a router's journey.
  package static func open(
    _ addresses: [IPv4Address], workers: Int, zones: ZonePublisher, acsName: Current<Name?>, journey: JourneyRecorder,
    counters: Counters
  ) async throws(SocketError) -> DNSService {
    let worker = Worker(zones: zones, acsName: acsName, journey: journey, counters: counters)
    var sockets: [DatagramSocket] = []
    var streams: [StreamServer] = []
    for address in addresses {
      for _ in 0..<max(1, workers) {
        sockets.append(try DatagramSocket(address, port: 53, options: SocketOptions(reusePort: true)))
      }
      streams.append(
        try await StreamServer.start(address, port: 53) { message, peer in worker.answer(message, from: peer.address) })
    }
    return DNSService(sockets: sockets, streams: streams, worker: worker)
  }

  /// What became of the TCP connections, by the names of counters.
  package var counts: [String: Int] {
    var sum: [String: Int] = [:]
    for statistics in streams.map(\.statistics) {
      sum["dns.connections", default: 0] += statistics.accepted
      sum["dns.closed.evicted", default: 0] += statistics.evicted
      sum["dns.closed.idle", default: 0] += statistics.idle
    }
    return sum
  }

  package func run() async throws {
    let stop = try Wakeup()
    let threads = try sockets.enumerated().map { number, socket in
      try OwnThread(named: "dns-\(number)") { [worker] in
        worker.serve(socket, until: stop)
      }
    }
    try? await gracefulShutdown()
    stop.signal()
    for thread in threads { await thread.finished }
    for stream in streams { await stream.stop() }
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
