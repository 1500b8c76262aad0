package import CWMP
import HTTP
package import Net
package import Provisioning
import Transport

/// What a new configuration comes to for the routers on record, told before it is taken.
package struct SiteChange: Sendable {
  private let former: SiteConfiguration
  private let next: SiteConfiguration
  /// Whether what routers become follows from the same in both.
  private let isSame: Bool

  package init(from former: SiteConfiguration, to next: SiteConfiguration) {
    self.former = former
    self.next = next
    isSame =
      former.profiles == next.profiles && former.models == next.models && former.url.text == next.url.text
      && former.inventory.rows == next.inventory.rows
  }

  /// Of the devices of a directory. Looks at each in turn and lets others run in between; past the deadline, the rest is
  /// told as not looked at.
  package func outlook(
    over devices: DeviceDirectory, until deadline: Timestamp, now: @Sendable () -> Timestamp,
    place: (DeviceID) -> (hardware: MACAddress?, address: IPv4Address?)
  ) async -> Outlook {
    var outlook = Outlook()
    if isSame { return outlook }
    let ids = devices.ids
    for (number, id) in ids.enumerated() {
      if number.isMultiple(of: 64) {
        guard now() < deadline else {
          outlook.unseen = ids.count - number
          return outlook
        }
        await Task.yield()
      }
      guard let device = devices.device(id) else { continue }
      let (hardware, address) = place(id)
      note(device, hardware, address, in: &outlook) { devices.holder(of: $0, serialNumber: id.serialNumber) }
    }
    return outlook
  }

  /// `holder` tells which device has a row of the inventory.
  func note(
    _ device: Device, _ hardware: MACAddress?, _ address: IPv4Address?, in outlook: inout Outlook,
    holder: (Inventory.Row) -> DeviceID? = { _ in nil }
  ) {
    let before = Side(former, device, hardware)
    let after = Side(next, device, hardware)
    guard before != after || former.url.text != next.url.text else { return }
    outlook.note(
      device, admission: after.admission(of: device, holder),
      former: { before.goal(for: device, former, hardware, address) },
      next: after.goal(for: device, next, hardware, address))
  }

  /// What a device's goal follows from, in one of the two.
  private struct Side: Equatable {
    var row: Inventory.Row?
    var profile: Profile?
    let problem: GoalError?
    let sharesCredentials: Bool

    init(_ site: SiteConfiguration, _ device: Device, _ hardware: MACAddress?) {
      row = site.inventory.row(serialNumber: device.id.serialNumber, oui: device.id.oui, hardware: hardware)
      do throws(GoalError) {
        profile = try site.profiles.profile(for: device, row: row)
        problem = nil
      } catch {
        problem = error
      }
      // Where it stands in the file changes nothing.
      row?.line = 0
      sharesCredentials = !site.models.isEmpty && site.models.model(of: device).sharesCredentials
    }

    func admission(of device: Device, _ holder: (Inventory.Row) -> DeviceID?) -> Admission {
      let holder = row.flatMap(holder).flatMap { $0 == device.id ? nil : $0 }
      return Admission.decision(for: device, row: row, holder: holder, profile: profile)
    }

    func goal(
      for device: Device, _ site: SiteConfiguration, _ hardware: MACAddress?, _ address: IPv4Address?
    ) -> Result<Goal, GoalError> {
      Result { () throws(GoalError) in
        guard let profile else { throw problem ?? .noProfile(of: device.id) }
        var circumstances = Circumstances(hardware: hardware, address: address, url: site.url.text)
        circumstances.sharesCredentials = sharesCredentials
        return try Goal(for: device, row: row, profile: profile, circumstances, digest: HashFunctions.crypto.sha256)
      }
    }
  }
}
