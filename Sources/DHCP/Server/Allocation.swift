import Net

extension Server {
  /// The address set down for a client on this network, unless it is in quarantine or someone else still holds it: until
  /// then the client is like any other.
  func reservation(
    for query: Query, on network: Network, table: LeaseTable, now: Timestamp
  ) -> (reservation: Reservation, link: Link)? {
    for link in network.links {
      if let reservation = reservation(for: query, on: link, table: table, now: now) { return (reservation, link) }
    }
    return nil
  }

  private func reservation(for query: Query, on link: Link, table: LeaseTable, now: Timestamp) -> Reservation? {
    guard
      let reservation = link.configuration.reservations.reservation(
        for: query.client, hardware: query.message.hardware, relay: query.relay),
      link.configuration.subnet.contains(reservation.address)
    else { return nil }
    guard let row = table.lease(at: reservation.address), now < row.expiry else { return reservation }
    switch row.state {
    // Who is at a port now has the address; whoever was there before is gone.
    case .bound: return row.client == query.client || reservation.client.isPlace ? reservation : nil
    case .declined: return nil
    case .released: return reservation
    }
  }

  /// Whether a client may have an address of the link now: its reservation, or one of the link's pool that it holds, has
  /// on offer, or that is free.
  func isGrantable(
    _ address: IPv4Address, to query: Query, reservation: Reservation?, on link: Link, table: LeaseTable, now: Timestamp
  ) -> Bool {
    if let reservation { return address == reservation.address }
    guard let pool = link.pool, table.pool(of: address) == pool else { return false }
    if let row = table.lease(at: address), row.isActive(at: now) { return row.client == query.client }
    return table.isFree(address) || table.offer(to: query.client) == address
  }

  /// The address to offer (RFC 2131 section 4.3.1), and its link: the reservation, what is on offer already, the current
  /// or former lease, what the client asks for, any that is free.
  func addressToOffer(
    _ query: Query, reserved: (reservation: Reservation, link: Link)?, on network: Network, table: LeaseTable,
    now: Timestamp
  ) -> (IPv4Address, Link)? {
    if let reserved { return (reserved.reservation.address, reserved.link) }
    func available(_ address: IPv4Address?) -> (IPv4Address, Link)? {
      guard let address, let link = network.link(containing: address),
        isGrantable(address, to: query, reservation: nil, on: link, table: table, now: now)
      else { return nil }
      return (address, link)
    }
    // A client with a current lease has no other address on offer: an ACK withdraws what was.
    return available(table.offer(to: query.client)) ?? available(lease(of: query, on: network, table: table)?.address)
      ?? available(query.requestedAddress) ?? firstFree(on: network, table: table)
  }

  /// The client's lease on the network: an active one before one that has ended.
  func lease(of query: Query, on network: Network, table: LeaseTable) -> Lease? {
    guard !network.others.isEmpty else { return table.lease(of: query.client, in: network.first.configuration.subnet) }
    let leases = network.links.compactMap { table.lease(of: query.client, in: $0.configuration.subnet) }
    return leases.max { ($0.state == .bound ? 1 : 0, $0.start) < ($1.state == .bound ? 1 : 0, $1.start) }
  }

  private func firstFree(on network: Network, table: LeaseTable) -> (IPv4Address, Link)? {
    for link in network.links {
      if let address = link.pool.flatMap(table.firstFree) { return (address, link) }
    }
    return nil
  }
}
