import Net

/// How much of the address where a router's session began must be the same for what follows from it: its POSTs, and the
/// fetches by URLs that it was given. Most routers keep their address; those behind several NAT addresses keep a network.
package struct AddressBinding: Hashable, Sendable {
  /// The leading bits that must be the same, from 0 to 32.
  package let bits: Int

  package static let exact = AddressBinding(bits: 32)

  package init(bits: Int) {
    self.bits = bits
  }

  /// Whether who comes from `address` may go on with what began at `first`.
  func holds(_ first: IPv4Address?, _ address: IPv4Address?) -> Bool {
    guard let first, let address else { return first == address }
    return first == address || Subnet(containing: first, prefixLength: bits).contains(address)
  }

  /// The place within which a session that began at `first` holds, as a part of a sentence.
  func place(of first: IPv4Address?) -> String {
    guard let first else { return "an unknown address" }
    return bits == 32 ? "\(first)" : "\(Subnet(containing: first, prefixLength: bits))"
  }
}
