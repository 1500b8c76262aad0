/// A UDP datagram in an IPv4 packet in an Ethernet II frame (RFC 894, RFC 791, RFC 768), as a raw socket sees it. An
/// IEEE 802.1Q tag is skipped when read; none is written, because the kernel's VLAN interfaces add their own.
package struct UDPFrame: Hashable, Sendable {
  package var destinationHardware: MACAddress
  package var sourceHardware: MACAddress
  package var source: IPv4Address
  package var destination: IPv4Address
  package var sourcePort: UInt16
  package var destinationPort: UInt16
  package var payload: [UInt8]

  package init(
    sourceHardware: MACAddress, destinationHardware: MACAddress, source: IPv4Address, destination: IPv4Address,
    sourcePort: UInt16, destinationPort: UInt16, payload: [UInt8]
  ) {
    self.sourceHardware = sourceHardware
    self.destinationHardware = destinationHardware
    self.source = source
    self.destination = destination
    self.sourcePort = sourcePort
    self.destinationPort = destinationPort
    self.payload = payload
  }

  private static let etherTypeIPv4: UInt16 = 0x0800
  private static let protocolUDP: UInt8 = 17
  /// The longest UDP payload that an IPv4 packet without options holds.
  package static let maximumPayload = 65_535 - 20 - 8

  /// Reads a whole frame; bytes after the IPv4 packet (Ethernet padding) are left out.
  package init(decoding bytes: RawSpan) throws(FrameError) {
    let headers: Headers
    do throws(ByteError) { headers = try Headers(bytes) } catch { throw FrameError(error) }
    let ip = headers.start
    guard headers.etherType == Self.etherTypeIPv4, headers.version == 4 else {
      throw .notIPv4(etherType: headers.etherType)
    }
    guard headers.headerLength >= 20 else { throw .headerLength(headers.headerLength, at: ip) }
    guard headers.totalLength >= headers.headerLength + 8 else { throw .totalLength(headers.totalLength, at: ip + 2) }
    guard headers.sum.folded == 0xFFFF else { throw .headerChecksum(at: ip + 10) }
    guard headers.fragment & 0x3FFF == 0 else { throw .fragment(at: ip + 6) }
    guard headers.protocolNumber == Self.protocolUDP else { throw .notUDP(headers.protocolNumber) }

    let datagram = ip + headers.headerLength
    guard headers.length >= 8, Int(headers.length) <= headers.totalLength - headers.headerLength else {
      throw .datagramLength(Int(headers.length), at: datagram + 4)
    }
    destinationHardware = headers.destinationHardware
    sourceHardware = headers.sourceHardware
    source = headers.source
    destination = headers.destination
    sourcePort = headers.sourcePort
    destinationPort = headers.destinationPort
    do throws(ByteError) {
      var reader = ByteReader(bytes)
      try reader.seek(to: datagram + 8)
      payload = try reader.readBytes(Int(headers.length) - 8)
    } catch { throw FrameError(error) }
    guard isRight(checksum: headers.checksum) else { throw .datagramChecksum(at: datagram + 6) }
  }

  /// Appends the frame to `writer`, checksums included. A payload beyond ``maximumPayload`` is a mistake of ours.
  package func encode(into writer: inout ByteWriter) {
    precondition(payload.count <= Self.maximumPayload, "the payload does not fit a UDP datagram")
    writer.write(destinationHardware)
    writer.write(sourceHardware)
    writer.write(Self.etherTypeIPv4)

    let length = UInt16(payload.count + 8)
    let words: [UInt16] = [0x4500, length + 20, 0, 0x4000, UInt16(Self.timeToLive) << 8 | UInt16(Self.protocolUDP)]
    var header = InternetChecksum()
    for word in words {
      header.add(word)
      writer.write(word)
    }
    header.add(source)
    header.add(destination)
    writer.write(header.value)
    writer.write(source)
    writer.write(destination)

    var sum = Self.pseudoHeader(source: source, destination: destination, length: length)
    for word in [sourcePort, destinationPort, length] {
      sum.add(word)
      writer.write(word)
    }
    sum.add(payload)
    // A computed zero is sent as its equal, all ones: zero means "no checksum" (RFC 768).
    writer.write(sum.value == 0 ? 0xFFFF : sum.value)
    writer.write(payload)
  }

  package var encoded: [UInt8] {
    var writer = ByteWriter(reserving: 42 + payload.count)
    encode(into: &writer)
    return writer.bytes
  }

  private static let timeToLive: UInt8 = 64

  /// Accepts no checksum (zero), a right one, and the sum of the pseudo-header alone: that is what Linux leaves for the
  /// hardware to complete, and what a raw socket sees of a datagram that never left the machine (veth, bridges).
  private func isRight(checksum: UInt16) -> Bool {
    guard checksum != 0 else { return true }
    let length = UInt16(truncatingIfNeeded: payload.count + 8)
    var sum = Self.pseudoHeader(source: source, destination: destination, length: length)
    guard checksum != sum.folded else { return true }
    for word in [sourcePort, destinationPort, length, checksum] { sum.add(word) }
    sum.add(payload)
    return sum.folded == 0xFFFF
  }

  private static func pseudoHeader(source: IPv4Address, destination: IPv4Address, length: UInt16) -> InternetChecksum {
    var sum = InternetChecksum()
    sum.add(source)
    sum.add(destination)
    sum.add(UInt16(protocolUDP))
    sum.add(length)
    return sum
  }
}

/// The fields of the three headers as they stand, not yet judged.
private struct Headers {
  let destinationHardware: MACAddress
  let sourceHardware: MACAddress
  let etherType: UInt16
  /// Where the IPv4 header starts.
  let start: Int
  let version: UInt8
  /// In bytes, options included.
  let headerLength: Int
  let totalLength: Int
  let fragment: UInt16
  let protocolNumber: UInt8
  /// Over the IPv4 header, its checksum included.
  let sum: InternetChecksum
  let source: IPv4Address
  let destination: IPv4Address
  let sourcePort: UInt16
  let destinationPort: UInt16
  let length: UInt16
  let checksum: UInt16

  init(_ bytes: RawSpan) throws(ByteError) {
    var reader = ByteReader(bytes)
    destinationHardware = try reader.readMACAddress()
    sourceHardware = try reader.readMACAddress()
    var etherType = try reader.readUInt16()
    // Two tags at most: a service tag around a customer tag (IEEE 802.1ad).
    for _ in 0..<2 where etherType == 0x8100 || etherType == 0x88A8 {
      try reader.skip(2)
      etherType = try reader.readUInt16()
    }
    self.etherType = etherType

    start = reader.offset
    let versionAndLength = try reader.readUInt8()
    version = versionAndLength >> 4
    headerLength = Int(versionAndLength & 15) * 4
    try reader.skip(1)
    totalLength = Int(try reader.readUInt16())
    try reader.skip(2)
    fragment = try reader.readUInt16()
    try reader.skip(1)
    protocolNumber = try reader.readUInt8()
    try reader.skip(2)
    source = try reader.readIPv4Address()
    destination = try reader.readIPv4Address()

    try reader.seek(to: start)
    var sum = InternetChecksum()
    for _ in 0..<headerLength / 2 { sum.add(try reader.readUInt16()) }
    self.sum = sum

    sourcePort = try reader.readUInt16()
    destinationPort = try reader.readUInt16()
    length = try reader.readUInt16()
    checksum = try reader.readUInt16()
  }
}
