/// An IPv4 address (RFC 791), held in host order so that addresses compare and count as numbers.
package struct IPv4Address: RawRepresentable, Hashable, Sendable, Codable {
  package let rawValue: UInt32

  package init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  package init(_ a: UInt8, _ b: UInt8, _ c: UInt8, _ d: UInt8) {
    rawValue = UInt32(a) << 24 | UInt32(b) << 16 | UInt32(c) << 8 | UInt32(d)
  }

  package static let unspecified = IPv4Address(rawValue: 0)
  package static let broadcast = IPv4Address(rawValue: .max)
  package static let loopback = IPv4Address(127, 0, 0, 1)

  /// Four bytes in network order.
  package var octets: [UInt8] {
    [UInt8(rawValue >> 24), UInt8(rawValue >> 16 & 255), UInt8(rawValue >> 8 & 255), UInt8(rawValue & 255)]
  }

  /// The address `distance` further on, or nil past either end of the address space.
  package func advanced(by distance: Int) -> IPv4Address? {
    let (sum, overflows) = Int64(rawValue).addingReportingOverflow(Int64(distance))
    guard !overflows else { return nil }
    return UInt32(exactly: sum).map(IPv4Address.init(rawValue:))
  }
}

extension IPv4Address: Comparable {
  package static func < (left: IPv4Address, right: IPv4Address) -> Bool { left.rawValue < right.rawValue }
}

extension IPv4Address: LosslessStringConvertible {
  /// Four decimal numbers from 0 to 255 between dots; no leading zeros, because some readers take those as octal.
  package init?(_ description: String) {
    var value: UInt32 = 0
    var (numbers, digits, number) = (1, 0, UInt32(0))
    let bytes = description.utf8.span
    for place in bytes.indices {
      let byte = bytes[place]
      switch byte {
      case UInt8(ascii: "."):
        guard digits > 0, numbers < 4 else { return nil }
        value = value << 8 | number
        (numbers, digits, number) = (numbers + 1, 0, 0)
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        guard digits == 0 || number > 0 else { return nil }
        digits += 1
        number = number * 10 + UInt32(byte - UInt8(ascii: "0"))
        guard number <= 255 else { return nil }
      default: return nil
      }
    }
    guard numbers == 4, digits > 0 else { return nil }
    rawValue = value << 8 | number
  }

  package var description: String {
    "\(rawValue >> 24).\(rawValue >> 16 & 255).\(rawValue >> 8 & 255).\(rawValue & 255)"
  }
}
