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
      case .unanswered:
        if request.isReading { return "\(told(failure)); given up after \(tries); ask again" }
        return "\(told(failure)); it may have done it, and is not asked again"
      case .impossible: return "\(told(failure)); the router was not asked"
      case .unclear: return "\(told(failure)); whether it has done it is not known, and it is not asked again"
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

  /// What the router says of parameters in its last failure, or in what it did.
  package var refused: [TaskFailure.Parameter] {
    switch state {
    case .failed(.fault(_, _, let parameters), _): parameters
    case .done(let result, _): result.refused ?? []
    case .waiting, .expired: setback?.parameters ?? []
    case .failed, .requested, .accepted, .canceled: []
    }
  }
}

extension TaskFailure {
  fileprivate var parameters: [Parameter] {
    if case .fault(_, _, let parameters) = self { parameters } else { [] }
  }
}
