import XML

/// AutonomousDUStateChangeComplete (TR-069 annex A.4.2.4): what became of deployment units without a ChangeDUState. Its
/// response has no arguments.
package struct AutonomousDUStateChangeComplete: Hashable, Sendable {
  package var results: [AutonomousDeploymentResult]

  /// How many results are read.
  package static let resultLimit = 64

  package init(results: [AutonomousDeploymentResult]) {
    self.results = results
  }

  init(decoding element: XMLElement, _ warnings: inout Warnings) {
    results = []
    for child in element.results(limit: Self.resultLimit, &warnings) {
      let result = DeploymentResult(decoding: child, &warnings)
      let operation = child.word(of: "OperationPerformed", &warnings)
      results.append(AutonomousDeploymentResult(result, operation: operation))
    }
  }

  func encode(into writer: inout XMLWriter) {
    for result in results {
      writer.element("Results") { writer in
        result.result.encode(into: &writer)
        writer.element("OperationPerformed", text: result.operation)
      }
    }
  }
}

/// AutonOpResultStruct.
package struct AutonomousDeploymentResult: Hashable, Sendable {
  package var result: DeploymentResult
  /// `Install`, `Update`, `Uninstall`, or a vendor's own.
  package var operation: String

  package init(_ result: DeploymentResult, operation: String) {
    self.result = result
    self.operation = operation
  }
}
