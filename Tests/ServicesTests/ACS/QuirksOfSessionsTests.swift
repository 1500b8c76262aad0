import CWMP
import HTTP
import Net
import Testing

@testable import Services

/// How routers keep a session together, and how they fail to. The number is the quirk's.
struct QuirksOfSessionsTests {
  private let all = QuirksOfEnvelopesTests.all

  private func router() throws -> RouterByHand { RouterByHand(try ACSFixture()) }

  @Test(arguments: ["$0", "\"$0\"", "other=1, $0; Path=/", "other=1; $0"])
  func `13 a cookie that comes back quoted, joined by a comma or with its attributes is understood`(
    form: String
  ) async throws {
    var router = try router()
    router.keepsConnection = false
    router.returnCookie = { cookie in
      let pair = cookie.split(separator: "=", maxSplits: 1).map(String.init)
      return form.hasPrefix("\"") ? "\(pair[0])=\"\(pair[1])\"" : form.replacing("$0", with: cookie)
    }
    #expect(try await router.session() == all)
  }

  @Test func `13 a router that returns no cookie is known by its connection`() async throws {
    var router = try router()
    router.returnCookie = { _ in nil }
    #expect(try await router.session() == all)
  }

  @Test func `14 a session goes on over a new connection for each POST, without another login`() async throws {
    var router = try router()
    router.keepsConnection = false
    #expect(try await router.session() == all)
    #expect(router.isProvisioned)
  }

  @Test func `13 on a connection that is kept the next session begins with a login, and an Inform is read after that`()
    async throws
  {
    var router = try router()
    router.returnCookie = { _ in nil }
    #expect(try await router.session() == all)
    #expect(await router.post("<unreadable </cwmp:Inform></s:Body></s:Envelope>").status == 401)
    #expect(try await router.session(events: [("2 PERIODIC", "")]) == [])
  }

  @Test func `27 a router that closes the session with one more empty POST hears its end once more`() async throws {
    var router = try router()
    #expect(try await router.session() == all)
    let authorization = try router.authorization(count: 9)
    #expect(await router.post(authorization: authorization).status == 204)
    // Without a login it may be the beginning of the next session as well: it is asked for one.
    #expect(await router.post().status == 401)
    #expect(router.isProvisioned)
  }

  @Test func `28 the end is 204, without a body and a type`() async throws {
    var router = try router()
    #expect(try await router.session() == all)
    _ = try await router.inform(events: [("2 PERIODIC", "")])
    let end = await router.post()
    #expect(end.status == 204 && end.text.isEmpty && end.headers["Content-Type"] == nil)
  }

  @Test func `30 a TransferComplete or GetRPCMethods after the empty POST is answered, and the session goes on`()
    async throws
  {
    var router = try router()
    _ = try await router.inform()
    let asked = await router.post()
    #expect(asked.method == "SetParameterValues")
    let complete = router.spelling.method("TransferComplete", "<CommandKey>unknown</CommandKey>")
    #expect(await router.post(router.spelling.envelope(id: "7", complete)).method == "TransferCompleteResponse")
    let methods = await router.post(router.spelling.envelope(id: "8", router.spelling.method("GetRPCMethods", "")))
    #expect(methods.method == "GetRPCMethodsResponse" && methods.envelope?.id == "8")
    #expect(await router.goOn(from: asked) == all)
    // And after the end.
    #expect(await router.post(router.spelling.envelope(id: "9", complete)).method == "TransferCompleteResponse")
    #expect(await router.post().status == 204)
  }

