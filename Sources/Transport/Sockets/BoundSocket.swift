import CLinux
import Glibc
import Net

/// What a socket may be bound with besides its endpoint.
package struct SocketOptions: Hashable, Sendable {
  /// Receive on this interface only (SO_BINDTODEVICE).
  package var device: String?
  /// Let several sockets share the endpoint, among which the kernel spreads what comes (SO_REUSEPORT).
  package var reusePort = false
  /// Allow sending to broadcast addresses.
  package var broadcast = false
  /// Receive what is sent to 255.255.255.255; else the kernel drops it, and it takes no room from what is sent to us.
  package var hearsBroadcasts = true
  /// Bytes that the kernel keeps while nobody reads; it may give less where the process lacks CAP_NET_ADMIN.
  package var receiveBuffer: Int

  /// For a socket of one address that one thread serves and does nothing else: how long a call that receives waits for
  /// the first datagram, in milliseconds. What is received says nothing of where it was sent to.
  package var dedicatedWait: Int?

  package init(
    device: String? = nil, reusePort: Bool = false, broadcast: Bool = false, hearsBroadcasts: Bool = true,
    receiveBuffer: Int = 1 << 20, dedicatedWait: Int? = nil
  ) {
    self.device = device
    self.reusePort = reusePort
    self.broadcast = broadcast
    self.hearsBroadcasts = hearsBroadcasts
    self.receiveBuffer = receiveBuffer
    self.dedicatedWait = dedicatedWait
  }
}

/// Opens a socket and binds it; it is nonblocking unless it is dedicated. Port 0 lets the kernel choose: the second value says what it chose.
func openBoundSocket(
  stream: Bool, _ endpoint: Endpoint, _ options: SocketOptions
) throws(SocketError) -> (descriptor: CInt, local: Endpoint) {
  let descriptor = linux_socket_open(
    stream, stream, options.reusePort, options.broadcast, stream ? 0 : Int32(clamping: options.receiveBuffer),
    options.device)
  guard descriptor >= 0 else {
    if let device = options.device, descriptor == -ENODEV { throw .noSuchInterface(device) }
    throw SocketError("opening a socket for", endpoint, code: -descriptor)
  }
  var result: Int32 = options.hearsBroadcasts ? 0 : linux_socket_refuse_broadcasts(descriptor)
  if result >= 0, let wait = options.dedicatedWait {
    result = linux_socket_dedicate(descriptor, Int32(clamping: wait))
  }
  if result >= 0 { result = linux_socket_bind(descriptor, endpoint.address.rawValue, endpoint.port) }
  guard result >= 0 else {
    close(descriptor)
    throw SocketError("binding", endpoint, code: -result)
  }
  var address: UInt32 = 0
  var port: UInt16 = 0
  _ = linux_socket_local(descriptor, &address, &port)
  return (descriptor, Endpoint(IPv4Address(rawValue: address), port: port))
}
