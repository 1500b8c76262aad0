/// All that we answer from, at one moment: never changed, only followed by the next. ``ZoneBuilder`` makes the first
/// from the configuration; ``updating(adding:removing:)`` the next ones, as leases come and go.
package struct ZoneSet: Sendable {
  package internal(set) var zones: [Zone] = []
  var table = NameTable()

  /// No zones: every question is refused.
  package init() {}

  /// How many names exist, empty non-terminals included.
  package var nameCount: Int { table.count }

  /// The records of exactly this name, SOA left out.
  package func records(of name: Name) -> [RRset] {
    table.find(name)?.records ?? []
  }

  /// The node of a name, or else of the nearest name above it that exists, its closest encloser (RFC 4592 section
  /// 3.3.1); nil outside of all zones.
  func closest(to name: RawSpan) -> (node: Node, isExact: Bool)? {
    if let node = table.find(name) { return (node, true) }
    var offset = 0
    while name.byte(at: offset) != 0 {
      offset += 1 + Int(name.byte(at: offset))
      if let node = table.find(name.extracting(offset..<name.byteCount)) { return (node, false) }
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
  mutating func put(_ records: [RRset], at name: Name, zone: Int, origin: Node.Origin) {
    if let node = table.find(name) {
      table.put(node.with(records: records, origin: origin))
    } else {
      table.put(Node(name: name, zone: zone, records: records, origin: origin))
      linkToParent(name)
    }
  }

  /// Counts a name that has come to exist at the name above it, which may come to exist by that.
  mutating func linkToParent(_ name: Name) {
    var child = name
    while let parent = child.parent {
      if let node = table.find(parent) {
        table.put(node.with(children: node.children + 1, hasWildcard: node.hasWildcard || child.isWildcard))
        return
      }
      let wire = parent.wire
      // The apex of a zone below no other of ours has no parent here.
      guard let zone = closest(to: wire.span.bytes)?.node.zone else { return }
      table.put(
        Node(name: parent, zone: zone, origin: .configuration, children: 1, hasWildcard: child.isWildcard))
      child = parent
    }
  }

  /// Takes away a name that nothing calls for any more, and those above it that existed only by it.
  mutating func removeIfVacant(_ name: Name) {
    var name = name
    while let node = table.find(name), node.isVacant {
      table.remove(name)
      guard let parent = name.parent, let above = table.find(parent) else { return }
      table.put(
        above.with(children: above.children - 1, hasWildcard: above.hasWildcard && !name.isWildcard))
      name = parent
    }
  }
}
