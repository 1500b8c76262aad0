import Logging
import Net
import TFTP
import Transport

/// Receives, decides and sends: all that is mutable is local to ``serve(until:)``.
struct TransferLoop: Sendable {
  struct Listener: Sendable {
    let socket: DatagramSocket
    /// Transfers go out from it.
    let address: IPv4Address
    let hearsBroadcasts: Bool
  }

  /// How often, in milliseconds, the deadlines are looked at while transfers are under way.
  private static let pace = 100
  private static let stopToken = UInt64.max
  /// Datagrams that one socket may hand over in a turn, so that the others have theirs.
  private static let batch = 8

  let listeners: [Listener]
  /// Transfers under way at once.
  let limit: Int
  let files: TFTPFiles
  let journey: JourneyRecorder
  let counters: Counters
  let logger: Logger

  func serve(until stop: Wakeup) {
    do {
      var poller = try EventPoller()
      var batch = try DatagramBatch(capacity: Self.batch, inputSize: 65_536, outputSize: 1)
      try poller.add(stop.fileDescriptor, token: Self.stopToken)
      for (position, listener) in listeners.enumerated() {
        try poller.add(listener.socket.fileDescriptor, token: UInt64(position))
      }
      var table = TransferTable(limit: limit)
      var budget = SightingBudget()
      var nextToken = UInt64(listeners.count)
      var nextTick = SteadyClock.now()
      while true {
        let ready = try poller.wait(milliseconds: table.running.isEmpty ? nil : Self.pace)
        guard !ready.contains(Self.stopToken) else { return }
        TurnWatch.begin("tftp")
        defer { TurnWatch.end() }
        let now = SteadyClock.now()
        for token in ready {
          if token < UInt64(listeners.count) {
            accept(from: listeners[Int(token)], with: &batch, into: &table, &nextToken, poller, &budget, now: now)
          } else if let transfer = table.running[token] {
            receive(transfer, with: &batch, now: now)
            if transfer.transfer.outcome != nil { end(token, in: &table) }
          }
        }
        guard now >= nextTick else { continue }
        nextTick = now.advanced(byMilliseconds: Int64(Self.pace))
        for (token, transfer) in table.running {
          guard let deadline = transfer.transfer.deadline, deadline <= now else { continue }
          transfer.send(transfer.transfer.tick(now: now))
          if transfer.transfer.outcome != nil { end(token, in: &table) }
        }
      }
    } catch {
      counters.increment("tftp.stopped")
      logger.error("TFTP is served no longer", metadata: [.reason: "\(error)"])
    }
  }

  private func receive(_ running: RunningTransfer, with batch: inout DatagramBatch, now: Timestamp) {
    for (packet, source) in receive(from: running.socket, with: &batch) {
      guard source == running.peer.client else {
        // Someone else's port: told so, and the transfer goes on (RFC 1350 section 4). An ERROR is never answered.
        if case .error = packet { continue }
        let error = Packet.error(.unknownTransfer, message: "this port is for another transfer")
        try? running.socket.send(error.encode(), to: source)
        continue
      }
      running.lastHeard = now
      running.send(running.transfer.receive(packet, now: now))
    }
  }

  private func receive(from socket: DatagramSocket, with batch: inout DatagramBatch) -> [(Packet, Endpoint)] {
    guard let count = try? socket.receive(into: &batch), count > 0 else { return [] }
    var packets: [(Packet, Endpoint)] = []
    batch.forEach { datagram in
      do throws(PacketError) {
        packets.append((try Packet(decoding: datagram.bytes), datagram.source))
      } catch {
        counters.increment(error.counter)
      }
    }
    return packets
  }

  func end(_ token: UInt64, in table: inout TransferTable) {
    guard let transfer = table.remove(token), let outcome = transfer.transfer.outcome else { return }
    note(outcome, of: transfer)
  }

  func note(_ outcome: Transfer.Outcome, of running: RunningTransfer) {
    let client = running.peer.client.address
    switch outcome {
    case .finished(let bytes):
      counters.increment("tftp.finished")
      logger.debug("file served", metadata: [.name: "\(running.name)", .address: "\(client)"])
      guard running.isBootFile else { return }
      journey.sighting(at: client, .bootFileFetched(name: running.name, bytes: bytes, scheme: "tftp"))
    case .sizeAsked: counters.increment("tftp.sizeAsked")
    case .failed(let failure):
      counters.increment(failure.counter)
      logger.info(
        "a file was not served to its end",
        metadata: [.name: "\(running.name)", .address: "\(client)", .reason: "\(failure)"])
      guard running.isBootFile else { return }
      journey.sighting(at: client, .bootFileFailed(name: running.name, reason: "\(failure)"))
    }
  }
}
