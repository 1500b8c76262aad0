package import Net

/// An IPv4 address and a UDP port, as STUN tells them (RFC 3489 section 11.2.1).
package struct STUNAddress: Hashable, Sendable {
  package var address: IPv4Address
  package var port: UInt16

  package init(_ address: IPv4Address, port: UInt16) {
    self.address = address
    self.port = port
  }

  /// Seven bytes after one that is ignored: family 1, port, address.
  init(decoding value: [UInt8], at offset: Int) throws(STUNError) {
    guard value.count == 8 else { throw .attributeLength(value.count, at: offset) }
    guard value[1] == 1 else { throw .addressFamily(value[1], at: offset) }
    port = UInt16(value[2]) << 8 | UInt16(value[3])
    address = IPv4Address(value[4], value[5], value[6], value[7])
  }

  func encode(into writer: inout ByteWriter) {
    writer.write(UInt16(1))
    writer.write(port)
    writer.write(address)
  }

  /// With port and address turned by the magic cookie (RFC 5389 section 15.2).
  var turned: STUNAddress {
    STUNAddress(
      IPv4Address(rawValue: address.rawValue ^ STUNMessage.magicCookie),
      port: port ^ UInt16(truncatingIfNeeded: STUNMessage.magicCookie >> 16))
  }
}

extension STUNAddress: CustomStringConvertible {
  package var description: String { "\(address):\(port)" }
}

extension STUNAddress {
  /// As UDPConnectionRequestAddress tells it: `address:port`, or an address alone for port 80 (TR-069 annex G.1.1).
  package init?(udpConnectionRequestAddress text: String) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard let host = parts.first, let address = IPv4Address(String(host)) else { return nil }
    guard parts.count == 2 else {
      self.init(address, port: 80)
      return
    }
    guard let port = UInt16(parts[1]), port > 0, parts[1].allSatisfy(\.isNumber) else { return nil }
    self.init(address, port: port)
  }
}
