import DNS
import Testing

struct OldRecordDataTests {
  private static let name: [UInt8] = [1, 97, 1, 98, 0]
  /// A pointer to the question, `a.b`.
  private static let pointer: [UInt8] = [0xC0, 12]

  private func data(_ type: UInt16, _ bytes: [UInt8]) throws -> RecordData? {
    let header: [UInt8] = [0, 1, 0x80, 0, 0, 1, 0, 1, 0, 0, 0, 0] + Self.name + [0, 1, 0, 1]
    let record = Self.pointer + [UInt8(type >> 8), UInt8(type & 255), 0, 1, 0, 0, 0, 60, 0, UInt8(bytes.count)] + bytes
    let message = header + record
    return try Message(decoding: message.span.bytes).answers.first?.data
  }

  private static let types: [(type: UInt16, before: [UInt8], after: [UInt8])] = [
    (3, [], []), (7, [], []), (39, [], []), (14, [], pointer), (17, [], name), (18, [0, 1], []), (26, [0, 1], pointer),
    (35, [0, 1, 0, 2, 1, 85, 0, 3, 33, 33, 33], []), (24, Array(repeating: 7, count: 18), [9, 9]), (30, [], [64]),
  ]

  @Test(arguments: types)
  func `a name that is compressed in the data of an old type is expanded`(
    type: UInt16, before: [UInt8], after: [UInt8]
  ) throws {
    let expanded = after == Self.pointer ? Self.name : after
    let wanted = RecordData.opaque(RecordType(rawValue: type), before + Self.name + expanded)
    #expect(try data(type, before + Self.pointer + after) == wanted)
    #expect(try data(type, before + Self.name + after) == wanted)
  }

  @Test func `the bytes of other types are kept as they are`() throws {
    #expect(try data(65_400, Self.pointer) == .opaque(RecordType(rawValue: 65_400), Self.pointer))
  }

  private static let malformed: [(type: UInt16, bytes: [UInt8])] = [
    (17, pointer), (18, [0]), (3, pointer + [0]), (24, pointer), (35, [0, 1, 0, 1, 200]),
  ]

  @Test(arguments: malformed)
  func `data that end elsewhere than their length says are refused`(type: UInt16, bytes: [UInt8]) {
    #expect(throws: MessageError.self) { try data(type, bytes) }
  }
}
