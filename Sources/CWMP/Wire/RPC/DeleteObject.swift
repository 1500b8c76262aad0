import XML

/// DeleteObject (TR-069 annex A.3.2.7): one instance, with all below it.
package struct DeleteObject: Hashable, Sendable {
  /// Ends in the instance number and a dot.
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

package struct DeleteObjectResponse: Hashable, Sendable {
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
