import Glibc
import Net
import Testing

@testable import Transport

struct DatagramSocketTests {
  @Test func `a batch is received in order and each datagram gets its own reply`() throws {
    let server = try DatagramSocket(.loopback, port: 0)
    let client = try DatagramSocket(.loopback, port: 0)
    for number in 0..<5 { try client.send([UInt8(number)], to: server.local) }

    var batch = try DatagramBatch(capacity: 8, inputSize: 64, outputSize: 64)
    let count = try receive(at: server, into: &batch)
    #expect(count == 5)
    var seen: [String] = []
    batch.answerEach { datagram, output in
      let value = datagram.bytes.unsafeLoad(as: UInt8.self)
      seen.append("\(value) from \(datagram.source) to \(datagram.destination)")
      output.storeBytes(of: value, as: UInt8.self)
      output.storeBytes(of: value &* 2, toByteOffset: 1, as: UInt8.self)
      // No reply to the third.
      return value == 2 ? 0 : 2
    }
    #expect(seen == (0..<5).map { "\($0) from \(client.local) to 127.0.0.1" })
    #expect(server.sendReplies(of: batch) == DatagramSocket.Sent(sent: 4, failed: 0, error: nil))
    for number: UInt8 in [0, 1, 3, 4] {
      let reply = try #require(try receive(at: client))
      #expect(reply.bytes == [number, number * 2])
      #expect(reply.source == server.local)
    }
  }

  @Test func `a datagram that does not fit is counted, not delivered`() throws {
    let server = try DatagramSocket(.loopback, port: 0)
    let client = try DatagramSocket(.loopback, port: 0)
    try client.send([UInt8](repeating: 1, count: 65), to: server.local)
    try client.send([UInt8](repeating: 2, count: 64), to: server.local)
    var batch = try DatagramBatch(capacity: 8, inputSize: 64, outputSize: 64)
    let count = try receive(at: server, into: &batch)
    var sizes: [Int] = []
    batch.forEach { sizes.append($0.bytes.byteCount) }
    #expect(count == 2)
    #expect(sizes == [64])
    let truncated = batch.truncated
    #expect(truncated == 1)
  }

  @Test func `a reply longer than its room is none`() throws {
    let server = try DatagramSocket(.loopback, port: 0)
    let client = try DatagramSocket(.loopback, port: 0)
    try client.send([], to: server.local)
    try client.send([1], to: server.local)
    var batch = try DatagramBatch(capacity: 8, inputSize: 64, outputSize: 64)
    let count = try receive(at: server, into: &batch)
    var next = 65
    batch.answerEach { datagram, _ in
      defer { next = -1 }
      return next
    }
    #expect(count == 2)
    #expect(server.sendReplies(of: batch).sent == 0)
  }

  @Test func `one reply that cannot be sent does not hold up the others`() throws {
    let server = try DatagramSocket(.loopback, port: 0)
    let client = try DatagramSocket(.loopback, port: 0)
    for number in 0..<3 { try client.send([UInt8(number)], to: server.local) }
    var batch = try DatagramBatch(capacity: 8, inputSize: 64, outputSize: 65_536)
    let count = try receive(at: server, into: &batch)
    #expect(count == 3)
    // More than UDP carries.
    batch.answerEach { datagram, _ in datagram.bytes.unsafeLoad(as: UInt8.self) == 1 ? 65_536 : 1 }
    let sent = server.sendReplies(of: batch)
    #expect(sent.sent == 2)
    #expect(sent.failed == 1)
    #expect(sent.error != nil)
  }

