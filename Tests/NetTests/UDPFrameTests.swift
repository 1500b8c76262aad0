import Net
import Testing

struct UDPFrameTests {
  private let frame = UDPFrame(
    sourceHardware: MACAddress(rawValue: 0x0200_0000_0001), destinationHardware: .broadcast,
    source: IPv4Address(192, 0, 2, 1), destination: .broadcast, sourcePort: 67, destinationPort: 68,
    payload: Array("router".utf8))

  @Test func `a frame is written as the RFCs say, checksums included`() {
    #expect(
      Hexadecimal.encode(frame.encoded)
        == "ffffffffffff020000000001" + "0800" + "4500002200004000401178cac0000201ffffffff" + "00430044000eeff3"
        + Hexadecimal.encode("router".utf8))
  }

  @Test func `what is written is read back, padding and tags or not`() throws {
    let bytes = frame.encoded
    #expect(try decode(bytes) == frame)
    #expect(try decode(bytes + [UInt8](repeating: 0, count: 18)) == frame)
    let tag: [UInt8] = [0x81, 0x00, 0x20, 0x0A]
    #expect(try decode(bytes[..<12] + tag + bytes[12...]) == frame)
    #expect(try decode(bytes[..<12] + [0x88, 0xA8, 0, 1] + tag + bytes[12...]) == frame)
    var odd = frame
    odd.payload.append(7)
    #expect(try decode(odd.encoded) == odd)
  }

  @Test func `IPv4 options are skipped`() throws {
    var bytes = frame.encoded
    bytes[14] = 0x46
    bytes[17] += 4
    bytes.insert(contentsOf: [1, 1, 1, 0], at: 34)
    fixHeaderChecksum(&bytes, words: 12)
    #expect(try decode(bytes) == frame)
  }

  @Test func `a frame cut off anywhere is refused`() {
    let bytes = frame.encoded
    for count in bytes.indices {
      #expect(throws: FrameError.self) { try decode(bytes[..<count]) }
    }
  }

  @Test func `what is not a whole UDP datagram over IPv4 is refused by its kind`() {
    #expect(refusal { $0[13] = 0x06 } == .notIPv4(etherType: 0x0806))
    #expect(refusal { $0[14] = 0x65 } == .notIPv4(etherType: 0x0800))
    #expect(refusal { $0[14] = 0x44 } == .headerLength(16, at: 14))
    #expect(refusal { $0[17] = 27 } == .totalLength(27, at: 16))
    #expect(refusal { $0[24] ^= 1 } == .headerChecksum(at: 24))
    #expect(refusal(fixing: true) { $0[20] = 0x20 } == .fragment(at: 20))
    #expect(refusal(fixing: true) { $0[21] = 1 } == .fragment(at: 20))
    #expect(refusal(fixing: true) { $0[23] = 6 } == .notUDP(6))
    #expect(refusal { $0[39] = 7 } == .datagramLength(7, at: 38))
    #expect(refusal { $0[39] = 15 } == .datagramLength(15, at: 38))
    #expect(refusal { $0[47] ^= 1 } == .datagramChecksum(at: 40))
  }

  @Test func `no UDP checksum is right, and so is one that Linux left for the hardware to complete`() throws {
    var bytes = frame.encoded
    bytes.replaceSubrange(40..<42, with: [0, 0])
    #expect(try decode(bytes) == frame)
    // The sum of the pseudo-header: addresses, protocol 17, length 14.
    var sum = InternetChecksum()
    sum.add(frame.source)
    sum.add(frame.destination)
    sum.add(UInt16(17))
    sum.add(UInt16(14))
    bytes.replaceSubrange(40..<42, with: [UInt8(sum.folded >> 8), UInt8(sum.folded & 255)])
    #expect(try decode(bytes) == frame)
  }

  @Test func `no mutation of a frame traps`() {
    var random = SplitMix64(state: 1)
    let bytes = frame.encoded
    var read = 0
    for _ in 0..<20_000 {
      var mutated = bytes
      for _ in 0...Int(random.next() % 4) {
        mutated[Int(random.next() % UInt64(mutated.count))] = UInt8(truncatingIfNeeded: random.next())
      }
      if (try? decode(mutated)) != nil { read += 1 }
    }
    // Some touch only what no check covers, such as the hardware addresses; most are refused.
    #expect(read > 100 && read < 19_000)
  }

  private func decode(_ bytes: some Collection<UInt8>) throws(FrameError) -> UDPFrame {
    let array = Array(bytes)
    return try UDPFrame(decoding: array.span.bytes)
  }

  private func refusal(fixing: Bool = false, _ change: (inout [UInt8]) -> Void) -> FrameError? {
    var bytes = frame.encoded
    change(&bytes)
    if fixing { fixHeaderChecksum(&bytes, words: 10) }
    do throws(FrameError) {
      _ = try decode(bytes)
      return nil
    } catch {
      return error
    }
  }

  private func fixHeaderChecksum(_ bytes: inout [UInt8], words: Int) {
    bytes.replaceSubrange(24..<26, with: [0, 0])
    var sum = InternetChecksum()
    sum.add(bytes[14..<14 + 2 * words])
    bytes.replaceSubrange(24..<26, with: [UInt8(sum.value >> 8), UInt8(sum.value & 255)])
  }
}

private struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}
