package import CWMP
import Net

/// Which routers a profile is for: those of which all patterns hold.
package struct Match: Hashable, Sendable {
  package var manufacturer: Pattern
  package var oui: Pattern
  package var productClass: Pattern
  package var softwareVersion: Pattern

  package init(
    manufacturer: Pattern = .any, oui: Pattern = .any, productClass: Pattern = .any, softwareVersion: Pattern = .any
  ) {
    self.manufacturer = manufacturer
    self.oui = oui
    self.productClass = productClass
    self.softwareVersion = softwareVersion
  }

  package func matches(_ device: Device) -> Bool {
    manufacturer.matches(device.manufacturer) && oui.matches(device.id.oui)
      && productClass.matches(device.id.productClass) && softwareVersion.matches(device.softwareVersion ?? "")
  }
}

extension [Profile] {
  /// The profile of a router: the one that its row of the inventory names, else the first one that matches it.
  package func profile(for device: Device, row: Inventory.Row?) throws(GoalError) -> Profile {
    if let name = row?.profile {
      guard let profile = first(where: { $0.name == name }) else {
        throw .unknownProfile(
          name: name, line: row?.line ?? 0, nearest: Spelling.nearest(to: name, among: map(\.name)))
      }
      return profile
    }
    guard let profile = first(where: { $0.match.matches(device) }) else { throw .noProfile(of: device.id) }
    return profile
  }
}
