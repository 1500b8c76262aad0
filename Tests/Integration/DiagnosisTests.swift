import Foundation
import Testing

/// `usher journey` of a router that stopped says which milestone is missing and why.
@Suite(.serialized)
struct DiagnosisTests {
  /// Plays a router until its journey is as `condition` wants it.
  private func journey(
    arguments: [String], named name: String = ProvisioningTests.serial, serial: String = ProvisioningTests.serial,
    within seconds: Double = 20, before: (Lab) async throws -> Void = { _ in }, until condition: (Journey) -> Bool
  ) async throws -> Journey {
    try await Lab.with { lab in
      try ProvisioningTests.prepare(lab)
      try await before(lab)
      let daemon = try await Daemon(in: lab, configuration: ProvisioningTests.configuration)
      let router = try lab.router(serial, arguments: arguments)
      let journey = try await daemon.journey(of: name, within: seconds, until: condition)
      try await router.stop()
      try await daemon.stop()
      return journey
    }
  }

  @Test func `it was offered an address and did not request it`() async throws {
    let journey = try await journey(arguments: ["--fault", "no-dhcp-request"], named: Lab.hardware(0)) {
      $0.count("offered") > 0
    }
    #expect(journey.router.missing == "leased")
    #expect(journey.router.cause == "it was offered 192.0.2.100 and did not request it")
    #expect(journey.router.advice?.isEmpty == false)
    #expect(journey.reached == ["discovered"])
  }

  @Test func `it never asked DNS for the ACS's name`() async throws {
    let journey = try await journey(arguments: ["--fault", "no-dns-query"], named: Lab.hardware(0)) {
      $0.reached.contains("boot file fetched")
    }
    #expect(journey.router.missing == "ACS name resolved")
    #expect(
      journey.router.cause
        == "it leased 192.0.2.100 with the ACS URL http://acs.usher.internal:7547/acs, fetched the boot file "
        + "\"device.cfg\", but has not asked DNS for the ACS's name")
    #expect(journey.reached == ["discovered", "leased", "boot file fetched"])
  }

  @Test func `it asked DNS and never connected`() async throws {
    let journey = try await journey(
      arguments: [],
      named: Lab.hardware(0),
      before: { lab in
        // Its TCP to the ACS goes nowhere, all else does.
        let rule = ["rule", "add", "to", "192.0.2.1", "ipproto", "tcp", "dport", "7547", "pref", "1", "blackhole"]
        let result = try await Program(["ip"] + rule, in: lab.client()).result()
        try #require(result.status == 0, "\(result.errors)")
      },
      until: { $0.reached.contains("ACS name resolved") })
    #expect(journey.router.missing == "connected")
    #expect(
      journey.router.cause
        == "it leased 192.0.2.100 with the ACS URL http://acs.usher.internal:7547/acs, asked DNS for "
        + "acs.usher.internal, fetched the boot file \"device.cfg\", but has not connected to the ACS")
    #expect(journey.reached == ["discovered", "leased", "boot file fetched", "ACS name resolved"])
  }

  @Test func `it logs in with a wrong password`() async throws {
    let journey = try await journey(arguments: ["--fault", "wrong-password"], named: Lab.hardware(0)) {
      $0.count("authenticationFailed") > 0
    }
    #expect(journey.router.missing == "authenticated")
    #expect(journey.router.cause?.hasPrefix("it logs in as \"usher\" and is turned away (") == true)
    #expect(journey.router.milestone == "connected")
    #expect(journey.count("informed") == 0)
  }

  @Test func `it is quarantined`() async throws {
    let journey = try await journey(arguments: [], named: "STRANGER1", serial: "STRANGER1") {
      $0.router.standing == "stopped"
    }
    #expect(journey.router.missing == "admitted")
    #expect(journey.router.cause == "it is quarantined: its serial number \"STRANGER1\" is not in the inventory")
    #expect(journey.router.milestone == "informed")
  }

  @Test func `its download failed, with the fault that it reported`() async throws {
    let journey = try await journey(arguments: ["--fault", "no-download"]) { $0.router.standing == "stopped" }
    #expect(journey.router.missing == "configured")
    #expect(
      journey.router.cause
        == "it failed to download \"startup.cfg\": the file could not be downloaded (9010 \"Download failure\")")
    #expect(journey.count("downloadServed") == 0)
    #expect(journey.router.milestone == "secured")
  }
}
