import CPE
import CWMP
import Net
import Testing

struct RouterStateTests {
  private let now = Timestamp(secondsSince1970: 1_800_000_000)
  private let dhcp = ACSParameters(url: "http://dhcp/acs", username: "door", password: "door")

  private func state(_ flash: Flash? = nil) -> RouterState {
    RouterState(
      identity: RouterIdentity(serialNumber: "S1"),
      flash: flash ?? Flash(softwareVersion: "7.1.064", connectionRequestPath: "x"),
      standard: ACSParameters(url: "http://standard/acs"), now: now)
  }

  /// After a session with the ACS of option 43.
  private func served() -> RouterState {
    var state = state()
    state.isCWMPEnabled = true
    state.discovered(dhcp)
    state.bound(to: IPv4Address(192, 0, 2, 10), connectionRequestURL: "http://192.0.2.10:7547/x")
    _ = state.duty(now: now)
    state.informed(state.flash.events.informed, at: "http://dhcp/acs")
    state.sessionSucceeded(now: now)
    return state
  }

  @Test func `command line and ACS go before option 43, and that before the default, each part for itself`() {
    var state = state()
    #expect(state.acs.url == "http://standard/acs")
    state.discovered(dhcp)
    #expect(state.acs == dhcp)
    _ = state.set([ParameterValue(path: Path.username, value: "own")], key: "")
    #expect(state.acs == ACSParameters(url: "http://dhcp/acs", username: "own", password: "door"))
    state.execute(ComwareConfiguration("cwmp\n cwmp enable\n cwmp acs url http://cli/acs\n"), cwmpByDefault: false)
    #expect(state.acs == ACSParameters(url: "http://cli/acs", username: "own", password: "door"))
    #expect(state.tree[Path.url] == "http://cli/acs")
  }

  @Test func `nothing is to be done while CWMP is off or no ACS is known`() {
    var off = state()
    #expect(off.duty(now: now) == .wait(until: nil))
    var homeless = RouterState(
      identity: RouterIdentity(serialNumber: "S1"), flash: Flash(softwareVersion: "7", connectionRequestPath: "x"),
      now: now)
    homeless.isCWMPEnabled = true
    #expect(homeless.duty(now: now) == .wait(until: nil))
  }

  @Test func `a periodic Inform is due one interval after the last session`() {
    var state = served()
    #expect(state.duty(now: now) == .wait(until: nil))
    _ = state.set(
      [
        ParameterValue(path: Path.periodicInformEnable, value: "true", type: .boolean),
        ParameterValue(path: Path.periodicInformInterval, value: "60", type: .unsignedInt),
      ], key: "")
    #expect(state.duty(now: now) == .wait(until: now.advanced(bySeconds: 60)))
    #expect(state.duty(now: now.advanced(bySeconds: 60)) == .session)
    #expect(state.flash.events.informed.map(\.code) == [.periodic])
  }

  @Test func `a failed session is tried again after the wait, and counted`() {
    var state = served()
    state.flash.events.add(.periodic)
    #expect(state.duty(now: now) == .session)
    let wait = state.sessionFailed(RetrySchedule(), now: now, random: 0)
    #expect(wait == 5000)
    #expect(state.retryCount == 1)
    #expect(state.duty(now: now) == .wait(until: now.advanced(byMilliseconds: 5000)))
    #expect(state.duty(now: now.advanced(byMilliseconds: 5000)) == .session)
    state.sessionSucceeded(now: now)
    #expect(state.retryCount == 0)
  }

  @Test func `a session that fails after its Inform was answered is tried again without an event`() {
    var state = served()
    #expect(state.flash.events.isEmpty)
    let wait = state.sessionFailed(RetrySchedule(), now: now, random: 0)
    #expect(state.duty(now: now.advanced(byMilliseconds: wait)) == .session)
    state.sessionSucceeded(now: now)
    #expect(state.duty(now: now) == .wait(until: nil))
  }

