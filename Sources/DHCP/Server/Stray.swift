package import Net

/// A request from where no subnet is configured: what it shows of its sender and of its place.
package struct Stray: Hashable, Sendable {
  /// What no subnet contains: the relay's address or what option 82 selects, or else the interface's own address; nil
  /// where the interface has none.
  package let place: IPv4Address?
  package let isRelayed: Bool
  /// Whether it is a DHCPDISCOVER.
  package let isDiscover: Bool
  package let vendorClass: String?
  package let hostname: String?
  /// Option 82's circuit identifier as text.
  package let circuit: String?
}

extension Server {
  /// What is to be told of a message that is ignored as ``IgnoreReason/unknownSubnet`` or ``IgnoreReason/unknownRelay``;
  /// nil for one that is no client's.
  package func stray(_ message: Message, from arrival: Arrival) -> Stray? {
    guard let query = try? Query(message, from: arrival) else { return nil }
    let place: IPv4Address?
    if query.isRelayed {
      place = query.relay?.linkSelection ?? message.giaddr
    } else {
      place = arrival.interfaceAddresses.first
    }
    return Stray(
      place: place, isRelayed: query.isRelayed, isDiscover: query.type == .discover, vendorClass: query.vendorClass,
      hostname: query.hostname, circuit: query.relay?.circuitID.map(Self.text))
  }
}
