extension DeviceTask {
  /// Why it came to nothing, or to nothing yet, and what comes next; nil of other states. What failed is told in so many
  /// characters at most.
  package func trouble(longest limit: Int = .max) -> String? {
    func told(_ failure: TaskFailure) -> String {
      let text = "\(failure)"
      return text.count > limit ? text.prefix(limit) + "…" : text
    }
    let tries = attempts == 1 ? "1 attempt" : "\(attempts) attempts"
    let last = setback.map { " after \(tries); the last failed with \(told($0))" }
    switch state {
    case .waiting(nil), .requested, .accepted, .done: return nil
    case .waiting(let retry?): return "\(setback.map(told) ?? "it failed"); tried again at \(retry)"
    case .failed(let failure, _):
      switch failure {
      case .unanswered: return told(failure)
      case .impossible: return "\(told(failure)); the router was not asked"
      case .fault, .uncompleted:
        guard failure.isPassing else { return "\(told(failure)); not tried again, for it would fail again" }
        let end = attempts < attemptLimit ? ", for it expires at \(expiry)" : ""
        return "\(told(failure)); given up after \(tries)\(end); ask again once that is mended"
      }
    case .expired: return "it expired\(last ?? " before the router came"); ask again if it is still wanted"
    case .canceled(_, let other?): return "the router canceled the transfer, as task \(other) asked"
    case .canceled(_, nil): return "an operator took it back\(last ?? " before it was sent")"
    }
  }
}
