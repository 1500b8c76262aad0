package import Net
import XML

/// TransferComplete (TR-069 annex A.3.3.2): how a Download or Upload ended.
package struct TransferComplete: Hashable, Sendable {
  /// Of the request. Some CPEs send it empty, or only with the Inform's event.
  package var commandKey: String
  /// Nil where the transfer went well.
  package var fault: TransferFault?
  /// Nil where it is not known.
  package var startTime: Timestamp?
  package var completeTime: Timestamp?

  package init(
    commandKey: String, fault: TransferFault? = nil, startTime: Timestamp? = nil, completeTime: Timestamp? = nil
  ) {
    self.commandKey = commandKey
    self.fault = fault
    self.startTime = startTime
    self.completeTime = completeTime
  }

  init(decoding element: XMLElement, _ warnings: inout Warnings) {
    commandKey = element.text(of: "CommandKey", limit: InformEvent.textLimit, &warnings)
    fault = TransferFault.decode(in: element, &warnings)
    startTime = element.moment(of: "StartTime", &warnings)
    completeTime = element.moment(of: "CompleteTime", &warnings)
  }

  func encode(into writer: inout XMLWriter) {
    writer.element("CommandKey", text: commandKey)
    TransferFault.encode(fault, into: &writer)
    writer.element("StartTime", text: DateTime.encode(startTime))
    writer.element("CompleteTime", text: DateTime.encode(completeTime))
  }
}

/// FaultStruct: why a transfer failed, or what was to be done with a deployment unit.
package struct TransferFault: Hashable, Sendable {
  package var code: Int
  /// At most 256 characters, of a transfer.
  package var text: String

  package init(code: Int, text: String) {
    self.code = code
    self.text = text
  }
}

extension TransferFault {
  /// Nil for code 0, and where there is no such argument at all: a CPE that tells of no fault had none. One without a
  /// readable code is the internal error 9002.
  static func decode(
    _ name: String = "FaultStruct", in element: XMLElement, _ warnings: inout Warnings
  ) -> TransferFault? {
    guard let child = element.child(name) else {
      warnings.add(.missing("\(element.name).\(name)"))
      return nil
    }
    let code = child.number(of: "FaultCode", default: 9002, &warnings)
    let text = child.child("FaultString")?.text.trimmed ?? ""
    return code == 0 ? nil : TransferFault(code: code, text: text)
  }

  static func encode(_ fault: TransferFault?, as name: String = "FaultStruct", into writer: inout XMLWriter) {
    writer.element(name) { writer in
      writer.element("FaultCode", number: fault?.code ?? 0)
      writer.element("FaultString", text: fault?.text ?? "")
    }
  }
}
