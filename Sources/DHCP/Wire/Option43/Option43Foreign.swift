package import Net

/// What option 43 is for other than an ACS: makers have agreed on nothing, and one server's option is another's rubbish.
package enum Option43Foreign: Hashable, Sendable {
  /// Sub-option 1 with an address.
  case unifi(IPv4Address)
  /// Sub-option 1 several times, an address in each.
  case controllers
  /// Sub-option 3 or 6 with addresses as text, or 2 with addresses.
  case wirelessController
  /// Sub-option 241 (0xf1) with addresses.
  case ciscoController
  /// Sub-option 100, a server, and 101, a file.
  case exos
  case iosXR
  case skype
  case unify
  /// Firmware that boots from the network (PXE specification 2.1 section 2.2.3).
  case pxe
  /// Text that is neither a URL nor anything with sub-options.
  case text(String)

  /// Nil for what may be meant for a CPE.
  package init?(_ list: [SubOption]) {
    guard let first = list.first, !Self.tellsURL(list) else { return nil }
    let addresses = list.filter { $0.code == 1 && $0.value.count == 4 }
    if addresses.count == list.count {
      if list.count > 1 {
        self = .controllers
      } else if let address = IPv4Address(option: first.value[...]) {
        self = address == .unspecified ? .pxe : .unifi(address)
      } else {
        return nil
      }
      return
    }
    if let known = Self.named(list) ?? Self.bootLoader(list) ?? Self.controller(list) {
      self = known
    } else {
      return nil
    }
  }

  /// What has the URL of an ACS is for a CPE, whatever else is in it.
  private static func tellsURL(_ list: [SubOption]) -> Bool {
    list.contains { $0.code == 1 && Option43.isBareURL($0.value) } || Option43.isHuawei(list)
  }

  /// Those that say who they are.
  private static func named(_ list: [SubOption]) -> Option43Foreign? {
    if list.contains(where: { $0.value.starts(with: "sdlp://".utf8) }) { return .unify }
    guard let name = list.first(where: { $0.code == 1 })?.value else { return nil }
    if name.starts(with: "exr-".utf8) { return .iosXR }
    if name.starts(with: "MS-UC-Client".utf8) { return .skype }
    return name.starts(with: "Siemens".utf8) ? .unify : nil
  }

  /// Discovery control (6) is one byte, a menu (9) and its prompt (10) go with it; the address (1) is zero.
  private static func bootLoader(_ list: [SubOption]) -> Option43Foreign? {
    let isControlled = list.contains { $0.code == 6 && $0.value.count == 1 }
    let hasNoAddress = list.contains { $0.code == 1 && $0.value == [0, 0, 0, 0] }
    let hasMenu = list.contains { [8, 9, 10, 71].contains($0.code) }
    return isControlled && (hasMenu || list.count == 1) || hasNoAddress ? .pxe : nil
  }

  private static func controller(_ list: [SubOption]) -> Option43Foreign? {
    let first = list[0]
    if list.allSatisfy({ $0.code == 0xF1 && !$0.value.isEmpty && $0.value.count % 4 == 0 }) { return .ciscoController }
    if list.contains(where: { $0.code == 100 && $0.value.count == 4 }) { return .exos }
    guard list.count == 1 else { return nil }
    switch first.code {
    case 3, 6: return isAddressText(first.value) ? .wirelessController : nil
    case 2:
      let isText = first.value.allSatisfy { (0x20...0x7E).contains($0) }
      return !isText && first.value.count % 4 == 0 ? .wirelessController : nil
    default: return nil
    }
  }

  private static func isAddressText(_ bytes: [UInt8]) -> Bool {
    let words = bytes.split { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: " ") }
    return !words.isEmpty && words.allSatisfy { IPv4Address(String(decoding: $0, as: UTF8.self)) != nil }
  }
}

extension Option43Foreign: CustomStringConvertible {
  package var description: String {
    switch self {
    case .unifi(let address): "this is the address of a UniFi controller (\(address)), not an ACS"
    case .controllers: "these are the addresses of controllers for wireless access points, not an ACS"
    case .wirelessController:
      "these are addresses of a controller for wireless access points (Huawei, Ruckus), not an ACS"
    case .ciscoController: "these are addresses of a controller for Cisco's access points, not an ACS"
    case .exos: "this is for the zero-touch provisioning of Extreme's EXOS, not an ACS"
    case .iosXR: "this is for the zero-touch provisioning of Cisco's IOS XR, not an ACS"
    case .skype: "this is for phones with Lync or Skype for Business, not an ACS"
    case .unify: "this is for phones of Siemens or Unify, not an ACS"
    case .pxe: "this is for firmware that boots from the network (PXE), not an ACS"
    case .text(let text): "this is text, \"\(text.printable(longest: 40))\", and not the URL of an ACS"
    }
  }
}
