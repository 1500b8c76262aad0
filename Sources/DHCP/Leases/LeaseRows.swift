import Net

/// The rows of the lease table, found by address, and by client: the latest ones of each.
struct LeaseRows {
  /// So many rows of one client are looked at: more than one where it has been in several subnets, or where it was given
  /// others in turn.
  static let perClient = 16

  private var rows: [LeaseRow] = []
  /// Numbers of rows that are not in use.
  private var vacant: [Int32] = []
  private var byAddress: RowIndex
  /// The latest row of each client; the others hang on it. Quarantined addresses are nobody's.
  private var byClient: RowIndex
  /// By the hash of a name in lower case, the latest row that is bound with it; the others hang on that.
  private var byName: [Int: Int32] = [:]

  init(minimumCount: Int = 0) {
    rows.reserveCapacity(minimumCount)
    byAddress = RowIndex(minimumCount: minimumCount)
    byClient = RowIndex(minimumCount: minimumCount)
  }

  var count: Int { rows.count - vacant.count }

  /// In no order.
  var all: some Collection<Lease> {
    let unused = Set(vacant)
    return rows.indices.lazy.filter { !unused.contains(Int32($0)) }.map { rows[$0].lease }
  }

  subscript(address: IPv4Address) -> Lease? {
    row(at: address)?.lease
  }

  /// What is on record of an address, without its texts.
  func row(at address: IPv4Address) -> LeaseRow? {
    let number = number(of: address)
    return number == RowIndex.none ? nil : rows[Int(number)]
  }

  /// The latest rows of a client, the last one that was set first.
  func rows(of key: LeaseRow.Key) -> [LeaseRow] {
    var found: [LeaseRow] = []
    var number = first(of: key)
    while number != RowIndex.none, found.count < Self.perClient {
      found.append(rows[Int(number)])
      number = rows[Int(number)].next
    }
    return found
  }

  /// The client's row in a subnet: one that holds at `now` before one that has ended, then the latest.
  func row(of key: LeaseRow.Key, in subnet: Subnet, at now: Timestamp) -> LeaseRow? {
    var best: LeaseRow?
    var number = first(of: key)
    var looked = 0
    while number != RowIndex.none, looked < Self.perClient {
      let row = rows[Int(number)]
      if subnet.contains(row.address), best.map({ $0.isBefore(row, at: now) }) ?? true { best = row }
      number = row.next
      looked += 1
    }
    return best
  }

  /// The rows that are bound with a name, whatever the case of its letters: of the latest sixteen, who is neither the
  /// client nor has its hardware address, and whose lease lasts at `now`.
  func holders(
    of name: String, except client: LeaseRow.Key, _ hardware: MACAddress?, at now: Timestamp
  ) -> [Lease] {
    var found: [Lease] = []
    var number = byName.isEmpty ? RowIndex.none : byName[Self.hash(name: name)] ?? RowIndex.none
    var looked = 0
    while number != RowIndex.none, looked < Self.perClient {
      let row = rows[Int(number)]
      if row.key != client, row.isActive(at: now), row.hostname?.isSameName(as: name) == true {
        let lease = row.lease
        if hardware == nil || lease.hardware != hardware { found.append(lease) }
      }
      number = row.nextNamed
      looked += 1
    }
    return found
  }

  /// Puts a row in place of what is there for the address, or (nil) takes that away.
  mutating func set(_ address: IPv4Address, _ lease: Lease?) {
    let old = number(of: address)
    if old != RowIndex.none {
      unlink(old)
      unname(old)
    }
    guard let lease else {
      guard old != RowIndex.none else { return }
      byAddress.remove(old, hash: Self.hash(address)) { [rows] in Self.hash(rows[Int($0)].address) }
      vacant.append(old)
      return
    }
    let row = LeaseRow(lease)
    let number: Int32
    if old != RowIndex.none {
      number = old
      rows[Int(number)] = row
    } else {
      if let free = vacant.popLast() {
        number = free
        rows[Int(number)] = row
      } else {
        number = Int32(rows.count)
        rows.append(row)
      }
      byAddress.insert(number, hash: Self.hash(address)) { [rows] in Self.hash(rows[Int($0)].address) }
    }
    if row.state != .declined { link(number) }
    if let name = row.hostname, row.state == .bound {
      rows[Int(number)].nextNamed = byName.updateValue(number, forKey: Self.hash(name: name)) ?? RowIndex.none
    }
  }

  /// Takes a row out of those of its name.
  private mutating func unname(_ number: Int32) {
    let row = rows[Int(number)]
    guard let name = row.hostname, row.state == .bound else { return }
    let hash = Self.hash(name: name)
    guard var before = byName[hash] else { return }
    if before == number {
      byName[hash] = row.nextNamed == RowIndex.none ? nil : row.nextNamed
      return
    }
    while before != RowIndex.none, rows[Int(before)].nextNamed != number { before = rows[Int(before)].nextNamed }
    if before != RowIndex.none { rows[Int(before)].nextNamed = row.nextNamed }
  }

  // MARK: The rows of a client

  private mutating func link(_ number: Int32) {
    let key = rows[Int(number)].key
    let head = first(of: key)
    let hash = Self.hash(key)
    if head == RowIndex.none {
      byClient.insert(number, hash: hash) { [rows] in Self.hash(rows[Int($0)].key) }
    } else {
      byClient.replace(head, by: number, hash: hash)
      rows[Int(head)].previous = number
      rows[Int(number)].next = head
    }
  }

  private mutating func unlink(_ number: Int32) {
    let row = rows[Int(number)]
    guard row.state != .declined else { return }
    if row.next != RowIndex.none { rows[Int(row.next)].previous = row.previous }
    if row.previous != RowIndex.none {
      rows[Int(row.previous)].next = row.next
    } else if row.next != RowIndex.none {
      byClient.replace(number, by: row.next, hash: Self.hash(row.key))
    } else {
      byClient.remove(number, hash: Self.hash(row.key)) { [rows] in Self.hash(rows[Int($0)].key) }
    }
    rows[Int(number)].next = RowIndex.none
    rows[Int(number)].previous = RowIndex.none
  }

  // MARK: Finding

  private func number(of address: IPv4Address) -> Int32 {
    byAddress.find(Self.hash(address)) { rows[Int($0)].address == address }
  }

  private func first(of key: LeaseRow.Key) -> Int32 {
    byClient.find(Self.hash(key)) { rows[Int($0)].key == key }
  }

  private static func hash(name: String) -> Int {
    var hasher = Hasher()
    for byte in name.utf8 { hasher.combine(byte.lowercased) }
    return hasher.finalize()
  }

  private static func hash(_ key: some Hashable) -> Int {
    var hasher = Hasher()
    hasher.combine(key)
    return hasher.finalize()
  }
}

extension LeaseRow {
  /// Whether the other one is to be preferred as the client's lease.
  fileprivate func isBefore(_ other: LeaseRow, at now: Timestamp) -> Bool {
    let (mine, theirs) = (isActive(at: now), other.isActive(at: now))
    return mine == theirs ? start < other.start : theirs
  }
}

extension String {
  /// Whatever the case of ASCII letters.
  fileprivate func isSameName(as other: String) -> Bool {
    utf8.count == other.utf8.count && utf8.elementsEqual(other.utf8) { $0.lowercased == $1.lowercased }
  }
}
