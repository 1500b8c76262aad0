import Foundation
import Testing

/// Messages that are made to be slow to read, to repair, to look through or to keep: no loop is held up by one, and
/// meanwhile other routers are answered.
@Suite(.serialized)
struct HostileMessageTests {
  @Test func `turns are measured where that is asked for, and nowhere else`() async throws {
    try await Lab.with { lab in
      let daemon = try await Daemon(
        in: lab, configuration: RealClientTests.configuration, environment: Daemon.measuringTurns)
      try await HandSession.boot(in: lab)
      _ = try await run("dig", "@192.0.2.1", "+short", "acs.usher.internal", in: lab.client())
      try await daemon.expectShortTurns(of: "dhcp", "dns", "http")
      try await daemon.stop()
    }
    try await Lab.with { lab in
      let daemon = try await Daemon(in: lab, configuration: RealClientTests.configuration)
      #expect(try await daemon.longestTurns().isEmpty)
      try await daemon.stop()
    }
  }
}
