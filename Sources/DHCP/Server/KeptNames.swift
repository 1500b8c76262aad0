package import Net

/// The names that are somebody's before any client asks for them: of reservations, of the inventory and of the
/// configuration. What a client calls itself is its own word, and takes none of them.
package struct KeptNames: Sendable {
  package enum Owner: Hashable, Sendable {
    case configuration
    case reservation(Reservation.Client)
    /// A router of the inventory; nil where that does not say its hardware address, and then no client has the name.
    case inventory(MACAddress?)
  }

  /// A name's owner, seen from a client.
  enum Standing: Hashable {
    case free
    case own
    case another(Owner)
  }

  /// By the label in lower case.
  private var owners: [String: [Owner]] = [:]

  package init() {}

  /// Keeps the first label of a name. Who else is said to own it owns it too.
  package mutating func keep(_ name: String, for owner: Owner) {
    guard let label = Hostname.sanitized(Array(name.utf8)[...]) else { return }
    let key = label.lowercased()
    if owners[key]?.contains(owner) != true { owners[key, default: []].append(owner) }
  }

  func standing(of name: String, for client: ClientKey, hardware: MACAddress?, relay: RelayInformation?) -> Standing {
    guard !owners.isEmpty, let owners = owners[name.lowercased()], let first = owners.first else { return .free }
    let isOwn = owners.contains { owner in
      switch owner {
      case .configuration: false
      case .reservation(let reserved): reserved.isFor(client, hardware: hardware, relay: relay)
      case .inventory(let listed): listed != nil && listed == hardware
      }
    }
    return isOwn ? .own : .another(first)
  }

  func standing(of name: String, for lease: Lease) -> Standing {
    standing(
      of: name, for: lease.client, hardware: lease.hardware,
      relay: lease.relayInformation.map(RelayInformation.init(bytes:)))
  }
}

extension Reservation.Client {
  fileprivate func isFor(_ client: ClientKey, hardware: MACAddress?, relay: RelayInformation?) -> Bool {
    switch self {
    case .identifier(let bytes): client == .identifier(bytes)
    case .hardware(let address): hardware == address
    case .circuit(let bytes): relay?.circuitID?.elementsEqual(bytes) ?? false
    case .remote(let bytes): relay?.remoteID?.elementsEqual(bytes) ?? false
    }
  }
}

/// Who has a name that a client asks for.
package enum NameHolder: Hashable, Sendable {
  case kept(KeptNames.Owner)
  /// Another router, which has leased this address.
  case router(IPv4Address)
}

extension NameHolder: CustomStringConvertible {
  package var description: String {
    switch self {
    case .kept(.configuration): "the configuration has that name"
    case .kept(.reservation): "a reservation for another router has that name"
    case .kept(.inventory(nil)): "the inventory has that name for a router whose hardware address it does not say"
    case .kept(.inventory): "the inventory has that name for another router"
    case .router(let address): "the router at \(address) has that name"
    }
  }
}
