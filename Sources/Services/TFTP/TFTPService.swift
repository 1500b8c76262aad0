package import Net
import ServiceLifecycle
import Synchronization
import TFTP
import Transport

/// Serves boot files over TFTP, read-only: one thread, a socket of its own for each transfer.
package final class TFTPService: Service {
  /// Transfers under way at once; further requests are refused until one ends.
  package static let maximumTransfers = 48

  private struct Listener: Sendable {
    let thread: OwnThread
    let stop: Wakeup
  }

  private let loop: TransferLoop
  private let listeners = Mutex<[IPv4Address: Listener]>([:])

  package init(files: BootFiles, journey: JourneyRecorder, counters: Counters) {
    loop = TransferLoop(files: files, journey: journey, counters: counters)
  }

  /// Answers on port 69 of these addresses, and of no others; transfers under way at one that is left end. Throws where
  /// one cannot be opened, with the others served.
  package func serve(_ addresses: [IPv4Address]) async throws {
    for (address, listener) in listeners.withLock({ $0 }) where !addresses.contains(address) {
      listeners.withLock { $0[address] = nil }
      listener.stop.signal()
      await listener.thread.finished
    }
    var failure: (any Error)?
    for address in addresses where listeners.withLock({ $0[address] }) == nil {
      do {
        let socket = try DatagramSocket(address, port: 69)
        let stop = try Wakeup()
        let thread = try OwnThread(named: "tftp") { [loop] in loop.serve([socket], until: stop) }
        listeners.withLock { $0[address] = Listener(thread: thread, stop: stop) }
      } catch {
        failure = failure ?? error
      }
    }
    if let failure { throw failure }
  }

  package func run() async throws {
    try? await gracefulShutdown()
    for listener in listeners.withLock({ $0 }).values {
      listener.stop.signal()
      await listener.thread.finished
    }
  }
}

/// The loop's side: all that is mutable is local to it.
private struct TransferLoop: Sendable {
  private struct Running {
    let socket: DatagramSocket
    let client: Endpoint
    let name: String
    var transfer: Transfer
  }

  let files: BootFiles
  let journey: JourneyRecorder
  let counters: Counters

  func serve(_ sockets: [DatagramSocket], until stop: Wakeup) {
    var running: [Running] = []
    while true {
      let descriptors = [stop.fileDescriptor] + sockets.map(\.fileDescriptor) + running.map(\.socket.fileDescriptor)
      var poller = Poller(descriptors)
      let deadline = running.compactMap(\.transfer.deadline).min()
      let wait = deadline.map { Int(max(0, $0.milliseconds(since: SteadyClock.now()))) }
      guard let ready = try? poller.wait(milliseconds: wait), !ready.contains(0) else { return }

      let now = SteadyClock.now()
      for position in running.indices {
        if ready.contains(1 + sockets.count + position) { receive(&running[position], now: now) }
        send(running[position].transfer.tick(now: now), of: running[position])
      }
      running.removeAll { transfer in
        guard let outcome = transfer.transfer.outcome else { return false }
        note(outcome, of: transfer)
        return true
      }
      for (position, socket) in sockets.enumerated() where ready.contains(1 + position) {
        accept(from: socket, into: &running, now: now)
      }
    }
  }

  private func accept(from socket: DatagramSocket, into running: inout [Running], now: Timestamp) {
    while let received = try? socket.receive() {
      let packet: Packet
      do throws(PacketError) {
        packet = try Packet(decoding: received.bytes.span.bytes)
      } catch {
        counters.increment(error.counter)
        continue
      }
      let client = received.source
      switch Admission(packet, content: { files.content(named: $0.path, for: client.address) }) {
      case .accepted(var transfer, let name):
        journey.sighting(at: client.address, .bootFileRequested(name: name.path, scheme: "tftp"))
        // A request that came again, before our first packet did, is one request.
        guard !running.contains(where: { $0.client == client }) else { continue }
        guard running.count < TFTPService.maximumTransfers,
          let own = try? DatagramSocket(socket.local.address, port: 0)
        else {
          counters.increment("tftp.refused.tooManyTransfers")
          continue
        }
        let packets = transfer.start(now: now)
        let started = Running(socket: own, client: client, name: name.path, transfer: transfer)
        send(packets, of: started)
        running.append(started)
        counters.increment("tftp.accepted")
      case .refused(let refusal, let answer):
        counters.increment(refusal.counter)
        try? socket.send(answer.encode(), to: client)
        if case .readRequest(let request) = packet {
          journey.sighting(at: client.address, .bootFileFailed(name: request.fileName, reason: "\(refusal)"))
        }
      case .ignored:
        counters.increment("tftp.ignored")
      }
    }
  }

  private func receive(_ running: inout Running, now: Timestamp) {
    while let received = try? running.socket.receive() {
      guard received.source == running.client else {
        // Someone else's port: told so, and the transfer goes on (RFC 1350 section 4).
        let error = Packet.error(.unknownTransfer, message: "this port is for another transfer")
        try? running.socket.send(error.encode(), to: received.source)
        continue
      }
      let packet: Packet
      do throws(PacketError) {
        packet = try Packet(decoding: received.bytes.span.bytes)
      } catch {
        counters.increment(error.counter)
        continue
      }
      let packets = running.transfer.receive(packet, now: now)
      send(packets, of: running)
    }
  }

  private func send(_ packets: [Packet], of running: Running) {
    for packet in packets {
      try? running.socket.send(packet.encode(), to: running.client)
    }
  }

  private func note(_ outcome: Transfer.Outcome, of running: Running) {
    switch outcome {
    case .finished(let bytes):
      counters.increment("tftp.finished")
      journey.sighting(at: running.client.address, .bootFileFetched(name: running.name, bytes: bytes, scheme: "tftp"))
    case .failed(let failure):
      counters.increment(failure.counter)
      journey.sighting(at: running.client.address, .bootFileFailed(name: running.name, reason: "\(failure)"))
    }
  }
}
