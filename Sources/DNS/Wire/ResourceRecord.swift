import Net

/// A record (RFC 1035 section 4.1.3).
package struct ResourceRecord: Hashable, Sendable {
  package var name: Name
  package var recordClass: RecordClass
  /// Seconds.
  package var timeToLive: UInt32
  package var data: RecordData

  package init(_ name: Name, timeToLive: UInt32, _ data: RecordData, class recordClass: RecordClass = .internet) {
    self.name = name
    self.recordClass = recordClass
    self.timeToLive = timeToLive
    self.data = data
  }

  package var type: RecordType { data.type }

  init(decoding reader: inout MessageReader) throws(MessageError) {
    name = try Name(decoding: &reader)
    let type = RecordType(rawValue: try reader.readUInt16())
    recordClass = RecordClass(rawValue: try reader.readUInt16())
    let timeToLive = try reader.readUInt32()
    // In OPT the field holds flags; elsewhere a TTL with the upper bit set counts as none (RFC 2181 section 8).
    self.timeToLive = type == .opt ? timeToLive : timeToLive.asTimeToLive
    let length = Int(try reader.readUInt16())
    data = try RecordData(decoding: &reader, type: type, length: length)
  }

  func encode(into writer: inout ByteWriter) {
    name.encode(into: &writer)
    writer.write(type.rawValue)
    writer.write(recordClass.rawValue)
    writer.write(timeToLive)
    let lengthOffset = writer.count
    writer.write(UInt16(0))
    data.encode(into: &writer)
    writer.replace(at: lengthOffset, with: UInt16(truncatingIfNeeded: writer.count - lengthOffset - 2))
  }
}

extension UInt32 {
  /// A TTL of 2^31 seconds or more counts as zero (RFC 2181 section 8).
  var asTimeToLive: UInt32 { self < 0x8000_0000 ? self : 0 }
}

/// All records of one name and type, which share one TTL; none of them twice (RFC 2181 section 5).
package struct RRset: Hashable, Sendable {
  package let type: RecordType
  /// Seconds.
  package private(set) var timeToLive: UInt32
  package private(set) var data: [RecordData]

  package init(timeToLive: UInt32, _ data: RecordData) {
    type = data.type
    self.timeToLive = timeToLive.asTimeToLive
    self.data = [data]
  }

  /// Adds data of the same type; the lower TTL holds for all.
  mutating func insert(_ added: RecordData, timeToLive: UInt32) {
    precondition(added.type == type, "one type to a set")
    self.timeToLive = min(self.timeToLive, timeToLive.asTimeToLive)
    if !data.contains(added) { data.append(added) }
  }

  mutating func remove(_ removed: RecordData) {
    data.removeAll { $0 == removed }
  }
}
