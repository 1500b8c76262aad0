import CWMP
import Testing

/// What must not be sent, and lists that are read leniently (TR-069 annexes A.3.2.4, A.4.1 and A.4.2).
struct RequestLimitTests {
  private static func attributes(_ changes: AttributeChange...) -> ACSRequest {
    .setParameterAttributes(SetParameterAttributes(parameters: changes))
  }

  private static func schedule(_ windows: TimeWindow...) -> ACSRequest {
    .scheduleDownload(
      ScheduleDownload(commandKey: "k", fileType: .firmware, url: "http://192.0.2.1/f", windows: windows))
  }

  private static func change(_ operations: DeploymentOperation..., key: String = "k") -> ACSRequest {
    .changeDUState(ChangeDUState(operations: operations, commandKey: key))
  }

  private static func text(_ count: Int) -> String { String(repeating: "é", count: count) }

  static let problems: [(request: ACSRequest, problem: RequestProblem)] = [
    (attributes(), .empty(argument: "ParameterList")),
    (attributes(AttributeChange(path: text(257))), .tooLong(argument: "Name", count: 257, limit: 256)),
    (attributes(AttributeChange(path: "a"), AttributeChange(path: "a")), .repeated(path: "a")),
    (
      attributes(AttributeChange(path: "a", notification: Notification(rawValue: 7))),
      .outOfRange(argument: "Notification", value: 7)
    ),
    (
      attributes(AttributeChange(path: "a", notification: Notification(rawValue: -1))),
      .outOfRange(argument: "Notification", value: -1)
    ),
    (
      attributes(AttributeChange(path: "a", accessList: ["Subscriber", "Anyone"])),
      .malformed(argument: "AccessList", text: "Anyone")
    ),
    (
      attributes(AttributeChange(path: "a", accessList: ["X_" + text(63)])),
      .tooLong(argument: "AccessList", count: 65, limit: 64)
    ),
    (.getParameterAttributes(GetParameterAttributes(paths: [])), .empty(argument: "ParameterNames")),
    (
      .getParameterAttributes(GetParameterAttributes(paths: [text(257)])),
      .tooLong(argument: "ParameterNames", count: 257, limit: 256)
    ),
    (schedule(), .empty(argument: "TimeWindowList")),
    (
      schedule(TimeWindow(start: 0, end: 1), TimeWindow(start: 1, end: 2), TimeWindow(start: 2, end: 3)),
      .tooMany(argument: "TimeWindowList", count: 3, limit: 2)
    ),
    (schedule(TimeWindow(start: 5, end: 5)), .outOfRange(argument: "WindowEnd", value: 5)),
    (
      schedule(TimeWindow(start: 0, end: 10), TimeWindow(start: 9, end: 20)),
      .outOfRange(argument: "WindowStart", value: 9)
    ),
    (schedule(TimeWindow(start: -1, end: 5)), .outOfRange(argument: "WindowStart", value: -1)),
    (schedule(TimeWindow(start: 0, end: 1 << 32)), .outOfRange(argument: "WindowEnd", value: 1 << 32)),
    (
      schedule(TimeWindow(start: 0, end: 1, mode: TimeWindow.Mode(rawValue: ""))), .empty(argument: "WindowMode")
    ),
    (
      schedule(TimeWindow(start: 0, end: 1, mode: TimeWindow.Mode(rawValue: text(65)))),
      .tooLong(argument: "WindowMode", count: 65, limit: 64)
    ),
    (
      schedule(TimeWindow(start: 0, end: 1, userMessage: text(257))),
      .tooLong(argument: "UserMessage", count: 257, limit: 256)
    ),
    (
      schedule(TimeWindow(start: 0, end: 1, maxRetries: 1 << 31)), .outOfRange(argument: "MaxRetries", value: 1 << 31)
    ),
    (.cancelTransfer(CancelTransfer(commandKey: text(33))), .tooLong(argument: "CommandKey", count: 33, limit: 32)),
    (change(), .empty(argument: "Operations")),
    (
      .changeDUState(
        ChangeDUState(
          operations: Array(repeating: .update(DeploymentOperation.Update()), count: 17), commandKey: "k")),
      .tooMany(argument: "Operations", count: 17, limit: 16)
    ),
    (
      change(.update(DeploymentOperation.Update()), key: text(33)),
      .tooLong(argument: "CommandKey", count: 33, limit: 32)
    ),
    (change(.install(DeploymentOperation.Install(url: ""))), .empty(argument: "URL")),
    (
      change(.install(DeploymentOperation.Install(url: text(1025)))),
      .tooLong(argument: "URL", count: 1025, limit: 1024)
    ),
    (
      change(.install(DeploymentOperation.Install(url: "u", uuid: "f81d4fae"))),
      .malformed(argument: "UUID", text: "f81d4fae")
    ),
    (
      change(.update(DeploymentOperation.Update(version: text(33)))),
      .tooLong(argument: "Version", count: 33, limit: 32)
    ),
    (
      change(.uninstall(DeploymentOperation.Uninstall(uuid: "x81d4fae-7dec-11d0-a765-00a0c91e6bf6"))),
      .malformed(argument: "UUID", text: "x81d4fae-7dec-11d0-a765-00a0c91e6bf6")
    ),
    (
      change(.uninstall(DeploymentOperation.Uninstall(uuid: RPCTests.uuid, environment: text(257)))),
      .tooLong(argument: "ExecutionEnvRef", count: 257, limit: 256)
    ),
  ]

