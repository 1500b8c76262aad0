package import XML

/// What an ACS says.
package enum ACSMessage: EnvelopeBody {
  case request(ACSRequest)
  case response(ACSResponse)
  case fault(Fault)
  /// A method that is not known here, by its name.
  case unknown(String)
}

/// What an ACS asks of a CPE.
package enum ACSRequest: Hashable, Sendable {
  case getRPCMethods
  case setParameterValues(SetParameterValues)
  case getParameterValues(GetParameterValues)
  case getParameterNames(GetParameterNames)
  case addObject(AddObject)
  case deleteObject(DeleteObject)
  case download(Download)
  case upload(Upload)
  case reboot(RebootRequest)
  case factoryReset
  case scheduleInform(ScheduleInform)
  case setParameterAttributes(SetParameterAttributes)
  case getParameterAttributes(GetParameterAttributes)
  case scheduleDownload(ScheduleDownload)
  case cancelTransfer(CancelTransfer)
  /// Deprecated; for CPEs of CWMP 1.0, which do not know the next.
  case getQueuedTransfers
  case getAllQueuedTransfers
  case changeDUState(ChangeDUState)
}

/// What an ACS answers to a ``CPERequest``.
package enum ACSResponse: Hashable, Sendable {
  case inform(InformResponse)
  case getRPCMethods(GetRPCMethodsResponse)
  case transferComplete
  case autonomousTransferComplete
  case stateChangeComplete
  case autonomousStateChangeComplete
  case requestDownload
  case kicked(KickedResponse)
}

extension ACSMessage {
  package init(decoding element: XMLElement, _ warnings: inout Warnings) throws(EnvelopeError) {
    switch element.name {
    case "Fault":
      self = .fault(Fault(decoding: element, &warnings))
    case Method.inform.responseName:
      self = .response(.inform(InformResponse(decoding: element, &warnings)))
    case Method.getRPCMethods.responseName:
      self = .response(.getRPCMethods(GetRPCMethodsResponse(decoding: element, &warnings)))
    case Method.transferComplete.responseName:
      self = .response(.transferComplete)
    case Method.autonomousTransferComplete.responseName:
      self = .response(.autonomousTransferComplete)
    case Method.stateChangeComplete.responseName:
      self = .response(.stateChangeComplete)
    case Method.autonomousStateChangeComplete.responseName:
      self = .response(.autonomousStateChangeComplete)
    case Method.requestDownload.responseName:
      self = .response(.requestDownload)
    case Method.kicked.responseName:
      self = .response(.kicked(KickedResponse(decoding: element, &warnings)))
    default:
      self = try ACSRequest(decoding: element, &warnings).map { .request($0) } ?? .unknown(element.name.shortened)
    }
  }

  package func encode(into writer: inout XMLWriter) {
    switch self {
    case .request(let request): request.encode(into: &writer)
    case .response(let response): response.encode(into: &writer)
    case .fault(let fault): fault.encode(into: &writer)
    case .unknown(let name): writer.element("cwmp:" + name)
    }
  }
}

extension ACSRequest {
  package var method: Method {
    switch self {
    case .getRPCMethods: .getRPCMethods
    case .setParameterValues: .setParameterValues
    case .getParameterValues: .getParameterValues
    case .getParameterNames: .getParameterNames
    case .addObject: .addObject
    case .deleteObject: .deleteObject
    case .download: .download
    case .upload: .upload
    case .reboot: .reboot
    case .factoryReset: .factoryReset
    case .scheduleInform: .scheduleInform
    case .setParameterAttributes: .setParameterAttributes
    case .getParameterAttributes: .getParameterAttributes
    case .scheduleDownload: .scheduleDownload
    case .cancelTransfer: .cancelTransfer
    case .getQueuedTransfers: .getQueuedTransfers
    case .getAllQueuedTransfers: .getAllQueuedTransfers
    case .changeDUState: .changeDUState
    }
  }

