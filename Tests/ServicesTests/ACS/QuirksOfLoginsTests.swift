import CWMP
import HTTP
import Net
import Testing

@testable import Services

/// How routers log in. The number is the quirk's.
struct QuirksOfLoginsTests {
  private let all = QuirksOfEnvelopesTests.all

  private func router(
    _ change: (inout SiteConfiguration) throws -> Void = { _ in }
  ) throws -> RouterByHand { RouterByHand(try ACSFixture(change)) }

  @Test(arguments: ["/acs", "", "/", "http://192.0.2.1:7547/acs", "acs"])
  func `33 a digest without qop and opaque, or over another uri, proves the password`(uri: String) async throws {
    for hasQOP in [true, false] {
      var router = try router()
      router.login = { digest in
        digest.uri = uri
        guard !hasQOP else { return }
        digest.qop = nil
        digest.clientNonce = nil
        digest.nonceCount = nil
        digest.algorithm = nil
      }
      #expect(try await router.session() == all)
    }
  }

  @Test func `34 a router that never answers a challenge may log in before one, where Basic is taken`() async throws {
    var router = try router { $0.takesBasic = true }
    let inform = router.spelling.envelope(id: "1", router.inform(events: [("1 BOOT", "")]))
    let basic = "Basic " + Base64.encode(Array("\(ACSFixture.username):\(ACSFixture.password)".utf8))
    #expect(await router.post(inform, authorization: basic).method == "InformResponse")
    #expect(await router.goOn() == all)
  }

  @Test func `34 a router that never logs in is let in where none has to`() async throws {
    var router = try router { $0.authenticates = false }
    #expect(await router.post(router.spelling.envelope(id: "1", router.inform(events: []))).status == 200)
    #expect(await router.goOn() == all)
  }

  @Test func `44 a login with the Inform alone, without uri and qop, is good for the session`() async throws {
    for keepsConnection in [true, false] {
      var router = try router()
      router.keepsConnection = keepsConnection
      if keepsConnection { router.returnCookie = { _ in nil } }
      router.login = { digest in
        digest.uri = ""
        digest.qop = nil
        digest.nonceCount = nil
      }
      #expect(try await router.session() == all)
      #expect(router.isProvisioned)
    }
  }

  @Test func `47 a nonce that is counted from one again is stale, and the next one lets it in`() async throws {
    var router = try router()
    let message = router.spelling.envelope(id: "1", router.inform(events: []))
    _ = await router.post()
    let first = try router.authorization()
    #expect(await router.post(message, authorization: first).status == 200)
    // The same field with each POST of the session does no harm.
    #expect(await router.post(authorization: first).method == "SetParameterValues")
    let again = await router.post(message, authorization: first)
    #expect(again.status == 401)
    #expect(again.headers["WWW-Authenticate"]?.contains("stale=true") == true)
    let second = try router.authorization()
    #expect(second != first)
    #expect(await router.post(message, authorization: second).status == 200)
  }

  @Test func `38 routers of one serial number are told apart by their OUI, and a class may be blank`() async throws {
    let acs = try ACSFixture()
    var devices: [RouterByHand] = []
    for (oui, productClass) in [("000FE2", "MSR36"), ("00E0FC", "MSR36"), ("00E0FC", "")] {
      var router = RouterByHand(acs)
      router.id = DeviceID(oui: oui, productClass: productClass, serialNumber: "1")
      router.connection = UInt64(devices.count + 1)
      #expect(try await router.session() == all)
      devices.append(router)
    }
    #expect(devices.map(\.isProvisioned) == [true, true, true])
    #expect(Set(devices.compactMap { $0.device?.credentials }).count == 3)
    #expect(acs.devices.count == 3)
  }
}