  @Test(arguments: problems)
  func `a request that CWMP does not allow says what is wrong`(request: ACSRequest, problem: RequestProblem) {
    #expect(request.problem == problem)
  }

  @Test func `of a list that is too long the first entries count, with a warning`() throws {
    let transfers = Array(repeating: QueuedTransfer(commandKey: "k", state: .notStarted), count: 17)
    let queue = CPEEnvelope(
      id: "1", namespace: .newest,
      body: .response(.getQueuedTransfers(GetQueuedTransfersResponse(transfers: transfers))))
    let (read, warnings) = try fromCPE(queue.encoded())
    #expect(
      read.body == .response(.getQueuedTransfers(GetQueuedTransfersResponse(transfers: Array(transfers.prefix(16))))))
    #expect(warnings == [.tooMany(element: "GetQueuedTransfersResponse.TransferList", limit: 16)])

    let results = Array(repeating: RPCTests.result, count: 17)
    let complete = CPEEnvelope(
      id: "1", namespace: .newest,
      body: .request(.stateChangeComplete(DUStateChangeComplete(results: results, commandKey: "k"))))
    #expect(try fromCPE(complete.encoded()).warnings == [.tooMany(element: "DUStateChangeComplete.Results", limit: 16)])
  }

  @Test(arguments: [
    ("<Notification>-1</Notification>", Notification(rawValue: -1)),
    ("<Notification>9</Notification>", .init(rawValue: 9)),
    ("<Notification>x</Notification>", .off), ("", .off),
  ])
  func `an odd notification is kept as it is, an unreadable one is off`(text: String, read: Notification) throws {
    let message = """
      <cwmp:GetParameterAttributesResponse><ParameterList><ParameterAttributeStruct><Name>A</Name>\(text)<AccessList/>\
      </ParameterAttributeStruct></ParameterList></cwmp:GetParameterAttributesResponse>
      """
    let attributes = ParameterAttributes(path: "A", notification: read, accessList: [])
    #expect(
      try fromCPE(Messages.envelope(message)).envelope.body
        == .response(.getParameterAttributes(GetParameterAttributesResponse(parameters: [attributes]))))
  }

  @Test func `a transfer without a readable state has not begun, and a unit without one has failed`() throws {
    let queue = """
      <cwmp:GetQueuedTransfersResponse><TransferList><QueuedTransferStruct><CommandKey>k</CommandKey><State>4</State>\
      </QueuedTransferStruct></TransferList></cwmp:GetQueuedTransfersResponse>
      """
    #expect(
      try fromCPE(Messages.envelope(queue)).envelope.body
        == .response(
          .getQueuedTransfers(
            GetQueuedTransfersResponse(transfers: [QueuedTransfer(commandKey: "k", state: .notStarted)]))))
    let complete = "<cwmp:DUStateChangeComplete><Results/></cwmp:DUStateChangeComplete>"
    let failed = DeploymentResult(uuid: "", unit: "", version: "", state: .failed, isResolved: false)
    #expect(
      try fromCPE(Messages.envelope(complete)).envelope.body
        == .request(.stateChangeComplete(DUStateChangeComplete(results: [failed], commandKey: ""))))
  }

  @Test(arguments: [
    ("<Operations/>", EnvelopeError.unknownOperation("", line: 1)),
    (#"<Operations xsi:type="cwmp:MoveOpStruct"/>"#, .unknownOperation("cwmp:MoveOpStruct", line: 1)),
    (#"<Operations xsi:type="InstallOpStruct"/>"#, .missing("ChangeDUState.Operations.URL", line: 1)),
    (#"<Operations xsi:type="a:UninstallOpStruct"/>"#, .missing("ChangeDUState.Operations.UUID", line: 1)),
  ])
  func `an operation that cannot be told is refused`(operation: String, error: EnvelopeError) {
    let text = Messages.envelope("<cwmp:ChangeDUState>\(operation)</cwmp:ChangeDUState>")
    #expect(throws: error) { try fromACS(Array(text.utf8)) }
  }
}
