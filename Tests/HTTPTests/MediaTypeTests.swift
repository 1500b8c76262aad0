import HTTP
import Testing

struct MediaTypeTests {
  @Test(
    arguments: [
      ("text/xml", "text/xml", nil), ("Text/XML; charset=\"utf-8\"", "text/xml", "utf-8"),
      ("text/xml;charset=ISO-8859-1", "text/xml", "ISO-8859-1"),
      ("text/xml; action=\"a;b\"; CHARSET=x", "text/xml", "x"), ("text/xml; charset", "text/xml", nil),
    ] as [(String, String, String?)])
  func `type and charset are read`(text: String, name: String, charset: String?) {
    #expect(MediaType(text)?.name == name)
    #expect(MediaType(text)?.charset == charset)
  }

  @Test(arguments: ["", "text", ";charset=x", "a/b/c"])
  func `what has no type is none`(text: String) {
    #expect(MediaType(text) == nil)
  }

  @Test func `mutated types do not trap`() {
    for text in mutations(of: ["text/xml; charset=\"utf-8\"; a=b"]) {
      if let type = MediaType(text) { #expect(type.name.contains("/")) }
    }
  }
}
