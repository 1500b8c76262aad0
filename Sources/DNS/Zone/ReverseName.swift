package import Net

extension Name {
  /// The name of an address in `in-addr.arpa` (RFC 1035 section 3.5).
  package init(reverse address: IPv4Address) {
    self.init(reverseOctets: address.octets)
  }

  private init(reverseOctets octets: some Collection<UInt8>) {
    var wire: [UInt8] = []
    for octet in octets.reversed() {
      let digits = Array(String(octet).utf8)
      wire.append(UInt8(digits.count))
      wire += digits
    }
    let bytes = wire + [7] + "in-addr".utf8 + [4] + "arpa".utf8 + [0]
    self.init(checked: bytes.span.bytes)
  }

  /// The zones that hold the reverse names of a subnet: cut at whole octets, so that a subnet of 24 bits or more is in
  /// one zone, that of its 24 bits, and others are in 256 at most.
  package static func reverseZones(of subnet: Subnet) -> [Name] {
    let octetCount = min(3, (max(1, subnet.prefixLength) + 7) / 8)
    let step = 1 << (32 - octetCount * 8)
    let last = Int(subnet.broadcast.rawValue)
    return stride(from: Int(subnet.address.rawValue), through: last, by: step).map { address in
      Name(reverseOctets: IPv4Address(rawValue: UInt32(truncatingIfNeeded: address)).octets.prefix(octetCount))
    }
  }
}
