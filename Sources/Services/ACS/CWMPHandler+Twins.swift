import CWMP
import Journey
import Net
import Provisioning

// Routers that share a serial number: what is done to one is taken for done to the other.
extension CWMPHandler {
  /// - Parameters:
  ///   - former: Where the device was when it informed last.
  ///   - row: Its row of the inventory.
  func noteTwins(
    of device: Device, _ row: Inventory.Row?, _ router: RouterID, from former: IPv4Address?, to address: IPv4Address?,
    in site: SiteConfiguration, at now: Timestamp
  ) {
    if let former, let address, former != address, twins.moved(device.id, from: former, to: address, at: now) {
      tell([device.id], first: "\(former)", second: "\(address)", at: now)
    }
    for other in devices.twins(of: device.id) where isThere(other, beside: device, at: now) {
      // A device that is held is given nothing, so nothing is done to it.
      if row != nil, other.admission.isQuarantine || device.admission.isQuarantine { continue }
      guard other.id.oui == device.id.oui || row.map({ $0.line == self.row(of: other.id, in: site)?.line }) == true
      else { continue }
      tell([device.id, other.id], first: "\(device.id)", second: "\(other.id)", at: now)
    }
  }

  /// Whether both have informed since the other did for the first time, and the other not long ago.
  private func isThere(_ other: Device, beside device: Device, at now: Timestamp) -> Bool {
    other.lastInform > device.firstInform && device.lastInform > other.firstInform
      && now.seconds(since: other.lastInform) < TwinWatch.window
  }

  private func row(of device: DeviceID, in site: SiteConfiguration) -> Inventory.Row? {
    site.inventory.row(serialNumber: device.serialNumber, oui: device.oui, hardware: nil)
  }

  private func tell(_ ids: [DeviceID], first: String, second: String, at now: Timestamp) {
    guard twins.isNews(of: ids, at: now) else { return }
    counters.increment("acs.serials.shared")
    logger.warning(
      "two routers share a serial number",
      metadata: [.serial: "\(ids[0].serialNumber)", .reason: "\(first) and \(second) inform by turns"])
    for id in ids {
      guard let router = journey.router(device: "\(id)")?.id else { continue }
      journey.sighting(
        of: router, .serialShared(serial: id.serialNumber, first: first, second: second))
    }
  }
}