  @Test func `37 an Inform on another connection supersedes the session that is under way`() async throws {
    var router = try router()
    _ = try await router.inform()
    let asked = await router.post()
    var again = router
    again.connection = 2
    again.returnCookie = { _ in nil }
    _ = try await again.inform(events: [("6 CONNECTION REQUEST", "")])
    let renewed = await again.post()
    #expect(renewed.method == "SetParameterValues")
    // What the first session still has to say comes from the past: it counts for nothing.
    let late = await router.answer(asked)
    #expect(late.status == 401 || late.status == 400)
    #expect(router.device?.credentials != .bootstrap)
    again.credentials = router.credentials
    #expect(await again.goOn(from: renewed) == all)
    #expect(again.isProvisioned)
    #expect(router.acs.handler.sessions.count == 1)
  }

  @Test func `45 an empty POST gets the challenge, and the same request again while one is outstanding`() async throws {
    var router = try router()
    let probe = await router.post()
    #expect(probe.status == 401 && probe.headers["WWW-Authenticate"] != nil)
    let inform = router.spelling.envelope(id: "1", router.inform(events: [("1 BOOT", "")]))
    let authorization = try router.authorization()
    #expect(await router.post(inform, authorization: authorization).method == "InformResponse")
    let asked = await router.post()
    let again = await router.post()
    #expect(again.method == "SetParameterValues")
    #expect(again.envelope == asked.envelope)
    #expect(await router.goOn(from: again) == all)
    #expect(router.isProvisioned)
  }

  @Test func `46 the cookie of an old session does no harm to an Inform`() async throws {
    var router = try router()
    #expect(try await router.session() == all)
    router.returnCookie = { _ in "\(CWMPHandler.cookie)=longgone" }
    router.connection = 2
    #expect(try await router.session(events: [("2 PERIODIC", "")]) == [])
    router.returnCookie = { $0 + "; Path=/; HttpOnly" }
    router.keepsConnection = false
    #expect(try await router.session() == ["GetParameterValues"])
  }

  @Test(arguments: ["", "<EventStruct><EventCode>1 Boot</EventCode></EventStruct>"])
  func `48 no event, one in other letters, and a CommandKey on 7 TRANSFER COMPLETE are understood`(
    events: String
  ) async throws {
    var router = try router()
    let spelling = router.spelling
    router.react = { request in
      guard case .download = request else { return nil }
      return spelling.method("DownloadResponse", "<Status>1</Status>")
    }
    let inform = router.inform(events: [])
      .replacing("EventStruct[0]", with: "EventStruct[1]").replacing("></Event>", with: ">\(events)</Event>")
    #expect(try await router.inform(spelling.envelope(id: "1", inform)).method == "InformResponse")
    #expect(await router.goOn() == all.dropLast())
    #expect((router.device?.lastBoot != nil) == !events.isEmpty)
    let key = try #require(router.device?.transfer?.commandKey)
    _ = try await router.inform(events: [("7 TRANSFER COMPLETE", key)])
    let complete = spelling.method("TransferComplete", "<CommandKey></CommandKey>")
    #expect(await router.post(spelling.envelope(id: "2", complete)).method == "TransferCompleteResponse")
    #expect(await router.goOn() == ["GetParameterValues"])
    #expect(router.isProvisioned)
  }

  @Test func `49 a session that was left is begun again by an Inform, and what was unconfirmed is asked again`()
    async throws
  {
    var router = try router()
    _ = try await router.inform()
    let asked = await router.post()
    #expect(try await router.inform().method == "InformResponse")
    let again = await router.post()
    #expect(again.values == asked.values && again.envelope?.id != asked.envelope?.id)
    #expect(await router.goOn(from: again) == all)
    #expect(router.acs.handler.sessions.count == 1)
  }

  @Test func `49 of two routers that share a connection the last Inform has it`() async throws {
    var router = try router()
    _ = try await router.inform()
    let asked = await router.post()
    var other = RouterByHand(router.acs)
    other.id = DeviceID(oui: "000FE2", productClass: "MSR36", serialNumber: "210235A2")
    #expect(try await other.session() == all)
    #expect(await router.answer(asked).status >= 400)
    #expect(!router.isProvisioned && other.isProvisioned)
  }
}
