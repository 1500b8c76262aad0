import HTTP
import Testing

struct ByteRangeTests {
  @Test(
    arguments: [
      (nil, ByteRange.whole), ("bytes=0-499", .part(0..<500)), ("bytes=500-", .part(500..<1000)),
      ("bytes=-200", .part(800..<1000)), ("Bytes= 999 - 5000 ", .part(999..<1000)), ("bytes=-5000", .part(0..<1000)),
      ("bytes=1000-", .unsatisfiable), ("bytes=-0", .unsatisfiable), ("bytes=5-4", .whole), ("bytes=0-1,5-6", .whole),
      ("bytes=", .whole), ("bytes=-", .whole), ("lines=0-1", .whole), ("bytes=a-b", .whole), ("bytes=--5", .whole),
      ("bytes=99999999999999999999-", .unsatisfiable), ("bytes=0-99999999999999999999", .part(0..<1000)),
      ("bytes=-99999999999999999999", .part(0..<1000)),
    ] as [(String?, ByteRange)])
  func `one range of a file of 1000 bytes`(value: String?, range: ByteRange) {
    #expect(ByteRange(value, length: 1000) == range)
  }

  @Test func `nothing of an empty file can be satisfied`() {
    #expect(ByteRange("bytes=0-", length: 0) == .unsatisfiable)
    #expect(ByteRange("bytes=-1", length: 0) == .unsatisfiable)
  }

  @Test func `Content-Range counts both ends in`() {
    #expect(ByteRange.part(0..<500).contentRange(length: 1000) == "bytes 0-499/1000")
    #expect(ByteRange.unsatisfiable.contentRange(length: 1000) == "bytes */1000")
    #expect(ByteRange.whole.contentRange(length: 1000) == nil)
  }

  @Test func `mutated ranges stay within the file`() {
    for text in mutations(of: ["bytes=0-499", "bytes=-200", "bytes=500-", "bytes=9223372036854775807-"]) {
      if case .part(let range) = ByteRange(text, length: 1000) {
        #expect(!range.isEmpty && range.lowerBound >= 0 && range.upperBound <= 1000)
      }
    }
  }
}
