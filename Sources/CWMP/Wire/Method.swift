/// The methods of TR-069 annex A, by their names on the wire. The name of a response is the method's with `Response`
/// behind it. SetVouchers and GetOptions (annexes A.4.1.3 and A.4.1.4) are left out: they are deprecated, and no CPE that
/// we know of has them.
package enum Method: String, CaseIterable, Hashable, Sendable, Codable {
  case getRPCMethods = "GetRPCMethods"
  // Called by the ACS
  case setParameterValues = "SetParameterValues"
  case getParameterValues = "GetParameterValues"
  case getParameterNames = "GetParameterNames"
  case addObject = "AddObject"
  case deleteObject = "DeleteObject"
  case download = "Download"
  case upload = "Upload"
  case reboot = "Reboot"
  case factoryReset = "FactoryReset"
  case scheduleInform = "ScheduleInform"
  case setParameterAttributes = "SetParameterAttributes"
  case getParameterAttributes = "GetParameterAttributes"
  case scheduleDownload = "ScheduleDownload"
  case cancelTransfer = "CancelTransfer"
  case getQueuedTransfers = "GetQueuedTransfers"
  case getAllQueuedTransfers = "GetAllQueuedTransfers"
  case changeDUState = "ChangeDUState"
  // Called by the CPE
  case inform = "Inform"
  case transferComplete = "TransferComplete"
  case autonomousTransferComplete = "AutonomousTransferComplete"
  case stateChangeComplete = "DUStateChangeComplete"
  case autonomousStateChangeComplete = "AutonomousDUStateChangeComplete"
  case requestDownload = "RequestDownload"
  case kicked = "Kicked"

  var responseName: String { rawValue + "Response" }

  /// What the ACS answers to GetRPCMethods.
  package static let ofACS: [Method] = [
    .inform, .getRPCMethods, .transferComplete, .autonomousTransferComplete, .stateChangeComplete,
    .autonomousStateChangeComplete, .requestDownload, .kicked,
  ]
}

extension Method {
  /// The first namespace that has it, by its N (the schemas cwmp-1-0 to cwmp-1-2).
  package var firstMinor: Int {
    switch self {
    case .getRPCMethods, .setParameterValues, .getParameterValues, .getParameterNames, .addObject, .deleteObject,
      .download, .upload, .reboot, .factoryReset, .scheduleInform, .setParameterAttributes, .getParameterAttributes,
      .getQueuedTransfers, .inform, .transferComplete, .requestDownload, .kicked:
      0
    case .getAllQueuedTransfers, .autonomousTransferComplete: 1
    case .scheduleDownload, .cancelTransfer, .changeDUState, .stateChangeComplete, .autonomousStateChangeComplete: 2
    }
  }
}
