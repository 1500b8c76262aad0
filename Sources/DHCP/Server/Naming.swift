import Net

/// The name that a lease goes by in DNS.
enum Naming: Hashable {
  case none
  case granted(String)
  /// The client asks for one that is another's.
  case refused(String, NameHolder)

  var name: String? {
    switch self {
    case .granted(let name): name
    case .none, .refused: nil
    }
  }
}

extension Server {
  /// A reservation's name before what the client calls itself; that only where it is nobody else's: not kept for another,
  /// nor in use by another router whose lease lasts.
  func naming(_ query: Query, _ reservation: Reservation?, table: LeaseTable, now: Timestamp) -> Naming {
    if let own = reservation?.hostname { return .granted(own) }
    guard let name = query.hostname else { return .none }
    let hardware = query.message.hardware
    switch configuration.keptNames.standing(of: name, for: query.client, hardware: hardware, relay: query.relay) {
    case .own: return .granted(name)
    case .another(let owner): return .refused(name, .kept(owner))
    case .free:
      let other = table.holders(of: name, except: query.client, hardware, at: now).first
      return other.map { .refused(name, .router($0.address)) } ?? .granted(name)
    }
  }

  /// The leases that a name is taken away from when its owner comes, as they are from then on.
  func unnamed(by lease: Lease, table: LeaseTable, now: Timestamp) -> [Lease] {
    guard let name = lease.hostname else { return [] }
    return table.holders(of: name, except: lease.client, lease.hardware, at: now).compactMap { other in
      guard configuration.keptNames.standing(of: name, for: other) != .own else { return nil }
      var row = other
      row.hostname = nil
      return row
    }
  }
}

extension ServerConfiguration {
  /// A lease on record, without a name that has become another's since.
  package func named(_ lease: Lease) -> Lease {
    guard let name = lease.hostname, case .another = keptNames.standing(of: name, for: lease) else { return lease }
    var row = lease
    row.hostname = nil
    return row
  }
}
