import Testing
import XML

struct XMLHostilityTests {
  /// Once stopped, libxml2 frees what it has read; the values of the element's attributes lie in that.
  @Test func `a document with too many names among its attributes is refused, and none of it is read after that`() {
    let attributes = (0..<40).map { "n\($0)=\"\(String(repeating: "v", count: 200))\"" }.joined(separator: " ")
    for limit in 1...40 {
      let reader = XMLReader(limits: XMLLimits(attributes: 64, names: limit))
      guard
        case .failure(.tooManyNames(limit, _)) = Result(catching: { () throws(XMLError) in
          try reader.read(Array("<e \(attributes)/>".utf8))
        })
      else {
        Issue.record("\(limit) names are not refused as too few")
        continue
      }
    }
  }

  private func error(
    of bytes: [UInt8], limits: XMLLimits = XMLLimits(), encoding: String? = nil
  ) -> XMLError? {
    do throws(XMLError) {
      _ = try XMLReader(limits: limits).read(bytes, encoding: encoding)
      return nil
    } catch {
      return error
    }
  }

  private func error(of text: String, limits: XMLLimits = XMLLimits()) -> XMLError? {
    error(of: Array(text.utf8), limits: limits)
  }

  @Test(arguments: [
    "<!DOCTYPE a><a/>",
    #"<!DOCTYPE a SYSTEM "http://192.0.2.1/a.dtd"><a/>"#,
    #"<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>"#,
    #"<!DOCTYPE a [<!ENTITY l "lol"><!ENTITY m "&l;&l;&l;&l;"><!ENTITY n "&m;&m;&m;&m;">]><a>&n;</a>"#,
    #"<!DOCTYPE a [<!ENTITY % x SYSTEM "http://192.0.2.1/"> %x;]><a/>"#,
    "<!-- a --><!DOCTYPE a><a/>",
  ])
  func `a document type is refused, whatever is in it`(text: String) {
    guard case .documentType = error(of: text) else {
      Issue.record("\(String(describing: error(of: text)))")
      return
    }
  }

  @Test func `entities but the five predefined are refused`() {
    guard case .undefinedEntity = error(of: "<a>&x;</a>"), case .undefinedEntity = error(of: #"<a b="&x;"/>"#) else {
      Issue.record("an entity was made up")
      return
    }
    #expect(error(of: "<a>&lt;&gt;&amp;&quot;&apos;</a>") == nil)
  }

  @Test func `depth is limited, to 64 unless told otherwise`() {
    func nested(_ depth: Int) -> String {
      String(repeating: "<a>", count: depth) + String(repeating: "</a>", count: depth)
    }
    #expect(error(of: nested(64)) == nil)
    for depth in [65, 300, 100_000] {
      guard case .tooDeep(limit: 64, _) = error(of: nested(depth)) else {
        Issue.record("\(depth): \(String(describing: error(of: nested(depth))))")
        continue
      }
    }
    #expect(error(of: nested(3), limits: XMLLimits(depth: 3)) == nil)
    guard case .tooDeep(limit: 3, _) = error(of: nested(4), limits: XMLLimits(depth: 3)) else {
      Issue.record("four were let pass for three")
      return
    }
  }

  @Test func `size is limited before anything is read`() {
    let large = [UInt8](repeating: UInt8(ascii: "<"), count: 50 << 20)
    #expect(error(of: large) == .tooLarge(bytes: 50 << 20, limit: 8 << 20))
    #expect(error(of: "<a/>", limits: XMLLimits(bytes: 3)) == .tooLarge(bytes: 4, limit: 3))
  }

  @Test func `elements are counted`() {
    let text = "<a>" + String(repeating: "<b/>", count: 300_000) + "</a>"
    guard case .tooManyElements(limit: 262_144, _) = error(of: text) else {
      Issue.record("\(String(describing: error(of: text)))")
      return
    }
    #expect(error(of: "<a><b/><b/></a>", limits: XMLLimits(elements: 3)) == nil)
  }

