import Foundation
import Testing

/// An edited template concerns routers that are provisioned: nobody reboots them without a word.
@Suite(.serialized)
struct ReloadConsentTests {
  @Test func `a reload that reboots a provisioned router says so, and waits for a yes`() async throws {
    try await Lab.with { lab in
      try ProvisioningTests.prepare(lab)
      let daemon = try await Daemon(in: lab, configuration: ProvisioningTests.configuration)
      let router = try lab.router(
        ProvisioningTests.serial, arguments: ["--cwmp-by-option43", "--state", lab.folder.path])
      try await daemon.provisions(ProvisioningTests.serial, within: 60)
      #expect(try await daemon.usher("reload").status == 0, "nothing has changed")

      _ = try lab.write(
        ProvisioningTests.template.replacing("sysname {{ hostname }}", with: "sysname new-{{ hostname }}"),
        to: "branch.cfg")
      let refused = try await daemon.usher("reload")
      #expect(refused.status != 0)
      for part in ["Profile \"branch\" changes for 1 router", "1 would be rebooted", "--yes", "Nothing was changed"] {
        #expect(refused.errors.contains(part), "\(refused.errors)")
      }
      #expect(try await daemon.json("status").first?["provisioned"] as? Int == 1)

      let taken = try await daemon.usher("reload", "--yes")
      #expect(taken.status == 0 && taken.output.contains("1 would be rebooted"), "\(taken)")
      _ = try await daemon.usher("wake", ProvisioningTests.serial)
      let journey = try await daemon.journey(of: ProvisioningTests.serial, within: 60) {
        $0.count("provisioned") == 2 && $0.router.standing == "provisioned"
      }
      let told = journey.events.filter { $0.event == "goalChanged" }
      #expect(told.count == 1 && told.first?.text.contains("branch.cfg") == true, "\(told)")
      #expect(
        try ProvisioningTests.startupConfiguration(of: ProvisioningTests.serial, in: lab)?.contains(
          "sysname new-branch-0")
          == true)
      try await router.stop()
      try await daemon.stop()
    }
  }
}
