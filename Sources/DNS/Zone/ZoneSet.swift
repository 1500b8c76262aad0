/// All that we answer from, at one moment: never changed, only followed by the next. ``ZoneBuilder`` makes the first
/// from the configuration; ``updating(_:)`` the next ones, as leases come and go.
package struct ZoneSet: Sendable {
  package internal(set) var zones: [Zone] = []
  /// The names of the configuration.
  var table = NameTable()
  /// The names of leases; nil where leases have none.
  var leases: LeaseDirectory?

  /// No zones: every question is refused.
  package init() {}

  /// The records of exactly this name, SOA left out.
  package func records(of name: Name) -> [RRset] {
    let wire = name.wire
    return find(wire.span.bytes)?.records ?? []
  }

  /// The node of a name: as the configuration has it, else by the leases.
  func find(_ name: RawSpan) -> Node? {
    let configured = table.find(name)
    if let configured, configured.isApex || !configured.records.isEmpty { return configured }
    return leased(name) ?? configured
  }

  /// The node of a name, or else of the nearest name above it that exists, its closest encloser (RFC 4592 section
  /// 3.3.1); nil outside of all zones.
  func closest(to name: RawSpan) -> (node: Node, isExact: Bool)? {
    if let node = find(name) { return (node, true) }
    var offset = 0
    while name.byte(at: offset) != 0 {
      offset += 1 + Int(name.byte(at: offset))
      if let node = find(name.extracting(offset..<name.byteCount)) { return (node, false) }
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
    guard node.hasWildcard else { return nil }
    let wire = [1, UInt8(ascii: "*")] + node.name.wire
    return table.find(wire.span.bytes)
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
        if child.isWildcard { table.put(node.withWildcard()) }
        return
      }
      let wire = parent.wire
      // The apex of a zone below no other of ours has no parent here.
      guard let zone = closest(to: wire.span.bytes)?.node.zone else { return }
      table.put(Node(name: parent, zone: zone, hasWildcard: child.isWildcard))
      child = parent
    }
  }
}
