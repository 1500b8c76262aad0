/// Whose software a router runs, as far as it shows: that decides which commands it understands.
package enum Maker: String, CaseIterable, Hashable, Sendable {
  /// H3C, HPE, 3Com.
  case comware
  /// Huawei's routers with a command line, such as the AR series.
  case vrp
  /// MikroTik.
  case routerOS
  /// Any other, or one that does not show.
  case other

  /// By what its Inform says (TR-069 table "DeviceIdStruct").
  ///
  /// The makers of Comware also make devices that run something else (HPE's ProVision switches, H3C's home routers): of
  /// those that say their version, it has to be in Comware's form, unless the product class is one of its routers.
  package init(manufacturer: String, oui: String, productClass: String, softwareVersion: String?) {
    let version = softwareVersion?.lowercased()
    let model = productClass.lowercased()
    if Self.hasWord(Self.comwareNames, in: manufacturer) || oui == Self.h3c {
      let isComware = version.map(Self.isComware) ?? true
      self = isComware || model.contains("msr") ? .comware : .other
    } else if Self.hasWord(["huawei"], in: manufacturer) {
      let isRouter = model.hasPrefix("ar") || model.hasPrefix("netengine")
      self = isRouter || version?.contains("vrp") == true ? .vrp : .other
    } else if Self.hasWord(["mikrotik", "mikrotikls", "routeros"], in: manufacturer) {
      self = .routerOS
    } else {
      self = .other
    }
  }

  /// By the vendor class of its DHCP messages (option 60).
  package init(vendorClass: String) {
    let words = Self.words(vendorClass)
    if words.contains(where: Self.comwareNames.contains) {
      self = .comware
    } else if words.contains("huawei"), words.contains(where: { $0.hasPrefix("ar") }) {
      self = .vrp
    } else if words.contains("mikrotik") {
      self = .routerOS
    } else {
      self = .other
    }
  }

  private static let comwareNames: Set<String> = ["h3c", "hp", "hpe", "hewlett", "3com", "comware"]

  /// The OUI that H3C's routers have told for longest.
  private static let h3c = "000FE2"

  /// Such as `7.1.064, Release 0821P20`, `5.20.106`, `Comware Software, Version 7.1` or `CMW710-R0427P22`.
  private static func isComware(_ version: String) -> Bool {
    version.hasPrefix("5.20") || version.hasPrefix("7.1") || version.hasPrefix("9.1") || version.contains("comware")
      || version.contains("cmw") || version.contains("version 5.20") || version.contains("version 7.1")
      || words(version).contains { $0 == "release" || $0 == "ess" || $0 == "feature" }
  }

  private static func hasWord(_ names: Set<String>, in text: String) -> Bool {
    words(text).contains(where: names.contains)
  }

  private static func words(_ text: String) -> [String] {
    text.lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }.map(String.init)
  }
}
