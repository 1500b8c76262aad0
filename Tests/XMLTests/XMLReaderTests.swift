import Testing
import XML

struct XMLReaderTests {
  private func read(_ text: String, limits: XMLLimits = XMLLimits()) throws(XMLError) -> XMLElement {
    try XMLReader(limits: limits).read(Array(text.utf8))
  }

  @Test func `names, prefixes and namespaces are told apart`() throws {
    let root = try read(
      #"<a:one xmlns:a="urn:a" xmlns="urn:d"><two/><a:three xmlns:b="urn:b" b:x="1" y="2"/></a:one>"#)
    #expect(root.name == "one")
    #expect(root.prefix == "a")
    #expect(root.namespace == "urn:a")
    #expect(root.declaredNamespaces == ["urn:a", "urn:d"])
    #expect(root.children.map(\.name) == ["two", "three"])
    #expect(root.child("two")?.namespace == "urn:d")
    #expect(root.child("two")?.prefix == nil)
    let three = try #require(root.child("three"))
    #expect(
      three.attributes == [
        XMLAttribute(name: "x", prefix: "b", namespace: "urn:b", value: "1"),
        XMLAttribute(name: "y", prefix: nil, namespace: nil, value: "2"),
      ])
    #expect(three.attribute("y") == "2")
    #expect(three.attribute("z") == nil)
    #expect(root.child("four") == nil)
  }

  @Test func `a prefix without declaration is let pass, without a namespace`() throws {
    let root = try read(#"<soap:Envelope xsi:type="xsd:string"/>"#)
    #expect(root.name == "Envelope")
    #expect(root.prefix == "soap")
    #expect(root.namespace == nil)
    #expect(root.attribute("type") == "xsd:string")
  }

  @Test func `nothing of one document is left in the next, however the first one ended`() throws {
    let plain = #"<a:one x="1"><b>2</b></a:one>"#
    let others = [
      #"<one xmlns="urn:d" xmlns:a="urn:a" xml:lang="en"><b xmlns="urn:e"/></one>"#, #"<a:one xmlns:a="urn:a"><b>"#,
      #"<!DOCTYPE one [<!ENTITY e "x">]><one/>"#, "<one>&e;</one>", "<one></two>",
      #"<?xml version="1.1" encoding="iso-8859-1" standalone="yes"?><one>é</one>"#,
      "<one>" + (1...900).map { "<name\($0)/>" }.joined() + "</one>",
      "<one>" + (1...1100).map { "<name\($0)/>" }.joined() + "</one>",
      "<one>" + String(repeating: "<deeper>", count: 70),
    ]
    for first in others {
      for second in [plain] + others {
        _ = try? read(first)
        _ = try? read(second)
        let root = try read(plain)
        #expect(root.name == "one" && root.prefix == "a" && root.namespace == nil && root.declaredNamespaces == [])
        #expect(root.attributes == [XMLAttribute(name: "x", prefix: nil, namespace: nil, value: "1")])
        #expect(root.line == 1 && root.children.map(\.name) == ["b"] && root.child("b")?.text == "2")
      }
    }
  }

  @Test func `text is what the references, the CDATA and the pieces of it say together`() throws {
    let root = try read("<a>1 &lt; 2 &amp; &#x41;&#66;<!-- no --><![CDATA[<b>]]><?p i?> é</a>")
    #expect(root.text == "1 < 2 & AB<b> é")
  }

  @Test func `white space between tags is left out, white space alone in an element stays`() throws {
    let root = try read("<a>\n  <b>  </b>\n  <c>\n</c> <d/>\n</a>")
    #expect(root.text == "")
    #expect(root.children.map(\.text) == ["  ", "\n", ""])
  }

  @Test func `text beside child elements is read without theirs`() throws {
    let root = try read("<a>one <b>two</b> three<c/></a>")
    #expect(root.text == "one  three")
    #expect(root.children.map(\.name) == ["b", "c"])
  }

  @Test func `an attribute is unescaped`() throws {
    #expect(try read(#"<a x="&quot;&amp;&#9;é"/>"#).attribute("x") == "\"&\té")
  }

  @Test func `an element knows its line, also behind blank lines ahead of the document`() throws {
    let root = try read("\n\n<a>\n<b/>\n</a>")
    #expect(root.child("b")?.line == 4)
  }

  @Test func `a declared ISO-8859-1 is read as such, and a charset from outside goes before it`() throws {
    let latin = Array(#"<?xml version="1.0" encoding="ISO-8859-1"?><a>"#.utf8) + [0xE9] + Array("</a>".utf8)
    #expect(try XMLReader().read(latin).text == "é")
    let utf8 = Array(#"<?xml version="1.0" encoding="ISO-8859-1"?><a>é</a>"#.utf8)
    #expect(try XMLReader().read(utf8, encoding: "UTF-8").text == "é")
    #expect(try XMLReader().read(Array("<a>".utf8) + [0xE9] + Array("</a>".utf8), encoding: "latin1").text == "é")
    let chinese = Array("<a>".utf8) + [0xBB, 0xAA] + Array("</a>".utf8)
    #expect(try XMLReader().read(chinese, encoding: "gb2312").text == "华")
  }

  @Test func `a byte order mark is no part of the document`() throws {
    #expect(try XMLReader().read([0xEF, 0xBB, 0xBF] + Array("<a>b</a>".utf8)).text == "b")
  }

  @Test func `an error says where it is`() {
    #expect(throws: XMLError.undefinedEntity(at: XMLPosition(line: 2, column: 9))) {
      try read("<a>\n  &nbsp; </a>")
    }
    do throws(XMLError) {
      _ = try read("<a>\n<b></c></a>")
      Issue.record("a wrong end tag was read")
    } catch {
      guard case .malformed(_, let position) = error else {
        Issue.record("another error: \(error)")
        return
      }
      #expect(position.line == 2)
      #expect(error.description.hasPrefix("line 2, column"))
    }
  }
}
