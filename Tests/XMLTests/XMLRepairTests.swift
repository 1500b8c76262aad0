import Testing
import XML

struct XMLRepairTests {
  /// What is read after repair, or nil where that fails too.
  private func repaired(_ bytes: [UInt8]) throws -> String? {
    do throws(XMLError) {
      return try XMLReader().read(bytes).text
    } catch {
      guard XMLRepair.isWorthwhile(after: error) else { return nil }
      return try? XMLReader().read(XMLRepair.repaired(bytes, after: error)).text
    }
  }

  private func repaired(_ text: String) throws -> String? {
    try repaired(Array(text.utf8))
  }

  @Test func `control characters and references to them are taken out`() throws {
    #expect(try repaired("<a>b\u{0}\u{1}c&#2;d&#x1F;e\u{FFFF}</a>\u{0}") == "bcde")
  }

  @Test func `an ampersand that begins nothing stands for itself`() throws {
    #expect(try repaired("<a>b & c&d &; &#; &#65; &amp;</a>") == "b & c&d &; &#; A &")
  }

  @Test(arguments: ["&", "&a", "&#", "&#1", "&#1;", "&amp;", "\u{1}"], [1000, 300_000])
  func `a row of whatever begins a reference is repaired in time`(unit: String, count: Int) {
    let bytes = Array(repeatElement(Array(unit.utf8), count: count).joined())
    let wanted = ["&#1;", "\u{1}"].contains(unit) ? "" : unit == "&amp;" ? unit : "&amp;" + unit.dropFirst()
    let clock = ContinuousClock()
    var repaired: [UInt8] = []
    let time = clock.measure {
      repaired = XMLRepair.repaired(bytes, after: .malformed("", at: XMLPosition(line: 1, column: 1)))
    }
    #expect(repaired.elementsEqual(repeatElement(Array(wanted.utf8), count: count).joined()))
    #expect(time < .seconds(10))
  }

  @Test func `what is not UTF-8 is replaced`() throws {
    #expect(try repaired(Array("<a>b".utf8) + [0xE9] + Array("c</a>".utf8)) == "b\u{FFFD}c")
  }

  @Test func `an entity is not made up, and a document type stays refused`() throws {
    #expect(try repaired("<a>&b;</a>") == nil)
    #expect(try repaired("<!DOCTYPE a><a>\u{1}</a>") == nil)
  }
}
