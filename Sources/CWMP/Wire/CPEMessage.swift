package import XML

/// What a CPE says.
package enum CPEMessage: EnvelopeBody {
  case request(CPERequest)
  case response(CPEResponse)
  case fault(Fault)
  /// A method that is not known here, by its name.
  case unknown(String)
}

/// What a CPE asks of the ACS.
package enum CPERequest: Hashable, Sendable {
  case inform(Inform)
  case getRPCMethods
  case transferComplete(TransferComplete)
  case autonomousTransferComplete(AutonomousTransferComplete)
  case stateChangeComplete(DUStateChangeComplete)
  case autonomousStateChangeComplete(AutonomousDUStateChangeComplete)
  case requestDownload(RequestDownload)
  case kicked(Kicked)
}

/// What a CPE answers to an ``ACSRequest``.
package enum CPEResponse: Hashable, Sendable {
  case getRPCMethods(GetRPCMethodsResponse)
  case setParameterValues(SetParameterValuesResponse)
  case getParameterValues(GetParameterValuesResponse)
  case getParameterNames(GetParameterNamesResponse)
  case addObject(AddObjectResponse)
  case deleteObject(DeleteObjectResponse)
  case download(DownloadResponse)
  case upload(UploadResponse)
  case reboot
  case factoryReset
  case scheduleInform
  case setParameterAttributes
  case getParameterAttributes(GetParameterAttributesResponse)
  case scheduleDownload
  case cancelTransfer
  case getQueuedTransfers(GetQueuedTransfersResponse)
  case getAllQueuedTransfers(GetAllQueuedTransfersResponse)
  case changeDUState
}

extension CPEMessage {
  package init(decoding element: XMLElement, _ warnings: inout Warnings) throws(EnvelopeError) {
    switch element.name {
    case "Fault": self = .fault(Fault(decoding: element, &warnings))
    case Method.inform.rawValue: self = .request(.inform(try Inform(decoding: element, &warnings)))
    case Method.getRPCMethods.rawValue: self = .request(.getRPCMethods)
    case Method.transferComplete.rawValue:
      self = .request(.transferComplete(TransferComplete(decoding: element, &warnings)))
    case Method.autonomousTransferComplete.rawValue:
      self = .request(.autonomousTransferComplete(AutonomousTransferComplete(decoding: element, &warnings)))
    case Method.stateChangeComplete.rawValue:
      self = .request(.stateChangeComplete(DUStateChangeComplete(decoding: element, &warnings)))
    case Method.autonomousStateChangeComplete.rawValue:
      self = .request(.autonomousStateChangeComplete(AutonomousDUStateChangeComplete(decoding: element, &warnings)))
    case Method.requestDownload.rawValue:
      self = .request(.requestDownload(RequestDownload(decoding: element, &warnings)))
    case Method.kicked.rawValue:
      self = .request(.kicked(Kicked(decoding: element, &warnings)))
    default:
      self = CPEResponse(decoding: element, &warnings).map { .response($0) } ?? .unknown(element.name.shortened)
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

extension CPERequest {
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
    writer.element("cwmp:" + method.rawValue) { writer in
      switch self {
      case .inform(let inform): inform.encode(into: &writer)
      case .getRPCMethods: break
      case .transferComplete(let complete): complete.encode(into: &writer)
      case .autonomousTransferComplete(let complete): complete.encode(into: &writer)
      case .stateChangeComplete(let complete): complete.encode(into: &writer)
      case .autonomousStateChangeComplete(let complete): complete.encode(into: &writer)
      case .requestDownload(let request): request.encode(into: &writer)
      case .kicked(let kicked): kicked.encode(into: &writer)
      }
    }
  }
}

extension CPEResponse {
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

  /// Nil where the element is no response that a CPE can give.
  init?(decoding element: XMLElement, _ warnings: inout Warnings) {
    guard element.name.hasSuffix("Response"), let method = Method(rawValue: String(element.name.dropLast(8))) else {
      return nil
    }
    switch method {
    case .getRPCMethods: self = .getRPCMethods(GetRPCMethodsResponse(decoding: element, &warnings))
    case .setParameterValues: self = .setParameterValues(SetParameterValuesResponse(decoding: element, &warnings))
    case .getParameterValues: self = .getParameterValues(GetParameterValuesResponse(decoding: element, &warnings))
    case .getParameterNames: self = .getParameterNames(GetParameterNamesResponse(decoding: element, &warnings))
    case .addObject: self = .addObject(AddObjectResponse(decoding: element, &warnings))
    case .deleteObject: self = .deleteObject(DeleteObjectResponse(decoding: element, &warnings))
    case .download: self = .download(DownloadResponse(decoding: element, &warnings))
    case .upload: self = .upload(UploadResponse(decoding: element, &warnings))
    case .reboot: self = .reboot
    case .factoryReset: self = .factoryReset
    case .scheduleInform: self = .scheduleInform
    case .setParameterAttributes: self = .setParameterAttributes
    case .getParameterAttributes:
      self = .getParameterAttributes(GetParameterAttributesResponse(decoding: element, &warnings))
    case .scheduleDownload: self = .scheduleDownload
    case .cancelTransfer: self = .cancelTransfer
    case .getQueuedTransfers: self = .getQueuedTransfers(GetQueuedTransfersResponse(decoding: element, &warnings))
    case .getAllQueuedTransfers:
      self = .getAllQueuedTransfers(GetAllQueuedTransfersResponse(decoding: element, &warnings))
    case .changeDUState: self = .changeDUState
    case .inform, .transferComplete, .autonomousTransferComplete, .stateChangeComplete, .autonomousStateChangeComplete,
      .requestDownload, .kicked:
      return nil
    }
  }

  func encode(into writer: inout XMLWriter) {
    writer.element("cwmp:" + method.responseName) { writer in
      switch self {
      case .getRPCMethods(let response): response.encode(into: &writer)
      case .setParameterValues(let response): response.encode(into: &writer)
      case .getParameterValues(let response): response.encode(into: &writer)
      case .getParameterNames(let response): response.encode(into: &writer)
      case .addObject(let response): response.encode(into: &writer)
      case .deleteObject(let response): response.encode(into: &writer)
      case .download(let response): response.encode(into: &writer)
      case .upload(let response): response.encode(into: &writer)
      case .getParameterAttributes(let response): response.encode(into: &writer)
      case .getQueuedTransfers(let response): response.encode(into: &writer)
      case .getAllQueuedTransfers(let response): response.encode(into: &writer)
      case .reboot, .factoryReset, .scheduleInform, .setParameterAttributes, .scheduleDownload, .cancelTransfer,
        .changeDUState:
        break
      }
    }
  }
}
