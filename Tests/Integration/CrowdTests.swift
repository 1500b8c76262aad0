import Foundation
import Testing

/// Fifty routers whose power comes back at once.
@Suite(.serialized)
struct CrowdTests {
  static let size = 50

  @Test func `fifty routers boot at once on one bridge, and each comes out provisioned with its own site's variables`()
    async throws
  {
    try await Lab.with(clients: Self.size) { lab in
      let serials = (0..<Self.size).map { "CROWD\(1000 + $0)" }
      try ProvisioningTests.prepare(lab, serials: serials)
      let daemon = try await Daemon(in: lab, configuration: ProvisioningTests.configuration)
      let flash = ["--state", lab.folder.path]
      let start = ContinuousClock.now
      let routers = try serials.enumerated().map { try lab.router($1, at: $0, arguments: flash) }

      var provisioned = 0
      let isComplete = try await eventually(within: 120) {
        try await Task.sleep(for: .milliseconds(400))
        provisioned = try await daemon.json("status").first?["provisioned"] as? Int ?? 0
        return provisioned == Self.size
      }
      print("\(provisioned) of \(Self.size) routers are provisioned after \(ContinuousClock.now - start)")
      let table = try await daemon.usher("journey")
      #expect(isComplete, "\(table.output)")

      for (number, serial) in serials.enumerated() {
        let configured = try ProvisioningTests.startupConfiguration(of: serial, in: lab)
        #expect(configured?.contains("sysname branch-\(number)\n") == true, "\(serial)")
        #expect(configured?.contains("ip address 198.51.100.\(number) ") == true, "\(serial)")
      }
      let leases = try await daemon.json("leases")
      #expect(Set(leases.compactMap { $0["address"] as? String }).count == Self.size)
      #expect(try await daemon.counter("acs.files.served") == Self.size)
      #expect(try await daemon.counter("acs.failed") == 0)
      for router in routers { router.signal(SIGTERM) }
      for router in routers { try await router.stop() }
      try await daemon.stop()
    }
  }
}
