import HTTP
import Testing

struct CookieTests {
  @Test(arguments: [
    ["sid=abc"], ["sid=abc; Path=/; HttpOnly"], ["other=1, sid=abc"], ["other=1;sid=\"abc\"; x=2"],
    ["$Version=\"1\"; sid=abc; $Path=\"/\""], ["Path=/; sid=abc"], ["a=b", "sid=abc"], [" ;, sid = abc ,"],
    ["sid=abc; Expires=Wed, 09 Jun 2027 10:18:14 GMT; Max-Age=60"], ["sid=abc; sid=old"],
  ])
  func `a session's cookie is found however a router returns it`(values: [String]) {
    var request = Request(method: .post, target: RequestTarget("/acs"))
    for value in values { request.headers.append("cookie", value) }
    #expect(request.cookie("sid") == "abc")
  }

  @Test func `attributes that come back are no cookies`() {
    let cookies = Cookie.parse(["sid=x; Path=/; Domain=acs; Secure; Max-Age=1, b=\"1;2,\\\"3\""])
    #expect(cookies == [Cookie(name: "sid", value: "x"), Cookie(name: "b", value: "1;2,\"3")])
  }

  @Test func `a value may hold equals signs, and a name without one is skipped`() {
    #expect(
      Cookie.parse(["token=YQ==; alone; =none; open=\"1"]) == [
        Cookie(name: "token", value: "YQ=="), Cookie(name: "open", value: "\"1"),
      ])
  }

  @Test func `no more cookies are read than the limit`() {
    let text = String(repeating: "a=1;", count: 10_000)
    #expect(Cookie.parse([text, text]).count == Cookie.maximumCount)
  }

  @Test func `Set-Cookie is the bare pair unless attributes are asked for`() {
    #expect(SetCookie(name: "sid", value: "x").fieldValue == "sid=x")
    #expect(
      SetCookie(name: "sid", value: "x", path: "/acs", maxAge: 60, isHTTPOnly: true, isSecure: true).fieldValue
        == "sid=x; Path=/acs; Max-Age=60; HttpOnly; Secure")
  }

  @Test func `what is set comes back`() {
    let set = SetCookie(name: "session", value: "a.b-c_d=", path: "/", isHTTPOnly: true)
    #expect(Cookie.parse([set.fieldValue]) == [Cookie(name: "session", value: "a.b-c_d=")])
  }

  @Test func `mutated cookies neither trap nor outgrow their text`() {
    let seeds = ["a=1; sid=\"x\\\"y\"; Path=/, $Version=1; b=YQ==", "sid=abc; Expires=Wed, 09 Jun 2027 10:18:14 GMT"]
    for text in mutations(of: seeds) {
      for cookie in Cookie.parse([text]) {
        #expect(!cookie.name.isEmpty && cookie.name.utf8.count + cookie.value.utf8.count <= text.utf8.count)
      }
    }
  }
}
