package import Net

/// Who answers for an address on the links of this machine (ARP), as the kernel has found it out (proc_net_arp(5)).
package enum NeighborTable {
  /// The kernel keeps 1,024 entries where nothing else is set, of 79 bytes each.
  private static let sizeLimit = 8 << 20
  private static let path = "/proc/thread-self/net/arp"

  /// Nil where nobody has answered yet, or the address is on no link of this machine.
  package static func hardware(of address: IPv4Address) -> MACAddress? {
    guard let bytes = try? File.read(path, limit: sizeLimit) else { return nil }
    return hardware(of: address, in: bytes)
  }

  /// One line for each: address, type, flags, hardware address, mask, device. Flag 2 says that the entry is complete
  /// (`ATF_COM`).
  static func hardware(of address: IPv4Address, in table: [UInt8]) -> MACAddress? {
    let wanted = Array(address.description.utf8)
    for line in table.split(separator: UInt8(ascii: "\n")) where line.starts(with: wanted) {
      let words = line.split(separator: UInt8(ascii: " "))
      guard words.count >= 4, words[0].elementsEqual(wanted),
        let flags = UInt32(String(decoding: words[2].dropFirst(2), as: UTF8.self), radix: 16), flags & 2 != 0
      else { continue }
      return MACAddress(String(decoding: words[3], as: UTF8.self))
    }
    return nil
  }
}
