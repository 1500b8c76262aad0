import Foundation
import Net
import Testing

/// The configuration is read again while leases are given.
struct ReloadTests {
  private static func configuration(last: String, leaseTime: String) -> String {
    """
    subnets:
      - subnet: 10.64.0.0/16
        pool: 10.64.1.0-\(last)
        lease-time: \(leaseTime)
        max-lease-time: \(leaseTime)
    """
  }

  @Test func `twenty reloads under load lose no exchange and no lease, and what they change holds at once`()
    async throws
  {
    try await Lab.with { lab in
      try await run("ip", "-n", lab.appliance, "address", "add", "10.64.0.1/16", "dev", Lab.port)
      try await run("ip", "-n", lab.client(), "address", "add", "10.64.0.2/16", "dev", "eth0")
      let daemon = try await Daemon(
        in: lab, configuration: Self.configuration(last: "10.64.90.255", leaseTime: "1h"),
        arguments: ["--log-level", "error"])
      let clients = try ClientStream(
        relay: IPv4Address(10, 64, 0, 2), of: IPv4Address(10, 64, 0, 1), in: lab.client(), rate: 500,
        patience: .seconds(20))
      for round in 1...20 {
        try await Task.sleep(for: .milliseconds(80))
        _ = try lab.write(
          Self.configuration(
            last: round % 2 == 0 ? "10.64.90.255" : "10.64.200.255", leaseTime: "\(round + 1)h"), to: "usher.yaml")
        #expect(try await daemon.usher("reload").status == 0)
      }
      let before = clients.acknowledged
      // More than were under way when the last reload was done.
      let goesOn = try await eventually(within: 30) { clients.acknowledged.count > before.count + 150 }
      await clients.stop()
      let promised = clients.acknowledged
      #expect(clients.unanswered == 0)
      #expect(before.count > 500 && goesOn, "\(before.count), \(promised.count)")
      let leases = try await daemon.json("leases")
      let kept = Dictionary(
        uniqueKeysWithValues: leases.compactMap { lease in
          (lease["address"] as? String).flatMap { IPv4Address($0) }.map { ($0, lease) }
        })
      #expect(promised.allSatisfy { kept[$0.key]?["hardware"] as? String == "\($0.value)" })
      // The number of a client is in its hardware address.
      let latest = try #require(promised.max { $0.value.rawValue < $1.value.rawValue }?.key)
      let lease = try #require(kept[latest])
      let format = ISO8601DateFormatter()
      let start = try #require((lease["start"] as? String).flatMap { format.date(from: $0) })
      let expiry = try #require((lease["expiry"] as? String).flatMap { format.date(from: $0) })
      #expect(expiry.timeIntervalSince(start) == 21 * 3600)

      // One that cannot be changes nothing, and says where it is wrong.
      _ = try lab.write("subnets:\n  - subnet: 10.64.0.0/16\n    pol: 10.64.1.0-10.64.2.0\n", to: "usher.yaml")
      let refused = try await daemon.usher("reload")
      #expect(refused.status == 2 && refused.errors.contains(":3:5: unknown option"), "\(refused.errors)")
      #expect(refused.errors.contains("did you mean") && refused.errors.contains("Nothing was changed"))
      try await daemon.stop()
    }
  }
}
