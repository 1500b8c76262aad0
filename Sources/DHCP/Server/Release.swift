package import Net

extension Server {
  /// The operator takes an address back, from its holder or out of quarantine, so that it can be given to another. Nil
  /// where nobody holds it. The former holder is told nothing: it goes on using the address until it asks again, and is
  /// refused then.
  package func release(_ address: IPv4Address, table: inout LeaseTable, now: Timestamp) -> Decision? {
    table.advance(to: now)
    guard let row = table.lease(at: address), row.state != .released, now < row.expiry else { return nil }
    let change = row.ended(.released, at: now, until: now)
    table.apply(change)
    return Decision(changes: [change], outcomes: [.released(address)])
  }

  /// RFC 2131 section 4.3.4. There is no answer to a DHCPRELEASE.
  func release(_ query: Query, table: inout LeaseTable, now: Timestamp) -> Decision {
    guard isOurs(query.serverIdentifier, query) else { return .ignored(.notOurServerIdentifier) }
    let address = query.message.ciaddr
    guard let row = table.lease(at: address), row.client == query.client, row.isActive(at: now) else {
      return .ignored(.notTheHolder)
    }
    let change = row.ended(.released, at: now, until: now)
    table.apply(change)
    return Decision(changes: [change], outcomes: [.released(address)])
  }

  /// RFC 2131 section 4.3.3: the client found its address in use by someone else. There is no answer.
  func decline(_ query: Query, table: inout LeaseTable, now: Timestamp) -> Decision {
    guard isOurs(query.serverIdentifier, query) else { return .ignored(.notOurServerIdentifier) }
    guard let address = query.requestedAddress else { return .ignored(.malformedRequest) }
    let row = table.lease(at: address)
    let holds = row.map { $0.client == query.client && $0.isActive(at: now) } ?? false
    guard holds || table.offer(to: query.client) == address else { return .ignored(.notTheHolder) }
    let change = Lease(
      address: address, client: query.client, hardware: query.message.hardware, state: .declined, start: now,
      expiry: now.advanced(bySeconds: configuration.quarantine), hostname: query.hostname ?? row?.hostname,
      vendorClass: query.vendorClass ?? row?.vendorClass, relayInformation: query.relay?.bytes ?? row?.relayInformation)
    table.apply(change)
    table.withdrawOffer(to: query.client)
    return Decision(changes: [change], outcomes: [.declined(address)])
  }
}
