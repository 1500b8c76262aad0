import XML

/// GetParameterAttributes (TR-069 annex A.3.2.5).
package struct GetParameterAttributes: Hashable, Sendable {
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

/// ParameterAttributeStruct.
package struct ParameterAttributes: Hashable, Sendable {
  package var path: String
  package var notification: Notification
  /// Who besides the ACS may write the parameter.
  package var accessList: [String]

  package init(path: String, notification: Notification, accessList: [String]) {
    self.path = path
    self.notification = notification
    self.accessList = accessList
  }
}

package struct GetParameterAttributesResponse: Hashable, Sendable {
  package var parameters: [ParameterAttributes]

  package init(parameters: [ParameterAttributes]) {
    self.parameters = parameters
  }

  init(decoding element: XMLElement, _ warnings: inout Warnings) {
    parameters = []
    for entry in element.entries(of: "ParameterList", &warnings) {
      let path = entry.word(of: "Name", &warnings)
      let notification = Notification(decoding: entry, &warnings)
      let accessList = entry.entries(of: "AccessList", &warnings).map { $0.text.trimmed }
      parameters.append(ParameterAttributes(path: path, notification: notification, accessList: accessList))
    }
  }

  func encode(into writer: inout XMLWriter) {
    writer.array("ParameterList", of: "cwmp:ParameterAttributeStruct", parameters) { writer, parameter in
      writer.element("ParameterAttributeStruct") { writer in
        writer.element("Name", text: parameter.path)
        parameter.notification.encode(into: &writer)
        writer.array("AccessList", of: "xsd:string", parameter.accessList) { $0.element("string", text: $1) }
      }
    }
  }
}
