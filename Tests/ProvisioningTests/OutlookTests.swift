import CWMP
import Net
import Testing

@testable import Provisioning

struct OutlookTests {
  private func provisioned(by profile: Profile) throws -> Device {
    var walk = Walk(profile)
    #expect(try walk.finish(within: 3))
    return try #require(walk.record)
  }

  private func profile(_ change: (inout Profile) throws -> Void) throws -> Profile {
    var profile = try fullProfile()
    try change(&profile)
    return profile
  }

  private func outlook(_ device: Device, from former: Profile, to next: Profile) throws -> Outlook {
    var outlook = Outlook()
    outlook.note(
      device, admission: Admission.decision(for: device, row: row, profile: next),
      former: {
        Result { () throws(GoalError) in try Goal(for: device, row: row, profile: former, here, digest: digest) }
      },
      next: Result { () throws(GoalError) in try Goal(for: device, row: row, profile: next, here, digest: digest) })
    return outlook
  }

  @Test func `an edited template would download and reboot a provisioned router, and needs a yes`() throws {
    let former = try fullProfile()
    let next = try profile { $0.configuration?.template = try Template("sysname {{ hostname }}\nntp\n") }
    let outlook = try outlook(provisioned(by: former), from: former, to: next)
    let part = try #require(outlook.parts["branch"])
    #expect((part.routers, part.downloads, part.reboots, part.disturbed) == (1, 1, 1, 1))
    #expect(outlook.needsConfirmation)
    #expect(
      outlook.sentences == [
        "Profile \"branch\" changes for 1 router (210235A95YH10C000045): 1 would download a configuration, "
          + "1 would be rebooted."
      ])
  }

  @Test func `an unchanged profile, or another interval alone, needs none`() throws {
    let former = try fullProfile()
    let device = try provisioned(by: former)
    #expect(try outlook(device, from: former, to: former) == Outlook())
    let next = try profile {
      $0.configuration = nil
      $0.rebootsWhenConfigured = false
      $0.periodicInformInterval = 600
    }
    let outlook = try outlook(device, from: former, to: next)
    #expect(outlook.parts["branch"]?.parameters == 1)
    #expect(!outlook.needsConfirmation)
  }

  @Test func `a router that never got its file is told of, and needs no yes`() throws {
    let former = try fullProfile()
    let next = try profile { $0.configuration?.template = try Template("other\n") }
    let waiting = device {
      $0.admission = .admitted(by: "the inventory")
      $0.credentials = .confirmed(sealed)
    }
    let outlook = try outlook(waiting, from: former, to: next)
    #expect(outlook.parts["branch"]?.downloads == 1)
    #expect(!outlook.needsConfirmation)
  }

  @Test func `a template that lacks a variable is told with its reason`() throws {
    let former = try fullProfile()
    let next = try profile { $0.configuration?.template = try Template("{{ nowhere }}\n") }
    let outlook = try outlook(provisioned(by: former), from: former, to: next)
    #expect(outlook.unplannable == 1)
    #expect(outlook.sentences.first?.contains("nowhere") == true)
  }

  @Test func `who would be admitted or quarantined is counted`() throws {
    var outlook = Outlook()
    let profile = try fullProfile()
    let goal = try goal(profile: profile)
    let waiting = device { $0.admission = .quarantined(reason: "x") }
    outlook.note(waiting, admission: .admitted(by: "the inventory"), former: { .success(goal) }, next: .success(goal))
    let admitted = device { $0.admission = .admitted(by: "the inventory") }
    outlook.note(admitted, admission: .quarantined(reason: "x"), former: { .success(goal) }, next: .success(goal))
    #expect((outlook.admitted, outlook.quarantined, outlook.needsConfirmation) == (1, 1, false))
  }

  @Test func `what was not looked at needs a yes`() {
    var outlook = Outlook()
    outlook.unseen = 5
    #expect(outlook.needsConfirmation)
    #expect(outlook.sentences == ["5 routers were not looked at: it would have taken too long."])
  }

  @Test func `a provisioned router that is configured again is told why before anything is asked of it`() throws {
    let former = try profile { $0.configuration?.source = "branch.cfg" }
    let device = try provisioned(by: former)
    let next = try profile {
      $0.name = "branch-2"
      $0.configuration?.template = try Template("other\n")
      $0.configuration?.source = "branch.cfg"
      $0.variables["ntp"] = "192.0.2.9"
    }
    let goal = try goal(for: device, profile: next)
    let step = Plan.next(for: device, goal: goal, at: noon.advanced(bySeconds: 999))
    #expect(Progress.begins(step, for: goal, device))
    var progress = Progress(of: device)
    progress.goalChanged(goal)
    #expect(
      progress.outcomes == [
        .goalChanged(
          reason: "profile \"branch-2\" in place of \"branch\" wants otherwise the file \"startup.cfg\" made from "
            + "branch.cfg and the parameter InternetGatewayDevice.Time.NTPServer1")
      ])
    #expect(!Progress.begins(step, for: goal, progress.device), "it is told once")
    let same = try Provisioning.Goal(for: device, row: row, profile: former, here, digest: digest)
    #expect(!Progress.begins(.done, for: same, device))
  }
}
