package import CWMP

extension Admission {
  /// The `by` of a router that a person admitted.
  package static let person = "a person"

  /// Whether the device may be provisioned. What a person decided stays; else the inventory decides, and of routers
  /// that it does not have, the profile.
  ///
  /// - Parameters:
  ///   - holder: the device that has the row, where that is another: one row is for one router.
  ///   - profile: nil where no profile matches.
  package static func decision(
    for device: Device, row: Inventory.Row?, holder: DeviceID? = nil, profile: Profile?
  ) -> Admission {
    if device.admission == .admitted(by: person) { return device.admission }
    if let holder, row?.isApproved == true {
      return .quarantined(
        reason: "the inventory's row of its serial number is that of another device, \(holder.name), which had it first"
      )
    }
    if let row {
      return row.isApproved
        ? .admitted(by: "the inventory")
        : .quarantined(reason: "line \(row.line) of the inventory says that it is not approved")
    }
    guard let profile else {
      return .quarantined(reason: GoalError.noProfile(of: device.id).description)
    }
    switch profile.admit {
    case .all: return .admitted(by: "profile \(profile.name), which admits all")
    case .inventory:
      return .quarantined(reason: "its serial number \(device.id.serialNumber.quoted) is not in the inventory")
    }
  }
}
