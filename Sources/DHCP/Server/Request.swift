import Net

/// The state that a client is in when it sends a DHCPREQUEST, told by options 54 and 50 and `ciaddr` (RFC 2131 section
/// 4.3.2 and table 4).
enum RequestState: Hashable {
  case selecting(server: IPv4Address, requested: IPv4Address)
  case initReboot(requested: IPv4Address)
  /// RENEWING where the message was sent to the server, REBINDING where it was broadcast: both are decided alike.
  case extending(IPv4Address)

  /// Nil for what fits none of the states. Options 54 and 50 make it SELECTING whatever `ciaddr` says, which some
  /// clients fill in that have lost their lease; a client that fills in `ciaddr` and one of the two is extending its
  /// lease. Where an option could not be used, the address that is on offer is the one that is meant.
  init?(_ query: Query, offered: IPv4Address?) {
    let ciaddr = query.message.ciaddr
    switch (query.serverIdentifier, query.requestedAddress) {
    case (let server?, let requested?): self = .selecting(server: server, requested: requested)
    case (_, _) where ciaddr != .unspecified: self = .extending(ciaddr)
    case (nil, let requested?): self = .initReboot(requested: requested)
    case (let server?, nil):
      guard let offered, !query.defects.isEmpty else { return nil }
      self = .selecting(server: server, requested: offered)
    case (nil, nil): return nil
    }
  }
}

extension Server {
  func request(_ query: Query, on network: Network, table: inout LeaseTable, now: Timestamp) -> Decision {
    // A request for another server releases our offer, however odd it is otherwise.
    guard isOurs(query.serverIdentifier, query) else { return chosenAnother(query, table: &table) }
    guard let state = RequestState(query, offered: table.offer(to: query.client)) else {
      return .ignored(.malformedRequest)
    }
    let address =
      switch state {
      case .selecting(_, let requested), .initReboot(let requested): requested
      case .extending(let ciaddr): ciaddr
      }
    let isChosen = if case .selecting = state { true } else { false }
    guard let link = network.link(containing: address) else {
      let verdict = isChosen ? .refuse(.wrongSubnet) : objection(.wrongSubnet, to: address, table: table, now: now)
      return act(on: verdict, address, query, nil, on: network.first, of: network, table: &table, now: now)
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
    return act(on: verdict, address, query, reservation, on: link, of: network, table: &table, now: now)
  }

  private func act(
    on verdict: Verdict, _ address: IPv4Address, _ query: Query, _ reservation: Reservation?, on link: Link,
    of network: Network, table: inout LeaseTable, now: Timestamp
  ) -> Decision {
    switch verdict {
    case .grant:
      return acknowledge(address, query, reservation: reservation, on: link, of: network, table: &table, now: now)
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
    let builder = ReplyBuilder(query: query, link: link, server: configuration, reservation: nil, naming: .none)
    return Decision(reply: builder.refusal(refusal), outcomes: [.refused(address, refusal)])
  }

  private func chosenAnother(_ query: Query, table: inout LeaseTable) -> Decision {
    table.withdrawOffer(to: query.client)
    return .ignored(.notOurServerIdentifier)
  }

  /// What a client is told that has not chosen this server, or not now. Beside another server, that one may have given
  /// it the address: nothing is refused then but what is on lease from this one.
  private func objection(
    _ refusal: Refusal, to address: IPv4Address, table: LeaseTable, now: Timestamp
  ) -> Verdict {
    let isOfUs = configuration.isAuthoritative || table.lease(at: address)?.isActive(at: now) == true
    return isOfUs ? .refuse(refusal) : .ignore(.unknownClient)
  }

  private func reboot(
    _ address: IPv4Address, known: IPv4Address?, _ query: Query, reservation: Reservation?, on link: Link,
    table: LeaseTable, now: Timestamp
  ) -> Verdict {
    // A client that leaves out whom it chose has chosen us where it wants what we offered.
    if table.offer(to: query.client) != address {
      guard let known else { return objection(.unknownClient, to: address, table: table, now: now) }
      guard known == address else { return objection(.otherAddress, to: address, table: table, now: now) }
    }
    return isGrantable(address, to: query, reservation: reservation, on: link, table: table, now: now)
      ? .grant : objection(.notGrantable, to: address, table: table, now: now)
  }

  private func extend(
    _ address: IPv4Address, _ query: Query, reservation: Reservation?, on link: Link, table: LeaseTable, now: Timestamp
  ) -> Verdict {
    if let reservation {
      return reservation.address == address
        ? .grant : objection(.otherAddress, to: address, table: table, now: now)
    }
    guard let row = table.lease(at: address) else {
      return objection(.unknownClient, to: address, table: table, now: now)
    }
    guard row.isActive(at: now) else { return objection(.leaseEnded, to: address, table: table, now: now) }
    guard row.client == query.client else { return .refuse(.otherAddress) }
    return isGrantable(address, to: query, reservation: nil, on: link, table: table, now: now)
      ? .grant : .refuse(.notGrantable)
  }

  func acknowledge(
    _ address: IPv4Address, _ query: Query, reservation: Reservation?, on link: Link, of network: Network,
    table: inout LeaseTable, now: Timestamp
  ) -> Decision {
    let seconds = link.configuration.leaseTimes.granted(asked: query.leaseTime)
    let naming = naming(query, reservation, table: table, now: now)
    let lease = Lease(
      address: address, client: query.client, hardware: query.message.hardware, state: .bound, start: now,
      expiry: seconds == .max ? .distantFuture : now.advanced(bySeconds: Int64(seconds)),
      hostname: naming.name, vendorClass: query.vendorClass, relayInformation: query.relay?.bytes)
    var changes = [lease]
    // A client has one address on a link: what it had before, it has given up by taking this one.
    for former in table.leases(of: query.client)
    where former.address != address && former.isActive(at: now) && network.link(containing: former.address) != nil {
      changes.append(former.ended(.released, at: now, until: now))
    }
    changes += unnamed(by: lease, table: table, now: now)
    for change in changes { table.apply(change) }
    table.withdrawOffer(to: query.client)
    let answer = ReplyBuilder(
      query: query, link: link, server: configuration, reservation: reservation, naming: naming
    ).acknowledgement(address, seconds: seconds)
    let acknowledged = Outcome.acknowledged(lease, acs: answer.acs)
    var outcomes = answer.withheld.map { [acknowledged, $0] } ?? [acknowledged]
    if case .refused(let name, let holder) = naming { outcomes.append(.nameRefused(name, holder)) }
    return Decision(reply: answer.reply, changes: changes, outcomes: outcomes)
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