  /// Nil where the element is no request that an ACS can make.
  init?(decoding element: XMLElement, _ warnings: inout Warnings) throws(EnvelopeError) {
    guard let method = Method(rawValue: element.name) else { return nil }
    switch method {
    case .getRPCMethods: self = .getRPCMethods
    case .setParameterValues: self = .setParameterValues(SetParameterValues(decoding: element, &warnings))
    case .getParameterValues: self = .getParameterValues(GetParameterValues(decoding: element, &warnings))
    case .getParameterNames: self = .getParameterNames(GetParameterNames(decoding: element, &warnings))
    case .addObject: self = .addObject(AddObject(decoding: element, &warnings))
    case .deleteObject: self = .deleteObject(DeleteObject(decoding: element, &warnings))
    case .download: self = .download(try Download(decoding: element, &warnings))
    case .upload: self = .upload(try Upload(decoding: element, &warnings))
    case .reboot: self = .reboot(RebootRequest(decoding: element, &warnings))
    case .factoryReset: self = .factoryReset
    case .scheduleInform: self = .scheduleInform(ScheduleInform(decoding: element, &warnings))
    case .setParameterAttributes:
      self = .setParameterAttributes(SetParameterAttributes(decoding: element, &warnings))
    case .getParameterAttributes:
      self = .getParameterAttributes(GetParameterAttributes(decoding: element, &warnings))
    case .scheduleDownload: self = .scheduleDownload(try ScheduleDownload(decoding: element, &warnings))
    case .cancelTransfer: self = .cancelTransfer(CancelTransfer(decoding: element, &warnings))
    case .getQueuedTransfers: self = .getQueuedTransfers
    case .getAllQueuedTransfers: self = .getAllQueuedTransfers
    case .changeDUState: self = .changeDUState(try ChangeDUState(decoding: element, &warnings))
    case .inform, .transferComplete, .autonomousTransferComplete, .stateChangeComplete, .autonomousStateChangeComplete,
      .requestDownload, .kicked:
      return nil
    }
  }

  func encode(into writer: inout XMLWriter) {
    writer.element("cwmp:" + method.rawValue) { writer in
      switch self {
      case .setParameterValues(let request): request.encode(into: &writer)
      case .getParameterValues(let request): request.encode(into: &writer)
      case .getParameterNames(let request): request.encode(into: &writer)
      case .addObject(let request): request.encode(into: &writer)
      case .deleteObject(let request): request.encode(into: &writer)
      case .download(let request): request.encode(into: &writer)
      case .upload(let request): request.encode(into: &writer)
      case .reboot(let request): request.encode(into: &writer)
      case .scheduleInform(let request): request.encode(into: &writer)
      case .setParameterAttributes(let request): request.encode(into: &writer)
      case .getParameterAttributes(let request): request.encode(into: &writer)
      case .scheduleDownload(let request): request.encode(into: &writer)
      case .cancelTransfer(let request): request.encode(into: &writer)
      case .changeDUState(let request): request.encode(into: &writer)
      case .getRPCMethods, .factoryReset, .getQueuedTransfers, .getAllQueuedTransfers: break
      }
    }
  }
}

extension ACSResponse {
  package var method: Method {
    switch self {
    case .inform: .inform
    case .getRPCMethods: .getRPCMethods
    case .transferComplete: .transferComplete
    case .autonomousTransferComplete: .autonomousTransferComplete
    case .stateChangeComplete: .stateChangeComplete
    case .autonomousStateChangeComplete: .autonomousStateChangeComplete
    case .requestDownload: .requestDownload
    case .kicked: .kicked
    }
  }

  func encode(into writer: inout XMLWriter) {
    writer.element("cwmp:" + method.responseName) { writer in
      switch self {
      case .inform(let response): response.encode(into: &writer)
      case .getRPCMethods(let response): response.encode(into: &writer)
      case .kicked(let response): response.encode(into: &writer)
      case .transferComplete, .autonomousTransferComplete, .stateChangeComplete, .autonomousStateChangeComplete,
        .requestDownload:
        break
      }
    }
  }
}
