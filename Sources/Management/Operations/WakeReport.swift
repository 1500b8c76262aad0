import CWMP
import Journey

/// What came of a connection request.
package struct WakeReport: Codable, Sendable, Equatable {
  package struct Step: Codable, Sendable, Equatable {
    /// `address`, `connection`, `answer`, `login`, `acceptance` or `inform`.
    package var stage: String
    package var text: String
    package var passed: Bool
  }

  /// Its serial number, or what else names it.
  package var router: String
  /// Whether it informed.
  package var woken: Bool
  package var steps: [Step]
  /// Why it did not inform, and what to try.
  package var cause: String?
  package var advice: String?

  init(_ router: Router, _ outcome: ConnectionRequestOutcome) {
    self.router = Self.name(of: router)
    woken = outcome.isWoken
    steps = outcome.steps.map { Step(stage: $0.stage.rawValue, text: $0.text, passed: true) }
    guard let problem = outcome.problem else { return }
    steps.append(Step(stage: problem.stage.rawValue, text: "\(problem)", passed: false))
    cause = "\(problem)"
    advice = problem.advice
  }

  private init(_ router: Router, failed reason: String) {
    self.router = Self.name(of: router)
    woken = false
    steps = []
    cause = reason
  }

  static func waking(_ router: Router, by actions: any ControlActions) async -> WakeReport {
    do throws(ErrorReport) {
      return WakeReport(router, try await actions.wake(router.id.rawValue))
    } catch {
      return WakeReport(router, failed: error.text)
    }
  }

  private static func name(of router: Router) -> String {
    router.serialNumber ?? router.hardware?.description ?? "#\(router.id.rawValue)"
  }
}
