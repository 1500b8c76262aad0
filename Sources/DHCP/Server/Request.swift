import Net

/// The state that a client is in when it sends a DHCPREQUEST, told by options 54 and 50 and `ciaddr` (RFC 2131 section
/// 4.3.2 and table 4).
enum RequestState: Hashable {
  case selecting(server: IPv4Address, requested: IPv4Address)
  case initReboot(requested: IPv4Address)
  /// RENEWING where the message was sent to the server, REBINDING where it was broadcast: both are decided alike.
  case extending(IPv4Address)

  /// Nil for what fits none of the states. A client that fills in `ciaddr` and option 50 is extending its lease.
  init?(_ query: Query) {
    let ciaddr = query.message.ciaddr
    switch (query.serverIdentifier, query.requestedAddress) {
    case (let server?, let requested?) where ciaddr == .unspecified:
      self = .selecting(server: server, requested: requested)
    case (nil, _) where ciaddr != .unspecified: self = .extending(ciaddr)
    case (nil, let requested?): self = .initReboot(requested: requested)
    default: return nil
    }
  }
}

extension Server {
  func request(_ query: Query, on network: Network, table: inout LeaseTable, now: Timestamp) -> Decision {
    guard let state = RequestState(query) else {
      // A request for another server releases our offer, however odd it is otherwise.
      guard isOurs(query.serverIdentifier, query) else { return chosenAnother(query, table: &table) }
      return .ignored(.malformedRequest)
    }
    let address: IPv4Address
    switch state {
    case .selecting(let server, let requested):
      guard isOurs(server, query) else { return chosenAnother(query, table: &table) }
      address = requested
    case .initReboot(let requested): address = requested
    case .extending(let ciaddr): address = ciaddr
    }
    guard let link = network.link(containing: address) else {
      return refuse(address, .wrongSubnet, query, on: network.first)
    }
    let reservation = reservation(for: query, on: network, table: table, now: now)?.reservation
    let verdict: Verdict
    switch state {
    case .selecting:
      let isRight = isGrantable(address, to: query, reservation: reservation, on: link, table: table, now: now)
      verdict = isRight ? .grant : .refuse(.notGrantable)
    case .initReboot:
      let known = reservation?.address ?? lease(of: query, on: network, table: table)?.address
      verdict = reboot(address, known: known, query, reservation: reservation, on: link, table: table, now: now)
    case .extending:
      verdict = extend(address, query, reservation: reservation, on: link, table: table, now: now)
    }
    switch verdict {
    case .grant:
      return acknowledge(
        address, query, hostname: reservation?.hostname, on: link, of: network, table: &table, now: now)
    case .refuse(let refusal): return refuse(address, refusal, query, on: link)
    case .ignore(let reason): return .ignored(reason)
    }
  }

  private enum Verdict {
    case grant
    case refuse(Refusal)
    case ignore(IgnoreReason)
  }

  private func refuse(_ address: IPv4Address, _ refusal: Refusal, _ query: Query, on link: Link) -> Decision {
    let builder = ReplyBuilder(query: query, link: link, server: configuration, hostname: nil)
    return Decision(reply: builder.refusal(refusal), outcomes: [.refused(address, refusal)])
  }

  private func chosenAnother(_ query: Query, table: inout LeaseTable) -> Decision {
    table.withdrawOffer(to: query.client)
    return .ignored(.notOurServerIdentifier)
  }

  private func reboot(
    _ address: IPv4Address, known: IPv4Address?, _ query: Query, reservation: Reservation?, on link: Link,
    table: LeaseTable, now: Timestamp
  ) -> Verdict {
    guard let known else { return configuration.isAuthoritative ? .refuse(.unknownClient) : .ignore(.unknownClient) }
    guard known == address else { return .refuse(.otherAddress) }
    return isGrantable(address, to: query, reservation: reservation, on: link, table: table, now: now)
      ? .grant : .refuse(.notGrantable)
  }

  private func extend(
    _ address: IPv4Address, _ query: Query, reservation: Reservation?, on link: Link, table: LeaseTable, now: Timestamp
  ) -> Verdict {
    if let reservation { return reservation.address == address ? .grant : .refuse(.otherAddress) }
    guard let row = table.lease(at: address) else {
      return configuration.isAuthoritative ? .refuse(.unknownClient) : .ignore(.unknownClient)
    }
    guard row.isActive(at: now) else {
      return configuration.isAuthoritative ? .refuse(.leaseEnded) : .ignore(.unknownClient)
    }
    guard row.client == query.client else { return .refuse(.otherAddress) }
    return isGrantable(address, to: query, reservation: nil, on: link, table: table, now: now)
      ? .grant : .refuse(.notGrantable)
  }

  func acknowledge(
    _ address: IPv4Address, _ query: Query, hostname: String?, on link: Link, of network: Network,
    table: inout LeaseTable, now: Timestamp
  ) -> Decision {
    let seconds = link.configuration.leaseTimes.granted(asked: query.leaseTime)
    let lease = Lease(
      address: address, client: query.client, hardware: query.message.hardware, state: .bound, start: now,
      expiry: seconds == .max ? .distantFuture : now.advanced(bySeconds: Int64(seconds)),
      hostname: hostname ?? query.hostname, vendorClass: query.vendorClass, relayInformation: query.relay?.bytes)
    var changes = [lease]
    // A client has one address on a link: what it had before, it has given up by taking this one.
    for former in table.leases(of: query.client)
    where former.address != address && former.isActive(at: now) && network.link(containing: former.address) != nil {
      changes.append(former.ended(.released, at: now, until: now))
    }
    for change in changes { table.apply(change) }
    table.withdrawOffer(to: query.client)
    let answer = ReplyBuilder(query: query, link: link, server: configuration, hostname: hostname)
      .acknowledgement(address, seconds: seconds)
    return Decision(reply: answer.reply, changes: changes, outcomes: [.acknowledged(lease, acs: answer.acs)])
  }
}

extension Lease {
  /// The row of a lease that ends at `now`, with the address kept back until `expiry`.
  func ended(_ state: State, at now: Timestamp, until expiry: Timestamp) -> Lease {
    var row = self
    row.state = state
    row.start = now
    row.expiry = expiry
    return row
  }
}
