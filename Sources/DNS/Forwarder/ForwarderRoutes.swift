/// Which servers are asked for which names.
package struct ForwarderRoutes: Hashable, Sendable {
  /// For names that are in none of the zones.
  package var standard: [Forwarder.Upstream]
  /// For the name of a zone and all below it; where zones lie in each other, the longest name counts. Names that mean
  /// nothing anywhere (``SpecialNames``) do here, as the operator says.
  package var zones: [Name: [Forwarder.Upstream]]

  package init(_ standard: [Forwarder.Upstream], zones: [Name: [Forwarder.Upstream]] = [:]) {
    self.standard = standard
    self.zones = zones
  }

  /// The zone that a name is in.
  func zone(of name: Name) -> Name? {
    guard !zones.isEmpty else { return nil }
    var next: Name? = name
    while let present = next {
      if zones[present] != nil { return present }
      next = present.parent
    }
    return nil
  }

  func servers(for name: Name) -> [Forwarder.Upstream] {
    zone(of: name).flatMap { zones[$0] } ?? standard
  }

  var all: Set<Forwarder.Upstream> {
    zones.values.reduce(into: Set(standard)) { $0.formUnion($1) }
  }
}