  @Test func `datagrams sent together come whole, in order, each to its peer, whatever their sizes`() throws {
    let receivers = try (0..<2).map { _ in try DatagramSocket(.loopback, port: 0) }
    let sender = try DatagramSocket(.loopback, port: 0)
    // Runs of one size, longer and shorter neighbors, an empty one; more than one call to the kernel takes.
    let sizes = Array(repeating: 311, count: 150) + [300, 311, 311, 0, 7, 7, 9, 2000, 2000, 1]
    var outgoing = OutgoingDatagrams()
    for (position, size) in sizes.enumerated() {
      let bytes = [UInt8](repeating: UInt8(position), count: size)
      outgoing.append(bytes, to: receivers[0].local, from: position / 40 == 1 ? .loopback : nil)
    }
    for position in 0..<200 {
      outgoing.append([UInt8(position)], to: receivers[position / 50 % 2].local)
    }
    #expect(sender.send(outgoing) == DatagramSocket.Sent(sent: sizes.count + 200, failed: 0, error: nil))
    for (position, size) in sizes.enumerated() {
      #expect(try receive(at: receivers[0])?.bytes == [UInt8](repeating: UInt8(position), count: size))
    }
    for position in 0..<200 {
      #expect(try receive(at: receivers[position / 50 % 2])?.bytes == [UInt8(position)])
    }
    outgoing.removeAll()
    #expect(outgoing.isEmpty)
    #expect(sender.send(outgoing) == DatagramSocket.Sent(sent: 0, failed: 0, error: nil))
  }

