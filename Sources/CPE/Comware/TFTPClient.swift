import Net
import TFTP
import Transport

/// Fetches a file by TFTP.
struct TFTPClient: Sendable {
  /// The router's address.
  let source: IPv4Address
  let interface: NetworkInterface

  /// Bytes of a configuration file.
  static let limit = 4 << 20

  /// From `server`, which may be the broadcast address: then the first to answer is taken. Throws `TransferFailure`,
  /// `SocketError`, `CancellationError`.
  func fetch(_ fileName: String, from server: IPv4Address) async throws -> [UInt8] {
    let request = Request(
      fileName: fileName, options: [Option(Option.blockSize, 1400), Option(Option.transferSize, 0)])
    let reception = Reception(request, maximumSize: Self.limit)
    let outcome = try await blocking(named: "tftp-client") { [self] in run(reception, server, until: $0) }
    switch try outcome.get() {
    case .finished(let bytes): return bytes
    case .failed(let failure): throw failure
    }
  }

  private func run(
    _ reception: Reception, _ server: IPv4Address, until cancellation: CInt
  ) -> Result<Reception.Outcome, any Error> {
    var reception = reception
    do {
      let socket = try DatagramSocket(source, port: 0, options: SocketOptions(broadcast: server == .broadcast))
      var poller = Poller([socket.fileDescriptor, cancellation])
      // The transfer goes on with the port, and for a broadcast with the server, that answers first.
      var peer: Endpoint?
      var packets = reception.start(now: SteadyClock.now())
      while true {
        for packet in packets {
          try? socket.send(
            packet.encode(), to: peer ?? Endpoint(server, port: 69),
            interfaceIndex: peer == nil && server == .broadcast ? interface.index : nil)
        }
        if let outcome = reception.outcome { return .success(outcome) }
        let left = reception.deadline.map { Int(max(0, $0.milliseconds(since: SteadyClock.now()))) }
        if try poller.wait(milliseconds: left).contains(1) { return .failure(CancellationError()) }
        packets = []
        if let received = try? socket.receive(), server == .broadcast || received.source.address == server,
          peer == nil || received.source == peer, let packet = try? Packet(decoding: received.bytes.span.bytes)
        {
          peer = received.source
          packets = reception.receive(packet, now: SteadyClock.now())
        }
        if packets.isEmpty { packets = reception.tick(now: SteadyClock.now()) }
      }
    } catch {
      return .failure(error)
    }
  }
}
