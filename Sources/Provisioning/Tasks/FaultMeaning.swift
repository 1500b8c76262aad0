/// What the fault codes of TR-069 annex A.5 mean, in words.
package enum FaultMeaning {
  /// Code, meaning, and the router's own text where it says more.
  package static func sentence(_ code: Int, _ text: String) -> String {
    let own = text.trimmed
    let meaning = words(code)
    let saysMore = !own.isEmpty && own.lowercased() != meaning?.lowercased()
    return "fault \(code)" + (meaning.map { ", \($0)" } ?? "")
      + (saysMore ? " (the router says \(own.quoted(longest: 256)))" : "")
  }

  package static func words(_ code: Int) -> String? {
    switch code {
    case 9000: "method not supported"
    case 9001: "request denied"
    case 9002: "internal error"
    case 9003: "invalid arguments"
    case 9004: "resources exceeded"
    case 9005: "invalid parameter name"
    case 9006: "invalid parameter type"
    case 9007: "invalid parameter value"
    case 9008: "the parameter is not writable"
    case 9009: "notification rejected"
    case 9010: "download failed"
    case 9011: "upload failed"
    case 9012: "authentication at the file server failed"
    case 9013: "unsupported protocol for the transfer"
    case 9014: "unable to join the multicast group"
    case 9015: "unable to contact the file server"
    case 9016: "unable to access the file"
    case 9017: "unable to complete the download"
    case 9018: "the file is corrupted"
    case 9019: "the file is not authentic"
    case 9020: "unable to complete the download in its time window"
    case 9021: "the transfer cannot be canceled in its present state"
    case 9022: "invalid UUID"
    case 9023: "unknown execution environment"
    case 9024: "the execution environment is disabled"
    case 9025: "the deployment unit does not fit the execution environment"
    case 9026: "duplicate deployment unit"
    case 9027: "system resources exceeded"
    case 9028: "unknown deployment unit"
    case 9029: "invalid state of the deployment unit"
    case 9030: "a downgrade is not permitted"
    case 9031: "no version was given"
    case 9032: "the version exists already"
    case 9800...9899: "a fault of the vendor's own"
    default: nil
    }
  }
}
