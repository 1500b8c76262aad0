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
    guard let zone = closest(to: wire.span.bytes)?.found.zone else { return self }
    var next = self
    next.leases = LeaseDirectory(domain: domain, zone: zone, timeToLive: timeToLive)
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

  /// What leases make of a name; nil where they make nothing. Nothing is allocated.
  func leased(_ name: RawSpan) -> LeasedName? {
    guard let leases else { return nil }
    return forward(name, leases) ?? reverse(name, leases)
  }

  /// The records of a name that leases make, whose first label is given too.
  func records(of leased: LeasedName, label: RawSpan) -> [RRset] {
    guard let leases else { return [] }
    switch leased.records {
    case .address(let address): return [RRset(timeToLive: leases.timeToLive, .a(address))]
    case .pointer(let address):
      return leases.holder(of: address).map { [RRset(timeToLive: leases.timeToLive, .ptr($0))] } ?? []
    case .none: return []
    case .holders:
      var set: RRset?
      for candidate in leases.candidates(for: label) where leases.isHolder(candidate, of: label) {
        set?.insert(.a(candidate.address), timeToLive: leases.timeToLive)
        set = set ?? RRset(timeToLive: leases.timeToLive, .a(candidate.address))
      }
      return set.map { [$0] } ?? []
    }
  }

  private func forward(_ name: RawSpan, _ leases: LeaseDirectory) -> LeasedName? {
    let count = Int(name.byte(at: 0))
    let domain = leases.domain.wire
    guard count > 0, 1 + count + domain.count == name.byteCount,
      name.extracting(1 + count..<name.byteCount).isSameName(as: domain.span.bytes)
    else { return nil }
    let label = name.extracting(1..<1 + count)
    if let address = AddressLabel.address(in: label) {
      let isNamedSo = leases.isLeased(address) && leases.label(of: address) == nil
      return isNamedSo ? LeasedName(zone: leases.zone, records: .address(address)) : nil
    }
    return leases.hasHolders(of: label) ? LeasedName(zone: leases.zone, records: .holders) : nil
  }

  private func reverse(_ name: RawSpan, _ leases: LeaseDirectory) -> LeasedName? {
    guard let (prefix, octets) = ReverseName.octets(of: name) else { return nil }
    let address = IPv4Address(rawValue: prefix)
    guard octets == 4 ? leases.isLeased(address) : leases.hasLeases(in: prefix, octets: octets),
      let zone = apexZone(above: name)
    else { return nil }
    return LeasedName(zone: zone, records: octets == 4 ? .pointer(address) : .none)
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

/// A name that exists because of leases.
struct LeasedName {
  enum Records {
    /// The A record of a lease whose holder has no name of its own.
    case address(IPv4Address)
    /// The A records of those who call themselves by the name's first label.
    case holders
    /// The PTR record of a leased address.
    case pointer(IPv4Address)
    /// There are leases below the name (RFC 4592 section 2.2.2).
    case none
  }

  let zone: Int
  let records: Records
}

/// The label of a lease that has no name of its own: `ip-192-0-2-7`.
enum AddressLabel {
  /// The bytes of ``label(of:)`` at most.
  static let maximumLength = 18
  private static let start: [UInt8] = Array("ip-".utf8)

  static func label(of address: IPv4Address) -> [UInt8] {
    var label: [UInt8] = []
    write(address) { label.append($0) }
    return label
  }

  /// Hands over the bytes of the label.
  static func write(_ address: IPv4Address, _ append: (UInt8) -> Void) {
    for byte in start { append(byte) }
    for shift in [24, 16, 8, 0] as [UInt32] {
      let octet = UInt8(truncatingIfNeeded: address.rawValue >> shift)
      if octet >= 100 { append(UInt8(ascii: "0") + octet / 100) }
      if octet >= 10 { append(UInt8(ascii: "0") + octet / 10 % 10) }
      append(UInt8(ascii: "0") + octet % 10)
      if shift > 0 { append(UInt8(ascii: "-")) }
    }
  }

  /// Nil for a label that ``label(of:)`` does not make, whatever the case of its letters.
  static func address(in label: RawSpan) -> IPv4Address? {
    guard label.byteCount > start.count, label.byteCount <= maximumLength,
      label.extracting(0..<start.count).isSameName(as: start.span.bytes)
    else { return nil }
    var address: UInt32 = 0
    var offset = start.count
    for position in 0..<4 {
      guard let (octet, end) = octet(in: label, at: offset) else { return nil }
      address = address << 8 | octet
      offset = end
      guard position < 3 else { break }
      guard offset < label.byteCount, label.byte(at: offset) == UInt8(ascii: "-") else { return nil }
      offset += 1
    }
    return offset == label.byteCount ? IPv4Address(rawValue: address) : nil
  }

  /// A number up to 255 without leading zeros, and where it ends.
  private static func octet(in label: RawSpan, at start: Int) -> (value: UInt32, end: Int)? {
    var value: UInt32 = 0
    var offset = start
    while offset < label.byteCount, case let digit = label.byte(at: offset) &- UInt8(ascii: "0"), digit <= 9 {
      guard offset == start || value > 0 else { return nil }
      value = value * 10 + UInt32(digit)
      guard value <= 255 else { return nil }
      offset += 1
    }
    return offset > start ? (value, offset) : nil
  }
}
