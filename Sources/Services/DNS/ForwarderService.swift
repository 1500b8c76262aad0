package import DNS
import ServiceLifecycle
import Transport

/// Carries what the ``Forwarder`` decides to the upstream servers and back. Each query has a socket of its own at a
/// random port, so that a forger has to guess that too (RFC 5452 section 9.2).
package final class ForwarderService: Service {
  private enum Command: Sendable {
    case ask([UInt8], Responder.Asker, respond: @Sendable ([UInt8]) -> Void)
    /// What came of a query over TCP; nil where nothing did.
    case replied(Forwarder.ExchangeID, Forwarder.Upstream, [UInt8]?)
    case configure(ForwarderRoutes)
    case stop
  }

  /// Milliseconds for a query over TCP.
  private static let longestStream: Int64 = 2000

  private let inbox: Inbox<Command>
  private let thread: OwnThread

  package init(_ routes: ForwarderRoutes, counters: Counters) throws {
    let inbox = try Inbox<Command>(capacity: 4096)
    self.inbox = inbox
    thread = try OwnThread(named: "dns-forward") {
      var loop = Loop(Forwarder(routes), inbox: inbox, counters: counters)
      loop.run()
    }
  }

  /// Has a query answered later; false where too many wait to be looked at. `respond` is called once at most.
  package func ask(
    _ message: [UInt8], from asker: Responder.Asker, respond: @escaping @Sendable ([UInt8]) -> Void
  ) -> Bool {
    inbox.send(.ask(message, asker, respond: respond)) == .accepted
  }

  /// Asks these servers from now on.
  package func configure(_ routes: ForwarderRoutes) {
    _ = inbox.send(.configure(routes))
  }

  package func run() async throws {
    try? await gracefulShutdown()
    _ = inbox.send(.stop)
    await thread.finished
  }

  /// What the thread has.
  private struct Loop {
    private var forwarder: Forwarder
    private let inbox: Inbox<Command>
    private let counters: Counters
    private var sockets: [Forwarder.ExchangeID: DatagramSocket] = [:]
    private var clients: [Forwarder.Token: @Sendable ([UInt8]) -> Void] = [:]
    private var lastToken: UInt64 = 0
    private var generator = SystemRandomNumberGenerator()

    init(_ forwarder: Forwarder, inbox: Inbox<Command>, counters: Counters) {
      self.forwarder = forwarder
      self.inbox = inbox
      self.counters = counters
    }

    mutating func run() {
      guard var poller = try? EventPoller(), (try? poller.add(inbox.fileDescriptor, token: 0)) != nil,
        var batch = try? DatagramBatch(capacity: 8, inputSize: 4096, outputSize: 1)
      else { return counters.increment("dns.forward.stopped") }
      while true {
        let wait = forwarder.nextDeadline.map { Int(max(0, $0.milliseconds(since: SteadyClock.now()))) }
        guard let ready = try? poller.wait(milliseconds: wait) else {
          return counters.increment("dns.forward.stopped")
        }
        TurnWatch.begin("dns-forward")
        defer { TurnWatch.end() }
        var actions: [Forwarder.Action] = []
        for token in ready {
          guard token == 0 else {
            receive(Forwarder.ExchangeID(rawValue: token), into: &batch, &actions)
            continue
          }
          for command in inbox.takeAll() {
            guard take(command, &actions) else { return }
          }
        }
        actions += forwarder.advance(to: SteadyClock.now(), using: &generator)
        perform(actions, &poller)
        for note in forwarder.takeNotes() { counters.increment(note.counter) }
      }
    }

    /// False where the thread shall end.
    private mutating func take(_ command: Command, _ actions: inout [Forwarder.Action]) -> Bool {
      switch command {
      case .ask(let message, let asker, let respond):
        lastToken += 1
        let token = Forwarder.Token(rawValue: lastToken)
        clients[token] = respond
        actions += forwarder.ask(message.span.bytes, from: asker, token: token, using: &generator)
      case .replied(let exchange, let upstream, let reply):
        if let reply {
          actions += forwarder.receive(
            reply.span.bytes, from: upstream, in: exchange, at: SteadyClock.now(), using: &generator)
        } else {
          actions += forwarder.failed(exchange, at: SteadyClock.now(), using: &generator)
        }
      case .configure(let routes): forwarder.configure(routes)
      case .stop: return false
      }
      return true
    }

    private mutating func receive(
      _ exchange: Forwarder.ExchangeID, into batch: inout DatagramBatch, _ actions: inout [Forwarder.Action]
    ) {
      guard let socket = sockets[exchange] else { return }
      let now = SteadyClock.now()
      do throws(SocketError) {
        guard try socket.receive(into: &batch) > 0 else { return }
      } catch {
        actions += forwarder.failed(exchange, at: now, using: &generator)
        return
      }
      batch.forEach { datagram in
        let source = Forwarder.Upstream(datagram.source.address, port: datagram.source.port)
        actions += forwarder.receive(datagram.bytes, from: source, in: exchange, at: now, using: &generator)
      }
    }

    private mutating func perform(_ actions: [Forwarder.Action], _ poller: inout EventPoller) {
      var rest = actions[...]
      while let action = rest.popFirst() {
        switch action {
        case .close(let exchange): sockets[exchange] = nil
        case .answer(let token, let bytes): clients.removeValue(forKey: token)?(bytes)
        case .ask(let exchange, let upstream, let message, .udp):
          guard send(message, to: upstream, in: exchange, &poller) else {
            counters.increment("dns.forward.sendFailed")
            rest += forwarder.failed(exchange, at: SteadyClock.now(), using: &generator)
            continue
          }
        case .ask(let exchange, let upstream, let message, .tcp):
          StreamQuery.ask(
            Endpoint(upstream.address, port: upstream.port), message, milliseconds: ForwarderService.longestStream
          ) { [inbox] reply in
            _ = inbox.send(.replied(exchange, upstream, reply))
          }
        }
      }
    }

    private mutating func send(
      _ message: [UInt8], to upstream: Forwarder.Upstream, in exchange: Forwarder.ExchangeID,
      _ poller: inout EventPoller
    ) -> Bool {
      // A port may be taken; where all tried are, the kernel chooses.
      let ports = (0..<4).map { _ in UInt16.random(in: 1024...UInt16.max, using: &generator) } + [0]
      let options = SocketOptions(receiveBuffer: 1 << 16)
      guard let socket = ports.lazy.compactMap({ try? DatagramSocket(port: $0, options: options) }).first,
        (try? poller.add(socket.fileDescriptor, token: exchange.rawValue)) != nil,
        (try? socket.send(message, to: Endpoint(upstream.address, port: upstream.port))) != nil
      else { return false }
      sockets[exchange] = socket
      return true
    }
  }
}
