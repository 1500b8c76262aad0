import CWMP

/// Every message that an ACS or a CPE can send, in each namespace that has it.
enum SchemaMessages {
  static let namespaces = (0...2).compactMap { Namespace(urn: "urn:dslforum-org:cwmp-1-\($0)") }

  struct FromACS: CustomStringConvertible {
    let description: String
    let envelope: ACSEnvelope
  }

  struct FromCPE: CustomStringConvertible {
    let description: String
    let envelope: CPEEnvelope
  }

  static let fromACS: [FromACS] = namespaces.flatMap { namespace in
    let requests = RPCTests.requests.filter { namespace.has($0.method) } + extraRequests(in: namespace)
    let bodies: [(String, ACSMessage)] =
      requests.map { ($0.method.rawValue, .request($0)) }
      + RPCTests.acsResponses.filter { namespace.has($0.method) }.map {
        ("\($0.method.rawValue)Response", .response($0))
      }
      + acsFaults(in: namespace).map { ("Fault\($0.code)", .fault($0)) }
    let response = ACSMessage.response(.inform(InformResponse()))
    var envelopes = bodies.map { ($0.0, ACSEnvelope(id: "a&<1>", namespace: namespace, body: $0.1)) }
    envelopes += [
      ("WithoutID", ACSEnvelope(id: nil, namespace: namespace, body: response)),
      ("HoldRequests", ACSEnvelope(id: "1", namespace: namespace, header: Header(holdRequests: true), body: response)),
    ]
    if namespace == .newest {
      let header = Header(holdRequests: true, useVersion: "1.4")
      envelopes.append(("UseCWMPVersion", ACSEnvelope(id: "1", namespace: namespace, header: header, body: response)))
    }
    return envelopes.enumerated().map { number, entry in
      FromACS(description: "acs-1-\(namespace.minor)-\(number)-\(entry.0)", envelope: entry.1)
    }
  }

  static let fromCPE: [FromCPE] = namespaces.flatMap { namespace in
    let requests = RPCTests.cpeRequests.filter { namespace.has($0.method) } + extraCPERequests(in: namespace)
    let responses = RPCTests.responses.filter { namespace.has($0.method) } + emptyResponses(in: namespace)
    let bodies: [(String, CPEMessage)] =
      requests.map { ($0.method.rawValue, .request($0)) }
      + responses.map { ("\($0.method.rawValue)Response", .response($0)) }
      + cpeFaults(in: namespace).map { ("Fault\($0.code)", .fault($0)) }
    var envelopes = bodies.map { ($0.0, CPEEnvelope(id: "1", namespace: namespace, body: $0.1)) }
    if namespace == .newest {
      let header = Header(sessionTimeout: 60, supportedVersions: ["1.0", "1.1", "1.2", "1.3", "1.4"])
      let inform = CPEMessage.request(.inform(Messages.decodedInform))
      envelopes.append(
        ("SupportedCWMPVersions", CPEEnvelope(id: "1", namespace: namespace, header: header, body: inform)))
    }
    return envelopes.enumerated().map { number, entry in
      FromCPE(description: "cpe-1-\(namespace.minor)-\(number)-\(entry.0)", envelope: entry.1)
    }
  }

  private static func acsFaults(in namespace: Namespace) -> [Fault] {
    let faults: [Fault] = [
      .methodNotSupported, .requestDenied, .internalError, .invalidArguments, .resourcesExceeded, .retryRequest,
      .mustUnderstand,
    ]
    return faults + (namespace.minor > 0 ? [.versionNotSupported] : [])
  }

