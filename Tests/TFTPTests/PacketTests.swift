import TFTP
import Testing

struct PacketTests {
  static let request = Request(
    fileName: "device.cfg", mode: .octet, options: [Option("blksize", 1428), Option("tsize", 0), Option("timeout", 3)])
  static let packets: [Packet] = [
    .readRequest(request), .writeRequest(Request(fileName: "x", mode: .netascii)), .data(block: 1, [1, 2, 3]),
    .data(block: 65_535, []), .acknowledgment(block: 0), .error(.fileNotFound, message: "no such file"),
    .optionAcknowledgment([Option("blksize", 1428)]),
  ]

  private func error(of bytes: [UInt8]) -> PacketError? {
    do throws(PacketError) {
      _ = try Packet(decoding: bytes.span.bytes)
      return nil
    } catch {
      return error
    }
  }

  @Test func `a read request is laid out as RFC 1350 and RFC 2347 say`() {
    let text = "\0\u{1}device.cfg\0octet\0blksize\01428\0tsize\00\0timeout\03\0"
    #expect(Packet.readRequest(Self.request).encode() == Array(text.utf8))
  }

  @Test(arguments: packets)
  func `what is encoded is decoded`(packet: Packet) throws {
    let bytes = packet.encode()
    #expect(try Packet(decoding: bytes.span.bytes) == packet)
  }

  @Test func `a packet cut at any byte is refused, unless what is left is a packet`() throws {
    for packet in Self.packets {
      let bytes = packet.encode()
      for count in 0..<bytes.count {
        let cut = Array(bytes[..<count])
        guard let shorter = try? Packet(decoding: cut.span.bytes) else { continue }
        switch (packet, shorter) {
        case (.data(let block, _), .data(let other, _)): #expect(block == other)
        case (.readRequest(let whole), .readRequest(let part)), (.writeRequest(let whole), .writeRequest(let part)):
          #expect(whole.fileName == part.fileName && whole.mode == part.mode)
          #expect(Array(whole.options.prefix(part.options.count)) == part.options)
        case (.optionAcknowledgment(let whole), .optionAcknowledgment(let part)):
          #expect(Array(whole.prefix(part.count)) == part)
        // What a message lacks at its end is no loss.
        case (.error(let code, let whole), .error(let other, let part)):
          #expect(code == other && whole.hasPrefix(part))
        default: Issue.record("\(packet) cut to \(count) bytes is \(shorter)")
        }
      }
    }
  }

  @Test func `what is no packet is refused with its reason`() {
    #expect(error(of: []) == .truncated(at: 0, needed: 2))
    #expect(error(of: [0, 7, 0, 0]) == .opcode(7))
    #expect(error(of: [0, 0]) == .opcode(0))
    #expect(error(of: [0, 4, 0]) == .truncated(at: 2, needed: 1))
    #expect(error(of: [0, 4, 0, 1, 9]) == .trailingBytes(at: 4))
    #expect(error(of: [0, 5, 0, 1, 0, 0]) == .trailingBytes(at: 5))
    #expect(error(of: [0, 1] + "a\0carrier pigeon\0".utf8) == .mode("carrier pigeon"))
    #expect(error(of: [0, 1] + "octet".utf8) == .unterminated(at: 2))
    #expect(error(of: [0, 1] + "a\0".utf8) == .mode(""))
    #expect(error(of: [0, 1] + [UInt8](repeating: 0x61, count: 511)) == .requestTooLong(513))
  }

  @Test func `modes and option names are known in either case`() throws {
    let bytes: [UInt8] = [0, 1] + Array("a\0OcTeT\0BLKSIZE\01024\0".utf8)
    guard case .readRequest(let request) = try Packet(decoding: bytes.span.bytes) else {
      Issue.record("not a read request")
      return
    }
    #expect(request.mode == .octet)
    #expect(request.options.number(Option.blockSize) == 1024)
  }

  @Test(arguments: ["", "-1", "+1", "1a", " 1", "99999999999999999999"])
  func `an option's value that is no number is none`(value: String) {
    #expect([Option("tsize", value)].number("tsize") == nil)
  }

  @Test func `mutated packets never trap, and what is read survives another round`() throws {
    var random = SeededGenerator(state: 3)
    var decoded = 0
    for round in 0..<20_000 {
      var bytes = Self.packets[round % Self.packets.count].encode()
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      guard let packet = try? Packet(decoding: bytes.span.bytes) else { continue }
      decoded += 1
      let again = packet.encode()
      #expect(try Packet(decoding: again.span.bytes) == packet)
    }
    #expect(decoded > 1000)
  }
}

/// A generator with a fixed seed (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }
}
