import CWMP
import Net
import Testing

@testable import Provisioning

struct WishTests {
  private let configuration = RequestDownload(fileType: .configuration)

  private func admitted(_ change: (inout Device) -> Void = { _ in }) -> Device {
    ProvisioningTests.device {
      $0.admission = .admitted(by: "the inventory")
      $0.credentials = .confirmed(sealed)
      change(&$0)
    }
  }

  private func wished(
    _ wish: RequestDownload, by device: Device, _ goal: Goal?, tasks: [TaskRequest] = []
  ) -> (answer: WishAnswer?, device: Device) {
    var progress = Progress(of: device)
    let tasks = tasks.enumerated().map {
      DeviceTask(number: Int64($0 + 1), device: msr, request: $1, created: noon)
    }
    progress.wished(wish, goal: goal, tasks: tasks)
    guard case .downloadWished(_, _, let answer)? = progress.outcomes.first else { return (nil, progress.device) }
    return (answer, progress.device)
  }

  @Test(arguments: ["3 Vendor Configuration File", "3", "3 Configuration"])
  func `a wish for the configuration has the plan download it again`(type: String) throws {
    let goal = try goal()
    let had = admitted {
      $0.parameters = goal.parameters.map { ParameterFact(path: $0.wanted.path, value: $0.mark, moment: noon) }
      $0.configuration = goal.configuration?.digest
      $0.reboot = Reboot(commandKey: CommandKey.reboot(goal, attempt: 1), moment: noon, state: .done)
      $0.verified = Verification(fingerprint: goal.fingerprint, moment: noon)
    }
    #expect(Plan.next(for: had, goal: goal, at: noon) == .done)
    let (answer, device) = wished(RequestDownload(fileType: .init(rawValue: type)), by: had, goal)
    #expect(answer == .configuration(name: "startup.cfg"))
    guard case .download(let file, _, 1) = Plan.next(for: device, goal: goal, at: noon) else {
      Issue.record("no Download is next")
      return
    }
    #expect(file == goal.configuration)
    // It is not rebooted for it a second time.
    var progress = Progress(of: device)
    progress.downloadRequested(file, commandKey: "k", attempt: 1, at: noon)
    progress.downloadAccepted(status: 0, goal: goal, at: noon)
    guard case .readBack = Plan.next(for: progress.device, goal: goal, at: noon) else {
      Issue.record("it is not read back")
      return
    }
  }

  @Test func `a wish changes nothing where nothing comes of it`() throws {
    let goal = try goal()
    let device = admitted { $0.configuration = goal.configuration?.digest }
    let firmware = RequestDownload(fileType: .firmware)
    #expect(wished(firmware, by: device, goal) == (WishAnswer.none, device))
    #expect(wished(configuration, by: device, nil) == (WishAnswer.none, device))
    let stranger = ProvisioningTests.device()
    #expect(wished(configuration, by: stranger, goal) == (.notAdmitted, stranger))
    let underWay = admitted {
      $0.transfer = Transfer(
        commandKey: "k", fileType: "3", fileName: "startup.cfg", digest: "d", moment: noon, state: .accepted,
        attempt: 1)
    }
    #expect(wished(configuration, by: underWay, goal) == (.underWay(name: "startup.cfg"), underWay))
  }

  @Test func `a wish that a task fulfills is left to the task`() throws {
    let file = TaskRequest.File(name: "new.ipe", fileType: "1 Firmware Upgrade Image")
    let tasks: [TaskRequest] = [.reboot, .download(file, delay: 0)]
    let firmware = RequestDownload(fileType: .firmware)
    #expect(wished(firmware, by: admitted(), try goal(), tasks: tasks).answer == .task(2))
    #expect(wished(configuration, by: admitted(), nil, tasks: tasks).answer == WishAnswer.none)
  }

  @Test func `its arguments are told, cut, and without secrets`() {
    var progress = Progress(of: admitted())
    let long = String(repeating: "x", count: 1000)
    progress.wished(
      RequestDownload(
        fileType: .init(rawValue: long),
        arguments: [
          .init(name: "Name", value: "dial"), .init(name: "Password", value: "hunter2"),
          .init(name: long, value: long),
        ]),
      goal: nil, tasks: [])
    let cut = "\(long.prefix(64))=\(long.prefix(256))"
    #expect(
      progress.outcomes == [
        .downloadWished(
          fileType: String(long.prefix(64)), arguments: ["Name=dial", "Password=***", cut], answer: .none)
      ])
  }
}
