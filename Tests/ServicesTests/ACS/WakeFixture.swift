import CWMP
import HTTP
import Journey
import Logging
import Net
import Provisioning
import Store
import Transport

@testable import Services

/// A requester with all that it needs, and one router at 127.0.0.1 to ask.
struct WakeFixture: Sendable {
  let store = MemoryStore()
  let counters = Counters()
  let informs = InformWatch()
  let router = RouterID(rawValue: 1)
  let secrets: Keyring.Secrets
  let requester: ConnectionRequester
  let stun: STUNService
  let journey: JourneyRecorder
  var device: Device

  static let own = IPv4Address.loopback

  init(
    url: String?, hasCredentials: Bool = true, informWait: Int = 1, allowed: [Subnet] = [],
    address: IPv4Address? = own, stunPort: UInt16 = 0,
    limits: ConnectionRequestExchange.Limits = .init(connection: 30, whole: 60)
  ) throws {
    let keyring = try Keyring(key: Array(repeating: 7, count: 32))
    let now = Timestamp(secondsSince1970: 1_767_225_600)
    let id = DeviceID(oui: "000FE2", productClass: "MSR36", serialNumber: "1")
    device = Device(id: id, manufacturer: "H3C", dataModel: .internetGatewayDevice, firstInform: now)
    device.connectionRequestURL = url
    let sealed = try keyring.make(for: id)
    if hasCredentials { device.credentials = .confirmed(sealed) }
    secrets = try keyring.open(sealed, of: id)
    try store.commit([.device(device)])
    var known = Router(id: router, firstSeen: now)
    known.address = address
    known.device = "\(id)"
    journey = JourneyRecorder(
      routers: [known], last: router, committer: Committer(store: store), counters: counters)
    let site = Current(
      SiteConfiguration(
        url: try ACSURL("http://127.0.0.1:7547/acs"), username: "u", password: "p", authenticates: true,
        inventory: Inventory(), profiles: [], bootFile: try Template(""), bootFileNames: [],
        connectionRequestsTo: allowed))
    let devices = DeviceDirectory()
    try devices.load(store)
    stun = STUNService(
      port: stunPort, keyring: keyring, devices: devices, counters: counters, logger: Logger(label: "test"))
    requester = ConnectionRequester(
      keyring: keyring, site: site, informs: informs, stun: stun, journey: journey, counters: counters,
      limits: limits, informWait: informWait)
  }

  func wake() async -> ConnectionRequestOutcome {
    await requester.wake(device, router)
  }

  func inform(_ events: String...) {
    informs.heard(device.id, events: events)
  }

  /// What a router with these credentials answers, informing once it is satisfied.
  func gate(_ authenticator: DigestAuthenticator) -> @Sendable (HTTP.Request) -> HTTP.Response {
    let authenticator = Current(authenticator)
    return { [self] request in
      var judge = authenticator.value
      defer { authenticator.value = judge }
      func challenge(_ refusal: DigestRefusal) -> HTTP.Response {
        var response = HTTP.Response(.unauthorized)
        for field in judge.challenge(after: refusal, at: 0) { response.headers.append("WWW-Authenticate", field) }
        return response
      }
      guard let field = request.headers["Authorization"],
        let credentials = try? DigestCredentials(authorization: field)
      else { return challenge(.noCredentials) }
      guard credentials.username == secrets.connectionRequestUsername else { return challenge(.wrongPassword) }
      let passwords = [secrets.connectionRequestPassword]
      switch judge.judge(credentials, method: request.method, passwords: passwords, at: 0) {
      case .refused(let refusal): return challenge(refusal)
      case .accepted:
        inform("6 CONNECTION REQUEST")
        return HTTP.Response(.ok)
      }
    }
  }
}

/// A server on a free port of the loopback while `body` uses it.
func withHTTPServer<Value: Sendable>(
  _ respond: @escaping HTTPServer.Responder, _ body: @Sendable (UInt16) async throws -> Value
) async throws -> Value {
  let (listening, continuation) = AsyncStream.makeStream(of: HTTPServer.Address.self)
  let server = HTTPServer(
    address: .network(host: "127.0.0.1", port: 0), onListening: { continuation.yield($0) }, respond: respond)
  return try await withThrowingTaskGroup(of: Void.self) { group in
    group.addTask {
      defer { continuation.finish() }
      try await server.run()
    }
    defer { group.cancelAll() }
    var addresses = listening.makeAsyncIterator()
    guard case .network(_, let port)? = await addresses.next() else { throw NoServer() }
    return try await body(port)
  }
}

private struct NoServer: Error {}
