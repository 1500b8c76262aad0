import CWMP
import Journey
import Net
import Provisioning
import Testing
import Transport

@testable import Services

/// What the journey tells of tasks that end other than by success, and of what routers ask.
struct TaskJourneyTests {
  private let all = QuirksOfEnvelopesTests.all
  private let periodic = [("2 PERIODIC", "")]

  /// A provisioned router.
  private func router(_ change: (inout RouterByHand) -> Void = { _ in }) async throws -> RouterByHand {
    var router = RouterByHand(try ACSFixture())
    #expect(try await router.session() == all)
    change(&router)
    return router
  }

  private func facts(of router: RouterByHand, _ kinds: Fact.Kind...) -> [String] {
    router.acs.store.events(of: nil, after: 0, limit: 1000).map(\.event.fact).filter { kinds.contains($0.kind) }.map {
      "\($0)"
    }
  }

  @Test func `a task that expires is told, though its router does not come`() async throws {
    let router = try await router()
    try await router.acs.ask(.reboot, of: router.id)
    await router.acs.handler.endOverdueTasks(at: SteadyClock.now().advanced(bySeconds: 4000))
    #expect(
      facts(of: router, .taskFailed) == [
        "did not do task 1, Reboot: it expired before the router came; ask again if it is still wanted"
      ])
  }

  @Test func `a task that fails for good is told with what the router said, and that it is given up`() async throws {
    var router = try await router()
    let spelling = router.spelling
    router.react = { _ in spelling.fault(9002, "busy") }
    try await router.acs.ask(.getRPCMethods, of: router.id)
    #expect(try await router.session(events: periodic) == ["GetRPCMethods"])
    #expect(
      facts(of: router, .taskFailed) == [
        "did not do task 1, GetRPCMethods: fault 9002, internal error (the router says \"busy\"); "
          + "given up after 1 attempt; ask again once that is mended"
      ])
  }

  @Test func `a transfer that a task cancels is told as canceled, not as failed`() async throws {
    var router = try await router { $0.spelling.cwmpNamespace = "urn:dslforum-org:cwmp-1-2" }
    let spelling = router.spelling
    router.react = { request in
      guard case .upload = request else { return nil }
      return spelling.method(
        "UploadResponse",
        "<Status>1</Status><StartTime>0001-01-01T00:00:00Z</StartTime>"
          + "<CompleteTime>0001-01-01T00:00:00Z</CompleteTime>")
    }
    try await router.acs.ask(.upload(fileType: "2 Vendor Log File", delay: 600), of: router.id)
    try await router.acs.ask(.cancelTransfer(commandKey: "task-1-1"), of: router.id)
    #expect(try await router.session(events: periodic) == ["Upload", "CancelTransfer"])
    #expect(
      facts(of: router, .taskCanceled, .taskFailed) == [
        "need not do task 1, Upload 2 Vendor Log File, after 600 s: the router canceled the transfer, as task 2 asked"
      ])
  }

  // MARK: - Wishes and kicks

  private func wish(_ router: RouterByHand, _ type: String) -> String {
    let argument = "<ArgStruct><Name>Version</Name><Value>2</Value></ArgStruct>"
    let arguments = router.spelling.array("FileTypeArg", of: "cwmp:ArgStruct", [argument])
    return router.spelling.envelope(
      id: "w", router.spelling.method("RequestDownload", "<FileType>\(type)</FileType>\(arguments)"))
  }

  @Test func `a router that wishes for its configuration is answered, then asked to download it`() async throws {
    var router = try await router()
    #expect(try await router.inform(events: [("9 REQUEST DOWNLOAD", "")]).method == "InformResponse")
    let answer = await router.post(wish(router, "3 Vendor Configuration File"))
    #expect(answer.method == "RequestDownloadResponse")
    #expect(
      facts(of: router, .downloadWished) == [
        "asks to download \"3 Vendor Configuration File\" with Version=2: it is to download \"startup.cfg\""
      ])
    #expect(await router.goOn() == ["Download", "GetParameterValues"])
    #expect(router.isProvisioned)
    // What it has now, it is not given again.
    #expect(try await router.session(events: periodic) == [])
  }

  @Test func `a wish for what is not there is told, and nothing is asked`() async throws {
    var router = try await router()
    _ = try await router.inform(events: [("9 REQUEST DOWNLOAD", "")])
    #expect(await router.post(wish(router, "1 Firmware Upgrade Image")).method == "RequestDownloadResponse")
    #expect(
      facts(of: router, .downloadWished) == [
        "asks to download \"1 Firmware Upgrade Image\" with Version=2: none is set down for it; "
          + "`usher task ask ROUTER download FILE` gives it one"
      ])
    #expect(await router.goOn() == [])
    #expect(router.isProvisioned)
  }

  @Test func `a kick is told with its arguments, and its answer says where the browser goes on`() async throws {
    var router = try await router()
    _ = try await router.inform(events: [("5 KICKED", "")])
    let next = "http://192.0.2.9/next"
    let arguments = "<Command>c</Command><Referer>192.0.2.7</Referer><Arg>a</Arg><Next>\(next)</Next>"
    let answer = await router.post(router.spelling.envelope(id: "k", router.spelling.method("Kicked", arguments)))
    #expect(answer.method == "KickedResponse" && answer.text.contains("<NextURL>\(next)</NextURL>"))
    #expect(
      facts(of: router, .kicked) == [
        "had its kick URL called, command \"c\", argument \"a\", from \"192.0.2.7\", going on to \(next)"
      ])
    #expect(await router.goOn() == [])
  }

  @Test(arguments: ["RequestDownload", "Kicked"])
  func `what cannot be put on record is not answered`(method: String) async throws {
    var router = try await router()
    _ = try await router.inform(events: periodic)
    router.acs.store.fail(times: 100)
    let body = method == "Kicked" ? router.spelling.method(method, "") : ""
    let message = body.isEmpty ? wish(router, "3") : router.spelling.envelope(id: "k", body)
    #expect(await router.post(message).status == 503)
    #expect(facts(of: router, .downloadWished, .kicked) == [])
  }
}
