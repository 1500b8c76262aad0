/// The methods of TR-069 annex A that are known here, by their names on the wire. The name of a response is the
/// method's with `Response` behind it.
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
  // Called by the CPE
  case inform = "Inform"
  case transferComplete = "TransferComplete"
  case autonomousTransferComplete = "AutonomousTransferComplete"

  var responseName: String { rawValue + "Response" }

  /// What the ACS answers to GetRPCMethods.
  package static let ofACS: [Method] = [.inform, .getRPCMethods, .transferComplete, .autonomousTransferComplete]
}

/// Whether what was asked is done, or still to come (the Status of several responses).
package enum CompletionStatus: Int, Hashable, Sendable, Codable {
  case done = 0
  /// Accepted, and not applied yet: after a reboot, or when the transfer has been made.
  case pending = 1
}
