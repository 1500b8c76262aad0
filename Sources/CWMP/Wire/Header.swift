import XML

/// The SOAP header elements of CWMP (TR-069 section 3.4.7), except for the ID.
package struct Header: Hashable, Sendable {
  /// ACS to CPE: send no requests until told otherwise.
  package var holdRequests: Bool
  /// CPE to ACS, in an Inform: seconds for which the CPE waits, from version 1.3.
  package var sessionTimeout: Int?
  /// CPE to ACS, in an Inform: such as `["1.0", "1.4"]`, from version 1.4.
  package var supportedVersions: [String]
  /// How many of them are read.
  private static let versionLimit = 16
  /// ACS to CPE, in an InformResponse, from version 1.4.
  package var useVersion: String?
  /// The first header that must be understood and is not known.
  package var misunderstood: String?

  package init(
    holdRequests: Bool = false, sessionTimeout: Int? = nil, supportedVersions: [String] = [],
    useVersion: String? = nil, misunderstood: String? = nil
  ) {
    self.holdRequests = holdRequests
    self.sessionTimeout = sessionTimeout
    self.supportedVersions = supportedVersions
    self.useVersion = useVersion
    self.misunderstood = misunderstood
  }
}

extension Header {
  init(decoding header: XMLElement, _ warnings: inout Warnings) {
    self.init()
    for element in header.children {
      switch element.name {
      case "ID", "NoMoreRequests":
        break
      case "HoldRequests":
        holdRequests = ["1", "true"].contains(element.text.trimmed.lowercased())
      case "SessionTimeout", "sessionTimeout":
        sessionTimeout = UInt32(element.text.trimmed).map { Int($0) }
      case "SupportedCWMPVersions":
        let versions = element.text.split(separator: ",").lazy.map { String($0).trimmed }.filter { !$0.isEmpty }
        supportedVersions = Array(versions.prefix(Self.versionLimit))
      case "UseCWMPVersion":
        useVersion = element.text.trimmed
      default:
        if ["1", "true"].contains(element.attribute("mustUnderstand")) {
          misunderstood = misunderstood ?? element.name.shortened
        } else {
          warnings.add(.ignoredHeader(element.name.shortened))
        }
      }
    }
  }

  func encode(id: String?, into writer: inout XMLWriter) {
    guard id != nil || self != Header() else { return }
    writer.element("soap-env:Header") { writer in
      if let id { writer.element("cwmp:ID", ["soap-env:mustUnderstand": "1"], text: id) }
      if holdRequests { writer.element("cwmp:HoldRequests", ["soap-env:mustUnderstand": "1"], text: "1") }
      if let sessionTimeout {
        writer.element("cwmp:SessionTimeout", ["soap-env:mustUnderstand": "0"], text: String(sessionTimeout))
      }
      if !supportedVersions.isEmpty {
        writer.element(
          "cwmp:SupportedCWMPVersions", ["soap-env:mustUnderstand": "0"],
          text: supportedVersions.joined(separator: ","))
      }
      if let useVersion { writer.element("cwmp:UseCWMPVersion", ["soap-env:mustUnderstand": "1"], text: useVersion) }
    }
  }
}
