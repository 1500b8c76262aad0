import CWMP
import Net
import Testing

@testable import Provisioning

struct PlanTests {
  @Test func `a new router is provisioned in three sessions`() throws {
    var walk = Walk(try fullProfile())
    #expect(try walk.finish(within: 3))
    #expect(
      walk.transcript == [
        "Inform", "secure", "set periodicInform", "set profile", "download 1",
        "Inform", "TransferComplete", "reboot",
        "Inform", "read back",
      ])
    #expect(walk.router.values[root + "Time.NTPServer1"] == "192.0.2.1")
    #expect(walk.router.values[root + "ManagementServer.PeriodicInformInterval"] == "300")
    #expect(walk.router.configuration == Array("sysname Bern-1\n".utf8))
    #expect(
      walk.outcomes.filter { if case .informed = $0 { false } else { true } } == [
        .admitted(by: "the inventory"), .secured, .parametersSet(count: 2), .parametersSet(count: 2),
        .downloadRequested(file: "startup.cfg", commandKey: walk.router.downloads[0]),
        .downloadCompleted(file: "startup.cfg"), .configured,
        .rebootRequested(commandKey: "boot-\(digest(Array("sysname Bern-1\n".utf8)))-1"), .rebooted, .verified,
        .provisioned,
      ])
  }

  @Test func `once provisioned, a periodic session asks for nothing`() throws {
    var walk = Walk(try fullProfile())
    #expect(try walk.finish(within: 3))
    let before = walk.record
    #expect(try walk.session() == .done)
    #expect(walk.transcript.last == "Inform")
    #expect(walk.record?.parameters == before?.parameters)
  }

  /// Ten messages go to the router; each is cut in both ways, alone and together with each later one.
  @Test(arguments: [false, true])
  func `a session cut anywhere goes on in the next, and nothing confirmed is done twice`(isSlow: Bool) throws {
    for first in 0..<10 {
      for second in first..<14 {
        for (firstLoss, secondLoss) in Loss.allCases.flatMap({ a in Loss.allCases.map { (a, $0) } }) {
          var walk = Walk(try fullProfile())
          walk.router.isSlow = isSlow
          walk.cuts[second] = secondLoss
          walk.cuts[first] = firstLoss
          let isDone = try walk.finish(within: 10)
          let what = Comment(rawValue: "cut \(first) \(firstLoss), \(second) \(secondLoss): \(walk.transcript)")
          #expect(isDone, what)
          let lostAnswers = walk.cuts.filter { $0.value == .answer }.map(\.key)
            .filter { $0 < walk.transcript.count && walk.transcript[$0].hasPrefix("download") }
          // A download whose answer is lost is told of by its TransferComplete, or else asked for once more.
          #expect((1...(isSlow ? 1 + lostAnswers.count : 1)).contains(walk.router.downloads.count), what)
          #expect(Set(walk.router.downloads).count == 1, what)
          #expect(walk.outcomes.count { $0 == .downloadCompleted(file: "startup.cfg") } == 1, what)
          #expect(walk.router.reboots == 1, what)
          #expect(walk.outcomes.count { $0 == .configured } == 1, what)
          #expect(walk.outcomes.count { $0 == .secured } == 1, what)
          #expect(walk.outcomes.last == .provisioned, what)
        }
      }
    }
  }

  @Test func `nothing is done with a router that is not admitted`() throws {
    let goal = try goal()
    #expect(
      Plan.next(for: device { $0.admission = .quarantined(reason: "") }, goal: goal, at: noon)
        == .halted(.notAdmitted, retryAt: nil))
    #expect(Plan.next(for: device(), goal: goal, at: noon) == .halted(.notAdmitted, retryAt: nil))
  }

  private func parametersDone(_ goal: Goal, _ change: (inout Device) -> Void = { _ in }) -> Device {
    device {
      $0.admission = .admitted(by: "a test")
      $0.credentials = .confirmed(sealed)
      $0.parameters = goal.parameters.map { ParameterFact(path: $0.wanted.path, value: $0.mark, moment: noon) }
      change(&$0)
    }
  }

  @Test func `an accepted download is awaited for an hour and then tried again under another key`() throws {
    let goal = try goal()
    var progress = Progress(of: parametersDone(goal))
    guard case .download(let file, let key, 1) = Plan.next(for: progress.device, goal: goal, at: noon) else {
      Issue.record("no download")
      return
    }
    progress.downloadRequested(file, commandKey: key, attempt: 1, at: noon)
    progress.downloadAccepted(status: 1, goal: goal, at: noon)
    let hour = noon.advanced(bySeconds: 3600)
    #expect(Plan.next(for: progress.device, goal: goal, at: noon) == .awaitTransfer(until: hour))
    #expect(
      Plan.next(for: progress.device, goal: goal, at: hour)
        == .halted(.downloadUnanswered(file: "startup.cfg", attempt: 1), retryAt: hour.advanced(bySeconds: 60)))
    guard
      case .download(_, let next, 2) = Plan.next(for: progress.device, goal: goal, at: hour.advanced(bySeconds: 60))
    else {
      Issue.record("no second attempt")
      return
    }
    #expect(next != key)
    #expect(next.utf8.count <= 32)
  }

  @Test func `a late TransferComplete of a former attempt counts`() throws {
    let goal = try goal()
    let file = try #require(goal.configuration)
    var progress = Progress(of: parametersDone(goal))
    progress.downloadRequested(file, commandKey: CommandKey.download(file.digest, attempt: 2), attempt: 2, at: noon)
    progress.transferCompleted(
      commandKey: CommandKey.download(file.digest, attempt: 1), code: 0, text: "", goal: goal, at: noon)
    #expect(progress.device.configuration == file.digest)
    #expect(progress.outcomes.suffix(2) == [.downloadCompleted(file: "startup.cfg"), .configured])
  }

  @Test func `a former attempt's fault does not fail the present one`() throws {
    let goal = try goal()
    let file = try #require(goal.configuration)
    var progress = Progress(of: parametersDone(goal))
    progress.downloadRequested(file, commandKey: CommandKey.download(file.digest, attempt: 2), attempt: 2, at: noon)
    progress.transferCompleted(
      commandKey: CommandKey.download(file.digest, attempt: 1), code: 9010, text: "", goal: goal, at: noon)
    #expect(progress.device.transfer?.state == .requested)
  }

  @Test func `a failed download is tried again after 1, 5 and then each 60 minutes`() throws {
    var walk = Walk(try fullProfile())
    walk.router.faults = [9010, 9010, 9010, 9010]
    #expect(try walk.session() != nil)
    for delay in [60, 300, 3600, 3600] as [Int64] {
      let failed = walk.now.advanced(bySeconds: 30)
      let attempt = walk.router.downloads.count
      #expect(
        try walk.session()
          == .halted(
            .downloadFailed(file: "startup.cfg", code: 9010, text: "", attempt: attempt),
            retryAt: failed.advanced(bySeconds: delay)))
      walk.now = failed.advanced(bySeconds: delay - 30)
      guard case .awaitTransfer? = try walk.session() else {
        Issue.record("attempt \(attempt + 1) was not made")
        return
      }
    }
    #expect(try walk.finish(within: 2))
    #expect(Set(walk.router.downloads).count == 5)
  }

  @Test func `a TransferComplete without a key is for the transfer that is awaited, and a foreign one changes nothing`()
    throws
  {
    let goal = try goal()
    let file = try #require(goal.configuration)
    var progress = Progress(of: parametersDone(goal))
    progress.downloadRequested(file, commandKey: CommandKey.download(file.digest, attempt: 1), attempt: 1, at: noon)
    let before = progress.device
    progress.transferCompleted(commandKey: "somebody-else", code: 0, text: "", goal: goal, at: noon)
    #expect(progress.device == before)
    #expect(progress.outcomes.last == .foreignTransfer(commandKey: "somebody-else"))
    progress.transferCompleted(commandKey: "", code: 0, text: "", goal: goal, at: noon)
    #expect(progress.device.configuration == file.digest)
    progress.transferCompleted(commandKey: "", code: 0, text: "", goal: goal, at: noon)
    #expect(progress.outcomes.last == .foreignTransfer(commandKey: ""))
  }

  @Test func `a refused request is tried again after a while, or at once for another goal`() throws {
    let goal = try goal()
    var progress = Progress(
      of: device {
        $0.admission = .admitted(by: "a test")
        $0.credentials = .confirmed(sealed)
      })
    let path = root + "Time.NTPServer1"
    for delay in [300, 3600, 21_600, 21_600] as [Int64] {
      progress.refused(method: "SetParameterValues", path: path, code: 9007, text: "no", goal: goal, at: noon)
      let refused = Setback.Kind.refused(method: "SetParameterValues", path: path, code: 9007, text: "no")
      #expect(
        Plan.next(for: progress.device, goal: goal, at: noon)
          == .halted(.setback(refused), retryAt: noon.advanced(bySeconds: delay)))
    }
    #expect(progress.outcomes.last == .parameterRefused(path: path, code: 9007, text: "no"))
    var other = try fullProfile()
    other.variables["ntp"] = "192.0.2.2"
    guard case .setParameters = Plan.next(for: progress.device, goal: try self.goal(other), at: noon) else {
      Issue.record("another goal must be tried at once")
      return
    }
  }

  private func goal(_ profile: Profile) throws -> Goal {
    try Goal(for: device(), row: row, profile: profile, here, digest: digest)
  }

  private func goal() throws -> Goal { try goal(fullProfile()) }

  @Test func `a value that the router does not keep is set once more and then left for a while`() throws {
    var walk = Walk(try fullProfile())
    let path = root + "Time.NTPServer1"
    walk.router.forgets = [path]
    var last: Step?
    for _ in 0..<4 { last = try walk.session() }
    let kind = Setback.Kind.mismatched(path: path, wanted: "192.0.2.1", found: "")
    guard case .halted(.setback(kind), _) = last else {
      Issue.record("\(String(describing: last))")
      return
    }
    #expect(walk.outcomes.count { $0 == .mismatched(path: path, wanted: "192.0.2.1", found: "") } == 2)
    #expect(walk.record?.verified == nil)
    walk.router.forgets = []
    walk.now = walk.now.advanced(bySeconds: 300)
    #expect(try walk.finish(within: 1))
    #expect(walk.record?.setback == nil)
  }

  @Test func `passwords are set once, stored as a digest and not read back`() throws {
    let goal = try goal()
    var walk = Walk(try fullProfile())
    #expect(try walk.finish(within: 3))
    let path = root + "ManagementServer.STUNPassword"
    #expect(walk.router.values[path] == "secret Bern 1")
    #expect(walk.record?.parameters.first { $0.path == path }?.value == digest(Array("secret Bern 1".utf8)))
    guard
      case .readBack(let paths) = Plan.next(
        for: parametersDone(goal) {
          $0.configuration = goal.configuration?.digest
          $0.reboot = Reboot(commandKey: CommandKey.reboot(goal, attempt: 1), moment: noon, state: .done)
        }, goal: goal, at: noon)
    else {
      Issue.record("no read-back")
      return
    }
    #expect(!paths.contains(path))
    #expect(paths.count == 3)
  }

  @Test func `a reboot that never happens is asked for three times and then every six hours`() throws {
    let goal = try goal()
    var progress = Progress(of: parametersDone(goal) { $0.configuration = goal.configuration?.digest })
    var now = noon
    for attempt in 1...3 {
      let key = CommandKey.reboot(goal, attempt: attempt)
      #expect(Plan.next(for: progress.device, goal: goal, at: now) == .reboot(commandKey: key, attempt: attempt))
      progress.rebootRequested(commandKey: key, attempt: attempt, at: now)
      progress.rebootAccepted(at: now)
      #expect(
        Plan.next(for: progress.device, goal: goal, at: now) == .awaitBoot(until: now.advanced(bySeconds: 900)))
      now = now.advanced(bySeconds: 900)
    }
    #expect(
      Plan.next(for: progress.device, goal: goal, at: now)
        == .halted(.rebootUnanswered(attempt: 3), retryAt: now.advanced(bySeconds: 21_600)))
  }

  @Test func `after a boot of its own the router is read back again, unless its profile does not ask for it`() throws {
    var walk = Walk(try fullProfile())
    #expect(try walk.finish(within: 3))
    walk.router.events = [.init("1 Boot")]
    #expect(try walk.session() == .done)
    #expect(walk.transcript.suffix(2) == ["Inform", "read back"])
    walk.profile.verifiesEachBoot = false
    walk.router.events = [.init("1 BOOT")]
    #expect(try walk.session() == .done)
    #expect(walk.transcript.last == "Inform")
  }

  @Test func `a changed profile is worked off, and what did not change is left alone`() throws {
    var walk = Walk(try fullProfile())
    #expect(try walk.finish(within: 3))
    walk.profile.variables["ntp"] = "192.0.2.2"
    #expect(try walk.session() == .done)
    #expect(walk.transcript.suffix(3) == ["Inform", "set profile", "read back"])
    #expect(walk.outcomes.suffix(4) == [.parametersSet(count: 1), .configured, .verified, .provisioned])
    #expect(walk.router.downloads.count == 1)
  }
}
