import XML

/// A fault of either side (TR-069 section 3.5 and annex A.5).
package struct Fault: Hashable, Sendable {
  /// 9000 and up from a CPE, 8000 and up from an ACS; 0 where it is a fault of SOAP alone.
  package var code: Int
  package var text: String
  /// What was wrong with each parameter, in the fault to a SetParameterValues.
  package var parameters: [ParameterFault]

  package init(code: Int, text: String, parameters: [ParameterFault] = []) {
    self.code = code
    self.text = text
    self.parameters = parameters
  }

  /// SOAP's fault for a header that must be understood and is not.
  package static let mustUnderstand = Fault(code: 0, text: "a header that must be understood is not known")

  // Of an ACS
  package static let methodNotSupported = Fault(code: 8000, text: "Method not supported")
  package static let requestDenied = Fault(code: 8001, text: "Request denied")
  package static let internalError = Fault(code: 8002, text: "Internal error")
  package static let invalidArguments = Fault(code: 8003, text: "Invalid arguments")
  package static let resourcesExceeded = Fault(code: 8004, text: "Resources exceeded")
  package static let retryRequest = Fault(code: 8005, text: "Retry request")
  package static let versionNotSupported = Fault(code: 8006, text: "No CWMP version in common")
}

/// SetParameterValuesFault.
package struct ParameterFault: Hashable, Sendable {
  package var path: String
  package var code: Int
  package var text: String

  package init(path: String, code: Int, text: String) {
    self.path = path
    self.code = code
    self.text = text
  }
}

extension Fault {
  /// `element` is SOAP's Fault.
  init(decoding element: XMLElement, _ warnings: inout Warnings) {
    guard let detail = element.child("detail")?.child("Fault"),
      detail.child("FaultCode").flatMap({ UInt32($0.text.trimmed) }) != nil
    else {
      // A fault of a header has no detail (SOAP 1.1 section 4.4).
      if element.child("faultcode")?.text.trimmed.hasSuffix("MustUnderstand") != true {
        warnings.add(.missing("Fault.detail.Fault"))
      }
      self = MisplacedFault.fault(in: element, &warnings)
      return
    }
    let code = detail.number(of: "FaultCode", default: 0, &warnings)
    let text = detail.child("FaultString")?.text.trimmed ?? ""
    self.init(code: code, text: text)
    for child in detail.children where child.name == "SetParameterValuesFault" {
      parameters.append(ParameterFault(decoding: child, &warnings))
    }
  }

  func encode(into writer: inout XMLWriter) {
    writer.element("soap-env:Fault") { writer in
      guard code != 0 else {
        writer.element("faultcode", text: "soap-env:MustUnderstand")
        writer.element("faultstring", text: text)
        return
      }
      writer.element("faultcode", text: isOfSender ? "Client" : "Server")
      writer.element("faultstring", text: "CWMP fault")
      writer.element("detail") { writer in
        writer.element("cwmp:Fault") { writer in
          writer.element("FaultCode", number: code)
          writer.element("FaultString", text: text)
          for parameter in parameters {
            writer.element("SetParameterValuesFault") { writer in
              writer.element("ParameterName", text: parameter.path)
              writer.element("FaultCode", number: parameter.code)
              writer.element("FaultString", text: parameter.text)
            }
          }
        }
      }
    }
  }

  /// Whether the fault lies with the one who asked: what annex A.5 calls Client.
  private var isOfSender: Bool {
    switch code {
    case 8003, 9003, 9005...9008: true
    default: false
    }
  }
}

extension ParameterFault {
  init(decoding element: XMLElement, _ warnings: inout Warnings) {
    path = element.word(of: "ParameterName", &warnings)
    code = element.number(of: "FaultCode", default: 0, &warnings)
    text = element.child("FaultString")?.text.trimmed ?? ""
  }
}

extension Fault: CustomStringConvertible {
  package var description: String { "\(code) \(text)" }
}
