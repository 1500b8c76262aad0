import CWMP
import HTTP
import Net
import Provisioning
import Testing

@testable import Services

/// What is done for routers of one model alone. The number is the quirk's.
struct QuirksOfModelsTests {
  private let all = QuirksOfEnvelopesTests.all
  private let periodic = [("2 PERIODIC", "")]

  private func router(
    _ change: (inout Model) -> Void, site: (inout SiteConfiguration) throws -> Void = { _ in }
  ) throws -> RouterByHand {
    var model = Model(match: Match(productClass: Pattern("MSR*")))
    change(&model)
    return RouterByHand(
      try ACSFixture {
        $0.models = [model]
        try site(&$0)
      })
  }

  @Test(arguments: [true, false], [true, false])
  func `5 a model that wants an XML declaration gets one where it sends one`(
    isWanted: Bool, isSent: Bool
  ) async throws {
    var router = try router { $0.declaration = isWanted }
    if isSent { router.spelling.declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>" }
    #expect(try await router.inform().text.hasPrefix("<?xml") == (isWanted && isSent))
    let request = await router.post()
    #expect(request.text.hasPrefix("<?xml") == (isWanted && isSent))
    #expect(await router.goOn(from: request) == all)
    #expect(router.isProvisioned)
  }

  @Test func `41 no router gets an XML declaration unless its model is set down`() async throws {
    var router = try router { $0.declaration = true }
    router.id = DeviceID(oui: "000FE2", productClass: "Other", serialNumber: "1")
    router.spelling.declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
    #expect(try await router.inform().text.hasPrefix("<soap-env:Envelope"))
    #expect(await router.post().text.hasPrefix("<soap-env:Envelope"))
  }

  @Test(arguments: [
    (nil, "1", "1"), (nil, "true", "true"), (Habits.Booleans.words, "1", "true"), (.digits, "true", "1"),
  ])
  func `17 booleans are set as the router writes them, or as its model is set down`(
    wanted: Habits.Booleans?, reported: String, set: String
  ) async throws {
    var router = try router { $0.habits.booleans = wanted }
    router.spelling.type = { $0.hasSuffix("ParameterKey") ? " xsi:type=\"xsd:boolean\"" : " xsi:type=\"xsd:string\"" }
    let inform = router.inform(events: [("1 BOOT", "")])
      .replacing(
        "ParameterKey</Name><Value xsi:type=\"xsd:boolean\">",
        with: "On</Name><Value xsi:type=\"xsd:boolean\">\(reported)")
    _ = try await router.inform(router.spelling.envelope(id: "1", inform))
    #expect(await router.goOn() == all)
    #expect(router.parameters["InternetGatewayDevice.Time.Enable"] == set)
    #expect(router.parameters["InternetGatewayDevice.ManagementServer.PeriodicInformEnable"] == set)
    #expect(router.isProvisioned)
    #expect(router.device?.habits.booleans == (reported == "1" ? .digits : .words))
  }

  @Test func `17 times are set with milliseconds where the model wants them`() async throws {
    var router = try router {
      $0.habits.milliseconds = true
    } site: {
      $0.profiles[0].parameters.append(
        ParameterValue(path: "~.X.Start", value: "2026-02-03T04:05:06Z", type: .dateTime))
    }
    _ = try await router.session()
    #expect(router.parameters["InternetGatewayDevice.X.Start"] == "2026-02-03T04:05:06.000Z")
    #expect(router.isProvisioned)
  }

  @Test func `20 a model that refuses the names of its root is never asked for them`() async throws {
    var router = try router {
      $0.byLevel = true
    } site: {
      $0.profiles[0].discovers = true
    }
    let spelling = router.spelling
    router.react = { request in
      guard case .getParameterNames(let names) = request else { return nil }
      guard names.nextLevel else { return spelling.fault(9005) }
      return spelling.names(["InternetGatewayDevice.Name"])
    }
    #expect(try await router.session() == all + ["GetParameterNames", "GetParameterValues"])
  }

  @Test func `27 a model that confirms the end by an empty POST gets an empty answer to that`() async throws {
    var router = try router { $0.end = .confirmed }
    _ = try await router.inform()
    #expect(await router.goOn(from: await router.post()) == all)
    let confirmed = await router.post()
    #expect(confirmed.status == 200 && confirmed.text.isEmpty)
    // One more is the beginning of the next session.
    #expect(await router.post().status == 401)
    #expect(try await router.session(events: periodic) == [])
  }

  @Test func `28 a model that wants it gets 200 and nothing at the end`() async throws {
    var router = try router { $0.end = .empty }
    #expect(try await router.session() == all)
    _ = try await router.inform(events: periodic)
    let end = await router.post()
    #expect(end.status == 200 && end.text.isEmpty && end.headers["Content-Type"] == nil)
    #expect(await router.post().status == 401)
  }

  @Test func `34 a model that never logs in is let in by a serial number of the inventory`() async throws {
    var router = try router {
      $0.authenticates = false
    } site: {
      $0.inventory = try Inventory(csv: Array("serial,approved\n210235A1,yes\n210235A3,no\n".utf8))
    }
    router.credentials = nil
    #expect(try await router.session() == all)
    #expect(router.isProvisioned)
    #expect(router.acs.counter("acs.admitted.withoutLogin") == 1)
    for (serial, productClass) in [("210235A2", "MSR36"), ("210235A3", "MSR36"), ("210235A1", "Other")] {
      var stranger = RouterByHand(router.acs)
      stranger.id = DeviceID(oui: "000FE2", productClass: productClass, serialNumber: serial)
      stranger.credentials = nil
      stranger.connection = 9
      #expect(try await stranger.inform().status == 401)
    }
  }

  @Test(arguments: [
    "Digest", "Digest username=\"", "Digest username=\"x\", realm=\"y\", nonce=\"z\", uri=\"/\", response=\"0\"",
    "Basic eDp5", "nonsense \u{1}", "",
  ])
  func `34 a model that never logs in is let in, whatever it sends for a login`(authorization: String) async throws {
    var router = try router {
      $0.authenticates = false
    } site: {
      $0.inventory = try Inventory(csv: Array("serial,approved\n210235A1,yes\n".utf8))
    }
    let inform = router.spelling.envelope(id: "1", router.inform(events: [("1 BOOT", "")]))
    let answer = await router.post(inform, authorization: authorization)
    #expect(answer.method == "InformResponse", "\(answer.status) \(answer.text)")
    #expect(
      router.acs.store.events(of: nil, after: 0, limit: 100).allSatisfy { $0.event.fact.kind != .authenticationFailed })
    #expect(await router.goOn() == all)
    var stranger = RouterByHand(router.acs)
    stranger.id = DeviceID(oui: "000FE2", productClass: "MSR36", serialNumber: "210235A2")
    stranger.connection = 9
    let other = stranger.spelling.envelope(id: "1", stranger.inform(events: [("1 BOOT", "")]))
    #expect(await stranger.post(other, authorization: authorization).status == 401)
  }
}
