import TFTP
import Testing

struct NetasciiTests {
  @Test(arguments: [
    ("a\nb\n", "a\r\nb\r\n"), ("a\r\nb", "a\r\nb"), ("a\rb", "a\r\0b"), ("a\r", "a\r\0"), ("", ""),
    ("\n\n", "\r\n\r\n"),
    ("\r\r\n", "\r\0\r\n"),
  ])
  func `lines end with CR LF and a lone CR is CR NUL`(text: String, sent: String) {
    #expect(Netascii.encode(Array(text.utf8)) == Array(sent.utf8))
  }

  @Test func `what is decoded has lines that end with LF`() {
    #expect(Netascii.decode(Array("a\r\nb\r\0c\n\0\r".utf8)) == Array("a\nb\rc\n\0\r".utf8))
    var random = SeededGenerator(state: 4)
    for _ in 0..<500 {
      let bytes = (0..<40).map { _ in [0x61, 0x0A, 0x0D, 0x00].randomElement(using: &random) ?? 0 }
        .map { UInt8($0) }
      let isAmbiguous = zip(bytes, bytes.dropFirst()).contains { $0 == (0x0D, 0x0A) }
      if !isAmbiguous { #expect(Netascii.decode(Netascii.encode(bytes)) == bytes) }
    }
  }
}
