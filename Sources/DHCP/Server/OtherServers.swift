package import Net

/// The DHCP servers beside this one that were seen on the wire, the latest sixty-four.
package struct OtherServers: Sendable {
  package struct Sighting: Hashable, Sendable {
    /// Its option 54, or where it sent from.
    package let address: IPv4Address
    /// Where its frames came from; nil where only a client named it.
    package let hardware: MACAddress?
    package let lastSeen: Timestamp
  }

  package static let limit = 64
  /// A server that was silent for so long, in seconds, is told of anew when it is seen again, and is no longer listed.
  package static let memory: Int64 = 600

  private var servers: [IPv4Address: (sighting: Sighting, told: Timestamp)] = [:]

  package init() {}

  /// Takes a server down; true where it is to be told of: the first time, and every ten minutes while it goes on.
  package mutating func note(_ address: IPv4Address, hardware: MACAddress?, at now: Timestamp) -> Bool {
    let known = servers[address]
    let isNews = known.map { now.seconds(since: $0.told) >= Self.memory } ?? true
    let sighting = Sighting(address: address, hardware: hardware ?? known?.sighting.hardware, lastSeen: now)
    servers[address] = (sighting, isNews ? now : known?.told ?? now)
    if servers.count > Self.limit,
      let oldest = servers.min(by: { $0.value.sighting.lastSeen < $1.value.sighting.lastSeen })
    {
      servers[oldest.key] = nil
    }
    return isNews
  }

  /// Those that were seen within the last ten minutes, in order of address.
  package func present(at now: Timestamp) -> [Sighting] {
    servers.values.map(\.sighting).filter { now.seconds(since: $0.lastSeen) < Self.memory }
      .sorted { $0.address < $1.address }
  }
}

extension Message {
  /// The server that speaks in a message of one: its option 54, or else `source`. Nil for a message of a client, and for
  /// one that no server sends to clients.
  package func server(from source: IPv4Address) -> IPv4Address? {
    guard op == .reply, let type = (try? options.value(.messageType)) ?? nil else { return nil }
    switch type {
    case .offer, .acknowledgement, .negativeAcknowledgement:
      let identifier = (try? options.value(.serverIdentifier)) ?? nil
      return identifier ?? (source == .unspecified ? nil : source)
    case .discover, .request, .decline, .release, .inform, .forceRenew, .leaseQuery, .leaseUnassigned, .leaseUnknown,
      .leaseActive:
      return nil
    }
  }
}
