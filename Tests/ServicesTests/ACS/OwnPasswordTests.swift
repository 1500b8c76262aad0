import CWMP
import HTTP
import Net
import Testing
import Transport

@testable import Services

/// A password that was proved is known by its key from then on.
struct OwnPasswordTests {
  @Test(arguments: [[DigestAlgorithm.md5], [.sha256]])
  func `each login is proved anew, also after the first`(digests: [DigestAlgorithm]) async throws {
    var router = RouterByHand(try ACSFixture { $0.digests = digests })
    // Its digest is of the algorithm that it was asked for.
    router.algorithm = digests[0]
    _ = try await router.session()
    let own = try #require(router.credentials)
    #expect(own.username == "\(router.id)")
    for _ in 1...3 { #expect(try await router.session(events: [("2 PERIODIC", "")]) == []) }

    router.credentials = (own.username, own.password + "x")
    #expect(try await router.inform(events: [("2 PERIODIC", "")]).status == 401)
    #expect(router.acs.counter("acs.digest.wrongPassword") == 1)
    router.credentials = own
    #expect(try await router.session(events: [("2 PERIODIC", "")]) == [])
  }

  @Test func `a password that was given up opens no session, and the one after it does`() async throws {
    var router = RouterByHand(try ACSFixture())
    _ = try await router.session()
    _ = try await router.session(events: [("2 PERIODIC", "")])
    let former = try #require(router.credentials)
    var device = try #require(router.device)
    let sealed = try router.acs.keyring.make(for: device.id)
    device.credentials = .confirmed(sealed)
    try await router.acs.journey.commit([.device(device)])

    #expect(try await router.inform(events: [("2 PERIODIC", "")]).status == 401)
    router.credentials = (former.username, try router.acs.keyring.open(sealed, of: device.id).password)
    #expect(try await router.session(events: [("2 PERIODIC", "")]) == [])
  }
}
