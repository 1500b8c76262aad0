import DHCP
import Net
import Transport

/// One interface that the DHCP service answers on: raw frames for clients without an address, a socket for relays and
/// for clients that renew. For the loop's thread only.
final class DHCPPort {
  let interface: NetworkInterface
  let addresses: [IPv4Address]
  let link: PacketLink
  let socket: DatagramSocket
  private var datagrams: DatagramBatch
  private var outgoing = OutgoingDatagrams()
  /// Datagrams that were longer than any message is, and were not handed over, since the port was opened.
  var tooLong: Int { datagrams.truncated }

  /// The frames that the socket cannot answer, what is broadcast by clients that may have no address; what other
  /// servers broadcast to clients; and answers to ARP.
  private static let filter =
    "(dst host 255.255.255.255 and (udp dst port 67 or (udp src port 67 and udp dst port 68))) or "
    + "(arp and arp[6:2] = 2)"

  /// Bytes, of which a message takes some 2,300 with what the kernel keeps of it.
  private static let buffer = 4 << 20

  /// Throws `LinkError`, `SocketError` or `InterfaceError`.
  init(_ interface: NetworkInterface) throws {
    self.interface = interface
    addresses = interface.addresses.map(\.address)
    link = try PacketLink(interface: interface.name, filter: Self.filter)
    // A broadcast comes as a frame. Were it queued here too, a flood of them would push out those who renew. The buffer
    // holds what relays send while a slow disk syncs.
    socket = try DatagramSocket(
      port: 67,
      options: SocketOptions(
        device: interface.name, broadcast: true, hearsBroadcasts: false, receiveBuffer: Self.buffer))
    datagrams = try DatagramBatch(capacity: 64, inputSize: 2048, outputSize: 1)
  }

  /// Hands over the datagrams that wait, `maximum` at most, each with its source and destination address.
  func receiveDatagrams(
    maximum: Int, _ body: ([UInt8], IPv4Address, IPv4Address) -> Void
  ) throws(SocketError) {
    var received = 0
    while received + datagrams.capacity <= maximum, try socket.receive(into: &datagrams) > 0 {
      received += datagrams.count
      datagrams.forEach { datagram in
        body(datagram.bytes.withUnsafeBytes { [UInt8]($0) }, datagram.source.address, datagram.destination)
      }
      if datagrams.count < datagrams.capacity { return }
    }
  }

  /// Sends a reply where its destination says; what goes to a socket goes with ``flush()``. Throws `LinkError`.
  func send(_ reply: Reply, _ bytes: [UInt8]) throws {
    switch reply.destination {
    case .broadcast:
      try link.send(frame(bytes, from: reply.source, to: .broadcast, .broadcast))
    case .unicast(let address, let hardware):
      try link.send(frame(bytes, from: reply.source, to: address, hardware))
    case .relay(let address):
      outgoing.append(bytes, to: Endpoint(address, port: 67), from: reply.source)
    case .routed(let address):
      outgoing.append(bytes, to: Endpoint(address, port: 68), from: reply.source)
    }
  }

  /// Sends what waits; nil where nothing did.
  func flush() -> DatagramSocket.Sent? {
    guard !outgoing.isEmpty else { return nil }
    defer { outgoing.removeAll() }
    return socket.send(outgoing)
  }

  /// Asks on the link whether somebody has an address (RFC 826). `source` is one of the interface's own.
  func ask(_ address: IPv4Address, from source: IPv4Address) throws(LinkError) {
    guard let hardware = interface.hardwareAddress else { return }
    try link.send(ARPFrame(.request, senderHardware: hardware, sender: source, target: address).encoded)
  }

  private func frame(
    _ payload: [UInt8], from source: IPv4Address, to destination: IPv4Address, _ hardware: MACAddress
  ) -> [UInt8] {
    UDPFrame(
      sourceHardware: interface.hardwareAddress ?? MACAddress(rawValue: 0), destinationHardware: hardware,
      source: source, destination: destination, sourcePort: 67, destinationPort: 68, payload: payload
    ).encoded
  }
}
