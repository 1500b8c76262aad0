/// An IPv4 subnet in CIDR notation (RFC 4632). Its address has no host bits.
package struct Subnet: Hashable, Sendable {
  package let address: IPv4Address
  /// From 0 to 32.
  package let prefixLength: Int

  /// The subnet of this length that `member` is in; `prefixLength` must be from 0 to 32.
  package init(containing member: IPv4Address, prefixLength: Int) {
    precondition((0...32).contains(prefixLength), "a prefix length is from 0 to 32")
    self.prefixLength = prefixLength
    address = IPv4Address(rawValue: member.rawValue & Self.mask(prefixLength))
  }

  package var mask: IPv4Address { IPv4Address(rawValue: Self.mask(prefixLength)) }

  /// The highest address: for a length of 31 or 32 an ordinary one (RFC 3021).
  package var broadcast: IPv4Address { IPv4Address(rawValue: address.rawValue | ~Self.mask(prefixLength)) }

  package func contains(_ member: IPv4Address) -> Bool {
    member.rawValue & Self.mask(prefixLength) == address.rawValue
  }

  /// The addresses that hosts may have: all but the first and the last, where the subnet has more than two.
  package var hosts: AddressRange {
    guard prefixLength < 31 else { return AddressRange(uncheckedFirst: address, last: broadcast) }
    return AddressRange(
      uncheckedFirst: IPv4Address(rawValue: address.rawValue + 1),
      last: IPv4Address(rawValue: broadcast.rawValue - 1))
  }

  private static func mask(_ length: Int) -> UInt32 {
    length == 0 ? 0 : UInt32.max << UInt32(32 - length)
  }
}

extension Subnet: LosslessStringConvertible {
  /// `192.0.2.0/24`; host bits are refused.
  package init?(_ description: String) {
    let parts = description.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let address = IPv4Address(String(parts[0])), let length = Int(parts[1]),
      (0...32).contains(length), String(length) == parts[1]
    else { return nil }
    self.init(containing: address, prefixLength: length)
    guard self.address == address else { return nil }
  }

  package var description: String { "\(address)/\(prefixLength)" }
}
