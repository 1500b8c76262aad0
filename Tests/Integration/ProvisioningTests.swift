import Foundation
import Testing

/// A simulated router is plugged in and comes out provisioned, with nobody at its console.
@Suite(.serialized)
struct ProvisioningTests {
  static let serial = "210235A1B2C3D4E5F601"

  static let configuration = """
    acs:
      name: acs.usher.internal
    dns:
      zone: usher.internal
    subnets:
      - subnet: 192.0.2.0/24
        pool: 192.0.2.100-192.0.2.199
        routers: [192.0.2.1]
        lease-time: 1h
    inventory: routers.csv
    profiles:
      - name: branch
        admit: inventory
        inform-interval: 300
        parameters:
          InternetGatewayDevice.Time.NTPServer1: 192.0.2.1
        configuration:
          template: branch.cfg
          file-name: startup.cfg
        reboot: true
    """
  static let template = """
    #
     sysname {{ hostname }}
    #
     cwmp
      cwmp enable
      cwmp cpe inform interval enable
    #
    interface LoopBack0
     ip address {{ loopback | default "198.51.100.254" }} 255.255.255.255
    #
    return

    """

  /// Writes the files that the configuration names; each router is called `branch-N` after its place in the list.
  static func prepare(_ lab: Lab, serials: [String] = [serial]) throws {
    let rows = serials.enumerated().map { "\($1),Site \($0),branch,branch-\($0),198.51.100.\($0)" }
    _ = try lab.write(
      (["serial,site,profile,hostname,loopback"] + rows).joined(separator: "\n") + "\n", to: "routers.csv")
    _ = try lab.write(template, to: "branch.cfg")
  }

  /// What the simulated router keeps in its flash as its startup configuration.
  static func startupConfiguration(of serial: String, in lab: Lab) throws -> String? {
    let flash = try Data(contentsOf: lab.folder.appending(path: "\(serial).json"))
    return (try JSONSerialization.jsonObject(with: flash) as? [String: Any])?["startupConfiguration"] as? String
  }

  @Test func `a router with CWMP off comes out provisioned, through the boot file`() async throws {
    try await Lab.with { lab in
      try Self.prepare(lab)
      let daemon = try await Daemon(in: lab, configuration: Self.configuration)
      let router = try lab.router(Self.serial, arguments: ["--state", lab.folder.path])
      try await daemon.provisions(Self.serial, within: 60)

      let journey = try #require(try await daemon.journey(of: Self.serial))
      #expect(
        journey.reached == [
          "discovered", "leased", "boot file fetched", "ACS name resolved", "connected", "authenticated", "informed",
          "admitted", "secured", "configured", "verified", "provisioned",
        ])
      #expect(journey.events.filter(\.trouble).isEmpty)
      #expect(journey.count("downloadRequested") == 1)
      #expect(journey.count("rebootRequested") == 1)
      #expect(journey.router.standing == "provisioned")
      let configured = try #require(try Self.startupConfiguration(of: Self.serial, in: lab))
      #expect(configured.contains("sysname branch-0\n"))
      #expect(configured.contains("ip address 198.51.100.0 255.255.255.255"))
      let device = try #require(try await daemon.json("devices").first)
      #expect(device["serialNumber"] as? String == Self.serial)
      #expect(device["admission"] as? String == "admitted")
      #expect(device["address"] as? String == "192.0.2.100")
      #expect(try await daemon.json("status").first?["provisioned"] as? Int == 1)
      try await router.stop()
      try await daemon.stop()
    }
  }

  @Test func `a router whose CWMP option 43 turns on needs no boot file`() async throws {
    try await Lab.with { lab in
      try Self.prepare(lab)
      let daemon = try await Daemon(in: lab, configuration: Self.configuration)
      let router = try lab.router(Self.serial, arguments: ["--cwmp-by-option43"])
      try await daemon.provisions(Self.serial, within: 60)

      let journey = try #require(try await daemon.journey(of: Self.serial))
      #expect(!journey.reached.contains("boot file fetched"))
      #expect(journey.count("bootFileRequested") == 0)
      #expect(try await daemon.counter("tftp.accepted") == 0)
      try await router.stop()
      try await daemon.stop()
    }
  }

  @Test func `without a configuration, any router is provisioned on the interface's own subnet`() async throws {
    try await Lab.with { lab in
      let daemon = try await Daemon(in: lab)
      let router = try lab.router("UNKNOWN1", arguments: ["--state", lab.folder.path])
      try await daemon.provisions("UNKNOWN1", within: 60)

      let device = try #require(try await daemon.json("devices").first)
      #expect((device["admissionReason"] as? String)?.contains("open-lab") == true)
      #expect((device["address"] as? String)?.hasPrefix("192.0.2.") == true)
      #expect(try Self.startupConfiguration(of: "UNKNOWN1", in: lab)?.contains("cwmp enable") == true)
      try await router.stop()
      try await daemon.stop()
    }
  }

  @Test func `an unknown router gets no configuration and no secrets until a person admits it`() async throws {
    try await Lab.with { lab in
      try Self.prepare(lab)
      let daemon = try await Daemon(in: lab, configuration: Self.configuration)
      let flash = ["--state", lab.folder.path]
      let router = try lab.router("STRANGER1", arguments: flash)
      let met = try await daemon.journey(of: "STRANGER1", within: 30) { $0.router.standing == "stopped" }
      #expect(met.router.missing == "admitted")
      #expect(met.router.cause == "it is quarantined: its serial number \"STRANGER1\" is not in the inventory")
      #expect(try await eventually(within: 30) { router.output.contains("CWMP: the session is over.") })
      let served = try #require(try await daemon.journey(of: "STRANGER1"))
      for event in ["admitted", "secured", "parametersSet", "downloadRequested", "downloadServed", "rebootRequested"] {
        #expect(served.count(event) == 0, "\(event)")
      }
      for method in ["SetParameterValues", "Download", "Reboot", "GetParameterValues"] {
        #expect(try await daemon.counter("acs.sent.\(method)") == 0)
        #expect(!router.output.contains("CWMP: \(method)."))
      }
      #expect(try await daemon.json("devices").first?["admission"] as? String == "quarantined")
      try await router.stop()

      let admission = try await daemon.usher("admit", "STRANGER1")
      #expect(admission.status == 0, "\(admission.errors)")
      let again = try lab.router("STRANGER1", arguments: flash)
      try await daemon.provisions("STRANGER1", within: 30)
      let journey = try #require(try await daemon.journey(of: "STRANGER1"))
      #expect(journey.events.contains { $0.event == "admitted" && $0.text == "is admitted by a person" })
      #expect(try Self.startupConfiguration(of: "STRANGER1", in: lab)?.contains("sysname STRANGER1\n") == true)
      try await again.stop()
      try await daemon.stop()
    }
  }
}
