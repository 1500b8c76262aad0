import CWMP
import Net
import Testing

struct RPCTests {
  static let odd = "é & <x> \"'"
  static let moment = Timestamp(secondsSince1970: 1_770_000_000)

  /// One of each type.
  static let values = [
    ParameterValue(path: "Device.A", value: odd), ParameterValue(path: "Device.B", value: "-1", type: .int),
    ParameterValue(path: "Device.C", value: "4294967295", type: .unsignedInt),
    ParameterValue(path: "Device.D", value: "-4294967296", type: .long),
    ParameterValue(path: "Device.E", value: "4294967296", type: .unsignedLong),
    ParameterValue(path: "Device.F", value: "true", type: .boolean),
    ParameterValue(path: "Device.G", value: "2026-02-03T04:05:06Z", type: .dateTime),
    ParameterValue(path: "Device.H", value: "YWI=", type: .base64),
    ParameterValue(path: "Device.I", value: "00fE", type: .hexBinary),
  ]

  static let requests: [ACSRequest] = [
    .getRPCMethods,
    .setParameterValues(SetParameterValues(parameters: values, parameterKey: "key")),
    .getParameterValues(GetParameterValues(paths: ["Device.A.", "Device.B.C"])),
    .getParameterNames(GetParameterNames(path: "Device.", nextLevel: false)),
    .addObject(AddObject(path: "Device.A.", parameterKey: "k")),
    .deleteObject(DeleteObject(path: "Device.A.1.", parameterKey: "k")),
    .download(
      Download(
        commandKey: "k", fileType: .configuration, url: "http://192.0.2.1/f?a=1&b=2", username: "u", password: odd,
        fileSize: 4_294_967_295, targetFileName: "startup.cfg", delay: 3, successURL: "http://s", failureURL: "http://f"
      )),
    .upload(
      Upload(commandKey: "k", fileType: .log, url: "http://192.0.2.1/u", username: "u", password: "p", delay: 1)),
    .reboot(RebootRequest(commandKey: "k")),
    .factoryReset,
    .scheduleInform(ScheduleInform(delay: 60, commandKey: "k")),
    .setParameterAttributes(
      SetParameterAttributes(parameters: [
        AttributeChange(path: "Device.A", notification: .active, accessList: ["Subscriber"]),
        AttributeChange(path: "Device.B.", notification: .off), AttributeChange(path: "Device.C", accessList: []),
        AttributeChange(path: "Device.D"),
      ])),
    .getParameterAttributes(GetParameterAttributes(paths: ["Device.A.", ""])),
    .scheduleDownload(
      ScheduleDownload(
        commandKey: "k", fileType: .firmware, url: "http://192.0.2.1/f", username: "u", password: odd, fileSize: 7,
        targetFileName: "image.ipe",
        windows: [
          TimeWindow(start: 0, end: 60, mode: .whenIdle, userMessage: odd, maxRetries: 3),
          TimeWindow(start: 60, end: 4_294_967_295),
        ])),
    .cancelTransfer(CancelTransfer(commandKey: "k")),
    .getQueuedTransfers, .getAllQueuedTransfers,
    .changeDUState(ChangeDUState(operations: operations, commandKey: "k")),
  ]

  static let uuid = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"

  /// Each with all that it can have, and with as little as it can.
  static let operations: [DeploymentOperation] = [
    .install(DeploymentOperation.Install(url: "http://192.0.2.1/m?a&b")),
    .install(
      DeploymentOperation.Install(
        url: "http://192.0.2.1/m", uuid: uuid, username: "u", password: odd, environment: "Device.SoftwareModules.1")),
    .update(DeploymentOperation.Update()),
    .update(
      DeploymentOperation.Update(uuid: uuid, version: "1", url: "http://192.0.2.1/m", username: "u", password: "p")),
    .uninstall(DeploymentOperation.Uninstall(uuid: uuid)),
    .uninstall(
      DeploymentOperation.Uninstall(uuid: uuid, version: "1", environment: "Device.SoftwareModules.ExecEnv.1")),
  ]

  static let result = DeploymentResult(
    uuid: uuid, unit: "Device.SoftwareModules.DeploymentUnit.1", version: "1", state: .installed, isResolved: true,
    executionUnits: "Device.SoftwareModules.ExecutionUnit.1", startTime: moment, completeTime: moment)
  static let failure = DeploymentResult(
    uuid: uuid, unit: "", version: "", state: .failed, isResolved: false,
    fault: TransferFault(code: 9022, text: odd))

