import XML

/// AddObject (TR-069 annex A.3.2.6): a new instance of a multi-instance object.
package struct AddObject: Hashable, Sendable {
  /// Ends in a dot, without an instance number behind it.
  package var path: String
  /// At most 32 characters.
  package var parameterKey: String

  package init(path: String, parameterKey: String = "") {
    self.path = path
    self.parameterKey = parameterKey
  }

  init(decoding element: XMLElement, _ warnings: inout Warnings) {
    path = element.word(of: "ObjectName", &warnings)
    parameterKey = element.text(of: "ParameterKey", &warnings)
  }

  func encode(into writer: inout XMLWriter) {
    writer.element("ObjectName", text: path)
    writer.element("ParameterKey", text: parameterKey)
  }
}

package struct AddObjectResponse: Hashable, Sendable {
  /// From 1; 0 where the CPE did not say it.
  package var instance: Int
  package var status: CompletionStatus

  package init(instance: Int, status: CompletionStatus) {
    self.instance = instance
    self.status = status
  }

  init(decoding element: XMLElement, _ warnings: inout Warnings) {
    instance = element.number(of: "InstanceNumber", default: 0, &warnings)
    status = element.status(default: .done, &warnings)
  }

  func encode(into writer: inout XMLWriter) {
    writer.element("InstanceNumber", number: instance)
    writer.element("Status", text: status.text)
  }
}
