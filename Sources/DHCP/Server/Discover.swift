import Net

extension Server {
  /// RFC 2131 section 4.3.1, and RFC 4039 section 3.1 for clients that skip the offer.
  func discover(_ query: Query, on network: Network, table: inout LeaseTable, now: Timestamp) -> Decision {
    let discovered = Outcome.discovered(
      vendorClass: query.vendorClass, hostname: query.hostname,
      relay: query.relay?.circuitID.map(Self.text))
    guard query.message.secs >= configuration.offersAfter else {
      return Decision(outcomes: [discovered, .ignored(.tooEarly)])
    }
    let reserved = reservation(for: query, on: network, table: table, now: now)
    let reservation = reserved?.reservation
    guard
      let (address, link) = addressToOffer(query, reserved: reserved, on: network, table: table, now: now)
    else {
      return Decision(outcomes: [discovered, .ignored(.poolExhausted)])
    }
    let expiry = now.advanced(bySeconds: configuration.offerHold)
    let row = table.lease(at: address)
    let isHolder = row.map { $0.client == query.client && $0.isActive(at: now) } ?? false
    let isOffered = table.offer(to: query.client) == address
    // A lease that lasts, or a reservation, holds the address by itself.
    if !(isHolder && row.map { $0.expiry > expiry } ?? false), table.pool(of: address) != nil {
      let source = source(of: query, on: link)
      // A client that is known is not held up by a crowd of strangers.
      if table.offer(to: query.client) == nil, row?.client != query.client,
        let reason = objection(toOfferAt: source, table: table)
      {
        return Decision(outcomes: [discovered, .ignored(reason)])
      }
      table.offer(address, to: query.client, until: expiry, at: source)
    }
    var outcomes = [discovered]
    switch mustWait(for: address, query, on: link, isHolder: isHolder || isOffered, table: &table, now: now) {
    case .none: break
    case .waits: return Decision(outcomes: [.awaiting(address)])
    case .skipped: outcomes.append(.unasked(address))
    }
    if configuration.commitsRapidly, query.message.options.contains(.rapidCommit) {
      var decision = acknowledge(
        address, query, reservation: reservation, on: link, of: network, table: &table, now: now)
      decision.outcomes.insert(contentsOf: outcomes, at: 0)
      return decision
    }
    let seconds = link.configuration.leaseTimes.granted(asked: query.leaseTime)
    let naming = query.fqdn == nil ? .none : naming(query, reservation, table: table, now: now)
    let answer = ReplyBuilder(
      query: query, link: link, server: configuration, reservation: reservation, naming: naming
    ).offer(address, seconds: seconds)
    return Decision(reply: answer.reply, outcomes: outcomes + [.offered(address)])
  }

  private func source(of query: Query, on link: Link) -> OfferSource {
    guard query.isRelayed else { return .link(link.index) }
    let relay = query.message.giaddr
    return query.relay?.circuitID.map { .circuit(relay, Array($0)) } ?? .relay(relay)
  }

  private func objection(toOfferAt source: OfferSource, table: LeaseTable) -> IgnoreReason? {
    if table.offerCount >= configuration.maximumOffers { return .tooManyOffers }
    switch source {
    case .link, .relay:
      return table.offerCount(at: source) >= configuration.maximumOffersPerLink ? .tooManyOffersOnLink : nil
    case .circuit:
      return table.offerCount(at: source) >= configuration.maximumOffersPerCircuit ? .tooManyOffersAtPort : nil
    }
  }

  /// Text as it stands where it is printable, else hexadecimal.
  static func text(_ bytes: ArraySlice<UInt8>) -> String {
    bytes.allSatisfy { (0x20...0x7E).contains($0) } ? String(decoding: bytes, as: UTF8.self) : Hexadecimal.encode(bytes)
  }
}
