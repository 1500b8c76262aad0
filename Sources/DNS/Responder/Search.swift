/// The search for the answer to one question (RFC 1034 section 4.3.2): it goes through the zones, follows aliases, and
/// writes what it finds.
struct Search: ~Escapable {
  private let zones: ZoneSet
  private let question: RawSpan
  private let type: RecordType

  /// AA: the name that was asked is in our zones, and not delegated away.
  private(set) var isAuthoritative = false
  /// The name that was asked, as our zones have it.
  private(set) var existingName: Name?

  @_lifetime(copy question)
  init(zones: ZoneSet, question: RawSpan, type: RecordType) {
    self.zones = zones
    self.question = question
    self.type = type
  }

  @_lifetime(self: copy self)
  mutating func run(into writer: inout ResponseWriter) -> Outcome.Verdict {
    guard let (node, isExact) = zones.closest(to: question) else { return .refused(.outsideZones) }
    if isExact { existingName = node.name }
    if let cut = delegation(of: question, node: node, isExact: isExact) {
      writeReferral(to: cut, into: &writer)
      return .referral
    }
    isAuthoritative = true
    return answer(question, node: node, isExact: isExact, aliases: 0, into: &writer)
  }

  /// Answers for a name in our zones, found at `node` or below it.
  private func answer(
    _ name: RawSpan, node: Node, isExact: Bool, aliases: Int, into writer: inout ResponseWriter
  ) -> Outcome.Verdict {
    let zone = zones.zones[node.zone]
    guard let source = isExact ? node : zones.wildcard(under: node) else {
      writer.write(zone.negativeSet, of: zone.apex, in: .authority)
      return .nameError
    }
    if source.isApex, type == .soa || type == .any {
      writer.write(zone.soaSet, of: name, in: .answer)
      return .answered
    }
    // ANY gets one set and not all (RFC 8482 section 4.1).
    if let set = type == .any ? source.records.first : source.records(of: type) {
      writer.write(set, of: name, in: .answer)
      return .answered
    }
    if let alias = source.records(of: .cname), case .cname(let target)? = alias.data.first {
      writer.write(alias, of: name, in: .answer)
      return follow(target, aliases: aliases + 1, into: &writer)
    }
    writer.write(zone.negativeSet, of: zone.apex, in: .authority)
    return .noData
  }

  /// Goes on at the target of an alias, as far as it is in our zones; the verdict on the last name holds (RFC 6604).
  private func follow(_ target: Name, aliases: Int, into writer: inout ResponseWriter) -> Outcome.Verdict {
    let wire = target.wire
    let name = wire.span.bytes
    guard aliases <= Responder.maximumAliases, !writer.isTruncated, !name.isSameName(as: question),
      let (node, isExact) = zones.closest(to: name)
    else { return .answered }
    if let cut = delegation(of: name, node: node, isExact: isExact) {
      writeReferral(to: cut, into: &writer)
      return .answered
    }
    return answer(name, node: node, isExact: isExact, aliases: aliases, into: &writer)
  }

  /// The delegation that a name lies under. The DS records of a delegation are the parent's (RFC 4035 section 3.1.4.1).
  private func delegation(of name: RawSpan, node: Node, isExact: Bool) -> Node? {
    guard let cut = zones.delegation(above: name, in: node.zone) else { return nil }
    return type == .ds && isExact && cut === node ? nil : cut
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
