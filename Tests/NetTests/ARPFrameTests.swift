import Net
import Testing

struct ARPFrameTests {
  private let own = MACAddress(rawValue: 0x0200_0000_0001)
  private let other = MACAddress(rawValue: 0x0200_0000_0002)

  @Test func `a request is written as RFC 826 says, to all, and of the least length of a frame`() {
    let frame = ARPFrame(
      .request, senderHardware: own, sender: IPv4Address(192, 0, 2, 1), target: IPv4Address(192, 0, 2, 100))
    #expect(
      Hexadecimal.encode(frame.encoded)
        == "ffffffffffff020000000001" + "0806" + "0001080006040001" + "020000000001c0000201" + "000000000000c0000264"
        + String(repeating: "00", count: 18))
  }

  @Test func `what is written is read back, and a tag is skipped`() {
    let frame = ARPFrame(
      .reply, senderHardware: other, sender: IPv4Address(192, 0, 2, 100), targetHardware: own,
      target: IPv4Address(192, 0, 2, 1))
    let bytes = frame.encoded
    #expect(ARPFrame(decoding: bytes.span.bytes) == frame)
    let tagged = Array(bytes[..<12]) + [0x81, 0x00, 0x20, 0x0A] + bytes[12...]
    #expect(ARPFrame(decoding: tagged.span.bytes) == frame)
  }

  @Test func `what is cut off, of another kind or for other addresses is none`() {
    let bytes = ARPFrame(.reply, senderHardware: other, sender: .unspecified, target: .unspecified).encoded
    for count in 0..<42 {
      let part = Array(bytes[..<count])
      #expect(ARPFrame(decoding: part.span.bytes) == nil)
    }
    for (offset, value) in [(13, 0), (15, 6), (16, 0x86), (18, 8), (19, 6), (21, 3), (21, 0)] as [(Int, UInt8)] {
      var changed = bytes
      changed[offset] = value
      #expect(ARPFrame(decoding: changed.span.bytes) == nil, "\(offset)")
    }
  }
}
