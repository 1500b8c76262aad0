import Testing
import XML

struct XMLWriterTests {
  @Test func `elements stand in each other, and empty ones are closed at once`() {
    var writer = XMLWriter()
    writer.declaration()
    writer.element("a", ["b": "c"]) { writer in
      writer.element("d", text: "e")
      writer.element("f", ["g": "h"])
    }
    #expect(
      String(decoding: writer.bytes, as: UTF8.self)
        == #"<?xml version="1.0" encoding="UTF-8"?><a b="c"><d>e</d><f g="h"/></a>"#)
  }

  @Test func `whatever text goes in comes out of the reader again`() throws {
    let text = "a<b>&\"'\r\n\t]]>é华😀 "
    var writer = XMLWriter()
    writer.element("x", ["y": text], text: text)
    let root = try XMLReader().read(writer.bytes)
    #expect(root.text == text)
    #expect(root.attribute("y") == text)
  }

  @Test func `characters that XML does not have are left out`() throws {
    var writer = XMLWriter()
    writer.element("x", ["y": "\u{0}1\u{1F}"], text: "a\u{0}\u{8}\u{B}\u{FFFE}\u{FFFF}b\u{7F}")
    let root = try XMLReader().read(writer.bytes)
    #expect(root.text == "ab\u{7F}")
    #expect(root.attribute("y") == "1")
  }
}
