import Foundation
import Testing

/// Names outside our zones, asked of a resolver that others wrote.
struct ForwardingTests {
  private static let configuration = """
    dns:
      forwarders: [192.0.2.53, 192.0.2.54]
    subnets:
      - subnet: 192.0.2.0/24
        pool: 192.0.2.100-192.0.2.199
        forwarding: true
    """

  @Test func `questions for other names go to the forwarders, and are refused where that is off`() async throws {
    try await Lab.with { lab in
      try await run("ip", "address", "add", "192.0.2.50/24", "dev", "eth0", in: lab.client())
      // Nobody is at 192.0.2.53.
      try await run("ip", "address", "add", "192.0.2.54/24", "dev", "eth0", in: lab.client())
      let daemon = try await Daemon(in: lab, configuration: Self.configuration)
      let text = (0..<40).map { "--txt-record=long.example.org,\(String(repeating: "x", count: 200))\($0)" }
      let words = """
        dnsmasq --keep-in-foreground --no-resolv --no-hosts --conf-file=/dev/null --user=root \\
        --listen-address=192.0.2.54 --bind-interfaces --address=/www.example.org/203.0.113.9 --local=/example.org/ \\
        --local-ttl=120
        """
      // It closes what it inherits, by which its end would be known; a shell holds that for it.
      let upstream = try Program(
        ["sh", "-c", "trap 'kill $!' TERM; \(([words] + text).joined(separator: " ")) & wait"], in: lab.client())
      func dig(_ words: String...) async throws -> String {
        try await Program(
          ["dig", "@192.0.2.1", "-b", "192.0.2.50", "+tries=1", "+time=7"] + words, in: lab.client()
        ).result().output
      }

      // The first server is dead, the second answers; the third question comes from the cache.
      for _ in 0..<3 {
        let answer = try await dig("WWW.example.org", "A")
        #expect(answer.contains("status: NOERROR") && answer.contains("203.0.113.9"), "\(answer)")
        #expect(answer.contains("flags: qr rd ra;") && answer.contains("WWW.example.org."), "\(answer)")
      }
      #expect(try await dig("nobody.example.org", "A").contains("status: NXDOMAIN"))
      // Too long for UDP on both ways.
      let long = try await dig("long.example.org", "TXT")
      #expect(long.contains("ANSWER: 40") && long.contains("(TCP)"), "\(long.prefix(600))")
      #expect(try await dig("+norecurse", "other.example.org", "A").contains("status: REFUSED"))
      #expect(try await dig("+tcp", "www.example.org", "A", "+short") == "203.0.113.9\n")
      #expect(try await dig("localhost", "A", "+short") == "127.0.0.1\n")
      #expect(try await dig("-x", "10.1.2.3").contains("status: NXDOMAIN"))
      // Our own zone is as it was.
      #expect(try await dig("acs.usher.internal", "A").contains("flags: qr aa rd"))

      try await upstream.stop()
      let failure = try await dig("third.example.org", "A")
      #expect(failure.contains("status: SERVFAIL") && failure.contains("EDE: 22"), "\(failure)")

      let off = Self.configuration.replacingOccurrences(of: "forwarding: true", with: "forwarding: false")
      _ = try lab.write(off, to: "usher.yaml")
      #expect(try await daemon.usher("reload").status == 0)
      #expect(try await dig("www.example.org", "A").contains("status: REFUSED"))
      try await daemon.stop()
    }
  }

  @Test func `names of private zones go to the servers that are named for them, and stay here by default`() async throws
  {
    let zones = """
        forward:
          - {zone: corp.internal, servers: [192.0.2.54]}
          - {zone: 10.in-addr.arpa, servers: [192.0.2.54]}
      """
    let configuration = Self.configuration.replacingOccurrences(of: ", 192.0.2.54", with: "")
    try await Lab.with { lab in
      try await run("ip", "address", "add", "192.0.2.50/24", "dev", "eth0", in: lab.client())
      try await run("ip", "address", "add", "192.0.2.54/24", "dev", "eth0", in: lab.client())
      let daemon = try await Daemon(in: lab, configuration: configuration)
      let words = """
        dnsmasq --keep-in-foreground --no-resolv --no-hosts --conf-file=/dev/null --user=root \\
        --listen-address=192.0.2.54 --bind-interfaces --address=/host.corp.internal/10.2.1.5 \\
        --ptr-record=5.1.2.10.in-addr.arpa,host.corp.internal --local=/corp.internal/
        """
      let upstream = try Program(["sh", "-c", "trap 'kill $!' TERM; \(words) & wait"], in: lab.client())
      func dig(_ words: String...) async throws -> String {
        try await Program(
          ["dig", "@192.0.2.1", "-b", "192.0.2.50", "+tries=1", "+time=7"] + words, in: lab.client()
        ).result().output
      }
      #expect(try await dig("host.corp.internal", "A").contains("status: NXDOMAIN"))
      #expect(try await dig("-x", "10.2.1.5").contains("status: NXDOMAIN"))
      _ = try lab.write(
        configuration.replacingOccurrences(of: "subnets:", with: "\(zones)\nsubnets:"), to: "usher.yaml")
      let reload = try await daemon.usher("reload")
      #expect(reload.status == 0, "\(reload.errors)")
      #expect(try await dig("host.corp.internal", "A", "+short") == "10.2.1.5\n")
      #expect(try await dig("-x", "10.2.1.5", "+short") == "host.corp.internal.\n")
      #expect(try await dig("other.internal", "A").contains("status: NXDOMAIN"))
      try await upstream.stop()
      try await daemon.stop()
    }
  }
}
