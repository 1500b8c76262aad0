import Net

/// The options of a message in the order in which they stand (RFC 2132 section 2), each code once: several instances
/// of one code are one value (RFC 3396 section 7), at the place of the first.
///
/// The values lie in one array, which after decoding is the packet itself, so that reading a message copies none.
package struct OptionList: Sendable {
  private struct Entry {
    let code: OptionCode
    var start: Int
    var count: Int
    var range: Range<Int> { start..<start + count }
  }

  private var storage: [UInt8]
  private var entries: [Entry] = []

  package init() {
    storage = []
  }

  /// No options yet, to be added from `packet` by ``append(_:at:)``.
  init(over packet: [UInt8]) {
    storage = packet
    entries.reserveCapacity(16)
  }

  package var count: Int { entries.count }

  package var isEmpty: Bool { entries.isEmpty }

  package var codes: [OptionCode] { entries.map(\.code) }

  package func contains(_ code: OptionCode) -> Bool {
    entries.contains { $0.code == code }
  }

  /// The value of an option as it stands, nil where it is absent.
  package subscript(code: OptionCode) -> ArraySlice<UInt8>? {
    entries.first { $0.code == code }.map { storage[$0.range] }
  }

  /// Calls `body` with each option in order.
  package func forEach<Failure: Error>(
    _ body: (OptionCode, ArraySlice<UInt8>) throws(Failure) -> Void
  ) throws(Failure) {
    for entry in entries { try body(entry.code, storage[entry.range]) }
  }

  /// Sets an option, in place where it is there already, else at the end. PAD and END are no options.
  package mutating func set(_ code: OptionCode, bytes: some Collection<UInt8>) {
    guard code != .pad, code != .end else { return }
    let entry = Entry(code: code, start: storage.count, count: bytes.count)
    storage.append(contentsOf: bytes)
    if let index = entries.firstIndex(where: { $0.code == code }) {
      entries[index] = entry
    } else {
      entries.append(entry)
    }
  }

  package mutating func remove(_ code: OptionCode) {
    entries.removeAll { $0.code == code }
  }

  /// Adds one instance of an option, whose value lies at `range` of the packet.
  mutating func append(_ code: OptionCode, at range: Range<Int>) {
    guard let index = entries.firstIndex(where: { $0.code == code }) else {
      entries.append(Entry(code: code, start: range.lowerBound, count: range.count))
      return
    }
    let joined = storage[entries[index].range] + storage[range]
    entries[index] = Entry(code: code, start: storage.count, count: joined.count)
    storage.append(contentsOf: joined)
  }
}

extension OptionList: Hashable {
  package static func == (left: OptionList, right: OptionList) -> Bool {
    left.entries.elementsEqual(right.entries) { mine, theirs in
      mine.code == theirs.code && left.storage[mine.range] == right.storage[theirs.range]
    }
  }

  package func hash(into hasher: inout Hasher) {
    for entry in entries {
      hasher.combine(entry.code)
      hasher.combine(storage[entry.range])
    }
  }
}

extension OptionList: CustomStringConvertible {
  package var description: String {
    entries.map { "\($0.code.rawValue)=\(Hexadecimal.encode(storage[$0.range]))" }.joined(separator: " ")
  }
}
