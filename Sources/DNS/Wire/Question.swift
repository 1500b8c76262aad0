import Net

/// What a message asks (RFC 1035 section 4.1.2).
package struct Question: Hashable, Sendable {
  package var name: Name
  package var type: RecordType
  package var recordClass: RecordClass

  package init(_ name: Name, _ type: RecordType, class recordClass: RecordClass = .internet) {
    self.name = name
    self.type = type
    self.recordClass = recordClass
  }

  init(decoding reader: inout MessageReader) throws(MessageError) {
    name = try Name(decoding: &reader)
    type = RecordType(rawValue: try reader.readUInt16())
    recordClass = RecordClass(rawValue: try reader.readUInt16())
  }

  func encode(into writer: inout ByteWriter) {
    name.encode(into: &writer)
    writer.write(type.rawValue)
    writer.write(recordClass.rawValue)
  }
}
