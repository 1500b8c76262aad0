/// The checksum of IPv4, UDP and TCP: the ones' complement of the ones' complement sum of 16-bit words (RFC 1071).
package struct InternetChecksum: Sendable {
  private var sum: UInt64 = 0

  package init() {}

  package mutating func add(_ word: UInt16) {
    sum &+= UInt64(word)
  }

  package mutating func add(_ address: IPv4Address) {
    sum &+= UInt64(address.rawValue)
  }

  /// An odd last byte counts as the high half of a word. Anything but the last run of bytes must be even.
  package mutating func add(_ bytes: some Collection<UInt8>) {
    var high = true
    for byte in bytes {
      sum &+= high ? UInt64(byte) << 8 : UInt64(byte)
      high.toggle()
    }
  }

  /// The sum folded to 16 bits, not complemented: `0xFFFF` over data that holds its own right checksum.
  package var folded: UInt16 {
    var rest = sum
    while rest > 0xFFFF { rest = (rest >> 16) + (rest & 0xFFFF) }
    return UInt16(truncatingIfNeeded: rest)
  }

  package var value: UInt16 { ~folded }
}
