import DNS
import Net
import Testing

struct MessageTests {
  static let full = Message(
    id: 1, flags: Flags([.response, .authoritative]), questions: [Question(Lab.acs, .a)],
    answers: Lab.records,
    authorities: [
      Lab.record(
        "lab.example",
        .soa(
          StartOfAuthority(
            primary: Lab.acs, contact: Lab.name("hostmaster.lab.example"), serial: SerialNumber(rawValue: 1))))
    ],
    additionals: [Lab.record("10.2.0.192.in-addr.arpa", .ptr(Lab.acs))],
    edns: EDNS(flags: EDNS.dnssecOK, options: [EDNS.Option(code: 10, bytes: [1, 2, 3])]))

  private func error(of bytes: [UInt8]) -> MessageError? {
    do throws(MessageError) {
      _ = try Message(decoding: bytes.span.bytes)
      return nil
    } catch {
      return error
    }
  }

  /// A message with one question, whose name is these bytes, with nothing before it but the header.
  private func message(name: [UInt8], after: [UInt8] = [0, 1, 0, 1]) -> [UInt8] {
    [0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0] + name + after
  }

  @Test func `what is encoded is decoded`() throws {
    let bytes = Self.full.encode()
    #expect(try Message(decoding: bytes.span.bytes) == Self.full)
  }

  @Test func `a message cut at any byte is refused`() {
    let bytes = Self.full.encode()
    for count in 0..<bytes.count {
      #expect(error(of: Array(bytes[..<count])) != nil, "\(count) bytes")
    }
    #expect(error(of: bytes + [0]) == .trailingBytes(at: bytes.count))
  }

  @Test func `a name is followed through pointers that lead backward`() throws {
    // lab.example at 12, acs + pointer to 12 as a CNAME's target.
    let name: [UInt8] = [3] + "lab".utf8 + [7] + "example".utf8 + [0]
    var bytes: [UInt8] = [0, 1, 0x80, 0, 0, 1, 0, 1, 0, 0, 0, 0] + name + [0, 1, 0, 1]
    bytes += [0xC0, 12, 0, 5, 0, 1, 0, 0, 0, 9, 0, 6, 3] + "acs".utf8 + [0xC0, 12]
    let message = try Message(decoding: bytes.span.bytes)
    #expect(message.answers == [Lab.record("lab.example", .cname(Lab.acs), timeToLive: 9)])
  }

  @Test func `a pointer to itself, forward, or in a loop is refused where it stands`() {
    #expect(error(of: message(name: [0xC0, 12])) == .pointerNotBackward(at: 12, to: 12))
    #expect(error(of: message(name: [0xC0, 40])) == .pointerNotBackward(at: 12, to: 40))
    #expect(error(of: message(name: [1, 0x61, 0xC0, 12])) == .pointerNotBackward(at: 14, to: 12))
    #expect(error(of: message(name: [0xC0])) != nil)
  }

  @Test func `a chain of more pointers than one name may follow is refused`() {
    // In the data of a record, the root's zero and pointers that each lead to the one before; then a name that starts
    // at the last of them.
    var data: [UInt8] = [0]
    for index in 0...Name.maximumPointers {
      let target = 12 + 11 + (index == 0 ? 0 : 1 + (index - 1) * 2)
      data += [0xC0 | UInt8(target >> 8), UInt8(target & 255)]
    }
    let last = 12 + 11 + data.count - 2
    var bytes: [UInt8] = [0, 1, 0x80, 0, 0, 0, 0, 2, 0, 0, 0, 0]
    bytes += [0, 0xFF, 0xFE, 0, 1, 0, 0, 0, 0, 0, UInt8(data.count)] + data
    bytes += [0xC0, UInt8(last), 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 1, 2, 3, 4]
    #expect(error(of: bytes) == .tooManyPointers(at: 12 + 11 + 1 + 2))
  }

  @Test func `label 64, label types 01 and 10, and a name of 256 bytes are refused`() {
    #expect(error(of: message(name: [64] + [UInt8](repeating: 0x61, count: 64) + [0])) == .labelType(64, at: 12))
    #expect(error(of: message(name: [0x80, 0])) == .labelType(0x80, at: 12))
    let label = [63] + [UInt8](repeating: 0x61, count: 63)
    let tooLong = label + label + label + [62] + [UInt8](repeating: 0x61, count: 62) + [0]
    #expect(error(of: message(name: tooLong)) == .nameTooLong(at: 12 + 192))
    let longest = label + label + label + [61] + [UInt8](repeating: 0x61, count: 61) + [0]
    #expect(error(of: message(name: longest)) == nil)
  }

  @Test func `data of a wrong length are refused`() {
    for (type, length) in [(1, 3), (1, 5), (28, 15), (2, 2), (16, 0)] as [(UInt8, UInt8)] {
      let bytes: [UInt8] =
        [0, 1, 0x80, 0, 0, 0, 0, 1, 0, 0, 0, 0] + [0, 0, type, 0, 1, 0, 0, 0, 0, 0, length]
        + [UInt8](repeating: 0, count: Int(length))
      #expect(error(of: bytes) == .dataLength(RecordType(rawValue: UInt16(type)), at: 23), "type \(type)")
    }
  }

  @Test func `N67 a TTL of 2^31 or more is read as 0`() throws {
    let bytes: [UInt8] =
      [0, 1, 0x80, 0, 0, 0, 0, 1, 0, 0, 0, 0] + [0, 0, 1, 0, 1, 0x80, 0, 0, 0, 0, 4, 192, 0, 2, 1]
    #expect(try Message(decoding: bytes.span.bytes).answers[0].timeToLive == 0)
    #expect(RRset(timeToLive: 0x8000_0000, .a(.loopback)).timeToLive == 0)
    #expect(RRset(timeToLive: 0x7FFF_FFFF, .a(.loopback)).timeToLive == 0x7FFF_FFFF)
  }

  @Test func `random bytes and mutated messages never trap, and what is read survives another round`() throws {
    var random = SeededGenerator(state: 42)
    let valid = Self.full.encode()
    var decoded = 0
    for _ in 0..<20_000 {
      var bytes = valid
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      guard let message = try? Message(decoding: bytes.span.bytes) else { continue }
      decoded += 1
      let again = message.encode()
      #expect(try Message(decoding: again.span.bytes) == message)
    }
    #expect(decoded > 100)
  }

  @Test func `addresses are found by way of aliases, and a loop of them ends`() {
    var message = Message(
      id: 1,
      answers: [
        Lab.record("a.example", .cname(Lab.name("B.example"))), Lab.record("b.example", .a(.loopback)),
        Lab.record("other.example", .a(.broadcast)),
      ])
    #expect(message.addresses(of: Lab.name("A.EXAMPLE")) == [.loopback])
    message.answers = [
      Lab.record("a.example", .cname(Lab.name("b.example"))), Lab.record("b.example", .cname(Lab.name("a.example"))),
    ]
    #expect(message.addresses(of: Lab.name("a.example")).isEmpty)
  }

  @Test func `types are named by mnemonic or number`() {
    #expect(RecordType("aaaa") == .aaaa)
    #expect(RecordType("TYPE65400")?.rawValue == 65_400)
    #expect(RecordType(rawValue: 666).description == "TYPE666")
    #expect(RecordType("TYPE65536") == nil)
    #expect(RecordType("TYPE+1") == nil)
    #expect(RecordType("") == nil)
  }
}
