import CWMP
import HTTP
import Net
import Provisioning
import Store
import Transport

// What an operator's tasks and the reading of data models show of parameters that the profile sets.
extension Provisioner {
  /// What was set or read apart from the plan may be otherwise than the plan left it. It is told, and not set back: that
  /// is for whoever asked for it.
  func noteDrift(
    by answer: CWMP.Session.Answer, to request: ACSRequest, of session: inout ACSSession, in site: SiteConfiguration,
    at now: Timestamp
  ) async throws(StoreError) {
    guard session.device.verified != nil, case .response(let response) = Self.judged(answer) else { return }
    let values = Self.values(of: response, to: request)
    guard !values.isEmpty, let goal = try? goal(of: &session, in: site) else { return }
    var progress = Progress(of: session.device)
    progress.learned(values, goal: goal, digest: HashFunctions.crypto.sha256)
    try await commit(progress, to: &session, at: now)
  }

  private static func values(
    of response: CPEResponse, to request: ACSRequest
  ) -> [(path: String, value: String?)] {
    switch (response, request) {
    case (.getParameterValues(let told), _): told.parameters.map { ($0.path, $0.value) }
    // Whether it applies them now or later.
    case (.setParameterValues, .setParameterValues(let asked)): asked.parameters.map { ($0.path, $0.value) }
    case (.deleteObject, .deleteObject(let asked)): [(asked.path, nil)]
    default: []
    }
  }
}
