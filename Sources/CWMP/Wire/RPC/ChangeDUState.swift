import XML

/// ChangeDUState (TR-069 annex A.4.1.10): installs, updates and removes software modules. Its response has no arguments;
/// a DUStateChangeComplete follows. From CWMP 1.2.
package struct ChangeDUState: Hashable, Sendable {
  /// At least one; a CPE need not take more than 16.
  package var operations: [DeploymentOperation]
  /// At most 32 characters; comes back in the DUStateChangeComplete.
  package var commandKey: String

  package static let operationLimit = 16

  package init(operations: [DeploymentOperation], commandKey: String) {
    self.operations = operations
    self.commandKey = commandKey
  }

  /// The operations are no SOAP array: each is an argument of its own.
  init(decoding element: XMLElement, _ warnings: inout Warnings) throws(EnvelopeError) {
    operations = []
    for child in element.children where child.name == "Operations" {
      operations.append(try DeploymentOperation(decoding: child, &warnings))
    }
    commandKey = element.child("CommandKey")?.text ?? ""
  }

  func encode(into writer: inout XMLWriter) {
    for operation in operations { operation.encode(into: &writer) }
    writer.element("CommandKey", text: commandKey)
  }
}
