/// An ARP message for IPv4 in an Ethernet II frame (RFC 826). An IEEE 802.1Q tag is skipped when read; none is written.
package struct ARPFrame: Hashable, Sendable {
  package enum Operation: UInt16, Sendable {
    case request = 1
    case reply = 2
  }

  package var operation: Operation
  package var senderHardware: MACAddress
  package var sender: IPv4Address
  /// Of no account in a request.
  package var targetHardware: MACAddress
  package var target: IPv4Address

  package init(
    _ operation: Operation, senderHardware: MACAddress, sender: IPv4Address,
    targetHardware: MACAddress = MACAddress(rawValue: 0), target: IPv4Address
  ) {
    self.operation = operation
    self.senderHardware = senderHardware
    self.sender = sender
    self.targetHardware = targetHardware
    self.target = target
  }

  private static let etherType: UInt16 = 0x0806
  /// Ethernet, IPv4, and the lengths of their addresses.
  private static let kind: [UInt16] = [1, 0x0800, 0x0604]
  /// The shortest frame without its checksum (IEEE 802.3).
  private static let minimumLength = 60

  /// Nil for any other frame, one cut short, and an operation other than a request or a reply.
  package init?(decoding bytes: RawSpan) {
    var reader = ByteReader(bytes)
    do throws(ByteError) {
      try reader.skip(12)
      var etherType = try reader.readUInt16()
      for _ in 0..<2 where etherType == 0x8100 || etherType == 0x88A8 {
        try reader.skip(2)
        etherType = try reader.readUInt16()
      }
      guard etherType == Self.etherType else { return nil }
      for word in Self.kind {
        guard try reader.readUInt16() == word else { return nil }
      }
      guard let operation = Operation(rawValue: try reader.readUInt16()) else { return nil }
      self.operation = operation
      senderHardware = try reader.readMACAddress()
      sender = try reader.readIPv4Address()
      targetHardware = try reader.readMACAddress()
      target = try reader.readIPv4Address()
    } catch {
      return nil
    }
  }

  /// A request goes to all, a reply to its target.
  package var encoded: [UInt8] {
    var writer = ByteWriter(reserving: Self.minimumLength)
    writer.write(operation == .request ? .broadcast : targetHardware)
    writer.write(senderHardware)
    writer.write(Self.etherType)
    for word in Self.kind { writer.write(word) }
    writer.write(operation.rawValue)
    writer.write(senderHardware)
    writer.write(sender)
    writer.write(targetHardware)
    writer.write(target)
    writer.write(zeros: Self.minimumLength - writer.bytes.count)
    return writer.bytes
  }
}
