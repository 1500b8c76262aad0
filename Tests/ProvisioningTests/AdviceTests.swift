import CWMP
import Net
import Testing

@testable import Provisioning

struct AdviceTests {
  @Test func `a URL has a scheme, a host, a port and a path`() throws {
    let url = try ACSURL("http://acs.example:7547/acs?x=1")
    #expect(
      [url.scheme.rawValue, url.host, String(url.port), url.path] == ["http", "acs.example", "7547", "/acs?x=1"])
    #expect(try ACSURL("HTTPS://192.0.2.1").port == 443)
    #expect(try ACSURL("https://192.0.2.1").path == "/")
    #expect(try ACSURL("https://192.0.2.1").address == IPv4Address(192, 0, 2, 1))
    #expect(try ACSURL(host: "acs", port: 80, path: "/acs").text == "http://acs/acs")
    #expect(try ACSURL(host: "acs", port: 7547, path: "").text == "http://acs:7547")
  }

  @Test(arguments: [
    ("http://", ACSURLError.length(7)), ("http://a b.example/", .characters), ("ftp://acs.example/", .scheme),
    ("http://u:p@acs.example", .userInformation), ("http://acs..example", .host("acs..example")),
    ("http://192.0.2.300/", .host("192.0.2.300")), ("http:///acs", .host("")), ("http://-acs.x/", .host("-acs.x")),
    ("http://acs:0/", .port("0")), ("http://acs:99999/", .port("99999")), ("http://acs:/", .port("")),
    ("http://acs:+80/", .port("+80")), ("http://[::1]:80/", .host("[::1]:80")), ("http://é.example/", .characters),
  ])
  func `what routers could not use is refused`(text: String, error: ACSURLError) {
    #expect(throws: error) { try ACSURL(text) }
  }

  @Test func `URL, user name and password fit one sub-option`() throws {
    let address = IPv4Address(192, 0, 2, 1)
    let url = try ACSURL("http://acs.example:7547/" + String(repeating: "x", count: 200))
    #expect(
      try Advice(url: url, username: "user", password: "0123456789012345678", address: address).name == "acs.example")
    #expect(throws: AdviceError.tooLong(254, limit: 253)) {
      try Advice(url: url, username: "user", password: String(repeating: "x", count: 24), address: address)
    }
    #expect(throws: AdviceError.characters) {
      try Advice(url: url, username: "us er", password: nil, address: address)
    }
    #expect(throws: AdviceError.passwordAlone) {
      try Advice(url: url, username: nil, password: "x", address: address)
    }
    #expect(try Advice(url: ACSURL("http://192.0.2.1/"), username: nil, password: nil, address: address).name == nil)
  }
}