  /// The notifications of CWMP 1.4, and the file types of all directions.
  private static func extraRequests(in namespace: Namespace) -> [ACSRequest] {
    var requests: [ACSRequest] = [Download.FileType.firmware, .webContent, .configuration].map {
      .download(Download(commandKey: "", fileType: $0, url: "http://192.0.2.1/f"))
    }
    requests.append(.upload(Upload(commandKey: "", fileType: .configuration, url: "http://192.0.2.1/u")))
    let range = namespace == .newest ? Notification.range : 0...2
    for number in range {
      let change = AttributeChange(path: "Device.", notification: Notification(rawValue: number))
      requests.append(.setParameterAttributes(SetParameterAttributes(parameters: [change])))
    }
    guard namespace == .newest else { return requests }
    for mode in [TimeWindow.Mode.atAnyTime, .immediately, .whenIdle, .confirmationNeeded] {
      let window = TimeWindow(start: 0, end: 1, mode: mode, maxRetries: -1)
      requests.append(
        .scheduleDownload(
          ScheduleDownload(commandKey: "", fileType: .firmware, url: "http://192.0.2.1/f", windows: [window])))
    }
    return requests
  }

  /// An Inform with all events, one with nothing, and a transfer's every end.
  private static func extraCPERequests(in namespace: Namespace) -> [CPERequest] {
    let numbered: [EventCode] = [
      .bootstrap, .boot, .periodic, .scheduled, .valueChange, .kicked, .connectionRequest, .transferComplete,
      .diagnosticsComplete, .requestDownload,
    ]
    let later: [EventCode] = [
      .autonomousTransferComplete, .stateChangeComplete, .autonomousStateChangeComplete, .wakeup, .heartbeat,
    ]
    let methods: [EventCode] = [.rebootMethod, .scheduleInformMethod, .downloadMethod, .uploadMethod]
    let laterMethods: [EventCode] = [.scheduleDownloadMethod, .changeDUStateMethod]
    var events = (numbered + (namespace.minor > 0 ? later : [])).map { InformEvent($0) }
    events += (methods + (namespace.minor > 0 ? laterMethods : [])).map { InformEvent($0, commandKey: "k") }
    var inform = Messages.decodedInform
    inform.events = events
    inform.parameters = RPCTests.values
    var least = Messages.decodedInform
    least.events = []
    least.parameters = []
    least.currentTime = nil
    let codes = namespace.minor > 0 ? [9001, 9002, 9010, 9011, 9012] + Array(9014...9020) : [9001, 9010]
    return [.inform(inform), .inform(least)]
      + codes.map { .transferComplete(TransferComplete(commandKey: "k", fault: TransferFault(code: $0, text: "x"))) }
  }

  /// Lists with nothing in them.
  private static func emptyResponses(in namespace: Namespace) -> [CPEResponse] {
    let responses: [CPEResponse] = [
      .getParameterValues(GetParameterValuesResponse(parameters: [])),
      .getParameterNames(GetParameterNamesResponse(parameters: [])),
      .getParameterAttributes(GetParameterAttributesResponse(parameters: [])),
      .getQueuedTransfers(GetQueuedTransfersResponse(transfers: [])),
      .getAllQueuedTransfers(GetAllQueuedTransfersResponse(transfers: [])),
    ]
    return responses.filter { namespace.has($0.method) }
  }

  private static func cpeFaults(in namespace: Namespace) -> [Fault] {
    let codes = Array(9000...9012) + (namespace.minor > 0 ? Array(9013...9021) : [])
    let named = RPCTests.faults.filter { $0.code >= 9000 }
    return codes.map { Fault(code: $0, text: "x") } + named + [.mustUnderstand]
  }
}

extension Namespace {
  /// Whether the schema of this namespace declares the method.
  fileprivate func has(_ method: CWMP.Method) -> Bool {
    switch method {
    case .getRPCMethods, .setParameterValues, .getParameterValues, .getParameterNames, .addObject, .deleteObject,
      .download, .upload, .reboot, .factoryReset, .scheduleInform, .setParameterAttributes, .getParameterAttributes,
      .getQueuedTransfers, .inform, .transferComplete, .requestDownload, .kicked:
      true
    case .getAllQueuedTransfers, .autonomousTransferComplete: minor >= 1
    case .scheduleDownload, .cancelTransfer, .changeDUState, .stateChangeComplete, .autonomousStateChangeComplete:
      minor >= 2
    }
  }
}
