package import Net

/// The addresses of the appliance: which one a client is told depends on where it asks from.
package struct ApplianceAddresses: Hashable, Sendable {
  package struct View: Hashable, Sendable {
    package let clients: Subnet
    package let address: IPv4Address

    package init(clients: Subnet, address: IPv4Address) {
      self.clients = clients
      self.address = address
    }
  }

  /// For clients in none of the views.
  private let standard: IPv4Address
  /// The narrowest first, and of like ones in the order given.
  private let views: [View]

  package init(_ standard: IPv4Address = .unspecified, views: [View] = []) {
    self.standard = standard
    self.views = views.enumerated()
      .sorted {
        ($1.element.clients.prefixLength, $0.offset) < ($0.element.clients.prefixLength, $1.offset)
      }
      .map(\.element)
  }

  package func address(for client: IPv4Address) -> IPv4Address {
    for view in views where view.clients.contains(client) { return view.address }
    return standard
  }
}
