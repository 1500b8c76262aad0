import Net

/// Which addresses are leased, and what their holders call themselves: the names of leases are made of it when they are
/// asked for, so that a lease costs a bit, and its host name where it has one.
///
/// A copy shares all with its original until one of them changes, and then all but what changed.
struct LeaseDirectory: Sendable {
  /// How many leases may share one name. Who comes after them is named by its address.
  static let maximumSharers = 16

  /// Where the names of leases go.
  let domain: Name
  /// Of `domain`, in ``ZoneSet/zones``.
  let zone: Int
  /// In seconds.
  let timeToLive: UInt32
  /// By the upper 24 bits of the address.
  private var pages: [UInt32: LeasePage] = [:]
  private var holders = LabelIndex()

  init(domain: Name, zone: Int, timeToLive: UInt32) {
    self.domain = domain
    self.zone = zone
    self.timeToLive = timeToLive
  }

  func isLeased(_ address: IPv4Address) -> Bool {
    pages[address.rawValue >> 8]?.isLeased(address) ?? false
  }

  /// The name of its own that the holder of a leased address has, in lower case.
  func label(of address: IPv4Address) -> [UInt8]? {
    pages[address.rawValue >> 8]?.label(of: address)
  }

  /// The name that the PTR record of a leased address says.
  func holder(of address: IPv4Address) -> Name? {
    try? Name(label(of: address) ?? AddressLabel.label(of: address), under: domain)
  }

  /// Those who may have this name: ``isHolder(_:of:)`` tells of each whether it has.
  func candidates(for label: RawSpan) -> [LeaseHolder] {
    holders.bucket(label.nameHash)
  }

  /// Whether the holder of the address has this name, whatever the case of its letters.
  func isHolder(_ candidate: LeaseHolder, of label: RawSpan) -> Bool {
    guard candidate.hash == label.nameHash, let own = self.label(of: candidate.address) else { return false }
    return own.span.bytes.isSameName(as: label)
  }

  func hasHolders(of label: RawSpan) -> Bool {
    for candidate in candidates(for: label) where isHolder(candidate, of: label) { return true }
    return false
  }

  private func sharers(of label: [UInt8]) -> Int {
    candidates(for: label.span.bytes).count { isHolder($0, of: label.span.bytes) }
  }

  /// Whether any address is leased of which the first `octets` (1 to 3) are those of `prefix`.
  func hasLeases(in prefix: UInt32, octets: Int) -> Bool {
    let shift = UInt32(8 * (3 - octets))
    if shift == 0 { return pages[prefix] != nil }
    return pages.keys.contains { $0 >> shift == prefix }
  }

  /// Hands over each leased address, and its holder's own name where it has one.
  func forEach(_ body: (IPv4Address, [UInt8]?) -> Void) {
    for (prefix, page) in pages {
      for host in 0...255 as ClosedRange<UInt32> {
        let address = IPv4Address(rawValue: prefix << 8 | host)
        if page.isLeased(address) { body(address, page.label(of: address)) }
      }
    }
  }

  /// Takes over what has become of an address: leased to somebody who has this name (in lower case) or none, or free.
  /// Answers whether that is news.
  mutating func set(_ address: IPv4Address, leased: Bool, label wanted: [UInt8]?) -> Bool {
    let isLeased = isLeased(address)
    let present = label(of: address)
    var label = leased ? wanted : nil
    if let name = label, name != present, sharers(of: name) >= Self.maximumSharers { label = nil }
    guard leased != isLeased || label != present else { return false }
    let page = address.rawValue >> 8
    pages[page, default: LeasePage()].set(address, leased: leased, label: label)
    if pages[page]?.isEmpty == true { pages[page] = nil }
    if let present, present != label { holders.remove(address, label: present) }
    if let label, present != label { holders.insert(address, label: label) }
    return true
  }
}

/// The leased ones of 256 addresses.
private struct LeasePage: Sendable {
  private var leased: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
  private var labels: [UInt8: [UInt8]] = [:]

  var isEmpty: Bool { leased == (0, 0, 0, 0) }

  private static func bit(_ address: IPv4Address) -> UInt64 { 1 << UInt64(address.rawValue & 63) }

  func isLeased(_ address: IPv4Address) -> Bool {
    let word =
      switch address.rawValue >> 6 & 3 {
      case 0: leased.0
      case 1: leased.1
      case 2: leased.2
      default: leased.3
      }
    return word & Self.bit(address) != 0
  }

  func label(of address: IPv4Address) -> [UInt8]? {
    labels.isEmpty ? nil : labels[UInt8(truncatingIfNeeded: address.rawValue)]
  }

  mutating func set(_ address: IPv4Address, leased isLeased: Bool, label: [UInt8]?) {
    let bit = Self.bit(address)
    func changed(_ word: UInt64) -> UInt64 { isLeased ? word | bit : word & ~bit }
    switch address.rawValue >> 6 & 3 {
    case 0: leased.0 = changed(leased.0)
    case 1: leased.1 = changed(leased.1)
    case 2: leased.2 = changed(leased.2)
    default: leased.3 = changed(leased.3)
    }
    let host = UInt8(truncatingIfNeeded: address.rawValue)
    if label != nil || !labels.isEmpty { labels[host] = label }
  }
}

/// An address whose holder has a name, and the hash of that.
struct LeaseHolder: Sendable {
  let hash: Int
  let address: IPv4Address
}

/// The addresses of holders by their names' hashes: a copy shares all but the changed path, as in ``NameTable``.
private struct LabelIndex: Sendable {
  private static let fanOut = 128
  private var rows: [[[LeaseHolder]]] = []

  private static func row(_ hash: Int) -> Int { hash & (fanOut - 1) }
  private static func column(_ hash: Int) -> Int { hash >> 7 & (fanOut - 1) }

  /// Those whose hash is this, and some others.
  func bucket(_ hash: Int) -> [LeaseHolder] {
    rows.isEmpty ? [] : rows[Self.row(hash)][Self.column(hash)]
  }

  mutating func insert(_ address: IPv4Address, label: [UInt8]) {
    if rows.isEmpty { rows = Array(repeating: Array(repeating: [], count: Self.fanOut), count: Self.fanOut) }
    let hash = label.span.bytes.nameHash
    rows[Self.row(hash)][Self.column(hash)].append(LeaseHolder(hash: hash, address: address))
  }

  mutating func remove(_ address: IPv4Address, label: [UInt8]) {
    let hash = label.span.bytes.nameHash
    guard
      let index = bucket(hash).firstIndex(where: { $0.hash == hash && $0.address == address })
    else { return }
    rows[Self.row(hash)][Self.column(hash)].remove(at: index)
  }
}
