import CPE
import CWMP
import Net
import Testing

struct ParameterAttributeTests {
  private let server = "InternetGatewayDevice.ManagementServer."
  private let zone = "InternetGatewayDevice.Time.LocalTimeZone"

  private func set(_ changes: AttributeChange...) -> ACSRequest {
    .setParameterAttributes(SetParameterAttributes(parameters: changes))
  }

  private func attributes(_ paths: String..., in talk: inout Talk) -> [ParameterAttributes] {
    let message = talk.call(.getParameterAttributes(GetParameterAttributes(paths: paths)))
    guard case .response(.getParameterAttributes(let response)) = message else { return [] }
    return response.parameters
  }

  @Test func `four parameters are told actively by default, as TR-098 wants`() {
    var talk = Talk()
    let active = attributes("", in: &talk).filter { $0.notification == .active }
    #expect(
      Set(active.map(\.path)) == [
        Path.softwareVersion, Path.provisioningCode, Path.connectionRequestURL, Path.externalAddress,
      ])
  }

  @Test(arguments: Array(Notification.range))
  func `a notification is set, read back, and kept through a restart`(number: Int) {
    var talk = Talk()
    let change = AttributeChange(path: zone, notification: Notification(rawValue: number), accessList: [])
    #expect(talk.call(set(change)) == .response(.setParameterAttributes))
    let expected = [
      ParameterAttributes(path: zone, notification: Notification(rawValue: number), accessList: [])
    ]
    #expect(attributes(zone, in: &talk) == expected)
    var again = Talk(
      with: RouterState(
        identity: RouterIdentity(serialNumber: "S1"), flash: talk.end().flash, now: Talk.now))
    #expect(attributes(zone, in: &again) == expected)
  }

  @Test func `a partial path means all below it, and what is not to change stays`() {
    var talk = Talk()
    #expect(talk.fault(set(AttributeChange(path: server, accessList: []))) == nil)
    let all = attributes(server, in: &talk)
    #expect(all.count == 19)
    #expect(all.allSatisfy { $0.accessList.isEmpty })
    #expect(all.first { $0.path == Path.connectionRequestURL }?.notification == .active)
  }

  @Test func `one change that cannot be leaves all as it was`() {
    var talk = Talk()
    let good = AttributeChange(path: zone, notification: .passive)
    #expect(talk.fault(set(good, AttributeChange(path: "No.Such", notification: .passive))) == 9005)
    #expect(talk.fault(set(good, AttributeChange(path: zone, notification: Notification(rawValue: 7)))) == 9003)
    #expect(talk.fault(set(good, AttributeChange(path: zone, accessList: ["Anyone"]))) == 9003)
    #expect(attributes(zone, in: &talk).map(\.notification) == [.off])
    #expect(talk.fault(.getParameterAttributes(GetParameterAttributes(paths: ["No."]))) == 9005)
    #expect(talk.fault(.getParameterAttributes(GetParameterAttributes(paths: []))) == 9003)
  }

  @Test func `what is told passively goes with the next Inform, whatever that is sent for`() {
    var talk = Talk()
    let upTime = AttributeChange(path: Path.upTime, notification: .passive)
    #expect(talk.fault(set(upTime)) == nil)
    var router = talk.end()
    let later = Talk.now.advanced(bySeconds: 60)
    #expect(router.duty(now: later) == .wait(until: nil))
    router.flash.events.add(.periodic)
    var session = CPESession(router: router, url: Talk.url, now: later)
    #expect(session.events.map(\.code) == [.periodic, .valueChange])
    guard case .post(let envelope) = session.begin(), case .request(.inform(let inform)) = envelope.body else {
      Issue.record("no Inform")
      return
    }
    #expect(inform.value(of: "DeviceInfo.UpTime") == "60")
  }

  @Test func `what is not to be told anymore is not told`() {
    var talk = Talk()
    #expect(talk.fault(set(AttributeChange(path: "", notification: .off))) == nil)
    var router = talk.end()
    router.bound(to: IPv4Address(192, 0, 2, 11), connectionRequestURL: "http://192.0.2.11:7547/secret")
    #expect(router.flash.events.isEmpty)
    #expect(CPESession(router: router, url: Talk.url, now: Talk.now).events.isEmpty)
  }
}
