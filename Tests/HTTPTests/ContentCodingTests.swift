import HTTP
import Testing

struct ContentCodingTests {
  private func coding(_ values: String...) throws(UnknownContentCoding) -> ContentCoding? {
    try ContentCoding(of: Headers(values.map { Headers.Field("Content-Encoding", $0) }))
  }

  @Test func `gzip and deflate are known by all of their names`() throws {
    #expect(try coding() == nil && coding("identity") == nil && coding("") == nil)
    #expect(try coding("gzip") == .gzip && coding("X-GZIP") == .gzip && coding(" identity, gzip ") == .gzip)
    #expect(try coding("Deflate") == .deflate)
  }

  @Test func `another coding, and more than one, are refused by name`() {
    #expect(throws: UnknownContentCoding(name: "br")) { try coding("br") }
    #expect(throws: UnknownContentCoding(name: "gzip, gzip")) { try coding("gzip, gzip") }
    #expect(throws: UnknownContentCoding(name: "gzip, deflate")) { try coding("gzip", "deflate") }
  }

  @Test func `an answer may be coded where the client says so`() {
    func accepts(_ value: String?, _ coding: ContentCoding = .gzip) -> Bool {
      coding.isAccepted(by: value.map { ["Accept-Encoding": $0] } ?? [:])
    }
    #expect(accepts("gzip") && accepts("deflate, x-gzip;q=0.5") && accepts("*") && accepts("br, *;q=0.1"))
    #expect(
      !accepts(nil) && !accepts("") && !accepts("deflate") && !accepts("gzip;q=0") && !accepts("gzip; q=0.000, *"))
    #expect(accepts("deflate", .deflate) && !accepts("gzip", .deflate))
  }
}
