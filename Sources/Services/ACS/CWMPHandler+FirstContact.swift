import CWMP
import HTTP
import Logging
import Net
import Provisioning
import Transport

extension CWMPHandler {
  /// What a router is called in its journey that is let in by where it is; nil where it is not. `username` is what it
  /// tried to log in as, if it did: a name that nobody has counts for nothing, one that somebody has must be proven.
  func firstContact(
    _ request: HTTP.Request, as username: String?, from address: IPv4Address?, in site: SiteConfiguration,
    at now: Timestamp
  ) -> String? {
    guard let firstContact, let address, site.firstContactLinks.contains(where: { $0.contains(address) }),
      !request.body.isEmpty, username.map({ !gatekeeper.knows(username: $0, site) }) ?? true,
      case .success(let envelope) = decode(request), case .request(.inform(let inform)) = envelope.body
    else { return nil }
    var known = firstContact.circumstances(of: address)
    known.device = devices.device(inform.device)
    known.hardware = journey.router(device: "\(inform.device)")?.hardware
    known.expected =
      site.inventory.row(
        serialNumber: inform.device.serialNumber, oui: inform.device.oui, hardware: known.lease?.hardware)?.hardware
    if let refusal = FirstContact.refusal(of: address, on: site.firstContactLinks, known, at: now) {
      counters.increment("acs.refused.firstContact.\(refusal.rawValue)")
      // A router with credentials of its own asks for its challenge so: no more to tell of it than that.
      if refusal != .secured {
        logger.info(
          "a first contact is asked to log in", metadata: [.device: "\(inform.device)", .reason: "\(refusal.rawValue)"])
      }
      return nil
    }
    counters.increment("acs.admitted.firstContact")
    return "first contact on the link from \(address)" + (known.neighbor.map { " at \($0)" } ?? "")
  }
}