  @Test func `attributes are counted before they are compared with each other`() {
    let many = (0..<500_000).map { " a\($0)=''" }.joined()
    guard
      case .tooManyAttributes(limit: 64, at: XMLPosition(line: 2, column: 5)) = error(of: "<x>\n<y/><z\(many)/></x>")
    else {
      Issue.record("many attributes were read")
      return
    }
    #expect(error(of: "<a b='= = =' c=\">\" d='\"'/>", limits: XMLLimits(attributes: 3)) == nil)
    #expect(error(of: "<a b='' xmlns:c='d' e=''/>", limits: XMLLimits(attributes: 2)) != nil)
    #expect(
      error(of: "<a><!-- < b= c= d= --><![CDATA[< b= c= d= ]]><?p < b= c= d= ?></a>", limits: XMLLimits(attributes: 2))
        == nil)
  }

  @Test func `names are counted`() {
    let text = "<a>" + (0..<5000).map { "<b\($0)/>" }.joined() + "</a>"
    guard case .tooManyNames(limit: 250, _) = error(of: text) else {
      Issue.record("\(String(describing: error(of: text)))")
      return
    }
    #expect(error(of: "<a><b/><c/></a>", limits: XMLLimits(names: 3)) == nil)
    guard case .tooManyNames = error(of: "<a><b/><c/></a>", limits: XMLLimits(names: 2)) else {
      Issue.record("three names were read for two")
      return
    }
  }

  @Test(arguments: ["UTF-16", "UCS-4", "IBM037", "UTF-7", "no such", ""])
  func `an encoding in which the bytes of the tags mean something else is not read`(name: String) {
    guard case .unknownEncoding = error(of: Array("<a/>".utf8), encoding: name) else {
      Issue.record("\(name) was read")
      return
    }
    #expect(error(of: #"<?xml version="1.0" encoding="\#(name)"?><a/>"#) != nil)
  }

  @Test func `an encoding that no one knows is named`() {
    #expect(error(of: #"<?xml version="1.0" encoding="latin1-odd"?><a/>"#) == .unknownEncoding("latin1-odd"))
    #expect(error(of: Array("<a/>".utf8), encoding: "latin1-odd") == .unknownEncoding("latin1-odd"))
  }

  @Test(arguments: ["gb18030", "shift_jis", "euc-jp", "big5"])
  func `bytes that the encoding does not have are refused, wherever they stand`(encoding: String) {
    let whole = Array("<a>b</a>".utf8)
    for place in 0...whole.count {
      var bytes = whole
      bytes.insert(0xFF, at: place)
      #expect(error(of: bytes, encoding: encoding) != nil, "at \(place)")
    }
    guard case .wrongEncoding = error(of: Array("<a>b".utf8) + [0xFF] + Array("</a>".utf8), encoding: encoding) else {
      Issue.record("another reason was given")
      return
    }
  }

  @Test func `UTF-16 is not read, with a mark or without`() {
    let text = Array("<?xml version='1.0'?><a/>".utf16)
    let littleEndian = text.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
    for bytes in [littleEndian, [0xFF, 0xFE] + littleEndian] {
      guard case .unknownEncoding = error(of: bytes) else {
        Issue.record("\(String(describing: error(of: bytes)))")
        continue
      }
    }
  }

  @Test func `zero bytes, control characters and references to them are refused`() {
    for bytes in [Array("<a>".utf8) + [0] + Array("</a>".utf8), Array("<a/>".utf8) + [0]] {
      guard case .illegalCharacter = error(of: bytes) else {
        Issue.record("\(String(describing: error(of: bytes)))")
        continue
      }
    }
    for text in ["<a>\u{1}</a>", "<a>&#1;</a>", "<a>&#xFFFF;</a>", "<a b='&#0;'/>"] {
      guard case .illegalCharacter = error(of: text) else {
        Issue.record("\(text): \(String(describing: error(of: text)))")
        continue
      }
    }
  }

  @Test func `bytes that are not UTF-8 are refused`() {
    for middle: [UInt8] in [[0xE9], [0xC0, 0x80], [0xFF], [0xED, 0xA0, 0x80]] {
      let bytes = Array("<a>".utf8) + middle + Array("</a>".utf8)
      #expect(error(of: bytes) != nil, "\(middle)")
    }
    guard case .wrongEncoding = error(of: Array("<a>".utf8) + [0xE9] + Array("</a>".utf8)) else {
      Issue.record("another reason was given")
      return
    }
  }

  @Test func `a document cut at any byte is refused, nearly always as truncated`() {
    let whole = Array(
      #"<?xml version="1.0"?><a:b xmlns:a="urn:a"><c d="e">f &amp; é</c><!-- g --><![CDATA[h]]><i/></a:b>"#.utf8)
    #expect(error(of: whole) == nil)
    var truncated = 0
    for count in 0..<whole.count {
      let error = error(of: Array(whole[..<count]))
      #expect(error != nil, "\(count) bytes were read")
      if case .truncated = error { truncated += 1 }
    }
    #expect(truncated > whole.count / 2)
  }

  @Test func `more than one root, and text beside it, is refused`() {
    #expect(error(of: "<a/><b/>") != nil)
    #expect(error(of: "<a/>b") != nil)
    #expect(error(of: "") == .truncated(at: XMLPosition(line: 1, column: 1)))
    #expect(error(of: " \n ") != nil)
    #expect(error(of: "b") != nil)
  }

  @Test func `whatever bytes come, they are read or refused`() {
    let seed = Array(
      #"<?xml version="1.0"?><a:b xmlns:a="urn:a" x='1'><c d="e">f &amp; &#65;</c><!-- g --><![CDATA[h]]><i/></a:b>"#
        .utf8
    )
    var random = FixedRandom(state: 7)
    var read = 0
    for _ in 0..<20_000 {
      var bytes = seed
      for _ in 0...Int(random.next() % 4) {
        let place = Int(random.next() % UInt64(bytes.count))
        switch random.next() % 3 {
        case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
        case 1: bytes.remove(at: place)
        default: bytes.insert(contentsOf: bytes[place...].prefix(9), at: place)
        }
      }
      guard let root = try? XMLReader().read(bytes) else { continue }
      read += 1
      walk(root)
    }
    #expect(read > 100)
  }

  private func walk(_ element: XMLElement) {
    _ = (element.name, element.text, element.attributes, element.namespace)
    for child in element.children { walk(child) }
  }
}

/// The same numbers in every run (SplitMix64).
struct FixedRandom: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
