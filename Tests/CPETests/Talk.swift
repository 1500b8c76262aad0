import CPE
import CWMP
import Net

/// A router in a session whose Inform has been answered: it is asked, and says what it says.
struct Talk {
  static let url = "http://192.0.2.1:7547/acs"
  static let now = Timestamp(secondsSince1970: 1_800_000_000)

  var session: CPESession

  init(with router: RouterState? = nil) {
    session = CPESession(router: router ?? Self.router(), url: Self.url, now: Self.now)
    _ = session.begin()
    _ = session.receive(Self.envelope(.response(.inform(InformResponse()))))
  }

  /// A router that is new.
  static func router() -> RouterState {
    let flash = Flash(softwareVersion: "7.1.064, Release 0821P20", connectionRequestPath: "secret")
    var state = RouterState(identity: RouterIdentity(serialNumber: "210235A1B2C3D4E5F601"), flash: flash, now: now)
    state.isCWMPEnabled = true
    state.discovered(ACSParameters(url: url))
    state.bound(to: IPv4Address(192, 0, 2, 10), connectionRequestURL: "http://192.0.2.10:7547/secret")
    _ = state.duty(now: now)
    return state
  }

  mutating func call(_ request: ACSRequest) -> CPEMessage? {
    guard case .post(let envelope) = session.receive(Self.envelope(.request(request))) else { return nil }
    return envelope.body
  }

  /// The code of the fault that the request gets; nil where it is done.
  mutating func fault(_ request: ACSRequest) -> Int? {
    guard case .fault(let fault) = call(request) else { return nil }
    return fault.code
  }

  /// Ends the session and gives the router after it.
  mutating func end() -> RouterState {
    _ = session.receive([])
    var router = session.router
    router.sessionSucceeded(now: Self.now)
    return router
  }

  private static func envelope(_ body: ACSMessage) -> [UInt8] {
    ACSEnvelope(id: "1", namespace: .newest, body: body).encoded()
  }
}
