import Foundation
import Testing

/// The DNS responder as `dig` sees it.
struct NameServiceTests {
  @Test func `dig gets the ACS's address, PTR and A of leases, and honest negative answers`() async throws {
    try await Lab.with { lab in
      let daemon = try await Daemon(in: lab, configuration: RealClientTests.configuration)
      try await run("ip", "address", "add", "192.0.2.50/24", "dev", "eth0", in: lab.client())
      func dig(_ words: String...) async throws -> String {
        try await Program(["dig", "@192.0.2.1", "+tries=2", "+time=2"] + words, in: lab.client()).result().output
      }

      for transport in ["+notcp", "+tcp"] {
        for edns in ["+noedns", "+edns=0"] {
          let answer = try await dig("acs.usher.internal", "A", transport, edns)
          #expect(answer.contains("status: NOERROR"))
          #expect(answer.contains("flags: qr aa"))
          #expect(
            answer.split(separator: "\n").contains { $0.hasPrefix("acs.usher.internal.") && $0.hasSuffix("192.0.2.1") })
          #expect(answer.contains("EDNS: version: 0") == (edns == "+edns=0"))
        }
      }
      let soa = try await dig("usher.internal", "SOA", "+short")
      #expect(soa.split(separator: " ").count == 7)
      #expect(try await dig("usher.internal", "NS", "+short").isEmpty == false)

      let noData = try await dig("acs.usher.internal", "AAAA")
      #expect(noData.contains("status: NOERROR") && noData.contains("ANSWER: 0") && noData.contains("SOA"))
      let noName = try await dig("nobody.usher.internal", "A")
      #expect(noName.contains("status: NXDOMAIN") && noName.contains("SOA"))
      let elsewhere = try await dig("example.com", "A")
      #expect(elsewhere.contains("status: REFUSED") && !elsewhere.contains("flags: qr aa"))

      let client = try await run(
        "udhcpc", "-n", "-q", "-f", "-i", "eth0", "-s", "/bin/true", "-x", "hostname:branch-7", in: lab.client())
      #expect(client.status == 0, "\(client.errors)")
      #expect(
        try await eventually(within: 30) {
          try await dig("-x", "192.0.2.100", "+short") == "branch-7.usher.internal.\n"
        })
      #expect(try await dig("branch-7.usher.internal", "+short") == "192.0.2.100\n")
      try await daemon.stop()
    }
  }
}