  static let responses: [CPEResponse] = [
    .getRPCMethods(GetRPCMethodsResponse(methods: ["Reboot", "X_000FE2_Odd"])),
    .setParameterValues(SetParameterValuesResponse(status: .pending)),
    .getParameterValues(
      GetParameterValuesResponse(parameters: [ParameterValue(path: "Device.A", value: " \n ", type: .string)])),
    .getParameterNames(
      GetParameterNamesResponse(parameters: [
        ParameterInfo(path: "Device.A.", isWritable: false), ParameterInfo(path: "Device.A.B", isWritable: true),
      ])),
    .addObject(AddObjectResponse(instance: 3, status: .done)),
    .deleteObject(DeleteObjectResponse(status: .pending)),
    .download(DownloadResponse(status: .done, startTime: moment, completeTime: moment)),
    .upload(UploadResponse(status: .pending)),
    .reboot, .factoryReset, .scheduleInform, .setParameterAttributes,
    .getParameterAttributes(
      GetParameterAttributesResponse(parameters: [
        ParameterAttributes(path: "Device.A", notification: .active, accessList: ["Subscriber"]),
        ParameterAttributes(path: "Device.B", notification: .off, accessList: []),
      ])),
    .scheduleDownload, .cancelTransfer,
    .getQueuedTransfers(
      GetQueuedTransfersResponse(transfers: [
        QueuedTransfer(commandKey: "k", state: .notStarted), QueuedTransfer(commandKey: odd, state: .completed),
      ])),
    .getAllQueuedTransfers(
      GetAllQueuedTransfersResponse(transfers: [
        DescribedTransfer(
          QueuedTransfer(commandKey: "k", state: .inProgress), isDownload: true, fileType: .firmware,
          fileSize: 4_294_967_295, targetFileName: odd),
        DescribedTransfer(
          QueuedTransfer(commandKey: "", state: .notStarted), isDownload: false, fileType: .log),
      ])),
    .changeDUState,
  ]

  static let cpeRequests: [CPERequest] = [
    .inform(Messages.decodedInform),
    .getRPCMethods,
    .transferComplete(TransferComplete(commandKey: "k", startTime: moment, completeTime: moment)),
    .transferComplete(TransferComplete(commandKey: "", fault: TransferFault(code: 9010, text: odd))),
    .autonomousTransferComplete(
      AutonomousTransferComplete(
        announceURL: "http://a", transferURL: "http://t", isDownload: false, fileType: "4 Vendor Log File",
        fileSize: 9, targetFileName: "t", fault: TransferFault(code: 9011, text: "no"), completeTime: moment)),
    .stateChangeComplete(DUStateChangeComplete(results: [result, failure], commandKey: "k")),
    .autonomousStateChangeComplete(
      AutonomousDUStateChangeComplete(results: [
        AutonomousDeploymentResult(result, operation: "Install"),
        AutonomousDeploymentResult(failure, operation: "X_000FE2_Odd"),
      ])),
    .requestDownload(
      RequestDownload(
        fileType: .webContent, arguments: [RequestDownload.Argument(name: "Name", value: odd)])),
    .requestDownload(RequestDownload(fileType: .configuration)),
    .kicked(Kicked(command: "c", referer: "r", argument: odd, next: "http://192.0.2.1/n?a&b")),
  ]

  static let acsResponses: [ACSResponse] = [
    .inform(InformResponse()), .getRPCMethods(GetRPCMethodsResponse(methods: Method.ofACS.map(\.rawValue))),
    .transferComplete, .autonomousTransferComplete, .stateChangeComplete, .autonomousStateChangeComplete,
    .requestDownload, .kicked(KickedResponse(nextURL: "http://192.0.2.1/n?a&b")),
  ]

  static let faults = [
    Fault.methodNotSupported, .requestDenied, .internalError, .invalidArguments, .resourcesExceeded, .retryRequest,
    .versionNotSupported, .mustUnderstand,
    Fault(
      code: 9003, text: "Invalid arguments",
      parameters: [
        ParameterFault(path: "Device.A", code: 9007, text: odd), ParameterFault(path: "B", code: 9005, text: ""),
      ]
    ),
  ]

  @Test(arguments: requests)
  func `a request of the ACS is read as it was written`(request: ACSRequest) throws {
    let envelope = ACSEnvelope(id: "1", namespace: .newest, body: .request(request))
    let (read, warnings) = try fromACS(envelope.encoded())
    #expect(read == envelope)
    #expect(warnings.isEmpty)
    #expect(request.problem == nil)
  }

