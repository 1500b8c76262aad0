import CWMP
import Testing

@testable import Provisioning

struct BuiltInTests {
  private func goal(manufacturer: String, oui: String, productClass: String, version: String?) throws -> (Device, Goal)
  {
    var device = Device(
      id: DeviceID(oui: oui, productClass: productClass, serialNumber: "1"), manufacturer: manufacturer,
      dataModel: .device, firstInform: noon)
    device.softwareVersion = version
    return (device, try Goal(for: device, row: nil, profile: try BuiltIn.openLab(), here, digest: digest))
  }

  @Test func `the open lab gives a Comware router its configuration and reboots it into that`() throws {
    let (_, goal) = try goal(manufacturer: "H3C", oui: "000FE2", productClass: "MSR36-20", version: "7.1.064")
    #expect(goal.configuration?.name == "startup.cfg")
    #expect(goal.reboots)
  }

  @Test(arguments: [
    ("Huawei", "00E0FC", "AR2220", "V200R009"), ("MikroTik", "4C5E0C", "RB951", "7.14"),
    ("AVM", "00040E", "FRITZ!Box", "8"),
    ("HPE", "9020C2", "J9850A", "KB.16.10.0012"),
  ])
  func `the open lab secures any other router, has it inform, and neither sends it a file nor reboots it`(
    manufacturer: String, oui: String, productClass: String, version: String
  ) throws {
    var (device, goal) = try goal(manufacturer: manufacturer, oui: oui, productClass: productClass, version: version)
    #expect(goal.configuration == nil && !goal.reboots)
    device.admission = Admission.decision(for: device, row: nil, profile: try BuiltIn.openLab())
    #expect(Plan.next(for: device, goal: goal, at: noon) == .secure)
    device.credentials = .confirmed(sealed)
    guard case .setParameters(let values, .periodicInform) = Plan.next(for: device, goal: goal, at: noon) else {
      Issue.record("it is to be told to inform")
      return
    }
    var progress = Progress(of: device)
    progress.parametersAccepted(values, goal: goal, at: noon)
    #expect(Plan.next(for: progress.device, goal: goal, at: noon) == .readBack(values.map(\.path)))
    progress.readBack(values, goal: goal, at: noon)
    #expect(Plan.next(for: progress.device, goal: goal, at: noon) == .done)
    #expect(progress.outcomes.last == .provisioned)
  }
}
