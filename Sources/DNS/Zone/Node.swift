/// One name that exists in a zone, with its records; none where it exists only because names below it do (an empty
/// non-terminal, RFC 4592 section 2.2.2).
final class Node: Sendable {
  let name: Name
  /// The place of the node's zone in ``ZoneSet/zones``.
  let zone: Int
  let isApex: Bool
  let records: [RRset]
  /// The name of `*` one label below, where it exists.
  let wildcard: Name?
  /// Whether its address is the appliance's, which every client is told as its subnet sees it.
  let isAppliance: Bool

  init(
    name: Name, zone: Int, isApex: Bool = false, records: [RRset] = [], wildcard: Name? = nil, isAppliance: Bool = false
  ) {
    self.name = name
    self.zone = zone
    self.isApex = isApex
    self.records = records
    self.wildcard = wildcard
    self.isAppliance = isAppliance
  }

  func records(of type: RecordType) -> RRset? {
    records.first { $0.type == type }
  }

  func with(records: [RRset]) -> Node {
    Node(name: name, zone: zone, isApex: isApex, records: records, wildcard: wildcard, isAppliance: isAppliance)
  }

  func with(wildcard: Name) -> Node {
    Node(name: name, zone: zone, isApex: isApex, records: records, wildcard: wildcard, isAppliance: isAppliance)
  }

  func asAppliance() -> Node {
    Node(name: name, zone: zone, isApex: isApex, records: records, wildcard: wildcard, isAppliance: true)
  }
}
