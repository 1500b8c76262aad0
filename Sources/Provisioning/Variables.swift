package import CWMP
package import Net

/// The values that templates may name: those of the router's row in the inventory come first, then those of its
/// profile, then what is known of every router.
package struct Variables: Hashable, Sendable {
  private var values: [String: String] = [:]
  /// Names that exist, though this router has no value for them.
  private var empty: Set<String> = []

  package init(_ values: [String: String] = [:]) {
    set(values)
  }

  package subscript(name: String) -> String? { values[name] }

  package var names: [String] { Array(values.keys) }

  func isKnown(_ name: String) -> Bool { values[name] != nil || empty.contains(name) }

  /// Sets values over those that are there. An empty value is none.
  package mutating func set(_ others: [String: String]) {
    for (name, value) in others {
      if value.isEmpty { empty.insert(name) } else { values[name] = value }
    }
  }

  /// A letter, then letters, digits, dots, dashes and underscores; at most 64.
  package static func isName(_ text: String) -> Bool {
    guard text.count <= 64, let first = text.first, first.isASCII, first.isLetter else { return false }
    return text.allSatisfy(isNamePart)
  }

  static func isNamePart(_ character: Character) -> Bool {
    character.isASCII
      && (character.isLetter || character.isNumber || character == "_" || character == "-" || character == ".")
  }
}

/// What is known of a router beside what it reports.
package struct Circumstances: Hashable, Sendable {
  package var hardware: MACAddress?
  package var address: IPv4Address?
  /// The URL that routers are given for the ACS.
  package var url: String
  /// Nil where STUN is not served, or the router needs none.
  package var stun: STUNAdvice?
  /// Further variables, such as secrets that only the caller can open.
  package var variables: [String: String]
  /// Whether the router keeps the credentials that all are given for their first session.
  package var sharesCredentials = false

  package init(
    hardware: MACAddress? = nil, address: IPv4Address? = nil, url: String, stun: STUNAdvice? = nil,
    variables: [String: String] = [:]
  ) {
    self.hardware = hardware
    self.address = address
    self.url = url
    self.stun = stun
    self.variables = variables
  }
}

extension Variables {
  /// All variables for one router. Known of every router are `serial`, `mac`, `oui`, `manufacturer`, `product_class`,
  /// `software_version`, `address`, `site`, `acs_url`, `inform_interval` (in seconds) and `hostname`, which is the
  /// site, or else the serial number, in letters, digits and dashes.
  package init(for device: Device, row: Inventory.Row?, profile: Profile, _ circumstances: Circumstances) {
    let site = row?.site ?? ""
    set([
      "serial": device.id.serialNumber, "oui": device.id.oui, "product_class": device.id.productClass,
      "manufacturer": device.manufacturer, "software_version": device.softwareVersion ?? "",
      "mac": (circumstances.hardware ?? row?.hardware)?.description ?? "",
      "address": circumstances.address?.description ?? "", "site": site, "acs_url": circumstances.url,
      "inform_interval": String(profile.periodicInformInterval),
      "hostname": Self.hostname(site.isEmpty ? device.id.serialNumber : site),
    ])
    set(circumstances.variables)
    set(profile.variables)
    set(row?.variables ?? [:])
  }

  /// A host name label (RFC 1123 section 2.1) of at most 63 characters; empty where nothing is left.
  static func hostname(_ text: String) -> String {
    var label = text.unicodeScalars.prefix(63).map { isAlphanumeric($0) ? UInt8($0.value) : UInt8(ascii: "-") }
    while label.last == UInt8(ascii: "-") { label.removeLast() }
    return String(decoding: label.drop { $0 == UInt8(ascii: "-") }, as: UTF8.self)
  }

  private static func isAlphanumeric(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "0"..."9", "A"..."Z", "a"..."z": true
    default: false
    }
  }
}
