import CWMP
import Net
import Testing

struct STUNMessageTests {
  static let transaction = Array<UInt8>(1...16)
  static let place = STUNAddress(IPv4Address(192, 0, 2, 10), port: 0x1234)

  static let attributes: [STUNAttribute] = [
    .mappedAddress(place), .responseAddress(place), .changeRequest(address: true, port: false),
    .changeRequest(address: false, port: true), .sourceAddress(place), .changedAddress(place),
    .username(Array("four".utf8)), .username(Array("three".utf8)), .username([]),
    .messageIntegrity(Array(repeating: 7, count: 20)), .errorCode(code: 420, reason: "Unknown Attribute"),
    .errorCode(code: 699, reason: ""), .unknownAttributes([]), .unknownAttributes([1, 0xFFFF]), .reflectedFrom(place),
    .xorMappedAddress(place), .connectionRequestBinding, .bindingChange, .other(type: 0x7777, [1, 2, 3]),
    .other(type: 0xC001, Array("else".utf8)), .other(type: 0xC002, [0]),
  ]

  private func decode(_ bytes: [UInt8]) throws(STUNError) -> STUNMessage {
    try STUNMessage(decoding: bytes.span.bytes)
  }

  private func decode(_ attributes: [UInt8]) throws(STUNError) -> [STUNAttribute] {
    let header: [UInt8] = [0, 1, 0, UInt8(attributes.count)] + Self.transaction
    return try decode(header + attributes).attributes
  }

  private func error(_ bytes: [UInt8]) -> STUNError? {
    do throws(STUNError) {
      _ = try decode(bytes) as STUNMessage
      return nil
    } catch {
      return error
    }
  }

  @Test(arguments: attributes) func `an attribute is read as it was written`(attribute: STUNAttribute) throws {
    let message = STUNMessage(.bindingRequest, transaction: Self.transaction, attributes: [attribute, .bindingChange])
    #expect(try decode(message.encoded()) == message)
  }

  @Test func `a response has its bytes in the standard's order`() {
    let message = STUNMessage(
      .bindingResponse, transaction: Self.transaction,
      attributes: [.mappedAddress(Self.place), .xorMappedAddress(Self.place)])
    #expect(
      message.encoded() == [0x01, 0x01, 0, 24] + Self.transaction + [
        0x00, 0x01, 0, 8, 0, 1, 0x12, 0x34, 192, 0, 2, 10,
        0x00, 0x20, 0, 8, 0, 1, 0x33, 0x26, 0xE1, 0x12, 0xA6, 0x48,
      ])
  }

  @Test func `the mark of annex G has a space at its end, and is known without`() throws {
    let mark = Array("dslforum.org/TR-111".utf8)
    #expect(
      STUNMessage(.bindingRequest, transaction: Self.transaction, attributes: [.connectionRequestBinding]).encoded()
        .suffix(24) == [0xC0, 0x01, 0, 20] + mark + [0x20])
    // Without filling, and with it.
    #expect(try decode([0xC0, 0x01, 0, 19] + mark) == [.connectionRequestBinding])
    #expect(
      try decode([0xC0, 0x01, 0, 19] + mark + [0, 0xC0, 0x02, 0, 0]) == [.connectionRequestBinding, .bindingChange])
  }

  @Test func `what cannot be read is refused with its place`() {
    #expect(error([]) == .truncated(at: 0, needed: 2))
    #expect(error([0, 1, 0, 0]) == .truncated(at: 4, needed: 16))
    #expect(error([0, 2, 0, 0] + Self.transaction) == .messageType(2))
    #expect(error([0, 1, 0, 4] + Self.transaction) == .messageLength(4, found: 0))
    #expect(error([0, 1, 0, 0] + Self.transaction + [0]) == .messageLength(0, found: 1))
    #expect(error([0, 1, 0, 4] + Self.transaction + [0, 6, 0, 9]) == .truncated(at: 24, needed: 9))
    #expect(error([0, 1, 0, 8] + Self.transaction + [0, 1, 0, 4, 0, 1, 0, 1]) == .attributeLength(4, at: 24))
    #expect(
      error([0, 1, 0, 12] + Self.transaction + [0, 1, 0, 8, 0, 2, 0, 1, 0, 0, 0, 0]) == .addressFamily(2, at: 24))
    #expect(
      error([0, 1, 0, 8] + Self.transaction + [0, 9, 0, 4, 0, 0, 0, 1])
        == .errorCode(class: 0, number: 1, at: 24))
    #expect(error([0, 1, 0, 12] + Self.transaction + [0, 9, 0, 5, 0, 0, 4, 1, 0xFF, 0, 0, 0]) == .notText(at: 28))
  }

  @Test func `every shortening of a message is refused`() {
    let message = STUNMessage(.bindingRequest, transaction: Self.transaction, attributes: Self.attributes).encoded()
    for count in message.indices { #expect(error(Array(message[..<count])) != nil) }
  }
}
