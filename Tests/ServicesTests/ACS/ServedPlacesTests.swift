import Testing

@testable import Services

struct ServedPlacesTests {
  @Test func `a path is served with and without a slash at its end, as are several`() {
    let paths = ServedPaths(["/acs", "/cwmp/", "/"])
    #expect(paths.first == "/acs")
    for path in ["/acs", "/acs/", "/acs//", "/cwmp", "/cwmp/", "/", ""] { #expect(paths.contains(path), "\(path)") }
    for path in ["/acs/x", "/ac", "/ACS", "/cwmp2"] { #expect(!paths.contains(path), "\(path)") }
    #expect(!ServedPaths(["/acs"]).contains("/"))
  }

  @Test func `a captive name is known in either case and with a dot, and what is below it where that was said`() {
    let names = CaptiveNames(["acs.factory.example.net", "*.isp.Example.org"])
    for host in [
      "acs.factory.example.net", "ACS.Factory.example.NET", "acs.factory.example.net.", "a.isp.example.org",
      "a.b.isp.example.org",
    ] {
      #expect(names.contains(host), "\(host)")
    }
    for host in [
      nil, "", "x.acs.factory.example.net", "isp.example.org", ".isp.example.org", "192.0.2.1", "notisp.example.org",
    ] {
      #expect(!names.contains(host), "\(host ?? "nil")")
    }
    #expect(!CaptiveNames().contains("acs.factory.example.net"))
  }
}