  @Test(arguments: responses)
  func `a response of the CPE is read as it was written`(response: CPEResponse) throws {
    let envelope = CPEEnvelope(id: "1", namespace: .newest, body: .response(response))
    let (read, warnings) = try fromCPE(envelope.encoded())
    #expect(read == envelope)
    #expect(warnings.isEmpty)
  }

  @Test(arguments: cpeRequests)
  func `a request of the CPE is read as it was written`(request: CPERequest) throws {
    let envelope = CPEEnvelope(id: "1", namespace: .newest, body: .request(request))
    let (read, warnings) = try fromCPE(envelope.encoded())
    #expect(read == envelope)
    #expect(warnings.isEmpty)
  }

  @Test(arguments: acsResponses)
  func `a response of the ACS is read as it was written`(response: ACSResponse) throws {
    let envelope = ACSEnvelope(id: "1", namespace: .newest, body: .response(response))
    let (read, warnings) = try fromACS(envelope.encoded())
    #expect(read == envelope)
    #expect(warnings.isEmpty)
  }

  @Test(arguments: faults)
  func `a fault is read as it was written, by either side`(fault: Fault) throws {
    let fromACSToCPE = ACSEnvelope(id: "1", namespace: .newest, body: .fault(fault))
    #expect(try fromACS(fromACSToCPE.encoded()).envelope == fromACSToCPE)
    let fromCPEToACS = CPEEnvelope(id: "1", namespace: .newest, body: .fault(fault))
    #expect(try fromCPE(fromCPEToACS.encoded()).envelope == fromCPEToACS)
  }

  @Test func `every request has a response of the same method`() {
    #expect(Set(Self.requests.map(\.method)) == Set(Self.responses.map(\.method)))
    #expect(Set(Self.cpeRequests.map(\.method)) == Set(Self.acsResponses.map(\.method)))
    #expect(Set(Self.acsResponses.map(\.method)) == Set(Method.ofACS))
    #expect(Set(Self.requests.map(\.method)).union(Method.ofACS) == Set(Method.allCases))
  }

  @Test func `a fault without detail keeps SOAP's words`() throws {
    let text = Messages.envelope(
      "<soap:Fault><faultcode>soap:Server</faultcode><faultstring> busy </faultstring></soap:Fault>")
    let (envelope, warnings) = try fromCPE(text)
    #expect(envelope.body == .fault(Fault(code: 0, text: "busy")))
    #expect(warnings == [.missing("Fault.detail.Fault")])
  }

  @Test func `base64 is SOAP's type, and XML Schema's name for it is read too`() throws {
    let request = SetParameterValues(parameters: Self.values)
    let envelope = ACSEnvelope(id: "1", namespace: .newest, body: .request(.setParameterValues(request)))
    let text = String(decoding: envelope.encoded(), as: UTF8.self)
    #expect(text.contains(#"xsi:type="soap-enc:base64""#))
    let other = text.replacing("soap-enc:base64", with: "xsd:base64Binary")
    #expect(try fromACS(Array(other.utf8)).envelope == envelope)
  }

  @Test(arguments: [
    ("<Status>2</Status>", CompletionStatus.other("2")), ("", .pending), ("<Status>0</Status>", .done),
    ("<Status> 1 </Status>", .pending), ("<Status>done</Status>", .other("done")), ("<Status/>", .other("")),
  ])
  func `a Download is done only where the CPE says so`(status: String, read: CompletionStatus) throws {
    let (envelope, _) = try fromCPE(Messages.envelope("<cwmp:DownloadResponse>\(status)</cwmp:DownloadResponse>"))
    #expect(envelope.body == .response(.download(DownloadResponse(status: read))))
  }

  @Test(arguments: [
    ("<FaultStruct><FaultCode>0</FaultCode><FaultString/></FaultStruct>", nil), ("", nil),
    ("<FaultStruct><FaultCode>9010</FaultCode></FaultStruct>", TransferFault(code: 9010, text: "")),
    ("<FaultStruct/>", TransferFault(code: 9002, text: "")),
    (
      "<FaultStruct><FaultCode>x</FaultCode><FaultString> y </FaultString></FaultStruct>",
      TransferFault(code: 9002, text: "y")
    ),
  ])
  func `a transfer failed where there is a fault that is not 0`(text: String, fault: TransferFault?) throws {
    let (envelope, _) = try fromCPE(Messages.envelope("<cwmp:TransferComplete>\(text)</cwmp:TransferComplete>"))
    #expect(envelope.body == .request(.transferComplete(TransferComplete(commandKey: "", fault: fault))))
  }

