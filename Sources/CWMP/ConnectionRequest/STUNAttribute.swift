import Net

/// An attribute of a STUN message (RFC 3489 section 11.2, TR-069 annex G.2.1).
package enum STUNAttribute: Hashable, Sendable {
  case mappedAddress(STUNAddress)
  case responseAddress(STUNAddress)
  case changeRequest(address: Bool, port: Bool)
  case sourceAddress(STUNAddress)
  case changedAddress(STUNAddress)
  case username([UInt8])
  /// 20 bytes.
  case messageIntegrity([UInt8])
  /// `code` is from 100 to 699.
  case errorCode(code: Int, reason: String)
  case unknownAttributes([UInt16])
  case reflectedFrom(STUNAddress)
  /// RFC 5389 section 15.2.
  case xorMappedAddress(STUNAddress)
  /// The binding is the one that connection requests are to be sent to.
  case connectionRequestBinding
  /// The binding has changed.
  case bindingChange
  case other(type: UInt16, [UInt8])

  /// A receiver that does not know a type below this must refuse the message.
  package static let firstOptional: UInt16 = 0x8000
  static let integrityType: UInt16 = 0x0008
  static let integritySize = 20
  /// With the space at its end; some clients leave it out.
  private static let bindingMark = Array("dslforum.org/TR-111 ".utf8)

  package var type: UInt16 {
    switch self {
    case .mappedAddress: 0x0001
    case .responseAddress: 0x0002
    case .changeRequest: 0x0003
    case .sourceAddress: 0x0004
    case .changedAddress: 0x0005
    case .username: 0x0006
    case .messageIntegrity: Self.integrityType
    case .errorCode: 0x0009
    case .unknownAttributes: 0x000A
    case .reflectedFrom: 0x000B
    case .xorMappedAddress: 0x0020
    case .connectionRequestBinding: 0xC001
    case .bindingChange: 0xC002
    case .other(let type, _): type
    }
  }

  /// `offset` is where the value begins.
  init(decoding value: [UInt8], type: UInt16, at offset: Int) throws(STUNError) {
    switch type {
    case 0x0001: self = .mappedAddress(try STUNAddress(decoding: value, at: offset))
    case 0x0002: self = .responseAddress(try STUNAddress(decoding: value, at: offset))
    case 0x0003:
      guard value.count == 4 else { throw .attributeLength(value.count, at: offset) }
      self = .changeRequest(address: value[3] & 4 != 0, port: value[3] & 2 != 0)
    case 0x0004: self = .sourceAddress(try STUNAddress(decoding: value, at: offset))
    case 0x0005: self = .changedAddress(try STUNAddress(decoding: value, at: offset))
    case 0x0006: self = .username(value)
    case Self.integrityType:
      guard value.count == Self.integritySize else { throw .attributeLength(value.count, at: offset) }
      self = .messageIntegrity(value)
    case 0x0009:
      guard value.count >= 4 else { throw .attributeLength(value.count, at: offset) }
      let hundreds = value[2] & 7
      guard (1...6).contains(hundreds), value[3] < 100 else {
        throw .errorCode(class: hundreds, number: value[3], at: offset)
      }
      guard let reason = String(validating: value[4...], as: UTF8.self) else { throw .notText(at: offset + 4) }
      self = .errorCode(code: Int(hundreds) * 100 + Int(value[3]), reason: reason)
    case 0x000A:
      guard value.count.isMultiple(of: 2) else { throw .attributeLength(value.count, at: offset) }
      self = .unknownAttributes(
        stride(from: 0, to: value.count, by: 2).map { UInt16(value[$0]) << 8 | UInt16(value[$0 + 1]) })
    case 0x000B: self = .reflectedFrom(try STUNAddress(decoding: value, at: offset))
    case 0x0020: self = .xorMappedAddress(try STUNAddress(decoding: value, at: offset).turned)
    case 0xC001 where value == Self.bindingMark || value == Self.bindingMark.dropLast():
      self = .connectionRequestBinding
    case 0xC002 where value.isEmpty: self = .bindingChange
    default: self = .other(type: type, value)
    }
  }

  func encodeValue(into writer: inout ByteWriter) {
    switch self {
    case .mappedAddress(let address), .responseAddress(let address), .sourceAddress(let address),
      .changedAddress(let address), .reflectedFrom(let address):
      address.encode(into: &writer)
    case .changeRequest(let address, let port):
      writer.write(UInt32((address ? 4 : 0) | (port ? 2 : 0)))
    case .username(let bytes), .messageIntegrity(let bytes), .other(_, let bytes): writer.write(bytes)
    case .errorCode(let code, let reason):
      writer.write(UInt16(0))
      writer.write(UInt8(truncatingIfNeeded: code / 100))
      writer.write(UInt8(truncatingIfNeeded: code % 100))
      writer.write(reason.utf8)
    case .unknownAttributes(let types):
      for type in types { writer.write(type) }
    case .xorMappedAddress(let address): address.turned.encode(into: &writer)
    case .connectionRequestBinding: writer.write(Self.bindingMark)
    case .bindingChange: break
    }
  }
}
