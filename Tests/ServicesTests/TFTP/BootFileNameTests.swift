import Net
import Testing

@testable import Services

struct BootFileNameTests {
  @Test(arguments: [
    ("branch-1.cfg", true), ("BRANCH-1.CFG", true), ("branch-1.usher.internal.cfg", true), ("branch-1", false),
    ("branch-10.cfg", false), ("branch-1.cfg.bak", false), ("branch-1./a.cfg", false), (".cfg", false),
  ])
  func `a host's own file has its name, with the zone or without`(name: String, isOwn: Bool) {
    #expect(BootFileName.isConfiguration(name, ofHost: "Branch-1") == isOwn)
  }

  @Test func `network cfg has a command for each host whose name is fit to stand in one`() throws {
    let address = IPv4Address(192, 0, 2, 20)
    let text = try #require(
      BootFileName.hostNames([
        (name: "branch-1", address: address), (name: "a\nreboot", address: address), (name: "a b", address: address),
        (name: "", address: address), (name: String(repeating: "a", count: 65), address: address),
        (name: "b_2.lab", address: IPv4Address(192, 0, 2, 21)),
      ]))
    #expect(String(decoding: text, as: UTF8.self) == "ip host branch-1 192.0.2.20\nip host b_2.lab 192.0.2.21\n")
    #expect(BootFileName.hostNames([(name: "ä", address: address)]) == nil)
  }
}
