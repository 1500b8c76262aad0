package import Net
import ServiceLifecycle
import Synchronization
import Transport

/// Answers DNS queries: receive → decode and decide → send. Over UDP each worker has a thread and a socket of its own.
package final class DNSService: Service {
  /// What listens at one address.
  private struct Listener: Sendable {
    let sockets: [DatagramSocket]
    let threads: [OwnThread]
    let stop: StopFlag
    let stream: StreamServer

    func end() async {
      stop.raise()
      for socket in sockets { socket.shutDown() }
      for thread in threads { await thread.finished }
      await stream.stop()
    }
  }

  private let workers: Int
  private let policy: Current<DNSPolicy>
  private let worker: DNSWorker
  private let listeners = Mutex<[IPv4Address: Listener]>([:])
  private let ended = Mutex<[String: Int]>([:])

  /// With so many workers at each address.
  package init(
    workers: Int, zones: ZonePublisher, policy: DNSPolicy, forwarder: ForwarderService?,
    journey: JourneyRecorder, counters: Counters
  ) {
    self.workers = max(1, workers)
    self.policy = Current(policy)
    worker = DNSWorker(
      zones: zones, policy: self.policy, forwarder: forwarder, journey: journey, counters: counters)
  }

  /// Holds from the next queries on.
  package func configure(_ next: DNSPolicy) {
    policy.value = next
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
      try DatagramSocket(
        address, port: 53,
        options: SocketOptions(
          reusePort: true, receiveBuffer: DNSWorker.receiveBuffer, dedicatedWait: DNSWorker.longestWait))
    }
    let second = try DatagramSocket(address, port: 53, options: SocketOptions(reusePort: true))
    try second.deafen()
    let stream = try await StreamServer.start(address, port: 53) { [worker] message, peer, respond in
      worker.answer(message, from: peer.address, respond: respond)
    }
    let stop = StopFlag()
    let threads = try sockets.enumerated().map { number, socket in
      try OwnThread(named: "dns-\(number)") { [worker] in
        worker.serve(socket, second: second, until: stop)
      }
    }
    return Listener(sockets: sockets, threads: threads, stop: stop, stream: stream)
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
