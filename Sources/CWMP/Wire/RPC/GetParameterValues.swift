import XML

/// GetParameterValues (TR-069 annex A.3.2.2).
package struct GetParameterValues: Hashable, Sendable {
  /// At least one; a path that ends in a dot asks for all below it.
  package var paths: [String]

  package init(paths: [String]) {
    self.paths = paths
  }

  init(decoding element: XMLElement, _ warnings: inout Warnings) {
    paths = element.entries(of: "ParameterNames", &warnings).map { $0.text.trimmed }
  }

  func encode(into writer: inout XMLWriter) {
    writer.array("ParameterNames", of: "xsd:string", paths) { $0.element("string", text: $1) }
  }
}

package struct GetParameterValuesResponse: Hashable, Sendable {
  /// Some CPEs leave out what they were asked for, or add what they were not.
  package var parameters: [ParameterValue]

  package init(parameters: [ParameterValue]) {
    self.parameters = parameters
  }

  init(decoding element: XMLElement, _ warnings: inout Warnings) {
    parameters = []
    for entry in element.entries(of: "ParameterList", &warnings) {
      parameters.append(ParameterValue(decoding: entry, &warnings))
    }
  }

  func encode(into writer: inout XMLWriter) {
    writer.array("ParameterList", of: "cwmp:ParameterValueStruct", parameters) { $1.encode(into: &$0) }
  }
}
