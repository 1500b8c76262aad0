import CWMP
import Journey
import Testing

@testable import Services

/// Routers that repeat, in a fault, what they refuse.
struct RepeatedSecretTests {
  @Test func `a secret of the plan that a router repeats stands neither in the journey nor on record`() async throws {
    var router = RouterByHand(try ACSFixture())
    let spelling = router.spelling
    router.react = { request in
      guard case .setParameterValues(let set) = request,
        let secret = set.parameters.first(where: { $0.path.hasSuffix("STUNPassword") })
      else { return nil }
      return spelling.fault(9007, "no \(secret.value), not even \(secret.value)")
    }
    _ = try await router.session()
    let told = router.acs.store.events(of: nil, after: 0, limit: 1000).map { "\($0.event.fact)" }
    #expect(told.contains { $0.contains("no ***, not even ***") }, "\(told)")
    #expect(!told.contains { $0.contains("hidden") })
    guard case .refused(_, _, 9007, let text)? = router.device?.setback?.kind else {
      Issue.record("\(String(describing: router.device?.setback))")
      return
    }
    #expect(text == "no ***, not even ***")
  }

  @Test func `a password of its own that a router repeats is not told either`() async throws {
    var router = RouterByHand(try ACSFixture())
    let spelling = router.spelling
    let passwords = Box()
    router.react = { request in
      guard case .setParameterValues(let set) = request else { return nil }
      let secrets = set.parameters.filter { $0.path.hasSuffix("Password") }.map(\.value)
      guard secrets.count == 2 else { return nil }
      passwords.values = secrets
      return spelling.fault(9003, secrets.joined(separator: " "))
    }
    _ = try await router.session()
    #expect(passwords.values.count == 2)
    let told = router.acs.store.events(of: nil, after: 0, limit: 1000).map { "\($0.event.fact)" }
    #expect(told.contains { $0.contains("*** ***") }, "\(told)")
    for password in passwords.values { #expect(!told.contains { $0.contains(password) }) }
  }

  /// What the router was given.
  private final class Box {
    var values: [String] = []
  }
}
