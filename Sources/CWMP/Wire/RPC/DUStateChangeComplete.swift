import XML

/// DUStateChangeComplete (TR-069 annex A.4.2.3): how the operations of a ChangeDUState ended, in their order. Its
/// response has no arguments.
package struct DUStateChangeComplete: Hashable, Sendable {
  package var results: [DeploymentResult]
  /// Of the request.
  package var commandKey: String

  /// How many results are read: so many operations a CPE need take at most.
  package static let resultLimit = ChangeDUState.operationLimit

  package init(results: [DeploymentResult], commandKey: String) {
    self.results = results
    self.commandKey = commandKey
  }

  init(decoding element: XMLElement, _ warnings: inout Warnings) {
    results = []
    for child in element.results(limit: Self.resultLimit, &warnings) {
      results.append(DeploymentResult(decoding: child, &warnings))
    }
    commandKey = element.text(of: "CommandKey", &warnings)
  }

  func encode(into writer: inout XMLWriter) {
    for result in results {
      writer.element("Results") { result.encode(into: &$0) }
    }
    writer.element("CommandKey", text: commandKey)
  }
}
