import CWMP
import HTTP
import Journey
import Net
import Transport

// POSTs with the cookie of a session that began somewhere else. The cookie alone proves nothing: on plain http whoever
// is on the way has it.
extension CWMPHandler {
  /// The session stays as it was, and its router goes on.
  func turn(ofStranger request: HTTP.Request, in session: SessionTable.Place, at now: Timestamp) -> Turn {
    // A router whose address has changed begins anew, and has to prove who it is.
    if CPEEnvelope.endsAsInform(request.body) { return .opening }
    counters.increment("acs.refused.foreignAddress")
    let place = site.part(\.addressBinding).place(of: session.address)
    let reason = "a POST from \(request.peer.host) had the cookie of a session that began at \(place)"
    if strangers.isNews("session", of: session.router, at: now) {
      journey.sighting(of: session.router, .misuseRefused(reason: reason))
    }
    // libcurl asks for the challenge with an empty POST, and may still have the cookie of its last session.
    if request.body.isEmpty, request.headers["Authorization"] == nil, site.part(\.authenticates) { return .opening }
    return .answered(HTTP.Response(.forbidden, text: reason + "\n"))
  }
}
