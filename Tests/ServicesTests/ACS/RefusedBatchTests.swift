import CWMP
import Journey
import Provisioning
import Testing

@testable import Services

/// A request for several parameters that the router refuses, though it has all of them but some.
struct RefusedBatchTests {
  private let all = QuirksOfEnvelopesTests.all
  private let periodic = [("2 PERIODIC", "")]

  /// A provisioned router that has no parameter of these names.
  private func router(lacking bad: Set<String>, with change: (inout RouterByHand) -> Void = { _ in }) async throws
    -> RouterByHand
  {
    var router = RouterByHand(try ACSFixture())
    #expect(try await router.session() == all)
    let spelling = router.spelling
    router.react = { request in
      let asked: [String] =
        switch request {
        case .getParameterValues(let get): get.paths
        case .getParameterAttributes(let get): get.paths
        case .setParameterAttributes(let set): set.parameters.map(\.path)
        default: []
        }
      return bad.isDisjoint(with: asked) ? nil : spelling.fault(9005, "Invalid parameter name")
    }
    change(&router)
    return router
  }

  private func state(_ router: RouterByHand) throws -> DeviceTask.State {
    try #require(router.acs.store.tasks(of: router.id, open: false, limit: 10).first).state
  }

  private func facts(of router: RouterByHand, _ kinds: Fact.Kind...) -> [String] {
    router.acs.store.events(of: nil, after: 0, limit: 1000).map(\.event.fact).filter { kinds.contains($0.kind) }.map {
      "\($0)"
    }
  }

  private let culprit = TaskFailure.Parameter(path: "Nope", code: 9005, text: "Invalid parameter name")

  @Test func `the names that it has are read in the same session, and the other is named`() async throws {
    var router = try await router(lacking: ["Nope"]) {
      $0.parameters["A"] = "1"
      $0.parameters["B"] = "2"
    }
    let envelope = try VectorFile.text(of: "cwmp/get-parameter-values-9005")
    try await router.acs.ask(.getParameterValues(["A", "Nope", "B"]), of: router.id)
    _ = try await router.inform(events: periodic)
    let asked = await router.post()
    let id = try #require(asked.envelope?.id)
    let next = await router.post(envelope.replacing("THE-ACS-ID", with: id))
    #expect(await router.goOn(from: next).allSatisfy { $0 == "GetParameterValues" })
    guard case .done(let result, _) = try state(router) else {
      Issue.record("\(try state(router))")
      return
    }
    #expect(result.values.map(\.path) == ["A", "B"] && result.values.map(\.value) == ["1", "2"])
    #expect(result.refused == [culprit])
    #expect(result.text == "2 values; refused: Nope: fault 9005, invalid parameter name")
    #expect(facts(of: router, .taskDone) == ["did task 1, GetParameterValues A, Nope, B: \(result.text)"])
  }

  @Test func `several that it lacks are all named, among many`() async throws {
    let names = (0..<100).map { "P\($0)" }
    let bad: Set = ["P0", "P41", "P99"]
    var router = try await router(lacking: bad) { for name in names { $0.parameters[name] = name } }
    try await router.acs.ask(.getParameterValues(names), of: router.id)
    let methods = try await router.session(events: periodic)
    #expect(methods.count < 50 && methods.allSatisfy { $0 == "GetParameterValues" })
    guard case .done(let result, _) = try state(router) else {
      Issue.record("\(try state(router))")
      return
    }
    #expect(result.refused?.map(\.path) == ["P0", "P41", "P99"])
    #expect(result.values.map(\.path) == names.filter { !bad.contains($0) })
    #expect(facts(of: router, .taskFailed).count == 3)
  }

  @Test func `where it lacks all, the task has failed, with each named`() async throws {
    var router = try await router(lacking: ["Nope", "Nor"])
    try await router.acs.ask(.getParameterValues(["Nope", "Nor"]), of: router.id)
    #expect(try await router.session(events: periodic).count == 3)
    guard case .failed(.fault(let code, _, let parameters), _) = try state(router) else {
      Issue.record("\(try state(router))")
      return
    }
    #expect(code == 9005 && parameters.map(\.path) == ["Nope", "Nor"])
  }

  @Test func `attributes are taken apart as well`() async throws {
    var router = try await router(lacking: ["Nope"])
    try await router.acs.ask(
      .setParameterAttributes(["A", "Nope"].map { .init(path: $0, notification: 2) }), of: router.id)
    #expect(try await router.session(events: periodic).count == 3)
    guard case .done(let result, _) = try state(router) else {
      Issue.record("\(try state(router))")
      return
    }
    #expect(result.refused == [culprit])
  }

  @Test func `a read-back reads what it can, and names what it cannot`() async throws {
    var router = RouterByHand(try ACSFixture())
    let spelling = router.spelling
    let bad = router.root + "Time.NTPServer1"
    router.react = { request in
      guard case .getParameterValues(let get) = request, get.paths.contains(bad) else { return nil }
      return spelling.fault(9005)
    }
    #expect(try await router.session().last == "GetParameterValues")
    let told = facts(of: router, .parameterRefused)
    #expect(told.count == 1 && told[0].contains(bad))
    #expect(!router.isProvisioned)
  }

