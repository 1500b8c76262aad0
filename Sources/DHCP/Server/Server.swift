package import Net

/// Decides what a DHCP server answers (RFC 2131 section 4.3). It does no I/O: it reads and changes the table in memory.
package struct Server: Sendable {
  package private(set) var configuration: ServerConfiguration

  package init(_ configuration: ServerConfiguration) {
    self.configuration = configuration
  }

  /// Keeps a name of the inventory for the router with this hardware address.
  package mutating func keep(_ name: String, for hardware: MACAddress) {
    configuration.keptNames.keep(name, for: .inventory(hardware))
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
    var decision = decide(query, table: &table, now: now)
    if !query.defects.isEmpty, !decision.isAwaiting {
      decision.outcomes += query.defects.map(Outcome.optionDropped)
    }
    return decision
  }

  private func decide(_ query: Query, table: inout LeaseTable, now: Timestamp) -> Decision {
    switch query.type {
    case .discover: return onNetwork(query) { discover(query, on: $0, table: &table, now: now) }
    case .request: return onNetwork(query) { request(query, on: $0, table: &table, now: now) }
    case .inform: return onNetwork(query) { inform(query, on: $0) }
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
      || configuration.subnets.contains {
        $0.reservations.reservation(for: query.client, hardware: hardware, relay: query.relay) != nil
      }
      || !table.leases(of: query.client).isEmpty || isRecognized(query.traits)
  }

  private func isRecognized(_ client: ClientTraits) -> Bool {
    configuration.advisor.recognizes(client)
      || configuration.subnets.contains { $0.classes.contains { $0.matches.allSatisfy { $0.matches(client) } } }
  }

  /// A subnet on the client's link, and what the server calls itself there. It goes by reference: each copy would cost as
  /// many counts as the subnet's configuration has fields.
  final class Link {
    /// In the configuration.
    let index: Int
    /// The number of the pool in the table that the client has its address from; nil where it gets none here.
    let pool: Int?
    /// Whether that pool is for the client's class alone.
    let isOfClass: Bool
    /// What the client is told: of its class, where it has one.
    let configuration: SubnetConfiguration
    let serverIdentifier: IPv4Address
    /// The server's own address, also where a relay has another one put into option 54.
    let source: IPv4Address

    init(
      index: Int, pool: Int?, isOfClass: Bool, configuration: SubnetConfiguration, serverIdentifier: IPv4Address,
      source: IPv4Address
    ) {
      self.index = index
      self.pool = pool
      self.isOfClass = isOfClass
      self.configuration = configuration
      self.serverIdentifier = serverIdentifier
      self.source = source
    }

    /// The same link where it has a pool for the client's class, else without a pool.
    var ofClass: Link {
      isOfClass
        ? self
        : Link(
          index: index, pool: nil, isOfClass: false, configuration: configuration, serverIdentifier: serverIdentifier,
          source: source)
    }
  }

  /// Where a client is: the subnets on its link, the one that it was found by first. There is always one.
  struct Network {
    let first: Link
    let others: [Link]

    var links: [Link] { [first] + others }

    func link(containing address: IPv4Address) -> Link? {
      if first.configuration.subnet.contains(address) { return first }
      return others.first { $0.configuration.subnet.contains(address) }
    }

    /// The same network for a client whose class has a pool on it, and which gets no address of another.
    var ofClass: Network { Network(first: first.ofClass, others: others.map(\.ofClass)) }
  }

  private func onNetwork(_ query: Query, decide: (Network) -> Decision) -> Decision {
    // What is promised must be able to leave: no answer reaches a relay that calls itself 127.0.0.1 or 224.0.0.1.
    if query.isRelayed, !query.message.giaddr.isReachable { return .ignored(.noAddressToAnswer) }
    guard let index = subnetIndex(for: query) else {
      return .ignored(query.isRelayed ? .unknownRelay : .unknownSubnet)
    }
    guard let first = link(index, for: query) else { return .ignored(.noServerAddress) }
    let others = siblings(of: index, for: query).compactMap { link($0, for: query) }
    let network = Network(first: first, others: others)
    return decide(others.isEmpty || !network.links.contains(where: \.isOfClass) ? network : network.ofClass)
  }

  private func link(_ index: Int, for query: Query) -> Link? {
    let subnet = configuration.subnets[index]
    var place: Int?
    if !subnet.classes.isEmpty {
      place = subnet.classes.firstIndex { $0.matches.allSatisfy { $0.matches(query.traits) } }
    }
    let classPool = place.flatMap { configuration.classPools[index][$0] }
    let addresses = query.arrival.interfaceAddresses
    let own =
      addresses.first { $0 == query.arrival.destination } ?? addresses.first { subnet.subnet.contains($0) }
      ?? addresses.first ?? configuration.serverAddresses.first
    guard let own, own != .unspecified else { return nil }
    return Link(
      index: index, pool: classPool ?? index, isOfClass: classPool != nil,
      configuration: place.map { subnet.classes[$0].configuration } ?? subnet,
      serverIdentifier: query.serverIdentifierOverride ?? own, source: own)
  }

  /// The other subnets on the same link: those of the same shared network, and those that the interface has an address
  /// in where the client is directly on it.
  private func siblings(of index: Int, for query: Query) -> [Int] {
    let name = configuration.subnets[index].sharedNetwork
    let own = query.isRelayed ? [] : query.arrival.interfaceAddresses.compactMap(configuration.subnetIndex)
    guard name != nil || own.count > 1 else { return [] }
    return configuration.subnets.indices.filter { other in
      other != index && (name != nil && configuration.subnets[other].sharedNetwork == name || own.contains(other))
    }
  }

  /// By the relay's link selection (RFC 3527), by the client's subnet selection where that counts (RFC 3011), by the
  /// relay's address; by the address that a client has which writes to the server
  /// directly, perhaps from behind routers; else by the interface.
  private func subnetIndex(for query: Query) -> Int? {
    if let selected = query.isRelayed ? query.relay?.linkSelection : nil {
      return configuration.subnetIndex(containing: selected)
    }
    if configuration.honorsSubnetSelection, let selected = query.subnetSelection {
      return configuration.subnetIndex(containing: selected)
    }
    if query.isRelayed { return configuration.subnetIndex(containing: query.message.giaddr) }
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

extension IPv4Address {
  /// Whether a datagram can be sent to one host by this address (RFC 6890): it is no group, no loopback, no "this
  /// network" and not reserved.
  fileprivate var isReachable: Bool {
    let first = rawValue >> 24
    return (1..<224).contains(first) && first != 127
  }
}
