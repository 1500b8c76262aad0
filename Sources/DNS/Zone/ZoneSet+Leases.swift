package import Net

/// What has become of an address, for the names of leases.
package struct LeaseName: Hashable, Sendable {
  package let address: IPv4Address
  /// Whether somebody holds it.
  package let isLeased: Bool
  /// What its holder calls itself.
  package let hostname: String?

  package init(_ address: IPv4Address, isLeased: Bool, hostname: String? = nil) {
    self.address = address
    self.isLeased = isLeased
    self.hostname = hostname
  }
}

// A lease has an A record in the lease domain and a PTR record for its address, in a zone of ours that holds the reverse
// name. Its name is the first label of its host name, where that is a host name (RFC 1123 section 2.1) and not one that
// the configuration has records of; else `ip-192-0-2-7`.
extension ZoneSet {
  /// The same zones, without leases, in which leases are named in `domain`, with records of `timeToLive` seconds; as
  /// before where the domain is in no zone.
  package func namingLeases(in domain: Name, timeToLive: UInt32) -> ZoneSet {
    let wire = domain.wire
    guard let node = closest(to: wire.span.bytes)?.node else { return self }
    var next = self
    next.leases = LeaseDirectory(domain: domain, zone: node.zone, timeToLive: timeToLive)
    return next
  }

  /// The next set of zones: with the leases as they have become, in order, and with a later serial in each zone that has
  /// changed.
  package func updating(_ changes: some Sequence<LeaseName>) -> ZoneSet {
    guard leases != nil else { return self }
    var next = self
    var changed: Set<Int> = []
    var last: (page: UInt32, zone: Int?)?
    for change in changes {
      let label = change.isLeased ? change.hostname.flatMap(leaseLabel) : nil
      guard next.leases?.set(change.address, leased: change.isLeased, label: label) == true else { continue }
      // Reverse zones are cut at whole octets: the addresses of a page are in one.
      let page = change.address.rawValue >> 8
      if last?.page != page { last = (page, reverseZone(of: change.address)) }
      if let zone = last?.zone { changed.insert(zone) }
      if let zone = next.leases?.zone { changed.insert(zone) }
    }
    for zone in changed { next.zones[zone].advanceSerial() }
    return next
  }

  private func reverseZone(of address: IPv4Address) -> Int? {
    var name: Name? = Name(reverse: address)
    while let present = name {
      if let node = table.find(present) { return node.zone }
      name = present.parent
    }
    return nil
  }

  /// The label that a host name gives its lease, in lower case; nil where it is none, or taken.
  private func leaseLabel(_ hostname: String) -> [UInt8]? {
    guard let domain = leases?.domain else { return nil }
    let label = hostname.utf8.prefix { $0 != UInt8(ascii: ".") }.map(lowercased)
    func isLetterOrDigit(_ byte: UInt8) -> Bool {
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
    // `ip-…` is for those that have no name of their own.
    guard let first = label.first, let last = label.last, isLetterOrDigit(first), isLetterOrDigit(last),
      label.allSatisfy({ isLetterOrDigit($0) || $0 == UInt8(ascii: "-") }), !label.starts(with: "ip-".utf8),
      let name = try? Name(label, under: domain)
    else { return nil }
    if let node = table.find(name), node.isApex || !node.records.isEmpty { return nil }
    return label
  }

  // MARK: Looking up

  /// The node that leases make of a name; nil where they make none.
  func leased(_ name: RawSpan) -> Node? {
    guard let leases else { return nil }
    return forward(name, leases) ?? reverse(name, leases)
  }

  private func forward(_ name: RawSpan, _ leases: LeaseDirectory) -> Node? {
    let count = Int(name.byte(at: 0))
    let domain = leases.domain.wire
    guard count > 0, 1 + count + domain.count == name.byteCount,
      name.extracting(1 + count..<name.byteCount).isSameName(as: domain.span.bytes)
    else { return nil }
    let label = (1...count).map { lowercased(name.byte(at: $0)) }
    let addresses: [IPv4Address]
    if let address = AddressLabel.address(in: label) {
      addresses = leases.isLeased(address) && leases.label(of: address) == nil ? [address] : []
    } else {
      addresses = leases.addresses(of: label)
    }
    guard let first = addresses.first, let owner = try? Name(label, under: leases.domain) else { return nil }
    var records = RRset(timeToLive: leases.timeToLive, .a(first))
    for address in addresses.dropFirst() { records.insert(.a(address), timeToLive: leases.timeToLive) }
    return Node(name: owner, zone: leases.zone, records: [records])
  }

  private func reverse(_ name: RawSpan, _ leases: LeaseDirectory) -> Node? {
    guard let (prefix, octets) = ReverseName.octets(of: name) else { return nil }
    let address = IPv4Address(rawValue: prefix)
    guard octets == 4 ? leases.isLeased(address) : leases.hasLeases(in: prefix, octets: octets),
      let zone = apexZone(above: name)
    else { return nil }
    guard octets == 4 else { return Node(name: Name(checked: name), zone: zone) }
    let label = leases.label(of: address) ?? AddressLabel.label(of: address)
    guard let holder = try? Name(label, under: leases.domain) else { return nil }
    return Node(
      name: Name(reverse: address), zone: zone, records: [RRset(timeToLive: leases.timeToLive, .ptr(holder))])
  }

  /// The zone that a name which the configuration does not hold lies in.
  private func apexZone(above name: RawSpan) -> Int? {
    var offset = 0
    while name.byte(at: offset) != 0 {
      offset += 1 + Int(name.byte(at: offset))
      if let node = table.find(name.extracting(offset..<name.byteCount)) { return node.zone }
    }
    return nil
  }
}

/// The label of a lease that has no name of its own: `ip-192-0-2-7`.
enum AddressLabel {
  static func label(of address: IPv4Address) -> [UInt8] {
    Array("ip-\(address)".utf8.map { $0 == UInt8(ascii: ".") ? UInt8(ascii: "-") : $0 })
  }

  /// Nil for a label that ``label(of:)`` does not make.
  static func address(in label: [UInt8]) -> IPv4Address? {
    guard label.starts(with: "ip-".utf8) else { return nil }
    let text = String(
      decoding: label.dropFirst(3).map { $0 == UInt8(ascii: "-") ? UInt8(ascii: ".") : $0 }, as: UTF8.self)
    return IPv4Address(text).flatMap { self.label(of: $0) == label ? $0 : nil }
  }
}
