/// The fault codes of a CPE (TR-069 table "Fault Codes") in words.
package enum CPEFault {
  /// What the code means, or nil where the standard gives it no meaning.
  package static func words(for code: Int) -> String? {
    switch code {
    case 9000: "the method is not supported"
    case 9001: "the request is denied"
    case 9002: "an internal error"
    case 9003: "invalid arguments"
    case 9004: "its resources are exceeded"
    case 9005: "there is no parameter of that name"
    case 9006: "the value has the wrong type"
    case 9007: "the value is not allowed"
    case 9008: "the parameter cannot be written"
    case 9009: "the notification request is rejected"
    case 9010: "the file could not be downloaded"
    case 9011: "the file could not be uploaded"
    case 9012: "the file server refused the credentials"
    case 9013: "the protocol of the file's URL is not supported"
    case 9014: "the multicast group could not be joined"
    case 9015: "the file server could not be reached"
    case 9016: "the file could not be accessed"
    case 9017: "the file did not arrive completely"
    case 9018: "the file is corrupted"
    case 9019: "the file is not authentic"
    case 9020: "the file could not be fetched in its time window"
    case 9021: "the transfer cannot be canceled any more"
    case 9022: "the UUID has an invalid format"
    case 9023: "the execution environment is unknown"
    case 9024: "the execution environment is disabled"
    case 9025: "the deployment unit does not fit the execution environment"
    case 9026: "the deployment unit exists already"
    case 9027: "the resources for the deployment unit are exceeded"
    case 9028: "the deployment unit is unknown"
    case 9029: "the state of the deployment unit does not allow it"
    case 9030: "a downgrade is not permitted"
    case 9031: "the version of the deployment unit is not given"
    case 9032: "this version of the deployment unit exists already"
    case 9800...9899: "a fault of the vendor's own"
    default: nil
    }
  }

  /// The meaning, the code and the CPE's own text: `the value is not allowed (9007 "Invalid value")`.
  static func described(_ code: Int, _ text: String) -> String {
    // What is no fault of the standard's tells itself what it is.
    if code == 0, !text.isEmpty { return text.printable(longest: 256) }
    let own = text.isEmpty ? "" : " \(text.quoted)"
    return "\(words(for: code) ?? "a fault without a standard meaning") (\(code)\(own))"
  }

  /// What an operator may try against a download that failed so.
  static func remedy(ofDownload code: Int) -> String {
    switch code {
    case 9001, 9003, 9013: "check that this model takes files of this type by Download, from a URL of this scheme"
    case 9004: "make room on the router's storage"
    case 9010, 9015, 9016:
      "check from the router that the URL's host is reachable: its route, and a firewall that lets it reach the ACS; where "
        + "the URL is https, that it has the CA of the ACS (`usher ca export`)"
    case 9012: "check that the clocks agree and that nothing between router and ACS alters the URL, which is signed"
    case 9017, 9018, 9019: "check the template: the router says that the file itself is wrong"
    default: "look at the router's own log for the transfer"
    }
  }
}
