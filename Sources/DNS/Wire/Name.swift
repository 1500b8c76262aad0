import Net

/// A domain name (RFC 1035 section 3.1), held as its wire form without compression. Names that differ in the case of
/// letters are equal (RFC 4343); the case is kept.
package struct Name: Sendable {
  /// The bytes of a whole name, lengths and the root's zero included.
  package static let maximumLength = 255
  package static let maximumLabelLength = 63
  /// How many compression pointers one name may follow.
  package static let maximumPointers = 32

  package static let root = Name(uncheckedWire: [0])

  /// Each label after its length, then a zero: from 1 to 255 bytes.
  package let wire: [UInt8]

  private init(uncheckedWire wire: [UInt8]) {
    self.wire = wire
  }

  /// A copy of a name in a message whose parts have been checked.
  init(checked name: RawSpan) {
    wire = (0..<name.byteCount).map { name.byte(at: $0) }
  }

  /// The name of these labels, the one nearest the root last. Each must have 1 to 63 bytes, and all together 254 at
  /// most with a length byte each.
  package init(labels: [[UInt8]]) throws(NameError) {
    var wire: [UInt8] = []
    for label in labels {
      guard !label.isEmpty else { throw .emptyLabel }
      guard label.count <= Self.maximumLabelLength else { throw .labelTooLong(label.count) }
      wire.append(UInt8(label.count))
      wire += label
    }
    wire.append(0)
    guard wire.count <= Self.maximumLength else { throw .nameTooLong(wire.count) }
    self.wire = wire
  }

  /// The name of a label under another name.
  package init(_ label: some Collection<UInt8>, under parent: Name) throws(NameError) {
    guard !label.isEmpty else { throw .emptyLabel }
    guard label.count <= Self.maximumLabelLength else { throw .labelTooLong(label.count) }
    let wire = [UInt8(label.count)] + label + parent.wire
    guard wire.count <= Self.maximumLength else { throw .nameTooLong(wire.count) }
    self.wire = wire
  }

  package var isRoot: Bool { wire.count == 1 }

  /// The labels without the root's, the one nearest the root last.
  package var labels: [ArraySlice<UInt8>] {
    var labels: [ArraySlice<UInt8>] = []
    var offset = 0
    while wire[offset] != 0 {
      let end = offset + 1 + Int(wire[offset])
      labels.append(wire[offset + 1..<end])
      offset = end
    }
    return labels
  }

  /// The name without its first label; nil for the root.
  package var parent: Name? {
    isRoot ? nil : Name(uncheckedWire: Array(wire[(1 + Int(wire[0]))...]))
  }

  /// Whether the first label is `*` (RFC 4592).
  package var isWildcard: Bool {
    wire.count > 2 && wire[0] == 1 && wire[1] == UInt8(ascii: "*")
  }

  /// Whether the name is `ancestor` or lies below it.
  package func isWithin(_ ancestor: Name) -> Bool {
    var name = self
    while name.wire.count > ancestor.wire.count, let parent = name.parent { name = parent }
    return name == ancestor
  }
}

extension Name: Hashable {
  package static func == (left: Name, right: Name) -> Bool {
    left.wire.span.bytes.isSameName(as: right.wire.span.bytes)
  }

  package func hash(into hasher: inout Hasher) {
    wire.span.bytes.hashName(into: &hasher)
  }
}

extension Name {
  /// Reads a name at the reader's place in a message, and goes on after it. A compression pointer must point before the
  /// name, or part of a name, that it ends (RFC 1035 section 4.1.4), so that no chain of them is endless.
  init(decoding reader: inout MessageReader) throws(MessageError) {
    var wire: [UInt8] = []
    var end: Int?
    var partStart = reader.offset
    var pointers = 0
    while true {
      let start = reader.offset
      let length = try reader.readUInt8()
      switch length {
      case 0:
        wire.append(0)
        if let end { try reader.seek(to: end) }
        self.wire = wire
        return
      case 1...63:
        // One more byte is for the root.
        guard wire.count + 1 + Int(length) + 1 <= Self.maximumLength else { throw .nameTooLong(at: start) }
        wire.append(length)
        wire += try reader.readBytes(Int(length))
      case 0xC0...:
        let target = Int(length & 0x3F) << 8 | Int(try reader.readUInt8())
        guard target < partStart else { throw .pointerNotBackward(at: start, to: target) }
        pointers += 1
        guard pointers <= Self.maximumPointers else { throw .tooManyPointers(at: start) }
        if end == nil { end = reader.offset }
        partStart = target
        try reader.seek(to: target)
      default:
        throw .labelType(length, at: start)
      }
    }
  }

  /// Writes the name without compression.
  func encode(into writer: inout ByteWriter) {
    writer.write(wire)
  }
}