  @Test func `ScheduleInform comes due with its event and its key`() {
    var state = served()
    var session = CPESession(router: state, url: "http://dhcp/acs", now: now)
    _ = session.begin()
    let envelope = ACSEnvelope(
      id: "1", namespace: .newest, body: .response(.inform(InformResponse())))
    _ = session.receive(envelope.encoded())
    let request = ACSRequest.scheduleInform(ScheduleInform(delay: 30, commandKey: "s"))
    _ = session.receive(ACSEnvelope(id: "2", namespace: .newest, body: .request(request)).encoded())
    _ = session.receive([])
    state = session.router
    #expect(state.duty(now: now) == .wait(until: now.advanced(bySeconds: 30)))
    #expect(state.duty(now: now.advanced(bySeconds: 30)) == .session)
    #expect(
      state.flash.events.informed == [InformEvent(.scheduled), InformEvent(.scheduleInformMethod, commandKey: "s")])
  }

  @Test func `another address is a VALUE CHANGE, the first one is none`() {
    var state = served()
    #expect(!state.flash.events.contains(.valueChange))
    state.bound(to: IPv4Address(192, 0, 2, 11), connectionRequestURL: "http://192.0.2.11:7547/x")
    #expect(state.flash.events.informed.map(\.code) == [.valueChange])
  }

  @Test func `what the ACS sets is no news to it`() {
    var state = served()
    _ = state.set([ParameterValue(path: Path.provisioningCode, value: "LAB")], key: "")
    state.bound(to: IPv4Address(192, 0, 2, 10), connectionRequestURL: "http://192.0.2.10:7547/x")
    #expect(!state.flash.events.contains(.valueChange))
  }

  @Test func `a restart keeps what was set, boots the new image, and says BOOT`() {
    var before = served()
    _ = before.set(
      [
        ParameterValue(path: Path.username, value: "own"), ParameterValue(path: Path.provisioningCode, value: "LAB"),
      ], key: "k")
    before.flash.nextSoftwareVersion = "7.1.999"
    before.flash.events.add(.rebootMethod, commandKey: "r")
    var after = state(before.flash)
    #expect(after.tree[Path.provisioningCode] == "LAB")
    #expect(after.tree[Path.parameterKey] == "k")
    #expect(after.tree[Path.softwareVersion] == "7.1.999")
    #expect(after.flash.nextSoftwareVersion == nil)
    #expect(after.acs.username == "own")
    after.bound(to: IPv4Address(192, 0, 2, 10), connectionRequestURL: "http://192.0.2.10:7547/x")
    #expect(after.flash.events.informed.map(\.code) == [.boot, .valueChange, .rebootMethod])
  }

  @Test func `a startup configuration without cwmp enable leaves CWMP off`() {
    var state = state()
    state.isCWMPEnabled = true
    state.store(startupConfiguration: "sysname branch-7\n")
    var after = self.state(state.flash)
    after.execute(ComwareConfiguration(state.flash.startupConfiguration ?? ""), cwmpByDefault: false)
    #expect(!after.isCWMPEnabled)
    #expect(after.sysname == "branch-7")
    #expect(after.duty(now: now) == .wait(until: nil))
  }

  @Test func `the ACS lines of a configuration count when it is new, and not again`() {
    var state = state()
    state.store(startupConfiguration: "cwmp enable\ncwmp acs username file\n")
    state.execute(ComwareConfiguration(state.flash.startupConfiguration ?? ""), cwmpByDefault: false)
    #expect(state.acs.username == "file")
    _ = state.set([ParameterValue(path: Path.username, value: "own")], key: "")
    var after = self.state(state.flash)
    after.execute(ComwareConfiguration(after.flash.startupConfiguration ?? ""), cwmpByDefault: false)
    #expect(after.acs.username == "own")
    #expect(after.isCWMPEnabled)
  }
}
