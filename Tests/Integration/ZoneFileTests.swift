import Foundation
import Testing

/// Zones beside that of the routers, and names of others, as `dig` sees them.
struct ZoneFileTests {
  private static let zone = """
    $TTL 1h
    @ SOA ns.other.example. root 41 2h 15m 1w 10m
      NS ns
    ns A 192.0.2.53
    sub NS ns.sub
    ns.sub A 192.0.2.54
    *.wild TXT "from the wild"
    """

  private static let configuration = """
    dns:
      acs-names: [acs2.usher.internal]
      captive: [acs.vendor.example, "*.tr069.example"]
      transfer-to: [192.0.2.50]
      zones:
        - { name: other.example, file: other.zone }
        - name: third.example
          records:
            - { name: "@", type: MX, value: 10 mail.third.example }
            - { name: _acs._tcp, type: SRV, value: 1 2 7547 acs.third.example, ttl: 1m }
            - { name: "@", type: CAA, value: 0 issue "ca.example" }
            - { name: odd, type: TYPE65400, value: '\\# 3 010203' }
    subnets:
      - subnet: 192.0.2.0/24
        pool: 192.0.2.100-192.0.2.199
      - subnet: 198.51.100.0/24
        acs-address: 203.0.113.5
    """

  @Test func `any records, master files, captive names, an ACS address by subnet, and transfers`() async throws {
    try await Lab.with { lab in
      try await run("ip", "address", "add", "192.0.2.50/24", "dev", "eth0", in: lab.client())
      try await run("ip", "address", "add", "198.51.100.50/24", "dev", "eth0", in: lab.client())
      try await run("ip", "route", "add", "198.51.100.0/24", "dev", Lab.port, in: lab.appliance)
      _ = try lab.write(Self.zone, to: "other.zone")
      let daemon = try await Daemon(in: lab, configuration: Self.configuration)
      func dig(_ words: String..., from source: String = "192.0.2.50") async throws -> String {
        try await Program(["dig", "@192.0.2.1", "-b", source, "+tries=1", "+time=2"] + words, in: lab.client())
          .result().output
      }
      func short(_ words: String...) async throws -> String {
        try await dig(words[0], words[1], "+short").trimmingCharacters(in: .whitespacesAndNewlines)
      }

      #expect(try await short("third.example", "MX") == "10 mail.third.example.")
      #expect(try await short("_acs._tcp.third.example", "SRV") == "1 2 7547 acs.third.example.")
      #expect(try await dig("_acs._tcp.third.example", "SRV").contains("60\tIN\tSRV"))
      #expect(try await short("third.example", "CAA") == "0 issue \"ca.example\"")
      #expect(try await short("odd.third.example", "TYPE65400") == "\\# 3 010203")
      #expect(try await short("other.example", "SOA") == "ns.other.example. root.other.example. 41 7200 900 604800 600")
      #expect(try await short("x.y.wild.other.example", "TXT") == "\"from the wild\"")
      let referral = try await dig("host.sub.other.example", "A")
      #expect(referral.contains("flags: qr rd;") && referral.contains("192.0.2.54"), "\(referral)")

      for name in ["acs.usher.internal", "acs2.usher.internal", "ACS.vendor.example", "a.b.tr069.example"] {
        #expect(try await short(name, "A") == "192.0.2.1", "\(name)")
      }
      #expect(try await dig("vendor.example", "A").contains("status: REFUSED"))
      #expect(try await dig("acs.usher.internal", "A", "+short", from: "198.51.100.50") == "203.0.113.5\n")

      let transfer = try await dig("other.example", "AXFR")
      #expect(transfer.contains("XFR size: 7 records"), "\(transfer)")
      #expect(try await dig("other.example", "AXFR", from: "198.51.100.50").contains("Transfer failed"))

      // A router that asks for the name its factory gave it is seen on its way.
      let client = try await run("udhcpc", "-n", "-q", "-f", "-i", "eth0", "-s", "/bin/true", in: lab.client())
      #expect(client.status == 0)
      try await run("ip", "address", "add", "192.0.2.100/24", "dev", "eth0", in: lab.client())
      #expect(try await dig("acs.vendor.example", "A", "+short", from: "192.0.2.100") == "192.0.2.1\n")
      #expect(
        try await eventually(within: 30) {
          try await daemon.usher("journey").output.contains("acs.vendor.example")
        })

      // A mistake in the file is told with its place, and nothing changes.
      _ = try lab.write(Self.zone + "\nwww MXX 1 a\n", to: "other.zone")
      let refused = try await daemon.usher("reload")
      #expect(refused.status != 0 && refused.errors.contains("other.zone: line 8, column 5"), "\(refused.errors)")
      #expect(try await short("ns.other.example", "A") == "192.0.2.53")
      try await daemon.stop()
    }
  }
}
