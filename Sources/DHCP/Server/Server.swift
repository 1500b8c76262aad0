package import Net

/// Decides what a DHCP server answers (RFC 2131 section 4.3). It does no I/O: it reads and changes the table in memory.
package struct Server: Sendable {
  package let configuration: ServerConfiguration

  package init(_ configuration: ServerConfiguration) {
    self.configuration = configuration
  }

  /// Decides one message at `now`. What it changes is in the table at once, for the messages of the batch that come after
  /// it; see ``LeaseTable/begin()``.
  package func decide(_ message: Message, from arrival: Arrival, table: inout LeaseTable, now: Timestamp) -> Decision {
    table.advance(to: now)
    let query: Query
    do throws(Query.Rejection) {
      query = try Query(message, from: arrival)
    } catch {
      return .ignored(error.reason)
    }
    guard serves(query, table: table) else { return .ignored(.notServed) }
    switch query.type {
    case .discover: return onLink(query) { discover(query, on: $0, table: &table, now: now) }
    case .request: return onLink(query) { request(query, on: $0, table: &table, now: now) }
    case .inform: return onLink(query) { inform(query, on: $0) }
    case .release: return release(query, table: &table, now: now)
    case .decline: return decline(query, table: &table, now: now)
    case .leaseQuery: return .ignored(.leaseQueryUnsupported)
    case .offer, .acknowledgement, .negativeAcknowledgement, .forceRenew, .leaseUnassigned, .leaseUnknown,
      .leaseActive:
      return .ignored(.notForServers)
    }
  }

  /// Whether the client is of the server's audience.
  private func serves(_ query: Query, table: LeaseTable) -> Bool {
    guard case .known(let inventory) = configuration.audience else { return true }
    let hardware = query.message.hardware
    return hardware.map(inventory.contains) ?? false
      || configuration.subnets.contains { $0.reservations.reservation(for: query.client, hardware: hardware) != nil }
      || !table.leases(of: query.client).isEmpty || configuration.advisor.recognizes(ClientTraits(query.message))
  }

  /// Where a client is: its subnet, and what the server calls itself there.
  struct Link {
    /// In the configuration, and of its pool in the table.
    let index: Int
    let configuration: SubnetConfiguration
    let serverIdentifier: IPv4Address
    /// The server's own address, also where a relay has another one put into option 54.
    let source: IPv4Address
  }

  private func onLink(_ query: Query, decide: (Link) -> Decision) -> Decision {
    guard let index = subnetIndex(for: query) else {
      return .ignored(query.isRelayed ? .unknownRelay : .unknownSubnet)
    }
    let subnet = configuration.subnets[index]
    let addresses = query.arrival.interfaceAddresses
    let own =
      addresses.first { $0 == query.arrival.destination } ?? addresses.first { subnet.subnet.contains($0) }
      ?? addresses.first ?? configuration.serverAddresses.first
    guard let own, own != .unspecified else { return .ignored(.noServerAddress) }
    return decide(
      Link(
        index: index, configuration: subnet, serverIdentifier: query.serverIdentifierOverride ?? own, source: own))
  }

  /// By the relay's link selection (RFC 3527) or address; by the address that a client has which writes to the server
  /// directly, perhaps from behind routers; else by the interface.
  private func subnetIndex(for query: Query) -> Int? {
    if query.isRelayed {
      return configuration.subnetIndex(containing: query.relay?.linkSelection ?? query.message.giaddr)
    }
    let ciaddr = query.message.ciaddr
    if ciaddr != .unspecified, query.arrival.isUnicast || query.type == .inform,
      let index = configuration.subnetIndex(containing: ciaddr)
    {
      return index
    }
    return query.arrival.interfaceAddresses.lazy.compactMap(configuration.subnetIndex).first
  }

  /// Whether option 54 names this server. `nil` is for no one else.
  func isOurs(_ identifier: IPv4Address?, _ query: Query) -> Bool {
    guard let identifier else { return true }
    return configuration.serverAddresses.contains(identifier)
      || query.arrival.interfaceAddresses.contains(identifier) || identifier == query.serverIdentifierOverride
  }
}
