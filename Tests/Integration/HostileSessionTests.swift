import Foundation
import Testing

/// A host on the routers' network that has read the cookie of a router's session.
@Suite(.serialized)
struct HostileSessionTests {
  private static let serial = ProvisioningTests.serial
  private static let login = "seat:row7"
  private static let configuration = ProvisioningTests.configuration.replacing(
    "acs:\n", with: "acs:\n  username: seat\n  password: row7\n")

  /// A router that has informed, and its session's cookie in the hands of a stranger.
  private func session(
    _ configuration: String = configuration, _ body: (Lab, Daemon, HandSession, String) async throws -> Void
  ) async throws {
    try await Lab.with(clients: 2) { lab in
      try ProvisioningTests.prepare(lab)
      let daemon = try await Daemon(in: lab, configuration: configuration)
      try await HandSession.boot(in: lab)
      try await lab.seatStranger()
      let router = HandSession(lab: lab)
      let inform = try await router.post(
        router.inform(id: "1", serial: Self.serial, events: [(code: "0 BOOTSTRAP", key: "")]), login: Self.login)
      try #require(inform.method == "InformResponse")
      let cookie = try #require(inform.headers.firstMatch(of: #/(?i)set-cookie: (usher-session=[^;\r]+)/#)?.1)
      try await body(lab, daemon, router, String(cookie))
      try await daemon.stop()
    }
  }

  @Test func `a session's cookie is worth nothing at another address, and its router goes on`() async throws {
    try await session { lab, daemon, router, cookie in
      let set = try await router.post("")
      try #require(set.method == "SetParameterValues")
      let answer = router.setParameterValuesResponse(to: set)
      let post = ["-H", "Cookie: \(cookie)", "-H", "Content-Type: text/xml", HandSession.url]
      let forged = try await lab.stranger(post[0], post[1], post[2], post[3], post[4], body: answer)
      #expect(forged.status == 403)
      #expect(
        forged.text
          == "a POST from 192.0.2.60 had the cookie of a session that began at 192.0.2.100\n", "\(forged.text)")
      // An empty POST, as it begins a login, and one with the login that option 43 tells to anyone.
      let empty = try await lab.stranger(post[0], post[1], post[4], "-d", "")
      #expect(empty.status == 401)
      let login = try await lab.stranger(post[0], post[1], post[4], "-d", "", "--digest", "-u", Self.login)
      #expect(login.status == 403, "\(login.text)")
      let rubbish = try await lab.stranger(post[0], post[1], post[4], body: "<no envelope")
      #expect(rubbish.status == 403)
      #expect(try await daemon.counter("acs.refused.foreignAddress") >= 4)

      var next = try await router.post(answer)
      while next.method == "SetParameterValues" {
        next = try await router.post(router.setParameterValuesResponse(to: next))
      }
      #expect(next.method == "Download")
      let journey = try #require(try await daemon.journey(of: Self.serial))
      #expect(journey.count("misuseRefused") == 1)
      #expect(journey.events.contains { $0.text.contains("a POST from 192.0.2.60 had the cookie of a session") })
      #expect(journey.count("sessionAborted") == 0)
      #expect(try await daemon.problems() == [])
    }
  }

  @Test func `where a network is meant, a router may go on from another address in it, and from no other`()
    async throws
  {
    let wide = Self.configuration.replacing("acs:\n", with: "acs:\n  session-prefix: 24\n")
    try await session(wide) { lab, daemon, router, cookie in
      let next = try await lab.stranger("-H", "Cookie: \(cookie)", HandSession.url, "-d", "")
      #expect(next.status == 200 && next.text.contains("SetParameterValues"))
      #expect(try await daemon.counter("acs.refused.foreignAddress") == 0)
    }
    let narrow = Self.configuration.replacing("acs:\n", with: "acs:\n  session-prefix: 26\n")
    try await session(narrow) { lab, daemon, router, cookie in
      let next = try await lab.stranger("-H", "Cookie: \(cookie)", HandSession.url, body: "x")
      #expect(next.status == 403 && next.text.hasSuffix("began at 192.0.2.64/26\n"), "\(next.text)")
      #expect(try await router.post("").method == "SetParameterValues")
    }
  }
}
