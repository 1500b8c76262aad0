package import Net

/// An address set down for one client.
package struct Reservation: Hashable, Sendable {
  package enum Client: Hashable, Sendable {
    /// Option 61, all of its bytes.
    case identifier([UInt8])
    /// `chaddr`, whatever client identifier comes with it.
    case hardware(MACAddress)
    /// Sub-option 1 of option 82, circuit ID: whoever is at that port of the relay.
    case circuit([UInt8])
    /// Sub-option 2 of option 82, remote ID.
    case remote([UInt8])

    /// Whether it stands for a place, which others may come to, rather than for one client.
    var isPlace: Bool {
      switch self {
      case .identifier, .hardware: false
      case .circuit, .remote: true
      }
    }
  }

  package let client: Client
  package let address: IPv4Address
  /// Sent as option 12 to a client that asks, and its name in DNS.
  package let hostname: String?
  package let bootFile: Boot

  /// Which boot file the client is offered.
  package enum Boot: Hashable, Sendable {
    /// As others of its class or subnet.
    case asOthers
    case none
    case own(BootFile)
  }

  package init(client: Client, address: IPv4Address, hostname: String? = nil, bootFile: Boot = .asOthers) {
    self.client = client
    self.address = address
    self.hostname = hostname
    self.bootFile = bootFile
  }
}

/// The reservations of a subnet, found by client and by address alike.
package struct Reservations: Sendable {
  private var byClient: [Reservation.Client: Reservation] = [:]
  private var byAddress: [IPv4Address: Reservation] = [:]

  /// Of two for one client or one address, the first counts.
  package init(_ list: [Reservation] = []) {
    for reservation in list where byClient[reservation.client] == nil && byAddress[reservation.address] == nil {
      byClient[reservation.client] = reservation
      byAddress[reservation.address] = reservation
    }
  }

  /// In no order.
  package var all: some Collection<Reservation> { byAddress.values }

  package var addresses: some Collection<IPv4Address> { byAddress.keys }

  package func reservation(of client: Reservation.Client) -> Reservation? {
    byClient[client]
  }

  package func isReserved(_ address: IPv4Address) -> Bool {
    byAddress[address] != nil
  }

  /// By client identifier before hardware address, and by these before the port at the relay.
  package func reservation(
    for client: ClientKey, hardware: MACAddress?, relay: RelayInformation? = nil
  ) -> Reservation? {
    guard !byClient.isEmpty else { return nil }
    if case .identifier(let bytes) = client, let found = byClient[.identifier(bytes)] { return found }
    if let hardware, let found = byClient[.hardware(hardware)] { return found }
    if let circuit = relay?.circuitID, let found = byClient[.circuit(Array(circuit))] { return found }
    return relay?.remoteID.flatMap { byClient[.remote(Array($0))] }
  }
}
