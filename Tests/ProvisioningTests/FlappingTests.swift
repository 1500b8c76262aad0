import CWMP
import Net
import Testing

@testable import Provisioning

struct FlappingTests {
  private func boot(_ device: Device, at seconds: Int64, _ events: String...) -> Progress {
    Progress(
      device,
      informed: Contact(
        id: msr, manufacturer: "H3C", events: events.map { Contact.Occurrence($0) }, parameters: [], login: .own),
      at: noon.advanced(bySeconds: seconds))
  }

  /// Boots at these seconds; what is told of it.
  private func boots(_ device: inout Device, at seconds: [Int64]) -> [Outcome] {
    seconds.flatMap { second in
      let progress = boot(device, at: second, "1 BOOT")
      device = progress.device
      return progress.outcomes.filter { if case .flapping = $0 { true } else { false } }
    }
  }

  @Test func `boots every few seconds are told at the 4th, 8th, 16th, with what was set last before they began`() throws
  {
    var progress = Progress(of: device { $0.lastBoot = noon })
    let set = [ParameterValue(path: root + "ManagementServer.STUNEnable", value: "1")]
    progress.noteSet(by: .setParameterValues(SetParameterValues(parameters: set)), at: noon)
    var device = progress.device
    // What is set during the series is not what began it.
    var told = boots(&device, at: [5])
    progress = Progress(of: device)
    progress.noteSet("another thing", at: noon.advanced(bySeconds: 6))
    device = progress.device
    told += boots(&device, at: (2...20).map { $0 * 5 })
    let named = "the parameter \(root)ManagementServer.STUNEnable"
    #expect(
      told == [
        .flapping(boots: 4, seconds: 15, lastSet: named), .flapping(boots: 8, seconds: 35, lastSet: named),
        .flapping(boots: 16, seconds: 75, lastSet: named),
      ])
  }

  @Test func `a router that boots now and then, or at our word, does not flap`() {
    var device = device { $0.lastBoot = noon }
    #expect(boots(&device, at: (1...20).map { $0 * 121 }).isEmpty)
    #expect(device.boots == nil)
    for second in 1...20 {
      device.reboot = Reboot(commandKey: "k", moment: noon, state: .accepted)
      let progress = boot(device, at: 3000 + Int64(second) * 10, "1 BOOT", "M Reboot")
      #expect(!progress.outcomes.contains { if case .flapping = $0 { true } else { false } })
      device = progress.device
    }
  }

  @Test func `a series ends with a longer pause, and nothing set before it is told as nothing`() {
    var device = device { $0.lastBoot = noon }
    #expect(boots(&device, at: [5, 10]).isEmpty)
    #expect(boots(&device, at: [400, 405, 410]).isEmpty)
    #expect(boots(&device, at: [415]) == [.flapping(boots: 4, seconds: 15, lastSet: nil)])
  }
}
