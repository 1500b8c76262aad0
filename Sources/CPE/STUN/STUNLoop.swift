import CWMP
import Net
import Synchronization
import Transport

/// The router's UDP port for connection requests, on a thread of its own: it keeps the binding from there, and takes the
/// requests that come through it.
final class STUNLoop: Sendable {
  let parameters: STUNParameters
  private let stopping: Wakeup
  private let thread: OwnThread

  /// What no answer of STUN and no connection request exceeds; the rest of a longer datagram is cut off, and what is left
  /// is neither.
  private static let longestDatagram = 1500

  /// Throws where the port cannot be had.
  init(
    _ settings: STUNClient.Settings, of parameters: STUNParameters, gate: SharedGate, mailbox: Mailbox
  ) throws {
    self.parameters = parameters
    let socket = try DatagramSocket(settings.local.address, port: settings.local.port)
    let stopping = try Wakeup()
    self.stopping = stopping
    thread = try OwnThread(named: "stun-client") {
      let client = STUNClient(settings, now: SteadyClock.now(), hmac: MessageAuthentication.hmacSHA1)
      var work = Work(
        socket: socket, server: Endpoint(settings.server.address, port: settings.server.port), gate: gate,
        mailbox: mailbox, client: client)
      do {
        try work.run(until: stopping)
      } catch {
        mailbox.send(.line("STUN: the port cannot be used: \(error)."))
      }
    }
  }

  /// Returns when the port is free.
  func stop() async {
    stopping.signal()
    await thread.finished
  }

  private struct Work {
    let socket: DatagramSocket
    let server: Endpoint
    let gate: SharedGate
    let mailbox: Mailbox
    var client: STUNClient
    /// The last line told, so that it is told once.
    var told: String?

    mutating func run(until stopping: Wakeup) throws {
      var poller = Poller([socket.fileDescriptor, stopping.fileDescriptor])
      var batch = try DatagramBatch(capacity: 8, inputSize: STUNLoop.longestDatagram, outputSize: 1)
      while true {
        perform(client.tick(now: SteadyClock.now(), random: Randomness.bytes))
        let left = client.deadline.milliseconds(since: SteadyClock.now())
        let ready = try poller.wait(milliseconds: Int(min(max(left, 0), 3_600_000)))
        if ready.contains(1) { return }
        // An error that is reported there is one of a datagram that was sent, such as "port unreachable".
        guard ready.contains(0), let count = try? socket.receive(into: &batch), count > 0 else { continue }
        var received: [(bytes: [UInt8], source: Endpoint)] = []
        batch.forEach { datagram in
          received.append((datagram.bytes.withUnsafeBytes { [UInt8]($0) }, datagram.source))
        }
        for datagram in received { take(datagram.bytes, from: datagram.source) }
      }
    }

    /// An answer of STUN begins with a byte of 0 or 1, a connection request with a letter.
    private mutating func take(_ datagram: [UInt8], from source: Endpoint) {
      guard let first = datagram.first, first > 1 else {
        let place = STUNAddress(source.address, port: source.port)
        return perform(
          client.receive(datagram, from: place, now: SteadyClock.now(), random: Randomness.bytes))
      }
      switch gate.receive(datagram) {
      case .accepted: mailbox.send(.connectionRequest)
      case .ignored(.repeated): break
      case .ignored(let refusal): tell("CWMP: a connection request over UDP was ignored: \(refusal).")
      }
    }

    private mutating func perform(_ actions: [STUNClient.Action]) {
      for action in actions {
        switch action {
        case .send(let datagram):
          do throws(SocketError) {
            try socket.send(datagram, to: server)
          } catch {
            tell("STUN: \(error).")
          }
        case .learned(let binding):
          told = nil
          mailbox.send(.binding(binding))
        case .report(let report): tell("STUN: \(report).")
        }
      }
    }

    private mutating func tell(_ line: String) {
      guard line != told else { return }
      told = line
      mailbox.send(.line(line))
    }
  }
}

/// The gate for connection requests over UDP, which remembers over all the times that the port is opened anew.
final class SharedGate: Sendable {
  private let gate = Mutex(UDPConnectionRequestGate(hmac: MessageAuthentication.hmacSHA1))

  func update(username: String, password: String) {
    gate.withLock { gate in
      gate.username = username
      gate.password = password
    }
  }

  func receive(_ datagram: [UInt8]) -> UDPConnectionRequestGate.Verdict {
    gate.withLock { $0.receive(datagram) }
  }
}
