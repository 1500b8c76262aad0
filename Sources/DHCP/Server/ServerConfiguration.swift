package import Net

/// Whom the server answers.
package enum Audience: Hashable, Sendable {
  case everyone
  /// Beside another DHCP server on the same network: clients with a reservation or a lease of ours, clients of the
  /// inventory, and those that a rule or what they show of themselves tells to be CPEs. Everyone else is the other
  /// server's, and hears nothing from this one.
  case known(inventory: Set<MACAddress>)
}

/// All that the server goes by, apart from leases.
package struct ServerConfiguration: Sendable {
  /// The place of a subnet here is the number of its pool in the ``LeaseTable``; the pools of classes come behind.
  package let subnets: [SubnetConfiguration]
  /// By subnet, the number of the pool of each of its classes that has one.
  let classPools: [[Int?]]
  /// By pool, the server's own address on its link; nil for one behind a relay.
  let poolSources: [IPv4Address?]
  /// Every address of this machine that clients may know as the server's; none of them is handed out.
  package let serverAddresses: [IPv4Address]
  package var advisor: Advisor
  package var audience: Audience
  /// Whether no other server may know what this one does not: then unknown clients are told to start over at once. Nil
  /// for what follows from the audience.
  package var authority: Bool?
  /// Beside another server nothing is refused that this one has not given, unless it is told to.
  package var isAuthoritative: Bool {
    get { authority ?? (audience == .everyone) }
    set { authority = newValue }
  }
  /// Names that no client takes by calling itself so.
  package var keptNames = KeptNames()
  /// Whether a DHCPDISCOVER that asks for it is answered with a DHCPACK at once (RFC 4039). Only where no other server
  /// is: each that answers so binds an address.
  package var commitsRapidly: Bool
  /// Whether a client may choose its subnet by option 118 (RFC 3011).
  package var honorsSubnetSelection = false
  /// A DHCPDISCOVER is answered once its client has tried for so many seconds (`secs`): a server that stands in for
  /// another one lets that answer first.
  package var offersAfter: UInt16
  /// How long an offered address is held, in seconds.
  package var offerHold: Int64
  /// How many offers may be open at one time.
  package var maximumOffers: Int
  /// Of them, on one link or through one relay: as many as routers that a power cut switches on at once.
  package var maximumOffersPerLink: Int
  /// Of them, at one port of a relay.
  package var maximumOffersPerCircuit: Int
  /// Whether an address is asked about before it is offered anew.
  package var detectsConflicts: Bool
  /// How long an address that a client found in use is kept back, in seconds.
  package var quarantine: Int64
  /// The longest IP packet that leaves, in bytes.
  package var maximumPacket: Int

  package init(
    subnets: [SubnetConfiguration], serverAddresses: [IPv4Address], advisor: Advisor = .silent,
    audience: Audience = .everyone, authority: Bool? = nil, commitsRapidly: Bool = false, offersAfter: UInt16 = 0,
    offerHold: Int64 = 60,
    maximumOffers: Int = 65_536, maximumOffersPerLink: Int = 16_384, maximumOffersPerCircuit: Int = 32,
    detectsConflicts: Bool = false, quarantine: Int64 = 86_400,
    maximumPacket: Int = 1500
  ) {
    self.subnets = subnets
    var next = subnets.count
    classPools = subnets.map { subnet in
      subnet.classes.map { ofClass in
        guard !ofClass.pools.isEmpty else { return nil }
        defer { next += 1 }
        return next
      }
    }
    self.serverAddresses = serverAddresses
    poolSources = Self.pools(of: subnets).map { Self.ownAddress(on: $0, of: subnets, among: serverAddresses) }
    self.advisor = advisor
    self.audience = audience
    self.authority = authority
    self.commitsRapidly = commitsRapidly
    self.offersAfter = offersAfter
    self.offerHold = offerHold
    self.maximumOffers = maximumOffers
    self.maximumOffersPerLink = maximumOffersPerLink
    self.maximumOffersPerCircuit = maximumOffersPerCircuit
    self.detectsConflicts = detectsConflicts
    self.quarantine = quarantine
    self.maximumPacket = maximumPacket
    for reservation in subnets.lazy.flatMap(\.reservations.all) {
      if let name = reservation.hostname { keptNames.keep(name, for: .reservation(reservation.client)) }
    }
  }

  /// A table of what this configuration may hand out, with what is on record.
  package func table(leases: some Sequence<Lease>, now: Timestamp) -> LeaseTable {
    LeaseTable(
      pools: Self.pools(of: subnets).map { $0.allocatable(without: serverAddresses) }, leases: leases, now: now)
  }

  /// Makes a table of an earlier configuration one of this.
  package func take(over table: inout LeaseTable, now: Timestamp) {
    table.replacePools(Self.pools(of: subnets).map { $0.allocatable(without: serverAddresses) }, now: now)
  }

  /// What each pool of the table is of.
  private static func pools(of subnets: [SubnetConfiguration]) -> [SubnetConfiguration] {
    subnets + subnets.flatMap { $0.classes.filter { !$0.pools.isEmpty }.map(\.configuration) }
  }

  private static func ownAddress(
    on subnet: SubnetConfiguration, of subnets: [SubnetConfiguration], among serverAddresses: [IPv4Address]
  ) -> IPv4Address? {
    serverAddresses.first(where: subnet.subnet.contains)
      ?? subnet.sharedNetwork.flatMap { name in
        let others = subnets.filter { $0.sharedNetwork == name }
        return serverAddresses.first { own in others.contains { $0.subnet.contains(own) } }
      }
  }

  func subnetIndex(containing address: IPv4Address) -> Int? {
    subnets.firstIndex { $0.subnet.contains(address) }
  }
}
