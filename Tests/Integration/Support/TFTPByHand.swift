import Foundation
import Net
import TFTP
import Testing
import Transport

/// A TFTP client that says what a test wants said, from a port of its own in a client's namespace.
struct TFTPByHand {
  static let server = Endpoint(IPv4Address(192, 0, 2, 1), port: 69)

  let socket: DatagramSocket

  init(in namespace: String, at address: IPv4Address = .unspecified) throws {
    socket = try NetworkNamespace(named: namespace).run {
      try DatagramSocket(address, port: 0, options: SocketOptions(broadcast: true))
    }
  }

  func send(_ packet: Packet, to peer: Endpoint = server) throws {
    try socket.send(packet.encode(), to: peer)
  }

  /// The next packet, nil where none comes in time.
  func receive(within milliseconds: Int = 2000) throws -> (packet: Packet, source: Endpoint)? {
    var poller = Poller([socket.fileDescriptor])
    guard try poller.wait(milliseconds: milliseconds).contains(0), let received = try socket.receive() else {
      return nil
    }
    return (try Packet(decoding: received.bytes.span.bytes), received.source)
  }

  /// Reads a file in windows of the size that was agreed (RFC 7440).
  func read(_ name: String, windowSize: Int, blockSize: Int) throws -> (content: [UInt8], options: [TFTP.Option]) {
    try send(
      .readRequest(
        Request(
          fileName: name,
          options: [
            Option("windowsize", windowSize), Option("blksize", blockSize), Option("tsize", 0), Option("timeout", 2),
          ])))
    let first = try #require(try receive())
    guard case .optionAcknowledgment(let options) = first.packet else { return ([], []) }
    try send(.acknowledgment(block: 0), to: first.source)
    var content: [UInt8] = []
    var last: UInt16 = 0
    var unacknowledged = 0
    while let (packet, source) = try receive() {
      guard case .data(let block, let bytes) = packet, block == last &+ 1 else { continue }
      content += bytes
      last = block
      unacknowledged += 1
      guard unacknowledged == windowSize || bytes.count < blockSize else { continue }
      unacknowledged = 0
      try send(.acknowledgment(block: block), to: source)
      if bytes.count < blockSize { break }
    }
    return (content, options)
  }
}
