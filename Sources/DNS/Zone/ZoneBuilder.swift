package import Net

/// Why a zone or a record cannot be served.
package enum ZoneError: Error, Hashable, Sendable, CustomStringConvertible {
  case zoneTwice(Name)
  case outsideZones(Name)
  /// A CNAME record must be the only record of its name (RFC 1034 section 3.6.2).
  case aliasBesideOthers(Name)
  /// A type that is not for zones, or that we do not serve as it should be (DNAME); or a class other than IN.
  case type(RecordType, Name)
  /// The SOA belongs to the zone, not to the records.
  case soa(Name)
  /// Data longer than 65,535 bytes, a text without strings, or one with a string longer than 255 bytes.
  case data(RecordType, Name)

  package var description: String {
    switch self {
    case .zoneTwice(let name): "the zone \(name) is there twice"
    case .outsideZones(let name): "\(name) is in none of the zones"
    case .aliasBesideOthers(let name): "\(name) has a CNAME record, and may have no other record beside it"
    case .type(let type, let name): "\(name) has a record of type \(type), which is not served"
    case .soa(let name): "\(name) has an SOA record of its own; each zone makes its SOA itself"
    case .data(let type, let name): "the \(type) data of \(name) are empty or too long"
    }
  }
}

/// Collects what the configuration wants served, and makes the first ``ZoneSet`` of it.
package struct ZoneBuilder: Sendable {
  private var zones: [(apex: Name, soa: StartOfAuthority, timeToLive: UInt32)] = []
  private var records: [ResourceRecord] = []
  private var applianceNames: [Name] = []
  private let appliance: ApplianceAddresses
  private let serial: SerialNumber

  /// `serial` is what all zones begin with; it should be later than any that was served before.
  package init(serial: SerialNumber, appliance: ApplianceAddresses = ApplianceAddresses()) {
    self.serial = serial
    self.appliance = appliance
  }

  /// Adds a zone, and its NS record. `timeToLive` (seconds) is that of the SOA and NS records, `negativeTimeToLive` how
  /// long "there is no such name" may be kept. The contact is `hostmaster` in the zone unless given.
  package mutating func addZone(
    _ apex: Name, nameServer: Name, contact: Name? = nil, timeToLive: UInt32 = 3600, negativeTimeToLive: UInt32 = 60
  ) throws(ZoneError) {
    guard !zones.contains(where: { $0.apex == apex }) else { throw .zoneTwice(apex) }
    let soa = StartOfAuthority(
      primary: nameServer, contact: contact ?? (try? Name("hostmaster".utf8, under: apex)) ?? apex, serial: serial,
      minimum: negativeTimeToLive)
    zones.append((apex, soa, timeToLive))
    records.append(ResourceRecord(apex, timeToLive: timeToLive, .ns(nameServer)))
  }

  /// Adds a zone as its file has it, with the serial that the file says.
  package mutating func addZone(_ file: MasterFile) throws(ZoneError) {
    guard !zones.contains(where: { $0.apex == file.apex }) else { throw .zoneTwice(file.apex) }
    zones.append((file.apex, file.soa, file.timeToLive))
    for record in file.records { try add(record) }
  }

  /// Adds the reverse zones that hold the addresses of a subnet (``Name/reverseZones(of:)``), but for those there
  /// already.
  package mutating func addReverseZones(
    of subnet: Subnet, nameServer: Name, timeToLive: UInt32 = 3600, negativeTimeToLive: UInt32 = 60
  ) throws(ZoneError) {
    for apex in Name.reverseZones(of: subnet) where !zones.contains(where: { $0.apex == apex }) {
      try addZone(
        apex, nameServer: nameServer, timeToLive: timeToLive, negativeTimeToLive: negativeTimeToLive)
    }
  }

  /// Adds a record of a name in one of the zones; which one, ``build()`` finds.
  package mutating func add(_ record: ResourceRecord) throws(ZoneError) {
    guard record.type != .soa else { throw .soa(record.name) }
    guard record.type.isData, record.type != .dname, record.recordClass == .internet else {
      throw .type(record.type, record.name)
    }
    switch record.data {
    case .txt(let strings):
      guard !strings.isEmpty, strings.allSatisfy({ $0.count <= 255 }), strings.count <= 255 else {
        throw .data(record.type, record.name)
      }
    case .opaque(_, let bytes):
      guard bytes.count <= 65_535 else { throw .data(record.type, record.name) }
    case .a, .ns, .cname, .soa, .ptr, .mx, .aaaa, .srv:
      break
    }
    records.append(record)
  }

  /// Adds a name of the appliance, in one of the zones: its A record says the address that is right for who asks.
  package mutating func addAppliance(_ name: Name, timeToLive: UInt32) throws(ZoneError) {
    try add(ResourceRecord(name, timeToLive: timeToLive, .a(appliance.address(for: .unspecified))))
    applianceNames.append(name)
  }

  package func build() throws(ZoneError) -> ZoneSet {
    var set = ZoneSet()
    set.appliance = appliance
    // A zone above another comes first, so that the names between the two exist in it.
    for zone in zones.sorted(by: { $0.apex.labels.count < $1.apex.labels.count }) {
      set.table.put(Node(name: zone.apex, zone: set.zones.count, isApex: true))
      set.zones.append(Zone(apex: zone.apex, soa: zone.soa, timeToLive: zone.timeToLive))
      set.linkToParent(zone.apex)
    }
    for record in records { try set.insertConfigured(record) }
    for name in applianceNames {
      if let node = set.table.find(name) { set.table.put(node.asAppliance()) }
    }
    return set
  }
}

extension ZoneSet {
  fileprivate mutating func insertConfigured(_ record: ResourceRecord) throws(ZoneError) {
    let wire = record.name.wire
    guard let (found, isExact) = closest(to: wire.span.bytes), case .configured(let node) = found else {
      throw .outsideZones(record.name)
    }
    var records = isExact ? node.records : []
    if let index = records.firstIndex(where: { $0.type == record.type }) {
      guard record.type != .cname || records[index].data == [record.data] else {
        throw .aliasBesideOthers(record.name)
      }
      records[index].insert(record.data, timeToLive: record.timeToLive)
    } else {
      let hasAlias = records.contains { $0.type == .cname }
      guard !hasAlias, record.type != .cname || records.isEmpty else { throw .aliasBesideOthers(record.name) }
      records.append(RRset(timeToLive: record.timeToLive, record.data))
    }
    put(records, at: record.name, zone: node.zone)
    if record.type == .ns, !(isExact && node.isApex) { zones[node.zone].hasDelegations = true }
  }
}
