import CPE
import CWMP
import Net
import Testing

struct STUNParametersTests {
  private func parameters(_ values: [String: String], acs: String? = "acs.example") -> STUNParameters? {
    var tree = ParameterTree.factory(of: RouterIdentity(serialNumber: "S1"))
    for (path, value) in values { tree[path] = value }
    return STUNParameters(of: tree, acs: acs)
  }

  @Test func `STUN is off from the factory, and goes by the host of the ACS where no server is named`() {
    #expect(parameters([:]) == nil)
    let standard = parameters([Path.stunEnable: "true"])
    #expect(standard?.server == "acs.example" && standard?.port == 3478 && standard?.period == 20_000)
    #expect(parameters([Path.stunEnable: "1"], acs: nil) == nil)
    let named = parameters([Path.stunEnable: "1", Path.stunServerAddress: "192.0.2.1", Path.stunServerPort: "3479"])
    #expect(named?.server == "192.0.2.1" && named?.port == 3479)
  }

  @Test(arguments: [("20", "-1", 20_000), ("20", "30", 30_000), ("30", "20", 30_000), ("0", "-1", 1000)])
  func `the longest period counts, else the shortest`(shortest: String, longest: String, period: Int64) {
    let parameters = parameters([
      Path.stunEnable: "1", Path.stunMinimumKeepAlivePeriod: shortest, Path.stunMaximumKeepAlivePeriod: longest,
    ])
    #expect(parameters?.period == period)
  }

  @Test func `a new binding is told the ACS once it has asked to be told`() {
    var talk = Talk()
    let changes = [Path.udpConnectionRequestAddress, Path.isNATDetected].map {
      AttributeChange(path: $0, notification: .active)
    }
    #expect(talk.fault(.setParameterAttributes(SetParameterAttributes(parameters: changes))) == nil)
    var router = talk.end()
    let place = STUNAddress(IPv4Address(192, 0, 2, 2), port: 40_000)
    router.bound(STUNClient.Binding(place: place, isNATDetected: true))
    var session = CPESession(router: router, url: Talk.url, now: Talk.now)
    #expect(session.events.map(\.code) == [.valueChange])
    guard case .post(let envelope) = session.begin(), case .request(.inform(let inform)) = envelope.body else {
      Issue.record("no Inform")
      return
    }
    #expect(inform.value(of: "ManagementServer.UDPConnectionRequestAddress") == "192.0.2.2:40000")
    #expect(inform.value(of: "ManagementServer.NATDetected") == "1")
    router.bound(nil)
    #expect(router.tree[Path.udpConnectionRequestAddress] == "" && router.tree[Path.isNATDetected] == "0")
  }
}
