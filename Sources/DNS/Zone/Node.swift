/// One name that exists in a zone, with its records; none where it exists only because names below it do (an empty
/// non-terminal, RFC 4592 section 2.2.2).
final class Node: Sendable {
  /// Who put the records there: a name that the configuration holds is not for leases to change.
  enum Origin: Sendable {
    case configuration
    case leases
  }

  let name: Name
  /// The place of the node's zone in ``ZoneSet/zones``.
  let zone: Int
  let isApex: Bool
  let records: [RRset]
  let origin: Origin
  /// How many names there are one label below.
  let children: Int
  /// Whether `*` is among them.
  let hasWildcard: Bool

  init(
    name: Name, zone: Int, isApex: Bool = false, records: [RRset] = [], origin: Origin, children: Int = 0,
    hasWildcard: Bool = false
  ) {
    self.name = name
    self.zone = zone
    self.isApex = isApex
    self.records = records
    self.origin = origin
    self.children = children
    self.hasWildcard = hasWildcard
  }

  /// Whether nothing calls for this name to exist.
  var isVacant: Bool { records.isEmpty && children == 0 && !isApex }

  func records(of type: RecordType) -> RRset? {
    records.first { $0.type == type }
  }

  func with(records: [RRset], origin: Origin) -> Node {
    Node(
      name: name, zone: zone, isApex: isApex, records: records, origin: origin, children: children,
      hasWildcard: hasWildcard)
  }

  func with(children: Int, hasWildcard: Bool) -> Node {
    Node(
      name: name, zone: zone, isApex: isApex, records: records, origin: origin, children: children,
      hasWildcard: hasWildcard)
  }
}
