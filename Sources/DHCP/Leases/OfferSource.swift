package import Net

/// Where the clients are whose offers are counted together: no one place can hold all addresses back from the others.
package enum OfferSource: Hashable, Sendable {
  /// On a link of the server's own, by its subnet's place in the configuration.
  case link(Int)
  case relay(IPv4Address)
  /// A port of a relay, by its circuit ID (option 82).
  case circuit(IPv4Address, [UInt8])
}
