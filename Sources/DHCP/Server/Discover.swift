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
    if configuration.commitsRapidly, query.message.options.contains(.rapidCommit) {
      var decision = acknowledge(
        address, query, hostname: reservation?.hostname, on: link, of: network, table: &table, now: now)
      decision.outcomes.insert(discovered, at: 0)
      return decision
    }
    let expiry = now.advanced(bySeconds: configuration.offerHold)
    let row = table.lease(at: address)
    // A lease that lasts, or a reservation, holds the address by itself.
    let isHeld = row.map { $0.client == query.client && $0.state == .bound && $0.expiry > expiry } ?? false
    if !isHeld, table.pool(of: address) != nil {
      guard table.offer(to: query.client) != nil || table.offerCount < configuration.maximumOffers else {
        return Decision(outcomes: [discovered, .ignored(.tooManyOffers)])
      }
      table.offer(address, to: query.client, until: expiry)
    }
    let seconds = link.configuration.leaseTimes.granted(asked: query.leaseTime)
    let answer = ReplyBuilder(query: query, link: link, server: configuration, hostname: reservation?.hostname)
      .offer(address, seconds: seconds)
    return Decision(reply: answer.reply, outcomes: [discovered, .offered(address)])
  }

  /// Text as it stands where it is printable, else hexadecimal.
  private static func text(_ bytes: ArraySlice<UInt8>) -> String {
    bytes.allSatisfy { (0x20...0x7E).contains($0) } ? String(decoding: bytes, as: UTF8.self) : Hexadecimal.encode(bytes)
  }
}