  @Test func `a Download or Upload without a URL is refused`() {
    #expect(throws: EnvelopeError.missing("Download.URL", line: 1)) {
      try fromACS(Array(Messages.envelope("<cwmp:Download><URL/></cwmp:Download>").utf8))
    }
    #expect(throws: EnvelopeError.missing("Upload.URL", line: 1)) {
      try fromACS(Array(Messages.envelope("<cwmp:Upload/>").utf8))
    }
  }

  @Test func `the ACS has the faults 8000 to 8006`() {
    #expect(Self.faults.map(\.code).filter { $0 / 1000 == 8 } == Array(8000...8006))
  }

  static let long33 = String(repeating: "k", count: 33)
  static let long257 = String(repeating: "p", count: 257)

  static let problems: [(request: ACSRequest, problem: RequestProblem)] = [
    (.reboot(RebootRequest(commandKey: long33)), .tooLong(argument: "CommandKey", count: 33, limit: 32)),
    (.getParameterValues(GetParameterValues(paths: [])), .empty(argument: "ParameterNames")),
    (
      .getParameterValues(GetParameterValues(paths: ["a", long257])),
      .tooLong(argument: "ParameterNames", count: 257, limit: 256)
    ),
    (
      .setParameterValues(
        SetParameterValues(parameters: [ParameterValue(path: "a", value: "1"), ParameterValue(path: "a", value: "2")])),
      .repeated(path: "a")
    ),
    (
      .setParameterValues(SetParameterValues(parameters: [ParameterValue(path: "a", value: "yes", type: .boolean)])),
      .illegalValue(path: "a", value: "yes", type: .boolean)
    ),
    (.setParameterValues(SetParameterValues(parameters: [])), .empty(argument: "ParameterList")),
    (.addObject(AddObject(path: "a")), .notAnObject(path: "a")),
    (
      .download(Download(commandKey: "", fileType: .firmware, url: long257)),
      .tooLong(argument: "URL", count: 257, limit: 256)
    ),
    (
      .download(Download(commandKey: "", fileType: .firmware, url: "u", fileSize: 1 << 32)),
      .outOfRange(argument: "FileSize", value: 1 << 32)
    ),
    (.upload(Upload(commandKey: "", fileType: .log, url: "")), .empty(argument: "URL")),
    (.scheduleInform(ScheduleInform(delay: 0, commandKey: "")), .outOfRange(argument: "DelaySeconds", value: 0)),
  ]

  @Test(arguments: [
    (ValueType.int, "2147483648"), (.int, ""), (.int, "1 "), (.unsignedInt, "-1"), (.unsignedInt, "4294967296"),
    (.long, "9223372036854775808"), (.unsignedLong, "-1"), (.boolean, "True"), (.boolean, "2"), (.dateTime, "now"),
    (.dateTime, "2026-02-03 04:05:06"),
    (.dateTime, "2026-02-30T04:05:06Z"), (.dateTime, "2026-02-03T24:00:01"), (.dateTime, "2026-02-03T04:05:60Z"),
    (.dateTime, "2026-02-03T04:05:06.Z"), (.dateTime, "2026-02-03T04:05:06+14:01"), (.dateTime, "0001-01-01 00:00:00"),
    (.unsignedInt, "-0"), (.unsignedLong, "+1"), (.base64, "YWI"), (.base64, "Y==="), (.base64, "Y*I="),
    (.hexBinary, "0"),
    (.hexBinary, "0x"), (.string, "a\u{1}"),
  ])
  func `a text that is no value of a type is not accepted`(type: ValueType, text: String) {
    #expect(!type.accepts(text))
  }

  @Test(arguments: [
    "2026-02-28T04:05:06", "2024-02-29T04:05:06Z", "2026-02-03T04:05:06.25-14:00", "0001-01-01T00:00:00Z",
    "2026-02-03T04:05:06+01:30",
  ])
  func `a time of XML Schema is accepted`(text: String) {
    #expect(ValueType.dateTime.accepts(text))
  }

  @Test func `there is a value of each type among the examples`() {
    #expect(Set(Self.values.map(\.type)) == Set(ValueType.allCases))
  }

  @Test(arguments: problems)
  func `a request that CWMP does not allow says what is wrong`(request: ACSRequest, problem: RequestProblem) {
    #expect(request.problem == problem)
  }
}
