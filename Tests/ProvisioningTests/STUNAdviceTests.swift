import CWMP
import Net
import Testing

@testable import Provisioning

struct STUNAdviceTests {
  private let advice = STUNAdvice(
    server: IPv4Address(192, 0, 2, 1), port: 3479, username: "u", password: "secret", period: 25)
  private let seen = IPv4Address(192, 0, 2, 10)

  private func isMeant(_ url: String?, _ change: (inout Device) -> Void = { _ in }) -> Bool {
    STUNAdvice.isMeant(
      for: device {
        $0.connectionRequestURL = url
        change(&$0)
      }, seenAt: seen)
  }

  private func goal(_ advice: STUNAdvice?, for device: Device = device()) throws -> Goal {
    var circumstances = here
    circumstances.stun = advice
    return try Goal(for: device, row: row, profile: fullProfile(), circumstances, digest: digest)
  }

  @Test func `a router is taken to be behind a NAT where its URL has another address than it is seen at`() throws {
    #expect(isMeant("http://10.0.0.7:7547/x"))
    #expect(!isMeant("http://192.0.2.10:7547/x"))
    let told = device { $0.connectionRequestURL = "http://10.0.0.7:7547/x" }
    #expect(!STUNAdvice.isMeant(for: told, seenAt: seen, reachable: [try #require(Subnet("10.0.0.0/24"))]))
    // What is no address tells nothing.
    for url in [nil, "", "http://router.example/", "https://10.0.0.7/"] { #expect(!isMeant(url), "\(url ?? "none")") }
    #expect(!STUNAdvice.isMeant(for: device { $0.connectionRequestURL = "http://10.0.0.7/" }, seenAt: nil))
  }

  @Test func `one that says so is, one that was given the parameters keeps them, and one that refused them does not`() {
    #expect(isMeant(nil) { $0.isNATDetected = true })
    let fact = ParameterFact(path: root + "ManagementServer.STUNEnable", value: "1", moment: noon)
    #expect(isMeant("http://192.0.2.10/x") { $0.parameters = [fact] })
    let refusal = STUNRefusal(softwareVersion: device().softwareVersion, code: 9005)
    #expect(!isMeant("http://10.0.0.7/x") { $0.stunRefusal = refusal })
    #expect(
      isMeant("http://10.0.0.7/x") {
        $0.stunRefusal = refusal
        $0.softwareVersion = "8"
      })
  }

  @Test func `they come after the periodic Inform, and are no part of what is verified`() throws {
    let goal = try goal(advice)
    #expect(goal.fingerprint == (try self.goal(nil)).fingerprint)
    let optional = goal.parameters.filter(\.isOptional).map(\.wanted)
    let stun = root + "ManagementServer.STUN"
    #expect(
      optional == [
        ParameterValue(path: stun + "ServerAddress", value: "192.0.2.1"),
        ParameterValue(path: stun + "ServerPort", value: "3479", type: .unsignedInt),
        ParameterValue(path: stun + "Username", value: "u"),
        ParameterValue(path: stun + "MinimumKeepAlivePeriod", value: "25", type: .unsignedInt),
        ParameterValue(path: stun + "MaximumKeepAlivePeriod", value: "25", type: .int),
        ParameterValue(path: stun + "Enable", value: "1", type: .boolean),
      ])
    var ready = device {
      $0.admission = .admitted(by: "x")
      $0.credentials = .confirmed(sealed)
    }
    var progress = Progress(of: ready)
    guard case .setParameters(let first, .periodicInform) = Plan.next(for: ready, goal: goal, at: noon) else {
      Issue.record("the periodic Inform does not come first")
      return
    }
    progress.parametersAccepted(first, goal: goal, at: noon)
    ready = progress.device
    #expect(Plan.next(for: ready, goal: goal, at: noon) == .setParameters(optional, .stun))
    ready.verified = Verification(fingerprint: goal.fingerprint, moment: noon)
    progress = Progress(of: ready)
    progress.parametersAccepted(optional, goal: goal, at: noon)
    #expect(progress.device.verified != nil)
    progress.readBack(goal.parameters.filter { !$0.isOptional }.map(\.wanted), goal: goal, at: noon)
    #expect(progress.device.setback == nil && progress.outcomes.last == .provisioned)
    // What it took is not forgotten by that.
    #expect(progress.device.parameters.contains { $0.path == stun + "Enable" })
  }

  @Test func `a refusal is remembered until a factory reset`() {
    var progress = Progress(of: device())
    progress.stunRefused(code: 9005)
    let refusal = STUNRefusal(softwareVersion: device().softwareVersion, code: 9005)
    #expect(progress.device.stunRefusal == refusal && progress.device.setback == nil)
    func informed(_ event: String) -> Device {
      Progress(
        progress.device,
        informed: Contact(id: msr, manufacturer: "H3C", events: [.init(event)], parameters: [], login: .own), at: noon
      ).device
    }
    #expect(informed("1 BOOT").stunRefusal == refusal)
    #expect(informed("0 BOOTSTRAP").stunRefusal == nil)
  }
}
