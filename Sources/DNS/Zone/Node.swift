/// One name that exists in a zone, with its records; none where it exists only because names below it do (an empty
/// non-terminal, RFC 4592 section 2.2.2).
final class Node: Sendable {
  let name: Name
  /// The place of the node's zone in ``ZoneSet/zones``.
  let zone: Int
  let isApex: Bool
  let records: [RRset]
  /// Whether `*` is among the names one label below.
  let hasWildcard: Bool

  init(name: Name, zone: Int, isApex: Bool = false, records: [RRset] = [], hasWildcard: Bool = false) {
    self.name = name
    self.zone = zone
    self.isApex = isApex
    self.records = records
    self.hasWildcard = hasWildcard
  }

  func records(of type: RecordType) -> RRset? {
    records.first { $0.type == type }
  }

  func with(records: [RRset]) -> Node {
    Node(name: name, zone: zone, isApex: isApex, records: records, hasWildcard: hasWildcard)
  }

  func withWildcard() -> Node {
    Node(name: name, zone: zone, isApex: isApex, records: records, hasWildcard: true)
  }
}
