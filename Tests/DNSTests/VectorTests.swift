import Foundation
import Net
import Testing

@testable import DNS

/// Queries that other servers got wrong.
struct VectorTests {
  @Test func `a query that announces records it does not have gets FORMERR, and not a copy of itself`() throws {
    let file = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Vectors/dns/authority-count-without-records.hex")
    let text = try String(contentsOf: file, encoding: .utf8)
    let digits = text.split(separator: "\n").filter { !$0.hasPrefix("#") }.joined()
    let query = try #require(Hexadecimal.decode(digits))
    let reply = try Reply(to: query, zones: Lab.zones())
    #expect(reply.message?.responseCode == .formatError)
    #expect(reply.bytes == [0x12, 0x34, 0x81, 1, 0, 0, 0, 0, 0, 0, 0, 0])
  }

  @Test func `a name without records of the type gets NOERROR and the SOA of its zone`() throws {
    var builder = try Lab.builder()
    let captive = Lab.name("acs.factory.example.net")
    try builder.addZone(captive, nameServer: Lab.acs, timeToLive: 60)
    try builder.addAppliance(captive, timeToLive: 60)
    try builder.addAppliance(Lab.acs, timeToLive: 60)
    let zones = try builder.build().namingLeases(in: Lab.domain, timeToLive: 30)
      .updating([LeaseName(IPv4Address(192, 0, 2, 10), isLeased: true, hostname: "Router1")])
    for (name, type, zone) in [
      ("acs.lab.example", RecordType.aaaa, Lab.domain), ("router1.lab.example", .aaaa, Lab.domain),
      ("acs.factory.example.net", .aaaa, captive), ("acs.factory.example.net", .mx, captive),
    ] {
      let reply = try Reply.to(name, type, zones: zones)
      #expect(reply.responseCode == .noError && reply.answers.isEmpty, "\(name) \(type)")
      #expect(reply.authorities.map(\.type) == [.soa] && reply.authorities.map(\.name) == [zone], "\(name) \(type)")
    }
  }

  @Test func `a question's number is that of its name in any spelling, and another one's is another`() {
    func hash(_ name: String, _ type: RecordType = .a) -> UInt64 {
      let query = Message.query(id: 1, Question(Lab.name(name), type)).encode()
      return Responder.questionHash(of: query.span.bytes)
    }
    #expect(hash("acs.example.net") == hash("ACS.Example.NET", .aaaa))
    #expect(hash("acs.example.net") != hash("acs.example.org"))
    let cut: [UInt8] = [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 63, 65]
    for count in 0...cut.count {
      let short = Array(cut[..<count])
      _ = Responder.questionHash(of: short.span.bytes)
    }
  }
}
