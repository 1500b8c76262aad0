/// How far a connection request came.
package struct ConnectionRequestOutcome: Hashable, Sendable {
  /// A step that went well, with what was seen.
  package struct Step: Hashable, Sendable {
    package let stage: ConnectionRequestStage
    package let text: String

    package init(_ stage: ConnectionRequestStage, _ text: String) {
      self.stage = stage
      self.text = text
    }
  }

  package var steps: [Step]
  /// Nil where the router informed: nothing less is success.
  package var problem: ConnectionRequestProblem?

  package init(steps: [Step] = [], problem: ConnectionRequestProblem? = nil) {
    self.steps = steps
    self.problem = problem
  }

  package var isWoken: Bool { problem == nil }
}
