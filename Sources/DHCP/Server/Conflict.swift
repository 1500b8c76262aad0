package import Net

extension Server {
  /// How long an address is kept back that somebody was found to have: it is asked about again when it comes to be
  /// offered, unlike one that a client has declined.
  private static let retention: Int64 = 3600

  /// Whether a client must wait until it is known that nobody has the address which it is to be offered. An address of
  /// its own, set down for it or held by it, is not asked about.
  func mustWait(
    for address: IPv4Address, _ query: Query, on link: Link, isHolder: Bool, table: inout LeaseTable, now: Timestamp
  ) -> Wait {
    guard configuration.detectsConflicts, let pool = table.pool(of: address) else { return .none }
    table.probes.noteUse(of: pool, at: now)
    if isHolder, !table.probes.isAsked(address) { return .none }
    switch table.probes.standing(of: address, from: query.isRelayed ? nil : link.source, at: now) {
    case .free:
      table.probes.forget(address)
      return .none
    case .waiting: return .waits
    case .unknown: return .skipped
    }
  }

  enum Wait {
    case none
    case waits
    /// There was no room for one more question.
    case skipped
  }

  /// Somebody has an address that was asked about, so nobody is offered it: it is kept back like one that was declined.
  /// Nil where that is its lawful holder, or `hardware` the client that waits for it.
  package func conflict(
    at address: IPv4Address, by hardware: MACAddress?, waiting client: MACAddress?, table: inout LeaseTable,
    now: Timestamp
  ) -> Decision? {
    table.advance(to: now)
    if hardware != nil, hardware == client {
      table.probes.isSilent(address, at: now)
      return nil
    }
    table.probes.forget(address)
    if let row = table.lease(at: address), row.isActive(at: now) { return nil }
    table.withdrawOffer(of: address)
    let change = Lease(
      address: address, client: .hardware(type: 1, address: hardware?.octets ?? []), hardware: hardware,
      state: .declined, start: now,
      expiry: now.advanced(bySeconds: min(configuration.quarantine, Self.retention)))
    table.apply(change)
    return Decision(changes: [change], outcomes: [.foundInUse(address, hardware)])
  }

  /// Asks about the addresses whose turn is next in each pool.
  package func askAhead(table: inout LeaseTable, now: Timestamp) {
    guard configuration.detectsConflicts else { return }
    for (pool, source) in configuration.poolSources.enumerated() {
      guard source != nil || table.probes.isActive(pool, at: now) else { continue }
      for address in table.nextFree(AddressProbes.stock, in: pool) {
        table.probes.askAhead(address, from: source, at: now)
      }
    }
  }
}
