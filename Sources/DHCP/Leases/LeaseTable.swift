package import Net

/// All leases in memory, as they are on record, and the offers, which are not. One thread owns it.
///
/// A batch of messages is decided over the table plus the batch's own changes: ``begin()``, decide each, then write the
/// changes down and ``commit()``, or ``rollback()`` where that failed, which leaves the table as it was.
package struct LeaseTable: Sendable {
  private var rows: LeaseRows
  private var offers: [ClientKey: Offer] = [:]
  private var offeredTo: [IPv4Address: ClientKey] = [:]
  private var offersBySource: [OfferSource: Int] = [:]
  private var pools: AddressPools
  /// What was asked of the network; unlike offers it outlives a batch that fails.
  package var probes = AddressProbes()
  /// The latest moment that was seen: what is held until then is free.
  private var now: Timestamp
  /// How to undo what the batch has done, oldest first; nil outside a batch.
  private var journal: [Undo]?

  private enum Undo {
    case lease(IPv4Address, Lease?)
    case offer(ClientKey, Offer?)
  }

  /// The addresses that may be handed out, per pool, in the pools' own numbering; what is on record; and the moment.
  package init(pools: [[AddressRange]], leases: some Sequence<Lease> = [], now: Timestamp) {
    self.pools = AddressPools(pools)
    self.now = now
    rows = LeaseRows(minimumCount: leases.underestimatedCount)
    for lease in leases { set(lease.address, lease) }
  }

  /// Hands out the addresses of other pools from now on. Leases stay, and so does each offer whose address is in one of
  /// them: who has been offered an address may still request it.
  package mutating func replacePools(_ pools: [[AddressRange]], now: Timestamp) {
    self.now = max(self.now, now)
    self.pools = AddressPools(pools)
    for lease in rows.all where lease.state != .released { settle(lease.address) }
    for (client, offer) in offers {
      if self.pools.pool(of: offer.address) == nil { setOffer(client, nil) } else { settle(offer.address) }
    }
  }

  // MARK: Batches

  /// Begins a batch. One that was not ended is committed.
  package mutating func begin() {
    journal = []
  }

  /// The changes of the batch are on record.
  package mutating func commit() {
    journal = nil
  }

  /// The changes of the batch could not be recorded: none of them happened, neither the offers that it made.
  package mutating func rollback() {
    let undone = journal ?? []
    journal = nil
    for undo in undone.reversed() {
      switch undo {
      case .lease(let address, let lease): set(address, lease)
      case .offer(let client, let offer): setOffer(client, offer.flatMap { $0.expiry > now ? $0 : nil })
      }
    }
  }

  // MARK: Changes

  /// Takes over a row that is on record, or will be when the batch is committed.
  package mutating func apply(_ lease: Lease) {
    journal?.append(.lease(lease.address, rows[lease.address]))
    set(lease.address, lease)
  }

  /// Frees what is held until `moment` or less and forgets expired offers. A moment before the last one does nothing.
  package mutating func advance(to moment: Timestamp) {
    now = max(now, moment)
    while let address = pools.freeExpired(at: now) {
      if let client = offeredTo[address] { setOffer(client, nil) }
    }
  }

  /// Holds an address of a pool for a client instead of what was offered to it before.
  mutating func offer(
    _ address: IPv4Address, to client: ClientKey, until expiry: Timestamp, at source: OfferSource
  ) {
    journal?.append(.offer(client, offers[client]))
    setOffer(client, Offer(address: address, expiry: expiry, source: source))
  }

  mutating func withdrawOffer(of address: IPv4Address) {
    if let client = offeredTo[address] { withdrawOffer(to: client) }
  }

  mutating func withdrawOffer(to client: ClientKey) {
    guard let offer = offers[client] else { return }
    journal?.append(.offer(client, offer))
    setOffer(client, nil)
  }

  // MARK: Questions

  /// The number of rows, ended leases and quarantined addresses among them.
  package var count: Int { rows.count }

  package var offerCount: Int { offers.count }

  func offerCount(at source: OfferSource) -> Int { offersBySource[source] ?? 0 }

  /// Every row, in no order.
  package var leases: some Collection<Lease> { rows.all }

  package func lease(at address: IPv4Address) -> Lease? {
    rows[address]
  }

  /// What a client has or had, the latest sixteen, in no order; quarantined addresses are not among them.
  package func leases(of client: ClientKey) -> [Lease] {
    rows.rows(of: LeaseRow.Key(client)).map(\.lease)
  }

  /// The client's lease in a subnet: an active one before one that has ended, then the latest.
  func lease(of client: ClientKey, in subnet: Subnet) -> Lease? {
    rows.row(of: LeaseRow.Key(client), in: subnet, at: now)?.lease
  }

  /// The leases that last and have a name, of clients other than this one and with other hardware.
  func holders(of name: String, except client: ClientKey, _ hardware: MACAddress?, at now: Timestamp) -> [Lease] {
    rows.holders(of: name, except: LeaseRow.Key(client), hardware, at: now)
  }

  /// The address on offer to a client.
  package func offer(to client: ClientKey) -> IPv4Address? {
    offers[client]?.address
  }

  /// Whether an address belongs to a pool and nobody holds it.
  package func isFree(_ address: IPv4Address) -> Bool {
    pools.isFree(address)
  }

  package func pool(of address: IPv4Address) -> Int? {
    pools.pool(of: address)
  }

  package func freeCount(in pool: Int) -> Int {
    pools.freeCount(in: pool)
  }

  func firstFree(in pool: Int) -> IPv4Address? {
    pools.firstFree(in: pool)
  }

  /// The free addresses of a pool whose turn is next, `count` at most.
  func nextFree(_ count: Int, in pool: Int) -> [IPv4Address] {
    pools.nextFree(count, in: pool)
  }

  // MARK: The one place where each thing changes

  private struct Offer {
    let address: IPv4Address
    let expiry: Timestamp
    let source: OfferSource
  }

  private mutating func set(_ address: IPv4Address, _ lease: Lease?) {
    rows.set(address, lease)
    settle(address)
  }

  private mutating func setOffer(_ client: ClientKey, _ offer: Offer?) {
    let old = offers[client]
    offers[client] = offer
    if let old { count(-1, at: old.source) }
    if let offer { count(1, at: offer.source) }
    if let old {
      offeredTo[old.address] = nil
      if old.address != offer?.address { settle(old.address) }
    }
    if let offer {
      offeredTo[offer.address] = client
      settle(offer.address)
    }
  }

  private mutating func count(_ change: Int, at source: OfferSource) {
    let count = offerCount(at: source) + change
    offersBySource[source] = count > 0 ? count : nil
  }

  /// Holds the address for as long as its lease, quarantine or offer wants.
  private mutating func settle(_ address: IPv4Address) {
    var until = now
    if let row = rows.row(at: address), row.state != .released { until = max(until, row.expiry) }
    if let client = offeredTo[address], let offer = offers[client] { until = max(until, offer.expiry) }
    if until > now { pools.hold(address, until: until) } else { pools.free(address) }
  }
}
