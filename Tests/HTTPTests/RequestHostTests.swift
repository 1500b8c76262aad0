import HTTP
import Testing

struct RequestHostTests {
  @Test(
    arguments: [
      ("/acs", "acs.example.net", "acs.example.net"), ("/acs", "acs.example.net:7547", "acs.example.net"),
      ("/acs", "[2001:db8::1]:7547", "2001:db8::1"),
      ("http://other.example.net:80/acs", "acs.example.net", "other.example.net"),
      ("HTTPS://other.example.net", "acs.example.net", "other.example.net"), ("/a:b", "", nil), ("*", "x", "x"),
      ("/acs", ":80", nil), ("http:///acs", "acs.example.net", nil),
    ] as [(String, String, String?)])
  func `the host is that of an absolute target, else of the field`(target: String, field: String, host: String?) {
    let request = Request(method: .post, target: RequestTarget(target), headers: ["Host": field])
    #expect(request.host == host)
  }

  @Test func `a request without the field has no host`() {
    #expect(Request(method: .post, target: RequestTarget("/acs")).host == nil)
  }
}
