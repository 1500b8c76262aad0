import CWMP
import Net
import Testing

@testable import Provisioning

struct InformTests {
  private func contact(
    _ events: [Contact.Occurrence], parameters: [ParameterValue] = [], login: Contact.Login = .own
  ) -> Contact {
    Contact(id: msr, manufacturer: "H3C", events: events, parameters: parameters, login: login)
  }

  @Test func `the first Inform makes a record with the root that its paths show`() {
    let progress = Progress(
      nil,
      informed: contact(
        [.init("0 BOOTSTRAP "), .init("1 BOOT")],
        parameters: [
          ParameterValue(path: "Device.DeviceInfo.SoftwareVersion", value: " 7.1.064 "),
          ParameterValue(path: "Device.ManagementServer.ConnectionRequestURL", value: "http://192.0.2.10:7547/x"),
        ], login: .bootstrap), at: noon)
    var expected = Device(id: msr, manufacturer: "H3C", dataModel: .device, firstInform: noon)
    expected.softwareVersion = "7.1.064"
    expected.connectionRequestURL = "http://192.0.2.10:7547/x"
    expected.lastBoot = noon
    #expect(progress.device == expected)
    #expect(progress.outcomes == [.informed(events: ["0 BOOTSTRAP", "1 BOOT"], softwareVersion: "7.1.064")])
  }

  private func provisioned() throws -> Device {
    var walk = Walk(try fullProfile())
    _ = try walk.finish(within: 3)
    return try #require(walk.record)
  }

  @Test func `a factory reset forgets all but the admission`() throws {
    let later = noon.advanced(bySeconds: 9999)
    let progress = Progress(
      try provisioned(), informed: contact([.init("0 BOOTSTRAP"), .init("1 BOOT")], login: .bootstrap), at: later)
    let device = progress.device
    #expect(progress.outcomes.dropFirst() == [.factoryReset, .credentialsLost(times: 1, isLeft: false), .rebooted])
    #expect(device.credentials == .confirmed(sealed) && device.renewal == .due, "its own hold until it has new ones")
    #expect(device.parameters.isEmpty)
    #expect(device.configuration == nil)
    #expect(device.verified == nil)
    #expect(device.reboot == nil)
    #expect(device.admission == .admitted(by: "the inventory"))
    #expect(device.lastBoot == later)
    #expect(device.firstInform == noon.advanced(bySeconds: 30))
  }

  @Test func `after a factory reset the router is provisioned anew`() throws {
    var walk = Walk(try fullProfile())
    #expect(try walk.finish(within: 3))
    walk.router = SimulatedRouter()
    #expect(try walk.finish(within: 3))
    #expect(walk.router.downloads.count == 1)
    #expect(walk.outcomes.last == .provisioned)
  }

  /// Its new startup configuration has no credentials and another way to the ACS, so it says 0 BOOTSTRAP.
  @Test func `a bootstrap that answers our own reboot does not bring the download back`() throws {
    var walk = Walk(try fullProfile())
    _ = try walk.session()
    _ = try walk.session()
    #expect(walk.router.reboots == 1)
    walk.router.hasOwnCredentials = false
    walk.router.values = [:]
    walk.router.events = [.init("0 BOOTSTRAP"), .init("1 BOOT")]
    #expect(try walk.finish(within: 1))
    #expect(walk.router.downloads.count == 1)
    #expect(walk.outcomes.contains(.credentialsLost(times: 1, isLeft: false)))
    #expect(walk.outcomes.last == .provisioned)
    #expect(walk.router.hasOwnCredentials)
  }

  @Test func `to log in with proposed credentials confirms them, and to log in without confirmed ones loses them`() {
    let proposed = Progress(
      device { $0.credentials = .proposed(sealed) }, informed: contact([.init("2 PERIODIC")]), at: noon)
    #expect(proposed.device.credentials == .confirmed(sealed))
    #expect(proposed.outcomes.last == .secured)
    let lost = Progress(proposed.device, informed: contact([.init("1 BOOT")], login: .bootstrap), at: noon)
    #expect(lost.device.credentials == .confirmed(sealed) && lost.device.renewal == .due)
    let kept = Progress(proposed.device, informed: contact([.init("1 BOOT")], login: .none), at: noon)
    #expect(kept.device.credentials == .confirmed(sealed))
  }

  @Test func `a confirmed value that an Inform reports otherwise is no longer confirmed, a password excepted`() throws {
    let path = root + "Time.NTPServer1"
    let secret = root + "ManagementServer.STUNPassword"
    let before = try provisioned()
    let progress = Progress(
      before,
      informed: contact(
        [.init("4 VALUE CHANGE")],
        parameters: [ParameterValue(path: path, value: "10.0.0.1"), ParameterValue(path: secret, value: "")]), at: noon)
    #expect(progress.device.parameters.first { $0.path == path }?.value == "10.0.0.1")
    #expect(
      progress.device.parameters.first { $0.path == secret } == before.parameters.first { $0.path == secret })
    guard
      case .setParameters(let values, .profile) = Plan.next(
        for: progress.device, goal: try goal(for: progress.device), at: noon)
    else {
      Issue.record("the value is not set again")
      return
    }
    #expect(values.map(\.path) == [path])
  }

  @Test func `a reboot counts as done by its key, or by 1 BOOT alone`() {
    let asked = device { $0.reboot = Reboot(commandKey: "boot-1-1", moment: noon, state: .accepted) }
    for events in [[Contact.Occurrence("M Reboot", commandKey: "boot-1-1")], [.init("1 Boot")]] {
      let progress = Progress(asked, informed: contact(events), at: noon)
      #expect(progress.device.reboot?.state == .done)
      #expect(progress.outcomes.last == .rebooted)
    }
    for events in [[Contact.Occurrence("M Reboot", commandKey: "other")], [.init("2 PERIODIC")], []] {
      #expect(Progress(asked, informed: contact(events), at: noon).device.reboot?.state == .accepted)
    }
  }

  @Test func `what a router sends is cut before it is kept`() {
    let long = String(repeating: "x", count: 100_000)
    let progress = Progress(
      nil,
      informed: Contact(
        id: msr, manufacturer: long, events: Array(repeating: .init(long), count: 1000),
        parameters: [ParameterValue(path: root + "DeviceInfo.HardwareVersion", value: long)], login: .own), at: noon)
    #expect(progress.device.manufacturer.count == 64)
    #expect(progress.device.hardwareVersion?.count == 256)
    guard case .informed(let events, _)? = progress.outcomes.first else { return }
    #expect(events.count == 64)
    #expect(events.allSatisfy { $0.count <= 64 })
  }
}
