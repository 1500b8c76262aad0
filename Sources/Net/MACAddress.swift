/// A 48-bit IEEE 802 hardware address.
package struct MACAddress: RawRepresentable, Hashable, Sendable {
  /// The address in the low 48 bits, first octet highest.
  package let rawValue: UInt64

  package init(rawValue: UInt64) {
    self.rawValue = rawValue & 0xFFFF_FFFF_FFFF
  }

  package init?(octets: some Collection<UInt8>) {
    guard octets.count == 6 else { return nil }
    rawValue = octets.reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// As above, without the cost of any collection: for whoever makes very many.
  package init?(octets: ArraySlice<UInt8>) {
    guard octets.count == 6 else { return nil }
    var value: UInt64 = 0
    for octet in octets { value = value << 8 | UInt64(octet) }
    rawValue = value
  }

  package static let broadcast = MACAddress(rawValue: 0xFFFF_FFFF_FFFF)

  package var octets: [UInt8] {
    stride(from: 40, through: 0, by: -8).map { UInt8(truncatingIfNeeded: rawValue >> UInt64($0)) }
  }

  /// The organizationally unique identifier: the first three octets as six upper-case hexadecimal digits.
  package var oui: String {
    Hexadecimal.encode(octets[0..<3]).uppercased()
  }
}

extension MACAddress: Comparable {
  package static func < (left: MACAddress, right: MACAddress) -> Bool { left.rawValue < right.rawValue }
}

extension MACAddress: LosslessStringConvertible {
  /// Twelve hexadecimal digits, bare or in pairs (`00:0f:e2:…`, `00-0f-…`) or in fours as Comware writes them
  /// (`000f-e200-0001`, `000f.e200.0001`).
  package init?(_ description: String) {
    let groups = description.utf8.split(omittingEmptySubsequences: false) { ":-.".utf8.contains($0) }
    let widths = Set(groups.map(\.count))
    guard widths.count == 1, let width = widths.first, [2, 4, 12].contains(width), width * groups.count == 12
    else { return nil }
    let digits = groups.joined()
    guard digits.allSatisfy(Hexadecimal.isDigit), let value = UInt64(String(decoding: digits, as: UTF8.self), radix: 16)
    else { return nil }
    rawValue = value
  }

  package var description: String {
    octets.map { Hexadecimal.encode([$0]) }.joined(separator: ":")
  }
}
