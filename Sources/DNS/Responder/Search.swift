import Net

/// The search for the answer to one question (RFC 1034 section 4.3.2): it goes through the zones, follows aliases, and
/// writes what it finds.
struct Search: ~Escapable {
  private let zones: ZoneSet
  private let question: RawSpan
  private let type: RecordType
  private let client: IPv4Address

  /// AA: the name that was asked is in our zones, and not delegated away.
  private(set) var isAuthoritative = false
  /// The name that was asked, as the configuration has it.
  private(set) var existingName: Name?
  /// Whether the answer, or part of it, is the address of the appliance.
  private(set) var namesAppliance = false

  @_lifetime(copy question)
  init(zones: ZoneSet, question: RawSpan, type: RecordType, client: IPv4Address) {
    self.zones = zones
    self.question = question
    self.type = type
    self.client = client
  }

  @_lifetime(self: copy self)
  mutating func run(into writer: inout ResponseWriter) -> Outcome.Verdict {
    guard let (found, isExact) = zones.closest(to: question) else { return .refused(.outsideZones) }
    if isExact, case .configured(let node) = found { existingName = node.name }
    if let cut = delegation(of: question, found: found, isExact: isExact) {
      writeReferral(to: cut, into: &writer)
      return .referral
    }
    isAuthoritative = true
    return answer(question, found: found, isExact: isExact, aliases: 0, into: &writer)
  }

  /// Answers for a name in our zones, found at `found` or below it.
  @_lifetime(self: copy self)
  private mutating func answer(
    _ name: RawSpan, found: Found, isExact: Bool, aliases: Int, into writer: inout ResponseWriter
  ) -> Outcome.Verdict {
    let zone = zones.zones[found.zone]
    let source: Node
    switch found {
    case .configured(let node):
      guard let node = isExact ? node : zones.wildcard(under: node) else {
        writer.write(zone.negativeSet, of: zone.apex, in: .authority)
        return .nameError
      }
      source = node
    case .leased(let leased):
      if isExact, write(leased, of: name, into: &writer) { return .answered }
      writer.write(zone.negativeSet, of: zone.apex, in: .authority)
      return isExact ? .noData : .nameError
    }
    if source.isApex, type == .soa || type == .any {
      writer.write(zone.soaSet, of: name, in: .answer)
      return .answered
    }
    // ANY gets one set and not all (RFC 8482 section 4.1).
    if let set = type == .any ? source.records.first : source.records(of: type) {
      if source.isAppliance, set.type == .a {
        namesAppliance = true
        writer.write(zones.appliance.address(for: client), timeToLive: set.timeToLive, of: name)
      } else {
        writer.write(set, of: name, in: .answer)
      }
      return .answered
    }
    if let alias = source.records(of: .cname), case .cname(let target)? = alias.data.first {
      writer.write(alias, of: name, in: .answer)
      return follow(target, aliases: aliases + 1, into: &writer)
    }
    writer.write(zone.negativeSet, of: zone.apex, in: .authority)
    return .noData
  }

  /// Writes what leases make of the name; false where they have nothing of the type.
  private func write(_ leased: LeasedName, of name: RawSpan, into writer: inout ResponseWriter) -> Bool {
    guard let leases = zones.leases else { return false }
    switch leased.records {
    case .address(let address) where type == .a || type == .any:
      writer.write(address, timeToLive: leases.timeToLive, of: name)
    case .holders where type == .a || type == .any:
      writer.write(holdersOf: name.extracting(1..<1 + Int(name.byte(at: 0))), in: leases, of: name)
    case .pointer(let address) where type == .ptr || type == .any:
      writer.write(pointerOf: address, in: leases, of: name)
    case .address, .holders, .pointer, .none: return false
    }
    return true
  }

  /// Goes on at the target of an alias, as far as it is in our zones; the verdict on the last name holds (RFC 6604).
  @_lifetime(self: copy self)
  private mutating func follow(_ target: Name, aliases: Int, into writer: inout ResponseWriter) -> Outcome.Verdict {
    let wire = target.wire
    let name = wire.span.bytes
    guard aliases <= Responder.maximumAliases, !writer.isTruncated, !name.isSameName(as: question),
      let (found, isExact) = zones.closest(to: name)
    else { return .answered }
    if let cut = delegation(of: name, found: found, isExact: isExact) {
      writeReferral(to: cut, into: &writer)
      return .answered
    }
    return answer(name, found: found, isExact: isExact, aliases: aliases, into: &writer)
  }

  /// The delegation that a name lies under. The DS records of a delegation are the parent's (RFC 4035 section 3.1.4.1).
  private func delegation(of name: RawSpan, found: Found, isExact: Bool) -> Node? {
    guard let cut = zones.delegation(above: name, in: found.zone) else { return nil }
    if type == .ds, isExact, case .configured(let node) = found, cut === node { return nil }
    return cut
  }

  private func writeReferral(to cut: Node, into writer: inout ResponseWriter) {
    guard let servers = cut.records(of: .ns), writer.write(servers, of: cut.name, in: .authority) else { return }
    for case .ns(let server) in servers.data where server.isWithin(cut.name) {
      guard let glue = zones.table.find(server) else { continue }
      for set in glue.records where set.type == .a || set.type == .aaaa {
        writer.write(set, of: glue.name, in: .additional)
      }
    }
  }
}
