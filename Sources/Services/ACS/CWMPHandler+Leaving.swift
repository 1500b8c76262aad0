import CWMP
import Journey
import Net

// Sessions whose routers went away before the end.
extension CWMPHandler {
  /// The router has said nothing for as long as it is waited for.
  func noteSilence(of session: ACSSession) {
    switch session.session.state {
    case .awaiting(let request, _):
      counters.increment("acs.sessions.silent")
      journey.sighting(
        of: session.router,
        .sessionAborted(reason: "it did not answer \(request.method.rawValue) within \(session.session.timeout) s"))
    case .informed: noteLeaving(of: session, after: Int64(session.session.timeout))
    case .expectingInform, .ready, .ended: break
    }
  }

  /// The router begins another session, with these events, while this one has not ended.
  func noteAnewBeginning(after session: ACSSession, events: [String], at now: Timestamp) {
    guard !session.isOver else { return }
    switch session.session.state {
    case .awaiting(let request, _):
      // One that has booted was cut by that, perhaps as it was asked to.
      guard !events.contains(where: { $0.hasPrefix("0 ") || $0.hasPrefix("1 ") || $0.hasPrefix("M ") }) else { break }
      journey.sighting(
        of: session.router,
        .sessionAborted(reason: "it began another session instead of answering \(request.method.rawValue)"))
    case .informed: noteLeaving(of: session, after: max(0, now.seconds(since: session.lastPost)))
    case .expectingInform, .ready, .ended: break
    }
  }

  /// It was its turn, and there was something to ask of it.
  private func noteLeaving(of session: ACSSession, after seconds: Int64) {
    counters.increment("acs.sessions.left")
    guard case .admitted = session.device.admission, !provisioner.isSettled(session, in: site.value) else { return }
    journey.sighting(
      of: session.router,
      session.lastPost == session.start
        ? .leftAfterInform(seconds: seconds)
        : .sessionAborted(reason: "it did not give the ACS its turn, by an empty POST, within \(seconds) s"))
  }
}
