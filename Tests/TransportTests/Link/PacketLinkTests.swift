import Net
import Testing

@testable import Transport

@Suite(.enabled(if: VirtualCable.isAvailable, VirtualCable.need))
struct PacketLinkTests {
  @Test func `a frame that matches the filter arrives whole, others and our own do not`() throws {
    let cable = try VirtualCable()
    let left = try cable.left.run { try PacketLink(interface: "eth0", filter: "ether proto 0x88b5") }
    let right = try cable.right.run { try PacketLink(interface: "eth0", filter: "ether proto 0x88b5") }
    let wanted = frame(type: 0x88B5, payload: Array(1...200))
    try left.send(frame(type: 0x88B6, payload: [9]))
    try left.send(wanted)

    #expect(try received(by: right, count: 1) == [wanted])
    #expect(try received(by: left, count: 1, within: 50) == [])
    #expect(right.statistics == PacketLink.Statistics(received: 1, dropped: 0, truncated: 0))
  }

  @Test func `a batch is no larger than asked for, and the rest waits`() throws {
    let cable = try VirtualCable()
    let left = try cable.left.run { try PacketLink(interface: "eth0", filter: "") }
    let right = try cable.right.run { try PacketLink(interface: "eth0", filter: "ether proto 0x88b5") }
    let frames = (0..<10).map { frame(type: 0x88B5, payload: [UInt8]($0...$0 + 60)) }
    for frame in frames { try left.send(frame) }
    var poller = Poller([right.fileDescriptor])
    #expect(try poller.wait(milliseconds: 2000).contains(0))
    var count = 0
    #expect(try right.receive(maximum: 4) { _ in count += 1 } == 4)
    #expect(count == 4)
    #expect(try received(by: right, count: 6) == Array(frames[4...]))
    #expect(try right.receive { _ in Issue.record("there was nothing left") } == 0)
  }

  @Test func `a frame longer than the snapshot is counted and not delivered`() throws {
    let cable = try VirtualCable()
    let left = try cable.left.run { try PacketLink(interface: "eth0", filter: "") }
    let right = try cable.right.run {
      var options = PacketLink.Options()
      options.snapshotLength = 128
      return try PacketLink(interface: "eth0", filter: "ether proto 0x88b5", options: options)
    }
    let short = frame(type: 0x88B5, payload: [UInt8](repeating: 1, count: 100))
    try left.send(frame(type: 0x88B5, payload: [UInt8](repeating: 2, count: 1000)))
    try left.send(short)
    #expect(try received(by: right, count: 1) == [short])
    #expect(right.statistics.truncated == 1)
  }

  @Test func `a frame beyond the MTU is refused`() throws {
    let cable = try VirtualCable()
    let left = try cable.left.run { try PacketLink(interface: "eth0", filter: "") }
    #expect(throws: LinkError.frameTooLong("eth0", bytes: 2014)) {
      try left.send(frame(type: 0x88B5, payload: [UInt8](repeating: 2, count: 2000)))
    }
  }

  @Test func `what is wrong with an interface or a filter is said`() throws {
    let cable = try VirtualCable()
    #expect(throws: LinkError.noSuchInterface("eth9")) {
      _ = try cable.left.run { try PacketLink(interface: "eth9", filter: "") }
    }
    let error = #expect(throws: LinkError.self) {
      _ = try cable.left.run { try PacketLink(interface: "eth0", filter: "udp prt 67") }
    }
    // The reason is in libpcap's words, which change.
    #expect(error?.description.hasPrefix("the capture filter 'udp prt 67' is wrong: ") == true)
    try cable.ipRight("link set eth0 down")
    #expect(throws: LinkError.notUp("eth0")) {
      _ = try cable.right.run { try PacketLink(interface: "eth0", filter: "") }
    }
  }

  @Test func `an interface that goes down says so, and works again when it is up again`() throws {
    let cable = try VirtualCable()
    let left = try cable.left.run { try PacketLink(interface: "eth0", filter: "") }
    let right = try cable.right.run { try PacketLink(interface: "eth0", filter: "ether proto 0x88b5") }
    try cable.ipRight("link set eth0 down")
    var poller = Poller([right.fileDescriptor])
    #expect(try poller.wait(milliseconds: 2000).contains(0))
    #expect(throws: LinkError.wentDown("eth0")) { _ = try right.receive { _ in } }
    #expect(throws: LinkError.wentDown("eth0")) { try right.send(frame(type: 0x88B5, payload: [1])) }

    try cable.ipRight("link set eth0 up")
    let wanted = frame(type: 0x88B5, payload: [7])
    try left.send(wanted)
    #expect(try received(by: right, count: 1) == [wanted])
  }

  @Test func `an interface that is removed says so`() throws {
    let cable = try VirtualCable()
    let right = try cable.right.run { try PacketLink(interface: "eth0", filter: "ether proto 0x88b5") }
    try cable.ipRight("link del eth0")
    #expect(throws: LinkError.wentDown("eth0")) {
      for _ in 0..<3 { _ = try right.receive { _ in } }
    }
  }

  private func frame(type: UInt16, payload: [UInt8]) -> [UInt8] {
    var writer = ByteWriter()
    writer.write(MACAddress.broadcast)
    writer.write(MACAddress(rawValue: 0x0200_0000_0009))
    writer.write(type)
    writer.write(payload)
    return writer.bytes
  }

  private func received(by link: PacketLink, count: Int, within milliseconds: Int = 2000) throws -> [[UInt8]] {
    var frames: [[UInt8]] = []
    var poller = Poller([link.fileDescriptor])
    while frames.count < count, try poller.wait(milliseconds: milliseconds).contains(0) {
      _ = try link.receive { bytes in frames.append(bytes.withUnsafeBytes { [UInt8]($0) }) }
    }
    return frames
  }
}
