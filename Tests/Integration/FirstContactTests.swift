import Foundation
import Testing

/// Routers that are told of the ACS in a dialect without credentials.
@Suite(.serialized)
struct FirstContactTests {
  private static func configuration(_ acs: String) -> String {
    """
    acs:
      name: acs.usher.internal
    \(acs)
    dns:
      zone: usher.internal
    dhcp:
      dialect: url
      rules:
        - {vendor-class: "*", dialect: url}
    """
  }

  private static let serial = "210235A1B2C3D4E5F777"

  @Test func `a router that is told the URL alone is let in by where it is, and comes out provisioned`() async throws {
    try await Lab.with { lab in
      let daemon = try await Daemon(in: lab, configuration: Self.configuration("  first-contact: link"))
      let router = try lab.router(Self.serial, arguments: ["--cwmp-by-option43"])
      try await daemon.provisions(Self.serial, within: 60)
      let journey = try #require(try await daemon.journey(of: Self.serial))
      #expect(journey.reached.contains("secured"))
      #expect(try await daemon.counter("acs.admitted.firstContact") == 1)
      try await router.stop()
      try await daemon.stop()
    }
  }

  @Test func `without that its journey says that its dialect carries no credentials, and what to do`() async throws {
    try await Lab.with { lab in
      let daemon = try await Daemon(in: lab, configuration: Self.configuration("  port: 7547"))
      let router = try lab.router(Self.serial, arguments: ["--cwmp-by-option43"])
      #expect(
        try await daemon.usher("journey", "--follow", "--until", "connected", "--within", "60").status == 0)
      let row = try #require(try await daemon.json("journey").first)
      #expect((row["cause"] as? String)?.contains("carries no credentials") == true, "\(row)")
      #expect((row["advice"] as? String)?.contains("first-contact: link") == true)
      #expect(try await daemon.counter("acs.admitted.firstContact") == 0)
      try await router.stop()
      try await daemon.stop()
    }
  }
}
