import Net
import Transport

/// A host in a client's namespace that passes on one TFTP transfer and loses some of its packets, either way: what a
/// bad cable does, with a client that others wrote at its end.
final class LossyPath: Sendable {
  private let stop: Wakeup
  private let thread: OwnThread

  /// Of the packets in each direction, every one with a number that `interval` divides is lost.
  init(at address: IPv4Address, in namespace: String, to server: Endpoint, losingEvery interval: Int) throws {
    let stop = try Wakeup()
    let sockets = try NetworkNamespace(named: namespace).run {
      // Where requests arrive, where the client's transfer goes on, and what the server sees.
      [
        try DatagramSocket(address, port: 69), try DatagramSocket(address, port: 0),
        try DatagramSocket(address, port: 0),
      ]
    }
    self.stop = stop
    thread = try OwnThread(named: "lossy") {
      var poller = Poller(sockets.map(\.fileDescriptor) + [stop.fileDescriptor])
      guard var batch = try? DatagramBatch(capacity: 8, inputSize: 2048, outputSize: 1) else { return }
      var client: Endpoint?
      var peer = server
      var passed = [0, 0]
      while let ready = try? poller.wait(milliseconds: nil), !ready.contains(3) {
        for position in 0..<3 where ready.contains(position) {
          guard (try? sockets[position].receive(into: &batch)) ?? 0 > 0 else { continue }
          batch.forEach { datagram in
            let bytes = datagram.bytes.withUnsafeBytes { [UInt8]($0) }
            let isFromServer = position == 2
            if isFromServer { peer = datagram.source } else { client = datagram.source }
            passed[isFromServer ? 1 : 0] += 1
            guard !passed[isFromServer ? 1 : 0].isMultiple(of: interval), let client else { return }
            try? (isFromServer ? sockets[1] : sockets[2]).send(bytes, to: isFromServer ? client : peer)
          }
        }
      }
    }
  }

  deinit { stop.signal() }
}
