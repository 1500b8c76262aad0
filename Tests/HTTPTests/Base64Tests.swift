import HTTP
import Testing

struct Base64Tests {
  @Test(arguments: [
    ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
    ("foobar", "Zm9vYmFy"),
  ])
  func `the vectors of RFC 4648 section 10`(text: String, encoded: String) {
    #expect(Base64.encode(Array(text.utf8)) == encoded)
    #expect(Base64.decode(encoded) == Array(text.utf8))
  }

  @Test func `the alphabets differ in two digits and in padding`() {
    #expect(Base64.encode([0xFB, 0xFF, 0xFE, 0xFF]) == "+//+/w==")
    #expect(Base64.encode([0xFB, 0xFF, 0xFE, 0xFF], .url) == "-__-_w")
    #expect(Base64.decode("-__-_w", .url) == [0xFB, 0xFF, 0xFE, 0xFF])
    #expect(Base64.decode("+//+/w", .url) == nil)
  }

  @Test(arguments: ["A", "Zg=", "Zg===", "Z===", "=", "====", "Zh==", "Zm9v!", "Zm 9v", "Zm9=v"])
  func `what is not base64 is refused`(text: String) {
    #expect(Base64.decode(text) == nil)
  }

  @Test func `random bytes of every length come back, in both alphabets`() {
    var random = Seeded(64)
    for length in 0..<200 {
      let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
      #expect(Base64.decode(Base64.encode(bytes)) == bytes)
      #expect(Base64.decode(Base64.encode(bytes, .url), .url) == bytes)
    }
  }

  @Test func `a text that decodes is the one that encoding gives, padding aside`() {
    for text in mutations(of: ["Zm9vYmE=", "Zg==", "QWxhZGRpbjpvcGVuIHNlc2FtZQ=="]) {
      guard let bytes = Base64.decode(text) else { continue }
      let encoded = Base64.encode(bytes)
      #expect(encoded == text || encoded.hasPrefix(text))
    }
  }
}
