/// Nodes by name. A copy shares all with its original until one of them changes, and then all but the changed path: two
/// short arrays and one bucket. So each snapshot of 200,000 names costs the next one a few hundred references.
struct NameTable: Sendable {
  private struct Entry: Sendable {
    let hash: Int
    let node: Node
  }

  private static let fanOut = 128
  private var rows: [[[Entry]]] = Array(
    repeating: Array(repeating: [], count: NameTable.fanOut), count: NameTable.fanOut)
  private(set) var count = 0

  private static func row(_ hash: Int) -> Int { hash & (fanOut - 1) }
  private static func column(_ hash: Int) -> Int { hash >> 7 & (fanOut - 1) }

  /// The node of a whole name in wire form, whatever the case of its letters.
  func find(_ name: RawSpan) -> Node? {
    let hash = name.nameHash
    for entry in rows[Self.row(hash)][Self.column(hash)] where entry.hash == hash {
      let wire = entry.node.name.wire
      if wire.span.bytes.isSameName(as: name) { return entry.node }
    }
    return nil
  }

  func find(_ name: Name) -> Node? {
    let wire = name.wire
    return find(wire.span.bytes)
  }

  /// Puts the node in place of the one of its name, if there is one.
  mutating func put(_ node: Node) {
    let (hash, index) = place(of: node.name)
    let entry = Entry(hash: hash, node: node)
    if let index {
      rows[Self.row(hash)][Self.column(hash)][index] = entry
    } else {
      rows[Self.row(hash)][Self.column(hash)].append(entry)
      count += 1
    }
  }

  func forEach(_ body: (Node) -> Void) {
    for row in rows {
      for bucket in row {
        for entry in bucket { body(entry.node) }
      }
    }
  }

  private func place(of name: Name) -> (hash: Int, index: Int?) {
    let wire = name.wire
    let hash = wire.span.bytes.nameHash
    let index = rows[Self.row(hash)][Self.column(hash)].firstIndex { $0.hash == hash && $0.node.name == name }
    return (hash, index)
  }
}
