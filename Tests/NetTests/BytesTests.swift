import Net
import Testing

struct BytesTests {
  @Test func `what is written is read back`() throws {
    var writer = ByteWriter()
    writer.write(UInt8(1))
    writer.write(UInt16(0x0203))
    writer.write(UInt32(0x0405_0607))
    writer.write(IPv4Address(192, 0, 2, 1))
    writer.write(MACAddress(rawValue: 0x000F_E200_0001))
    writer.write(zeros: 2)
    writer.replace(at: 1, with: 0x0908)

    let bytes = writer.bytes
    var reader = ByteReader(bytes.span.bytes)
    #expect(try reader.readUInt8() == 1)
    #expect(try reader.readUInt16() == 0x0908)
    #expect(try reader.readUInt32() == 0x0405_0607)
    #expect(try reader.readIPv4Address() == IPv4Address(192, 0, 2, 1))
    #expect(try reader.readMACAddress() == MACAddress(rawValue: 0x000F_E200_0001))
    #expect(try reader.readBytes(2) == [0, 0])
    let isAtEnd = reader.isAtEnd
    #expect(isAtEnd)
  }

  @Test func `reading past the end says where and how much is missing, and reads nothing`() throws {
    let bytes: [UInt8] = [1, 2, 3]
    var reader = ByteReader(bytes.span.bytes)
    try reader.skip(1)
    do throws(ByteError) {
      _ = try reader.readUInt32()
      Issue.record("four bytes were read from two")
    } catch {
      #expect(error == .truncated(at: 1, needed: 2))
    }
    var second = ByteReader(bytes.span.bytes)
    do throws(ByteError) {
      _ = try second.readBytes(4)
      Issue.record("four bytes were read from three")
    } catch {
      #expect(error == .truncated(at: 0, needed: 1))
    }
    #expect(try second.readBytes(3) == bytes)
  }

  @Test func `hexadecimal text is read in pairs of digits only`() {
    #expect(Hexadecimal.decode("0127fF") == [0x01, 0x27, 0xFF])
    #expect(Hexadecimal.decode("") == [])
    #expect(Hexadecimal.decode("123") == nil)
    #expect(Hexadecimal.decode("+1") == nil)
    #expect(Hexadecimal.encode([0x01, 0xAB]) == "01ab")
  }

  @Test(arguments: [
    (0, "1970-01-01T00:00:00Z"), (951_782_400, "2000-02-29T00:00:00Z"), (1_767_225_599, "2025-12-31T23:59:59Z"),
    (4_102_444_800, "2100-01-01T00:00:00Z"), (-1, "1969-12-31T23:59:59Z"),
  ])
  func `a moment prints as ISO 8601`(seconds: Int64, text: String) {
    #expect(Timestamp(secondsSince1970: seconds).description == text)
  }

  @Test func `time stops at its ends instead of overflowing`() {
    #expect(Timestamp.distantFuture.advanced(bySeconds: 1) == .distantFuture)
    #expect(Timestamp.distantPast.advanced(bySeconds: .max) == .distantFuture)
    #expect(Timestamp.distantFuture.milliseconds(since: Timestamp(rawValue: -1)) == .max)
  }
}
