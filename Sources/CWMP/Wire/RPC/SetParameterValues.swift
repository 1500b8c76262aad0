import XML

/// SetParameterValues (TR-069 annex A.3.2.1): all of the values or none. No path may stand in it twice.
package struct SetParameterValues: Hashable, Sendable {
  package var parameters: [ParameterValue]
  /// At most 32 characters; many CPEs do not keep it.
  package var parameterKey: String

  package init(parameters: [ParameterValue], parameterKey: String = "") {
    self.parameters = parameters
    self.parameterKey = parameterKey
  }

  init(decoding element: XMLElement, _ warnings: inout Warnings) {
    parameters = []
    for entry in element.entries(of: "ParameterList", &warnings) {
      parameters.append(ParameterValue(decoding: entry, &warnings))
    }
    parameterKey = element.text(of: "ParameterKey", &warnings)
  }

  func encode(into writer: inout XMLWriter) {
    writer.array("ParameterList", of: "cwmp:ParameterValueStruct", parameters) { $1.encode(into: &$0) }
    writer.element("ParameterKey", text: parameterKey)
  }
}

package struct SetParameterValuesResponse: Hashable, Sendable {
  /// `pending`: stored, and applied later, such as after a reboot.
  package var status: CompletionStatus

  package init(status: CompletionStatus) {
    self.status = status
  }

  init(decoding element: XMLElement, _ warnings: inout Warnings) {
    status = element.status(default: .done, &warnings)
  }

  func encode(into writer: inout XMLWriter) {
    writer.element("Status", text: status.text)
  }
}
