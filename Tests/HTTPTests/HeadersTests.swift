import HTTP
import Testing

struct HeadersTests {
  private let headers = Headers([.init("Host", "a"), .init("Cookie", "x=1"), .init("COOKIE", "y=2")])

  @Test func `a name is found in any case, and the first value counts`() {
    #expect(headers["cookie"] == "x=1")
    #expect(headers["Content-Type"] == nil)
  }

  @Test func `all values of a name are kept in order`() {
    #expect(headers.values(of: "cookie") == ["x=1", "y=2"])
  }

  @Test func `setting a name replaces all of its fields, and nil removes them`() {
    var headers = headers
    headers["cookie"] = "z=3"
    #expect(headers.fields == [.init("Host", "a"), .init("cookie", "z=3")])
    headers["HOST"] = nil
    #expect(headers.fields.map(\.name) == ["cookie"])
  }

  @Test func `a member of a list is found between commas and spaces`() {
    let headers = Headers([.init("Connection", "TE , Keep-Alive"), .init("connection", "close")])
    #expect(headers.list("Connection", contains: "keep-alive"))
    #expect(headers.list("Connection", contains: "close"))
    #expect(!headers.list("Connection", contains: "keep"))
  }
}
