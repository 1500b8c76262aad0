import HTTP
import Testing

struct RequestTargetTests {
  @Test func `path and query are percent-decoded, a plus is a space in the query alone`() {
    let target = RequestTarget("/a%20b+c/%7e?x=1%262&y+z=%41&flag&=v")
    #expect(target.path == "/a b+c/~")
    #expect(
      target.query == [.init("x", "1&2"), .init("y z", "A"), .init("flag", ""), .init("", "v")])
    #expect(target.value(of: "flag") == "")
    #expect(target.value(of: "none") == nil)
  }

  @Test(arguments: [
    ("http://acs.example:7547/acs?x=1", "/acs"), ("HTTP://acs.example", "/"), ("https://acs?x=1", "/"), ("acs", "/acs"),
    ("", "/"), ("*", "*"), ("/a#b?c", "/a"), ("/%", "/%"), ("/%4", "/%4"), ("/%zz", "/%zz"), ("/%FF", "/\u{FFFD}"),
  ])
  func `every form of a target has a path`(text: String, path: String) {
    #expect(RequestTarget(text).path == path)
  }

  @Test func `a query of very many pairs is cut`() {
    let target = RequestTarget("/?" + String(repeating: "a=1&", count: 100_000))
    #expect(target.query.count == RequestTarget.maximumQueryItems)
    #expect(target.query.allSatisfy { $0 == .init("a", "1") })
  }
}