  // MARK: - Faults of several parameters

  private static let refusal =
    "<SetParameterValuesFault><ParameterName>%</ParameterName><FaultCode>9007</FaultCode>"
    + "<FaultString>not allowed</FaultString></SetParameterValuesFault>"

  @Test func `all parameters that a fault names are told, of tasks and of the profile`() async throws {
    var router = RouterByHand(try ACSFixture())
    let spelling = router.spelling
    let isRefusing: (ACSRequest) -> String? = { request in
      guard case .setParameterValues(let set) = request, set.parameters.count > 1 else { return nil }
      guard set.parameters.contains(where: { $0.path.contains("NTP") || $0.path == "A" }) else { return nil }
      let faults = set.parameters.map { Self.refusal.replacing("%", with: $0.path) }.joined()
      return spelling.fault(9003, "Invalid arguments").replacing(
        "</FaultString></", with: "</FaultString>\(faults)</")
    }
    #expect(try await router.session() == all)
    router.react = isRefusing
    let values = ["A", "B", "C"].map { ParameterValue(path: $0, value: "x") }
    try await router.acs.ask(.setParameterValues(values), of: router.id)
    #expect(try await router.session(events: periodic) == ["SetParameterValues"])
    guard case .failed(.fault(_, _, let parameters), _) = try state(router) else {
      Issue.record("\(try state(router))")
      return
    }
    #expect(parameters.map(\.path) == ["A", "B", "C"])
    let told = facts(of: router, .taskFailed)
    for path in ["A", "B", "C"] { #expect(told.contains { $0.contains("\(path) = \"x\": fault 9007") }, "\(told)") }

    var other = RouterByHand(try ACSFixture())
    other.react = isRefusing
    _ = try await other.session()
    #expect(facts(of: other, .parameterRefused).count > 1)
  }

  @Test func `a Status without a meaning is no success, of tasks and of the profile`() async throws {
    var router = RouterByHand(try ACSFixture())
    #expect(try await router.session() == all)
    let spelling = router.spelling
    router.react = { request in
      spelling.method("\(request.method.rawValue)Response", "<InstanceNumber>1</InstanceNumber><Status>7</Status>")
    }
    for request in [
      .addObject(path: "A."), .deleteObject(path: "A.1."), .setParameterValues([ParameterValue(path: "A", value: "1")]),
    ] as [TaskRequest] {
      try await router.acs.ask(request, of: router.id)
    }
    #expect(
      try await router.session(events: periodic) == ["AddObject", "DeleteObject", "SetParameterValues"])
    for task in router.acs.store.tasks(of: router.id, open: false, limit: 10) {
      guard case .failed(.unclear(let reason), _) = task.state else {
        Issue.record("\(task.state)")
        continue
      }
      #expect(reason.contains("Status \"7\""))
    }
    var other = RouterByHand(try ACSFixture())
    other.react = router.react
    #expect(try await other.session() == ["SetParameterValues"])
    #expect(other.device?.credentials != nil && !other.isProvisioned)
    #expect(facts(of: other, .secured).isEmpty && !facts(of: other, .parameterRefused).isEmpty)
  }

  @Test(arguments: [
    TaskRequest.cancelTransfer(commandKey: "k"),
    .scheduleDownload(
      .init(url: "http://192.0.2.1/f", fileType: "1 Firmware Upgrade Image"), start: 1, end: 2, mode: "1 At Any Time"),
    .changeDUState([.uninstall(uuid: "f81d4fae-7dec-11d0-a765-00a0c91e6bf6", version: "", environment: "")]),
  ])
  func `a method that its namespace does not have is not sent, and the task says so`(request: TaskRequest) async throws
  {
    var router = RouterByHand(try ACSFixture())
    #expect(try await router.session() == all)
    try await router.acs.ask(request, of: router.id)
    #expect(try await router.session(events: periodic) == [])
    guard case .failed(.impossible(let reason), _) = try state(router) else {
      Issue.record("\(try state(router))")
      return
    }
    #expect(reason.contains("cwmp-1-0") && reason.contains(request.method))
  }

  @Test(arguments: [(0, "GetQueuedTransfers"), (1, "GetAllQueuedTransfers"), (2, "GetAllQueuedTransfers")])
  func `transfers are listed by the method that the namespace has`(minor: Int, method: String) async throws {
    var router = RouterByHand(try ACSFixture())
    router.spelling.cwmpNamespace = "urn:dslforum-org:cwmp-1-\(minor)"
    #expect(try await router.session() == all)
    try await router.acs.ask(.getQueuedTransfers, of: router.id)
    #expect(try await router.session(events: periodic) == [method])
  }

  @Test func `a time that is none does not end the session`() async throws {
    var router = RouterByHand(try ACSFixture())
    let inform = try VectorFile.text(of: "cwmp/inform-bad-current-time")
    let answer = try await router.inform(inform)
    #expect(answer.method == "InformResponse" && router.acs.counter("acs.warning") > 0)
    #expect(await router.goOn() == all)
  }
}
