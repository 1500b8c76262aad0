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

/// Reads names in `in-addr.arpa`.
enum ReverseName {
  private static let suffix: [UInt8] = [7] + "in-addr".utf8 + [4] + "arpa".utf8 + [0]

  /// The octets before `in-addr.arpa`, one to four of them, as one number whose highest octet is the name's last; nil
  /// for any other name. Four of them are an address.
  static func octets(of name: RawSpan) -> (value: UInt32, count: Int)? {
    var value: UInt32 = 0
    var count = 0
    var offset = 0
    while name.byteCount - offset > suffix.count {
      guard count < 4, let octet = octet(of: name, at: offset) else { return nil }
      value |= octet << UInt32(8 * count)
      count += 1
      offset += 1 + Int(name.byte(at: offset))
    }
    guard count > 0, name.byteCount - offset == suffix.count,
      name.extracting(offset..<name.byteCount).isSameName(as: suffix.span.bytes)
    else { return nil }
    return (value, count)
  }

  /// A label that is a number up to 255 without leading zeros.
  private static func octet(of name: RawSpan, at offset: Int) -> UInt32? {
    let length = Int(name.byte(at: offset))
    guard (1...3).contains(length), offset + length < name.byteCount else { return nil }
    var value: UInt32 = 0
    for index in 1...length {
      let digit = name.byte(at: offset + index)
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
      value = value * 10 + UInt32(digit - UInt8(ascii: "0"))
    }
    guard value <= 255, length == 1 || name.byte(at: offset + 1) != UInt8(ascii: "0") else { return nil }
    return value
  }
}
