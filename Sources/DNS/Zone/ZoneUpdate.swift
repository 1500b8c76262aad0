/// A set of zones that follows another, and what could not go into it.
package struct ZoneUpdate: Sendable {
  package let zones: ZoneSet
  package let refusals: [ZoneRefusal]
}

/// A record that leases may not bring into our zones, and why.
package struct ZoneRefusal: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Reason: String, Hashable, Sendable {
    case outsideZones
    /// The configuration has records there.
    case configuredName
    /// The name is delegated to another server.
    case delegated
    /// Leases bring A, AAAA, PTR and TXT records in class IN, and no wildcards.
    case kind
    /// The name has ``ZoneSet/maximumLeaseRecords`` of the type already.
    case tooManyRecords
  }

  package let record: ResourceRecord
  package let reason: Reason

  package var counter: String { "dns.zone.refused.\(reason.rawValue)" }

  package var description: String {
    let why =
      switch reason {
      case .outsideZones: "it is outside our zones"
      case .configuredName: "the configuration has records of that name"
      case .delegated: "the name is delegated to another server"
      case .kind: "a lease may not bring a record of that kind"
      case .tooManyRecords: "\(ZoneSet.maximumLeaseRecords) leases have that name already"
      }
    return "\(record.type) of \(record.name) is left out: \(why)"
  }
}

extension ZoneSet {
  /// How many leases may share one name.
  package static let maximumLeaseRecords = 16

  /// The next set of zones: without the removed records, with the added ones, and with a later serial in each zone that
  /// has changed. What is there already, or gone already, changes nothing. Removal heeds name and data, not the TTL.
  package func updating(
    adding added: some Sequence<ResourceRecord>, removing removed: some Sequence<ResourceRecord>
  ) -> ZoneUpdate {
    var next = self
    var changed: Set<Int> = []
    var refusals: [ZoneRefusal] = []
    for record in removed {
      if let zone = next.remove(record) { changed.insert(zone) }
    }
    for record in added {
      do throws(ZoneRefusal) {
        if let zone = try next.insert(record) { changed.insert(zone) }
      } catch {
        refusals.append(error)
      }
    }
    for zone in changed { next.zones[zone].advanceSerial() }
    return ZoneUpdate(zones: next, refusals: refusals)
  }

  /// Adds a lease's record; answers with the zone that it changed.
  private mutating func insert(_ record: ResourceRecord) throws(ZoneRefusal) -> Int? {
    func refuse(_ reason: ZoneRefusal.Reason) -> ZoneRefusal { ZoneRefusal(record: record, reason: reason) }
    guard [.a, .aaaa, .ptr, .txt].contains(record.type), record.recordClass == .internet, !record.name.isWildcard
    else { throw refuse(.kind) }
    let wire = record.name.wire
    guard let (node, isExact) = closest(to: wire.span.bytes) else { throw refuse(.outsideZones) }
    guard delegation(above: wire.span.bytes, in: node.zone) == nil else { throw refuse(.delegated) }
    guard isExact else {
      put([RRset(timeToLive: record.timeToLive, record.data)], at: record.name, zone: node.zone, origin: .leases)
      return node.zone
    }
    guard !node.isApex, node.origin == .leases || node.records.isEmpty else { throw refuse(.configuredName) }
    var records = node.records
    if let index = records.firstIndex(where: { $0.type == record.type }) {
      guard !records[index].data.contains(record.data) else { return nil }
      guard records[index].data.count < Self.maximumLeaseRecords else { throw refuse(.tooManyRecords) }
      records[index].insert(record.data, timeToLive: record.timeToLive)
    } else {
      records.append(RRset(timeToLive: record.timeToLive, record.data))
    }
    put(records, at: record.name, zone: node.zone, origin: .leases)
    return node.zone
  }

  /// Takes a lease's record away, if it is there; answers with the zone that it changed.
  private mutating func remove(_ record: ResourceRecord) -> Int? {
    guard let node = table.find(record.name), node.origin == .leases,
      let index = node.records.firstIndex(where: { $0.type == record.type }),
      node.records[index].data.contains(record.data)
    else { return nil }
    var records = node.records
    records[index].remove(record.data)
    if records[index].data.isEmpty { records.remove(at: index) }
    table.put(node.with(records: records, origin: .leases))
    removeIfVacant(record.name)
    return node.zone
  }
}
