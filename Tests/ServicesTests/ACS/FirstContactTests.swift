import CWMP
import DHCP
import Journey
import Net
import Provisioning
import Testing

@testable import Services

struct FirstContactTests {
  private static let noon = Timestamp(secondsSince1970: 1_800_000_000)
  private static let address = IPv4Address(192, 0, 2, 10)
  private static let link = Subnet(containing: address, prefixLength: 24)
  private static let hardware = MACAddress("00:0f:e2:00:00:01")

  private static func lease(_ change: (inout Lease) -> Void = { _ in }) -> Lease {
    var lease = Lease(
      address: address, client: .identifier([1, 2]), hardware: hardware, state: .bound, start: noon,
      expiry: Timestamp(rawValue: .max))
    change(&lease)
    return lease
  }

  private static func known(
    _ change: (inout FirstContact.Circumstances) -> Void = { _ in }
  ) -> FirstContact.Circumstances {
    var known = FirstContact.Circumstances(lease: lease(), neighbor: hardware, isShared: false)
    change(&known)
    return known
  }

  private static func device(_ credentials: Credentials) -> Device {
    var device = Device(
      id: DeviceID(oui: "000AEB", productClass: "", serialNumber: "1"), manufacturer: "", dataModel: .device,
      firstInform: noon)
    device.credentials = credentials
    return device
  }

  private func refusal(_ known: FirstContact.Circumstances, links: [Subnet] = [link]) -> FirstContact.Refusal? {
    FirstContact.refusal(of: Self.address, on: links, known, at: Self.noon)
  }

  @Test func `who has leased the address here, and answers for it on a served link, is let in`() {
    #expect(refusal(Self.known()) == nil)
    #expect(refusal(Self.known { $0.device = Self.device(.bootstrap) }) == nil)
    let sealed = SealedCredentials(username: "u", secrets: [])
    #expect(refusal(Self.known { $0.device = Self.device(.proposed(sealed)) }) == nil)
    #expect(refusal(Self.known { $0.hardware = Self.hardware }) == nil)
  }

  @Test func `nobody else is, each with its reason`() {
    let other = MACAddress("00:0f:e2:00:00:02")
    #expect(refusal(Self.known(), links: []) == .otherLink)
    #expect(refusal(Self.known { $0.isShared = true }) == .sharedNetwork)
    let sealed = SealedCredentials(username: "u", secrets: [])
    #expect(refusal(Self.known { $0.device = Self.device(.confirmed(sealed)) }) == .secured)
    #expect(refusal(Self.known { $0.lease = nil }) == .noLease)
    #expect(refusal(Self.known { $0.lease = Self.lease { $0.expiry = Self.noon } }) == .noLease)
    #expect(refusal(Self.known { $0.lease = Self.lease { $0.state = .released } }) == .noLease)
    #expect(refusal(Self.known { $0.lease = Self.lease { $0.hardware = nil } }) == .noLease)
    #expect(refusal(Self.known { $0.lease = Self.lease { $0.relayInformation = [1, 1, 0] } }) == .relayed)
    #expect(refusal(Self.known { $0.neighbor = other }) == .otherNeighbor)
    #expect(refusal(Self.known { $0.neighbor = nil }) == .otherNeighbor)
    #expect(refusal(Self.known { $0.hardware = other }) == .otherHardware)
    #expect(refusal(Self.known { $0.expected = other }) == .otherHardware)
  }

  private func fixture(links: [Subnet] = [link], neighbor: MACAddress? = hardware) throws -> ACSFixture {
    try ACSFixture(
      firstContact: FirstContact(lease: { _ in Self.lease() }, neighbor: { _ in neighbor }, isShared: { false })
    ) { $0.firstContactLinks = links }
  }

  @Test func `a router without credentials is let in once by where it is, and then by its own`() async throws {
    let acs = try fixture()
    var router = RouterByHand(acs)
    router.credentials = nil
    #expect(try await router.session().first == "SetParameterValues")
    #expect(router.device?.isSecured == true)
    #expect(acs.counter("acs.admitted.firstContact") == 1)
    let own = try #require(router.credentials)
    // It has its own now, and nobody comes in for it without.
    router.credentials = nil
    #expect(try await router.inform().status == 401)
    #expect(acs.counter("acs.refused.firstContact.secured") == 1)
    router.credentials = own
    #expect(try await router.inform(events: [("2 PERIODIC", "")]).status == 200)
  }

  @Test func `a login by a name that nobody has counts as none, and a wrong password as wrong`() async throws {
    let acs = try fixture()
    var router = RouterByHand(acs)
    router.credentials = ("factory", "default")
    #expect(try await router.inform().status == 200)
    var other = RouterByHand(try fixture())
    other.credentials = (ACSFixture.username, "wrong")
    // It is let in before it could say so: a name that somebody has has to be proven where it is said.
    let message = other.spelling.envelope(id: "1", other.inform(events: [("1 BOOT", "")]))
    let challenged = await other.post("")
    #expect(challenged.status == 401)
    let login = try #require(try other.authorization())
    #expect(await other.post(message, authorization: login).status == 401)
  }

  @Test func `without the option, or from elsewhere, it is asked to log in`() async throws {
    for acs in [try fixture(links: []), try fixture(neighbor: nil)] {
      var router = RouterByHand(acs)
      router.credentials = nil
      #expect(try await router.inform().status == 401)
      #expect(acs.counter("acs.admitted.firstContact") == 0)
    }
  }

  @Test func `a model's login from the factory opens a first session of that model alone`() async throws {
    let acs = try ACSFixture { site in
      var model = Model(match: Match(productClass: Pattern("FB*")))
      model.login = Model.Login(username: "factory", password: "default")
      site.models = [model]
    }
    var router = RouterByHand(acs)
    router.id = DeviceID(oui: "00040E", productClass: "FB7590", serialNumber: "1")
    router.credentials = ("factory", "default")
    #expect(try await router.session().first == "SetParameterValues")
    #expect(router.device?.isSecured == true)
    var wrong = RouterByHand(acs)
    wrong.id = DeviceID(oui: "00040E", productClass: "FB7590", serialNumber: "2")
    wrong.credentials = ("factory", "wrong")
    #expect(try await wrong.inform().status == 401)
    var other = RouterByHand(acs)
    other.credentials = ("factory", "default")
    #expect(try await other.inform().status == 403)
    #expect(acs.counter("acs.refused.otherModel") == 1)
  }
}
