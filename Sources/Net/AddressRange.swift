/// IPv4 addresses from a first to a last one, both included. Never empty.
package struct AddressRange: Hashable, Sendable {
  package let first: IPv4Address
  package let last: IPv4Address

  /// Nil where `last` comes before `first`.
  package init?(first: IPv4Address, last: IPv4Address) {
    guard first <= last else { return nil }
    self.init(uncheckedFirst: first, last: last)
  }

  init(uncheckedFirst first: IPv4Address, last: IPv4Address) {
    self.first = first
    self.last = last
  }

  package var count: Int { Int(last.rawValue) - Int(first.rawValue) + 1 }

  package func contains(_ address: IPv4Address) -> Bool {
    first <= address && address <= last
  }

  package func overlaps(_ other: AddressRange) -> Bool {
    first <= other.last && other.first <= last
  }
}

extension AddressRange: LosslessStringConvertible {
  /// `192.0.2.10-192.0.2.200`, spaces around the dash allowed, or one address.
  package init?(_ description: String) {
    let ends = description.split(separator: "-", omittingEmptySubsequences: false)
      .map { IPv4Address(String($0.filter { $0 != " " })) }
    switch ends.count {
    case 1:
      guard let only = ends[0] else { return nil }
      self.init(uncheckedFirst: only, last: only)
    case 2:
      guard let first = ends[0], let last = ends[1] else { return nil }
      self.init(first: first, last: last)
    default: return nil
    }
  }

  package var description: String { first == last ? "\(first)" : "\(first)-\(last)" }
}
