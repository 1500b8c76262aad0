import CLinux
import Glibc
package import Net

/// A UDP socket (IPv4), nonblocking unless it is dedicated (``SocketOptions/dedicatedWait``). Any thread may use it; a batch belongs to one thread.
package final class DatagramSocket: Sendable {
  package let fileDescriptor: CInt
  /// What it is bound to, with the port that the kernel chose where 0 was asked for.
  package let local: Endpoint

  package init(
    _ address: IPv4Address = .unspecified, port: UInt16, options: SocketOptions = SocketOptions()
  ) throws(SocketError) {
    (fileDescriptor, local) = try openBoundSocket(stream: false, Endpoint(address, port: port), options)
  }

  deinit {
    close(fileDescriptor)
  }

  /// Receives what waits, as much as the batch holds, in one call to the kernel (recvmmsg(2)); its former content is
  /// gone. Returns the number of datagrams, 0 where none waits.
  package func receive(into batch: inout DatagramBatch) throws(SocketError) -> Int {
    let count = linux_batch_receive(batch.handle, fileDescriptor)
    batch.noteReceived(max(0, Int(count)))
    guard count >= 0 else { throw SocketError("receiving at", local, code: -count) }
    return Int(count)
  }

  /// Ends the wait of whoever receives at a dedicated socket; it receives nothing any more.
  package func shutDown() {
    linux_socket_shut_down(fileDescriptor)
  }

  /// What became of datagrams that were sent together.
  package struct Sent: Hashable, Sendable {
    package let sent: Int
    package let failed: Int
    /// Why the last of those failed.
    package let error: SystemError?
  }

  /// Sends the replies that `answerEach` wrote (sendmmsg(2)). One that cannot be sent does not hold up the others;
  /// a full send queue holds up the caller for 5 ms at most. Those that may be lost go by `second`, whose send queue may
  /// be full of what waits for hosts that do not exist: then they are lost, and hold up nobody.
  @discardableResult
  package func sendReplies(of batch: borrowing DatagramBatch, second: DatagramSocket? = nil) -> Sent {
    sent(
      linux_batch_send(
        batch.handle, fileDescriptor, second?.fileDescriptor ?? fileDescriptor, UInt32(batch.count)))
  }

  /// Receives nothing from now on, and leaves what comes to the sockets that share its endpoint.
  package func deafen() throws(SocketError) {
    let result = linux_socket_deafen(fileDescriptor)
    guard result >= 0 else { throw SocketError("deafening", local, code: -result) }
  }

  /// Sends the datagrams in order; those for one peer cost hardly more than one. One that cannot be sent does not hold
  /// up the others; a full send queue holds up the caller for 5 ms at most.
  @discardableResult
  package func send(_ datagrams: OutgoingDatagrams) -> Sent {
    sent(linux_datagrams_send(fileDescriptor, datagrams.bytes, datagrams.places, UInt32(datagrams.places.count)))
  }

  private func sent(_ result: linux_sent) -> Sent {
    let error = result.error == 0 ? nil : SystemError("sending from \(local)", code: result.error)
    return Sent(sent: Int(result.sent), failed: Int(result.failed), error: error)
  }

  /// Sends one datagram. `source` and `interfaceIndex` (for a broadcast) are the kernel's choice where nil.
  package func send(
    _ bytes: [UInt8], to peer: Endpoint, from source: IPv4Address? = nil, interfaceIndex: UInt32? = nil
  ) throws(SocketError) {
    let result = linux_datagram_send(
      fileDescriptor, bytes, bytes.count, peer.address.rawValue, peer.port, source?.rawValue ?? 0, interfaceIndex ?? 0)
    guard result >= 0 else { throw SocketError("sending to", peer, code: -result) }
  }

  /// One datagram of at most 65,535 bytes and who sent it, nil where none waits. For those who receive seldom; a busy
  /// loop uses a batch.
  package func receive() throws(SocketError) -> (bytes: [UInt8], source: Endpoint)? {
    var batch = try DatagramBatch(capacity: 1, inputSize: 65_536, outputSize: 1)
    guard try receive(into: &batch) > 0 else { return nil }
    var received: (bytes: [UInt8], source: Endpoint)?
    batch.forEach { datagram in
      received = (datagram.bytes.withUnsafeBytes { [UInt8]($0) }, datagram.source)
    }
    return received
  }
}
