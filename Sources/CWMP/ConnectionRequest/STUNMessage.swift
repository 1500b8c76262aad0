import Net

/// A STUN message (RFC 3489 section 11), of the kinds that find out a binding.
package struct STUNMessage: Hashable, Sendable {
  package enum Kind: UInt16, Hashable, Sendable {
    case bindingRequest = 0x0001
    case bindingResponse = 0x0101
    case bindingErrorResponse = 0x0111
  }

  package var kind: Kind
  /// 16 bytes. Clients of RFC 5389 begin it with ``magicCookie``.
  package var transaction: [UInt8]
  /// In the order in which they stand.
  package var attributes: [STUNAttribute]

  package static let magicCookie: UInt32 = 0x2112_A442
  static let headerSize = 20

  package init(_ kind: Kind, transaction: [UInt8], attributes: [STUNAttribute] = []) {
    self.kind = kind
    self.transaction = transaction
    self.attributes = attributes
  }

  package var hasMagicCookie: Bool {
    transaction.starts(with: [0x21, 0x12, 0xA4, 0x42])
  }

  /// Reads a whole datagram.
  ///
  /// RFC 3489 knows only values of four, eight, … bytes, RFC 5389 pads others. Of clients that send others all the same,
  /// some pad and some do not: the length of the message tells.
  package init(decoding bytes: RawSpan) throws(STUNError) {
    let header: Header
    do throws(ByteError) { header = try Header(bytes) } catch { throw STUNError(error) }
    guard let kind = Kind(rawValue: header.type) else { throw .messageType(header.type) }
    let found = bytes.byteCount - Self.headerSize
    guard Int(header.length) == found else { throw .messageLength(header.length, found: found) }
    self.kind = kind
    transaction = header.transaction
    let fields: [Field]
    do throws(ByteError) { fields = try Self.fields(of: bytes) } catch { throw STUNError(error) }
    attributes = []
    for field in fields {
      attributes.append(try STUNAttribute(decoding: field.value, type: field.type, at: field.offset))
    }
  }

  private struct Header {
    let type: UInt16
    let length: UInt16
    let transaction: [UInt8]

    init(_ bytes: RawSpan) throws(ByteError) {
      var reader = ByteReader(bytes)
      type = try reader.readUInt16()
      length = try reader.readUInt16()
      transaction = try reader.readBytes(16)
    }
  }

  private struct Field {
    let type: UInt16
    /// Of the value.
    let offset: Int
    let value: [UInt8]
  }

  private static func fields(of bytes: RawSpan) throws(ByteError) -> [Field] {
    var reader = ByteReader(bytes)
    try reader.skip(headerSize)
    let isPadded = reader.remaining.isMultiple(of: 4)
    var fields: [Field] = []
    while !reader.isAtEnd {
      let type = try reader.readUInt16()
      let size = Int(try reader.readUInt16())
      fields.append(Field(type: type, offset: reader.offset, value: try reader.readBytes(size)))
      if isPadded { try reader.skip(padding(of: size)) }
    }
    return fields
  }

  package func encoded() -> [UInt8] {
    var writer = ByteWriter(reserving: 128)
    writer.write(kind.rawValue)
    writer.write(UInt16(0))
    writer.write(transaction)
    for attribute in attributes {
      writer.write(attribute.type)
      let place = writer.count
      writer.write(UInt16(0))
      attribute.encodeValue(into: &writer)
      let size = writer.count - place - 2
      writer.replace(at: place, with: UInt16(clamping: size))
      writer.write(zeros: Self.padding(of: size))
    }
    writer.replace(at: 2, with: UInt16(clamping: writer.count - Self.headerSize))
    return writer.bytes
  }

  static func padding(of size: Int) -> Int { (4 - size % 4) % 4 }
}

extension STUNMessage {
  package var username: [UInt8]? {
    for case .username(let bytes) in attributes { return bytes }
    return nil
  }

  package var messageIntegrity: [UInt8]? {
    for case .messageIntegrity(let code) in attributes { return code }
    return nil
  }

  package var responseAddress: STUNAddress? {
    for case .responseAddress(let address) in attributes { return address }
    return nil
  }

  package var mappedAddress: STUNAddress? {
    for case .mappedAddress(let address) in attributes { return address }
    return nil
  }

  /// What an error response is for.
  package var error: (code: Int, reason: String)? {
    for case .errorCode(let code, let reason) in attributes { return (code, reason) }
    return nil
  }

  package func has(_ attribute: STUNAttribute) -> Bool { attributes.contains(attribute) }
}
