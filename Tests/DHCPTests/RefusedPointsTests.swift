import DHCP
import Foundation
import Net
import Testing

/// What the RFCs let a server do and this one does not, on purpose; and that all else has a test.
struct RefusedPointsTests {
  /// The point, what it asks for, and why it is refused.
  static let refused: [(point: String, what: String, why: String)] = [
    (
      "D11", "BOOTP, a message without option 53 (RFC 1534)",
      "an address for ever, to a client that cannot give it back: no router of today needs it"
    ),
    (
      "D76", "DHCPLEASEQUERY (RFC 4388)",
      "it tells whoever can reach the server who has which address; the operator has `usher leases`"
    ),
    (
      "D80", "option 116, auto-configuration (RFC 2563)",
      "a router that gets no address keeps asking, and that is what it should do; none is told to make one up"
    ),
  ]

  @Test func `D76 a lease query is not answered, and counted`() throws {
    var lab = Lab()
    _ = try lab.lease(Client(1).behindRelay())
    let query = Client(1).behindRelay().message(.leaseQuery) { $0.ciaddr = IPv4Address(198, 51, 100, 100) }
    #expect(try lab.send(query).reply == nil)
    #expect(try lab.send(query).outcomes == [.ignored(.leaseQueryUnsupported)])
  }

  @Test func `D80 with no address left a client that could make one up is told nothing`() throws {
    var lab = Lab(subnets: [Lab.subnet(pool: "192.0.2.100")])
    _ = try lab.lease(Client(1))
    let asking = Client(2).with(OptionCode(rawValue: 116), [1]).requesting(116)
    #expect(try lab.send(asking.discover()).reply == nil)
    let offer = try #require(try lab.send(Client(1).with(OptionCode(rawValue: 116), [1]).discover()).reply)
    #expect(!offer.message.options.contains(OptionCode(rawValue: 116)))
  }

  @Test func `each point from D01 to D82 is named by a test, or refused for a reason`() throws {
    let folder = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
    let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    var named: Set<String> = []
    for file in files where file.pathExtension == "swift" {
      for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
        guard let start = line.range(of: "func `D")?.upperBound else { continue }
        // The numbers stand first, the claim behind them.
        let words = ("D" + line[start...]).split(separator: " ")
        named.formUnion(words.prefix { $0.wholeMatch(of: /D[0-9]{2}|and/) != nil }.map(String.init))
      }
    }
    let points = (1...82).map { "D" + ($0 < 10 ? "0" : "") + String($0) }
    #expect(points.filter { !named.contains($0) }.isEmpty)
    #expect(Self.refused.allSatisfy { named.contains($0.point) && !$0.why.isEmpty && !$0.what.isEmpty })
  }
}
