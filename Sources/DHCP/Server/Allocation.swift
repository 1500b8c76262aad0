import Net

extension Server {
  /// The address set down for a client on this link, unless it is in quarantine or someone else still holds it: until
  /// then the client is like any other.
  func reservation(for query: Query, on link: Link, table: LeaseTable, now: Timestamp) -> Reservation? {
    guard
      let reservation = link.configuration.reservations.reservation(
        for: query.client, hardware: query.message.hardware),
      link.configuration.subnet.contains(reservation.address)
    else { return nil }
    guard let row = table.lease(at: reservation.address), now < row.expiry else { return reservation }
    switch row.state {
    case .bound: return row.client == query.client ? reservation : nil
    case .declined: return nil
    case .released: return reservation
    }
  }

  /// Whether a client may have an address now: its reservation, or one of the link's pool that it holds, has on offer,
  /// or that is free.
  func isGrantable(
    _ address: IPv4Address, to query: Query, reservation: Reservation?, on link: Link, table: LeaseTable, now: Timestamp
  ) -> Bool {
    if let reservation { return address == reservation.address }
    guard table.pool(of: address) == link.index else { return false }
    if let row = table.lease(at: address), row.isActive(at: now) { return row.client == query.client }
    return table.isFree(address) || table.offer(to: query.client) == address
  }

  /// The address to offer (RFC 2131 section 4.3.1): the reservation, what is on offer already, the current or
  /// former lease, what the client asks for, any that is free.
  func addressToOffer(
    _ query: Query, reservation: Reservation?, on link: Link, table: LeaseTable, now: Timestamp
  ) -> IPv4Address? {
    if let reservation { return reservation.address }
    func isAvailable(_ address: IPv4Address) -> Bool {
      isGrantable(address, to: query, reservation: nil, on: link, table: table, now: now)
    }
    let lease = table.lease(of: query.client, in: link.configuration.subnet)
    // A client with a current lease has no other address on offer: an ACK withdraws what was.
    let candidates = [table.offer(to: query.client), lease?.address, query.requestedAddress]
    return candidates.lazy.compactMap(\.self).first(where: isAvailable) ?? table.firstFree(in: link.index)
  }
}
