import DNS
import Net
import Testing

struct RecordTextTests {
  @Test(arguments: [
    ("A", "192.0.2.1", RecordData.a(IPv4Address(192, 0, 2, 1))),
    ("AAAA", "2001:db8::1", .aaaa(IPv6Address(high: 0x2001_0DB8_0000_0000, low: 1))),
    ("CNAME", "acs.lab.example.", .cname(Lab.acs)), ("NS", "acs.lab.example", .ns(Lab.acs)),
    ("PTR", "acs.lab.example", .ptr(Lab.acs)), ("MX", "10 acs.lab.example", .mx(preference: 10, exchange: Lab.acs)),
    ("SRV", "1 2 7547 acs.lab.example", .srv(priority: 1, weight: 2, port: 7547, target: Lab.acs)),
    ("TXT", "a b", .txt([Array("a b".utf8)])), ("TXT", #""a b" "c" """#, .txt([Array("a b".utf8), [0x63], []])),
    ("TYPE65400", ##"\# 3 010203"##, .opaque(RecordType(rawValue: 65_400), [1, 2, 3])),
    ("TYPE65400", ##"\# 0"##, .opaque(RecordType(rawValue: 65_400), [])),
    ("A", ##"\# 4 C0 00 0201"##, .a(IPv4Address(192, 0, 2, 1))),
  ])
  func `N51 data are read as a master file has them`(type: String, text: String, data: RecordData) throws {
    #expect(try RecordData(type: try #require(RecordType(type)), text: text) == data)
  }

  @Test(arguments: [
    ("A", "192.0.2"), ("A", ""), ("A", "1.2.3.4 5"), ("AAAA", "192.0.2.1"), ("CNAME", "a..b"),
    ("MX", "acs.lab.example"),
    ("TYPE65400", ##"\# 2 010203"##), ("TYPE65400", ##"\# 3 01020"##), ("TYPE65400", ##"\#"##),
    ("A", ##"\# 3 010203"##),
    ("PTR", ##"\# 4 0161C000"##),
  ])
  func `what is not of the type's form is refused, and the form is told`(type: String, text: String) throws {
    let type = try #require(RecordType(type))
    do throws(RecordTextError) {
      let data = try RecordData(type: type, text: text)
      Issue.record("\(data)")
    } catch {
      #expect(error.text == text)
      #expect(!error.expected.isEmpty)
    }
  }

  @Test func `a string of 256 bytes is refused`() {
    let long = String(repeating: "a", count: 256)
    #expect(throws: RecordTextError.self) { try RecordData(type: .txt, text: long) }
    #expect(throws: RecordTextError.self) { try RecordData(type: .txt, text: "\"\(long)\"") }
    #expect(throws: Never.self) { try RecordData(type: .txt, text: String(long.dropLast())) }
  }
}