  @Test func `of datagrams sent together, those that cannot be sent do not hold up the others`() throws {
    let receiver = try DatagramSocket(.loopback, port: 0)
    let sender = try DatagramSocket(port: 0)
    var outgoing = OutgoingDatagrams()
    // A broadcast needs leave, which this socket has not.
    for number in 0..<3 { outgoing.append([UInt8(number)], to: Endpoint(.broadcast, port: 9)) }
    for number in 3..<6 { outgoing.append([UInt8(number)], to: receiver.local) }
    outgoing.append([6], to: Endpoint(.broadcast, port: 9))
    outgoing.append([7], to: receiver.local)
    let sent = sender.send(outgoing)
    #expect(sent.sent == 4 && sent.failed == 4 && sent.error?.code == EACCES)
    for number in [3, 4, 5, 7] as [UInt8] { #expect(try receive(at: receiver)?.bytes == [number]) }
  }

  @Test func `replies that may be lost go by a second socket, which hears nothing itself`() throws {
    let options = SocketOptions(reusePort: true, dedicatedWait: 2000)
    let server = try DatagramSocket(.loopback, port: 0, options: options)
    let seconds = try (0..<4).map { _ in
      let second = try DatagramSocket(.loopback, port: server.local.port, options: SocketOptions(reusePort: true))
      try second.deafen()
      return second
    }
    var batch = try DatagramBatch(capacity: 8, inputSize: 64, outputSize: 64)
    // From many ports: the kernel would spread them over all that hear.
    for number in 0..<40 as Range<UInt8> {
      let client = try DatagramSocket(.loopback, port: 0)
      try client.send([number], to: server.local)
      #expect(try server.receive(into: &batch) == 1)
      batch.answerEach { datagram, room, mayBeLost in
        mayBeLost = true
        return room.store(datagram.bytes.withUnsafeBytes { [UInt8]($0) } + [7])
      }
      #expect(server.sendReplies(of: batch, second: seconds[Int(number) % 4]).sent == 1)
      let reply = try #require(try receive(at: client))
      #expect(reply.bytes == [number, 7] && reply.source == server.local)
    }
    for second in seconds { #expect(try second.receive(into: &batch) == 0) }
  }

  @Test func `nothing waiting is zero, at once`() throws {
    let server = try DatagramSocket(.loopback, port: 0)
    var batch = try DatagramBatch(capacity: 2, inputSize: 64, outputSize: 64)
    let count = try server.receive(into: &batch)
    #expect(count == 0)
    #expect(try server.receive() == nil)
  }

  @Test func `why an endpoint cannot be had is said`() throws {
    let first = try DatagramSocket(.loopback, port: 0)
    #expect(throws: SocketError.addressInUse(first.local)) {
      _ = try DatagramSocket(.loopback, port: first.local.port)
    }
    #expect(throws: SocketError.addressNotAvailable(Endpoint(IPv4Address(192, 0, 2, 77), port: 5353))) {
      _ = try DatagramSocket(IPv4Address(192, 0, 2, 77), port: 5353)
    }
    #expect(throws: SocketError.noSuchInterface("eth-none")) {
      _ = try DatagramSocket(port: 0, options: SocketOptions(device: "eth-none"))
    }
  }

  @Test func `several sockets share a port where all allow it`() throws {
    let first = try DatagramSocket(.loopback, port: 0, options: SocketOptions(reusePort: true))
    let second = try DatagramSocket(.loopback, port: first.local.port, options: SocketOptions(reusePort: true))
    #expect(second.local == first.local)
  }

  @Test(.enabled(if: VirtualCable.isAvailable, VirtualCable.need))
  func `N65 a reply comes from the address that was asked, whatever the route says`() throws {
    let cable = try VirtualCable()
    try cable.ipRight("address add 192.0.2.50/24 dev eth0")
    let server = try cable.right.run { try DatagramSocket(port: 5300) }
    let client = try cable.left.run { try DatagramSocket(port: 0, options: SocketOptions(broadcast: true)) }
    try client.send([1], to: Endpoint(IPv4Address(192, 0, 2, 50), port: 5300))
    try client.send([2], to: Endpoint(IPv4Address(192, 0, 2, 255), port: 5300))

    var destinations: [IPv4Address] = []
    for source in [IPv4Address(192, 0, 2, 50), IPv4Address(192, 0, 2, 2)] {
      var batch = try DatagramBatch(capacity: 1, inputSize: 64, outputSize: 64)
      let count = try receive(at: server, into: &batch)
      #expect(count == 1)
      batch.answerEach { datagram, _ in
        destinations.append(datagram.destination)
        return 1
      }
      server.sendReplies(of: batch)
      #expect(try receive(at: client)?.source == Endpoint(source, port: 5300))
    }
    #expect(destinations == [IPv4Address(192, 0, 2, 50), IPv4Address(192, 0, 2, 255)])
  }

  @Test(.enabled(if: VirtualCable.isAvailable, VirtualCable.need))
  func `a broadcast needs leave, and goes out on the interface that is named`() throws {
    let cable = try VirtualCable()
    let server = try cable.right.run { try DatagramSocket(port: 5300) }
    let all = Endpoint(.broadcast, port: 5300)
    let plain = try cable.left.run { try DatagramSocket(port: 0) }
    let index = try cable.left.run { try NetworkInterface.named("eth0").index }
    #expect(throws: SocketError.notPermitted(all)) { try plain.send([1], to: all, interfaceIndex: index) }
    let allowed = try cable.left.run { try DatagramSocket(port: 0, options: SocketOptions(broadcast: true)) }
    try allowed.send([2], to: all, from: IPv4Address(192, 0, 2, 1), interfaceIndex: index)
    let received = try #require(try receive(at: server))
    #expect(received.bytes == [2])
    #expect(received.source == Endpoint(IPv4Address(192, 0, 2, 1), port: allowed.local.port))
  }

  @Test(.enabled(if: VirtualCable.isAvailable, VirtualCable.need))
  func `a socket that hears no broadcasts hears what is sent to it, and a flood takes no room from that`() throws {
    let cable = try VirtualCable()
    let server = try cable.right.run {
      try DatagramSocket(port: 5300, options: SocketOptions(device: "eth0", hearsBroadcasts: false))
    }
    let client = try cable.left.run { try DatagramSocket(port: 0, options: SocketOptions(broadcast: true)) }
    let index = try cable.left.run { try NetworkInterface.named("eth0").index }
    let flood = [UInt8](repeating: 1, count: 300)
    for _ in 0..<5_000 { try client.send(flood, to: Endpoint(.broadcast, port: 5300), interfaceIndex: index) }
    try client.send([2], to: Endpoint(IPv4Address(192, 0, 2, 2), port: 5300))
    #expect(try receive(at: server)?.bytes == [2])
    #expect(try server.receive() == nil)
  }

  /// Waits up to 2 s for something to come.
  private func receive(at socket: DatagramSocket, into batch: inout DatagramBatch) throws -> Int {
    var poller = Poller([socket.fileDescriptor])
    guard try poller.wait(milliseconds: 2000).contains(0) else { return 0 }
    return try socket.receive(into: &batch)
  }

  private func receive(at socket: DatagramSocket) throws -> (bytes: [UInt8], source: Endpoint)? {
    var poller = Poller([socket.fileDescriptor])
    guard try poller.wait(milliseconds: 2000).contains(0) else { return nil }
    return try socket.receive()
  }
}
