package import Net

/// All that we answer from, at one moment: never changed, only followed by the next. ``ZoneBuilder`` makes the first
/// from the configuration; ``updating(_:)`` the next ones, as leases come and go.
package struct ZoneSet: Sendable {
  package internal(set) var zones: [Zone] = []
  /// The names of the configuration.
  var table = NameTable()
  /// The names of leases; nil where leases have none.
  var leases: LeaseDirectory?
  /// What the appliance's names are answered with.
  var appliance = ApplianceAddresses()

  /// No zones: every question is refused.
  package init() {}

  /// The records of exactly this name, SOA left out.
  package func records(of name: Name) -> [RRset] {
    let wire = name.wire
    switch find(wire.span.bytes) {
    case .configured(let node): return node.records
    case .leased(let leased): return records(of: leased, label: wire.span.bytes.extracting(1..<1 + Int(wire[0])))
    case nil: return []
    }
  }

  /// Whether somebody has a lease of the address.
  package func isLeased(_ address: IPv4Address) -> Bool {
    leases?.isLeased(address) ?? false
  }

  /// What stands at a name: as the configuration has it, else by the leases.
  func find(_ name: RawSpan) -> Found? {
    let configured = table.find(name)
    if let configured, configured.isApex || !configured.records.isEmpty { return .configured(configured) }
    return leased(name).map(Found.leased) ?? configured.map(Found.configured)
  }

  /// What stands at a name, or else at the nearest name above it that exists, its closest encloser (RFC 4592 section
  /// 3.3.1); nil outside of all zones.
  func closest(to name: RawSpan) -> (found: Found, isExact: Bool)? {
    if let found = find(name) { return (found, true) }
    var offset = 0
    while name.byte(at: offset) != 0 {
      offset += 1 + Int(name.byte(at: offset))
      if let found = find(name.extracting(offset..<name.byteCount)) { return (found, false) }
    }
    return nil
  }

  /// The name nearest to the apex, from `name` up, that is delegated away; nil where none is.
  func delegation(above name: RawSpan, in zone: Int) -> Node? {
    guard zones[zone].hasDelegations else { return nil }
    var topmost: Node?
    var offset = 0
    while true {
      if let node = table.find(name.extracting(offset..<name.byteCount)) {
        guard !node.isApex else { return topmost }
        if node.records(of: .ns) != nil { topmost = node }
      }
      guard name.byte(at: offset) != 0 else { return topmost }
      offset += 1 + Int(name.byte(at: offset))
    }
  }

  /// The node of `*` under an existing name.
  func wildcard(under node: Node) -> Node? {
    node.wildcard.flatMap { table.find($0) }
  }
}

/// What stands at a name that exists.
enum Found {
  case configured(Node)
  case leased(LeasedName)

  /// Its place in ``ZoneSet/zones``.
  var zone: Int {
    switch self {
    case .configured(let node): node.zone
    case .leased(let name): name.zone
    }
  }
}

extension ZoneSet {
  /// Puts records at a name that lies in a zone, and makes the names between it and what exists above.
  mutating func put(_ records: [RRset], at name: Name, zone: Int) {
    if let node = table.find(name) {
      table.put(node.with(records: records))
    } else {
      table.put(Node(name: name, zone: zone, records: records))
      linkToParent(name)
    }
  }

  /// Makes the names above one that has come to exist.
  mutating func linkToParent(_ name: Name) {
    var child = name
    while let parent = child.parent {
      if let node = table.find(parent) {
        if child.isWildcard { table.put(node.with(wildcard: child)) }
        return
      }
      let wire = parent.wire
      // The apex of a zone below no other of ours has no parent here.
      guard let zone = closest(to: wire.span.bytes)?.found.zone else { return }
      table.put(Node(name: parent, zone: zone, wildcard: child.isWildcard ? child : nil))
      child = parent
    }
  }
}
