import Net

extension Diagnosis {
  /// Why a router that has informed has not reached this milestone, which is one after `informed`.
  static func atACS(_ missing: Milestone, _ timeline: Timeline, _ expects: Expectations) -> Finding {
    if let quarantined = timeline.last(.quarantined), case .quarantined(let reason) = quarantined.event.fact {
      if let held = timeline.last(.twinHeld), held.order > quarantined.order,
        case .twinHeld(let serial, let holder) = held.event.fact
      {
        return Finding(cause: .twin(serial: serial, holder: holder), since: held.event.moment, patience: 0)
      }
      return Finding(cause: .quarantined(reason: reason), since: quarantined.event.moment, patience: 0)
    }
    if missing == .secured || missing == .provisioned, let finding = keepsShared(timeline, expects) { return finding }
    if let latest = timeline.latest(of: evidence) { return work(latest, timeline, expects) }
    let since = timeline.lastOfItself?.moment ?? .distantPast
    return missing == .admitted
      ? Finding(cause: .undecided, since: since, patience: Patience.session)
      : Finding(cause: .awaitingSession, since: since, patience: Patience.nextSession(every: expects.informInterval))
  }

  /// It takes credentials of its own and does not use them.
  private static func keepsShared(_ timeline: Timeline, _ expects: Expectations) -> Finding? {
    guard let lost = timeline.last(.credentialsLost), case .credentialsLost(let times, let isLeft) = lost.event.fact
    else { return nil }
    return Finding(
      cause: .keepsSharedCredentials(times: times, isLeft: isLeft), since: lost.event.moment,
      patience: isLeft ? 0 : Patience.nextSession(every: expects.informInterval))
  }

  static func flapping(_ timeline: Timeline) -> Finding? {
    guard let flapping = timeline.last(.flapping),
      case .flapping(let boots, let seconds, let lastSet) = flapping.event.fact
    else { return nil }
    return Finding(
      cause: .flapping(boots: boots, seconds: seconds, lastSet: lastSet), since: flapping.event.moment, patience: 0)
  }

  /// What tells where the work at a router ended.
  private static let evidence: [Fact.Kind] = [
    .authenticationFailed, .loginUnusable, .nonceUnknown, .messageRefused, .turnedAway, .sessionAborted,
    .leftAfterInform, .unplannable, .parametersSet, .parameterRefused, .requestRefused,
    .downloadRequested, .downloadServed, .downloadCompleted, .downloadFailed, .rebootRequested, .mismatched,
    .released, .addressWithdrawn,
  ]

  private static func work(_ latest: Timeline.Tally, _ timeline: Timeline, _ expects: Expectations) -> Finding {
    let moment = latest.event.moment
    let nextSession = Patience.nextSession(every: expects.informInterval)
    switch latest.event.fact {
    case .sessionAborted(let reason) where latest.event.fact.isHandshakeFailure:
      guard case .downloadRequested(let file, _)? = timeline.last(.downloadRequested)?.event.fact else {
        return Finding(cause: .handshakeFailed(reason: reason), since: moment, patience: nextSession)
      }
      return Finding(cause: .downloadUntrusted(file: file, reason: reason), since: moment, patience: 0)
    case .authenticationFailed, .loginUnusable, .nonceUnknown, .messageRefused, .turnedAway:
      return login(latest) ?? authentication(timeline)
    case .released(let address): return Finding(cause: .released(address: address), since: moment, patience: 0)
    case .addressWithdrawn(let address):
      return Finding(cause: .addressWithdrawn(address: address), since: moment, patience: 0)
    case .sessionAborted(let reason):
      let isLasting = timeline.cuts >= Patience.cuts
      return Finding(
        cause: .sessionCut(reason: reason, times: timeline.cuts), since: moment,
        patience: isLasting ? 0 : nextSession)
    case .leftAfterInform(let seconds):
      return Finding(
        cause: .leftAfterInform(seconds: seconds, times: timeline.cuts), since: moment,
        patience: timeline.cuts > 1 ? 0 : nextSession)
    case .unplannable(let reason): return Finding(cause: .unplannable(reason: reason), since: moment, patience: 0)
    case .parameterRefused(let path, let code, let text):
      return Finding(cause: .parameterRefused(path: path, code: code, text: text), since: moment, patience: 0)
    case .requestRefused(let method, let code, let text):
      return Finding(cause: .requestRefused(method: method, code: code, text: text), since: moment, patience: 0)
    case .downloadRequested(let file, _):
      return Finding(cause: .downloadNotFetched(file: file), since: moment, patience: Patience.fetch)
    case .downloadServed(let file, _):
      return Finding(cause: .awaitingTransferComplete(file: file), since: moment, patience: Patience.transfer)
    case .downloadFailed(let file, _, _) where timeline.downloadHandshake != nil:
      guard case .sessionAborted(let reason)? = timeline.downloadHandshake?.fact else { break }
      return Finding(cause: .downloadUntrusted(file: file, reason: reason), since: moment, patience: 0)
    case .downloadFailed(let file, let code, let text):
      return Finding(cause: .downloadFailed(file: file, code: code, text: text), since: moment, patience: 0)
    case .rebootRequested:
      let isHeard = timeline.last(.informed).map { $0.order > latest.order } ?? false
      return Finding(
        cause: isHeard ? .rebootNotSeen : .awaitingReboot, since: moment, patience: Patience.reboot)
    case .mismatched(let path, let wanted, let found):
      // The first time, the value is set again at once.
      return Finding(
        cause: .mismatched(path: path, wanted: wanted, found: found, times: latest.count), since: moment,
        patience: latest.count > 1 ? 0 : Patience.session)
    default: break
    }
    return Finding(cause: .awaitingSession, since: timeline.lastOfItself?.moment ?? moment, patience: nextSession)
  }
}
