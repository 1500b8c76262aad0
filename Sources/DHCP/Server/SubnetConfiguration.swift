package import Net

/// The lease times of a subnet, in seconds. `UInt32.max` is for ever.
package struct LeaseTimes: Hashable, Sendable {
  /// For a client that asks for none.
  package var standard: UInt32
  package var minimum: UInt32
  package var maximum: UInt32
  /// T1 and T2 (RFC 2131 section 4.4.5) as fractions of the lease.
  package var renewalFraction: Double
  package var rebindingFraction: Double
  /// T1 and T2 in seconds instead, for leases that are longer.
  package var renewal: UInt32?
  package var rebinding: UInt32?

  package init(
    standard: UInt32 = 43_200, minimum: UInt32 = 60, maximum: UInt32 = 86_400, renewalFraction: Double = 0.5,
    rebindingFraction: Double = 0.875, renewal: UInt32? = nil, rebinding: UInt32? = nil
  ) {
    self.standard = standard
    self.minimum = minimum
    self.maximum = maximum
    self.renewalFraction = renewalFraction
    self.rebindingFraction = rebindingFraction
    self.renewal = renewal
    self.rebinding = rebinding
  }

  /// What a client gets that asks for `asked` seconds.
  func granted(asked: UInt32?) -> UInt32 {
    max(minimum, min(asked ?? standard, maximum))
  }

  /// T1 and T2 in seconds; nil for a lease for ever or too short for T1 < T2 < lease.
  func timers(of lease: UInt32) -> (renewal: UInt32, rebinding: UInt32)? {
    guard lease != .max else { return nil }
    let parts = (renewal: part(renewalFraction, of: lease), rebinding: part(rebindingFraction, of: lease))
    return ordered(renewal ?? parts.renewal, rebinding ?? parts.rebinding, within: lease)
      ?? ordered(parts.renewal, parts.rebinding, within: lease)
  }

  private func ordered(
    _ renewal: UInt32?, _ rebinding: UInt32?, within lease: UInt32
  ) -> (renewal: UInt32, rebinding: UInt32)? {
    guard let renewal, let rebinding, 0 < renewal, renewal < rebinding, rebinding < lease else { return nil }
    return (renewal, rebinding)
  }

  /// Rounded down; nil for what is no part of it.
  private func part(_ fraction: Double, of lease: UInt32) -> UInt32? {
    guard fraction >= 0, fraction < 1 else { return nil }
    return UInt32(Double(lease) * fraction)
  }
}

/// What clients of one subnet are given.
package struct SubnetConfiguration: Sendable {
  package let subnet: Subnet
  /// Subnets of one name are on one link: a client there may have an address of any of them.
  package var sharedNetwork: String?
  /// Addresses for anyone, within the subnet.
  package var pools: [AddressRange]
  /// Parts of the pools that are not handed out.
  package let excluded: [AddressRange]
  package let reservations: Reservations
  package var leaseTimes: LeaseTimes
  package var routers: [IPv4Address]
  package var domainNameServers: [IPv4Address]
  package var domainName: String?
  package var ntpServers: [IPv4Address]
  /// Further options by code, sent to clients that ask for them or name nothing, before what is set above. Codes that the server speaks
  /// for itself (see ``OptionCode/isServersOwn``) are left out.
  package var extraOptions: OptionList
  /// Of these and of those set above, what goes out also to clients that do not ask for it, as far as it has a value.
  package var forcedOptions: [OptionCode] = []
  /// Nil where none is offered.
  package var bootFile: BootFile?
  /// How its clients are told of the ACS, whatever the ``Advisor`` thinks of them.
  package var dialect: Dialect?
  /// In the order in which they are tried.
  package var classes: [ClassConfiguration]

  package init(
    subnet: Subnet, sharedNetwork: String? = nil, pools: [AddressRange], excluded: [AddressRange] = [],
    reservations: Reservations = Reservations(),
    leaseTimes: LeaseTimes = LeaseTimes(), routers: [IPv4Address] = [], domainNameServers: [IPv4Address] = [],
    domainName: String? = nil, ntpServers: [IPv4Address] = [], extraOptions: OptionList = OptionList(),
    bootFile: BootFile? = nil, dialect: Dialect? = nil, classes: [ClassConfiguration] = []
  ) {
    self.subnet = subnet
    self.sharedNetwork = sharedNetwork
    self.pools = pools
    self.excluded = excluded
    self.reservations = reservations
    self.leaseTimes = leaseTimes
    self.routers = routers
    self.domainNameServers = domainNameServers
    self.domainName = domainName
    self.ntpServers = ntpServers
    self.extraOptions = extraOptions
    self.bootFile = bootFile
    self.dialect = dialect
    self.classes = classes
  }

  /// The pools without what is excluded, reserved, a class's own, a router's or a server's, or no host's address at all.
  package func allocatable(without taken: [IPv4Address]) -> [AddressRange] {
    let single = taken + routers + Array(reservations.addresses)
    let others = (excluded + classes.flatMap(\.pools) + single.compactMap { AddressRange(first: $0, last: $0) })
      .sorted { $0.first < $1.first }
    return pools.flatMap { pool -> [AddressRange] in
      let hosts = subnet.hosts
      let within = AddressRange(first: max(pool.first, hosts.first), last: min(pool.last, hosts.last))
      return within?.subtracting(others) ?? []
    }
  }
}

extension OptionCode {
  /// Options that say what the server decides or echoes; no configuration can set them.
  package var isServersOwn: Bool {
    switch self {
    case .pad, .end, .requestedAddress, .leaseTime, .overload, .messageType, .serverIdentifier, .parameterRequestList,
      .message, .maximumMessageSize, .renewalTime, .rebindingTime, .clientIdentifier, .relayInformation, .rapidCommit,
      .subnetSelection, .clientFQDN:
      true
    default: false
    }
  }
}
