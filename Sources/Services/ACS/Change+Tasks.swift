package import Journey
package import Net
package import Provisioning
package import Store

extension Change {
  /// Tasks as they are now, with what the journey of their router tells of it. A device whose router is not on record
  /// has no journey.
  package static func tasks(_ tasks: [DeviceTask], of router: RouterID?, at now: Timestamp) -> [Change] {
    tasks.map { .task($0) }
      + tasks.flatMap { task -> [Change] in
        guard let router, let fact = task.fact else { return [] }
        return (task.refusals + [fact]).map { .event(Event(router: router, moment: now, fact: $0)) }
      }
  }
}

extension DeviceTask {
  /// Characters of a failure that the journey tells.
  private static let failureTold = 300
  /// Where a router refused several parameters, each is told for itself.
  private static let parametersTold = 64

  /// What the router refused of it, where its end does not tell all of that.
  fileprivate var refusals: [Fact] {
    let refused = refused
    guard refused.count > 1 else { return [] }
    let words = String("\(request)".prefix(256))
    return refused.prefix(Self.parametersTold).map {
      .taskFailed(number: number, task: words, reason: "\($0)")
    }
  }

  /// What its end, or its failure for now, is in the words of the journey.
  fileprivate var fact: Fact? {
    let words = String("\(request)".prefix(256))
    switch state {
    case .waiting(nil), .requested, .accepted: return nil
    case .done(let result, _): return .taskDone(number: number, task: words, result: result.text)
    case .canceled: return .taskCanceled(number: number, task: words, reason: trouble() ?? "")
    case .waiting, .failed, .expired:
      return .taskFailed(number: number, task: words, reason: trouble(longest: Self.failureTold) ?? "")
    }
  }
}
