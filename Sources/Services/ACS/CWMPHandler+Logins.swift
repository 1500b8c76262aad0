import CWMP
import HTTP
import Journey
import Logging
import Net
import Transport

// What the journey tells of those who were not let in: each by what is known of it, and no more.
extension CWMPHandler {
  /// A login was refused. To send no credentials is the first half of every login, and not told.
  func note(_ refusal: DigestRefusal, username: String?, of request: HTTP.Request, _ address: IPv4Address?) {
    if let username, !refusal.isStale {
      logger.warning(
        "login refused",
        metadata: [
          .peer: "\(address?.description ?? "unknown")", .name: "\(username.printable(longest: 64))",
          .reason: "\(refusal)",
        ])
    }
    guard let address, let fact = fact(of: refusal, username: username, request, address) else { return }
    journey.sighting(at: address, fact)
  }

  private func fact(
    of refusal: DigestRefusal, username: String?, _ request: HTTP.Request, _ address: IPv4Address
  ) -> Fact? {
    let name = username.map { $0.printable(longest: 64) }
    switch refusal {
    case .noCredentials: return nil
    case .wrongPassword: return .authenticationFailed(username: name ?? "", reason: "\(refusal)")
    case .otherRealm, .algorithmNotOffered, .qopNotOffered:
      return .loginUnusable(scheme: "Digest", username: name, reason: "\(refusal)")
    case .unknownNonce, .expiredNonce, .replayed:
      return loops.isCircling(address, username ?? "") ? .nonceUnknown(username: name ?? "") : nil
    case .unreadable(let error):
      let field = request.headers["Authorization"] ?? ""
      if let basic = try? BasicCredentials(authorization: field) {
        return .loginUnusable(
          scheme: "Basic", username: basic.username.printable(longest: 64),
          reason: "basic authentication is not taken over plain http here")
      }
      let scheme = String(field.trimmed.prefix { $0.isLetter || $0.isNumber || $0 == "-" }.prefix(32))
      return .loginUnusable(scheme: scheme.isEmpty ? "unreadable" : scheme, username: nil, reason: "\(error)")
    }
  }

  /// A message that belongs to no session was answered with 400.
  func noteRefused(_ reason: String, of request: HTTP.Request, loggedInAs username: String?) {
    guard let address = IPv4Address(request.peer.host) else { return }
    if let username { journey.sighting(at: address, .authenticated(username: username)) }
    journey.sighting(at: address, .messageRefused(reason: reason))
  }

  /// Whoever is at the address was sent away, and not because of its login.
  func noteTurnedAway(_ reason: String, _ address: IPv4Address?) {
    guard let address else { return }
    journey.sighting(at: address, .turnedAway(reason: reason))
  }
}
