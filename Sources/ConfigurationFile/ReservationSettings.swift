package import Net

/// An address that belongs to one client.
package struct ReservationSettings: Section {
  /// Whom it belongs to.
  package enum Client: Hashable, Sendable {
    case hardware(MACAddress)
    /// The value of option 61, its type byte included.
    case identifier([UInt8])
  }

  /// Exactly one of the two is given.
  package var mac: MACAddress?
  package var clientIdentifier: [UInt8]?
  package var address = IPv4Address.unspecified
  /// Option 12, and the name in the zone.
  package var hostname: String?
  package var origin = Origin()

  package init() {}

  /// Nil only without either, which no file that was read has.
  package var client: Client? {
    mac.map(Client.hardware) ?? clientIdentifier.map(Client.identifier)
  }

  static let schema: [Row<ReservationSettings>] = [
    Row("mac", \.mac, .mac, absent: "client-id is given", "The router's hardware address."),
    Row(
      "client-id", \.clientIdentifier, .hexadecimal(1...255), absent: "mac is given",
      "The router's client identifier (option 61) in hexadecimal digits, its type byte included."),
    Row("address", \.address, .ipv4, required: true, "The router's address, in a pool or not."),
    Row("hostname", \.hostname, .hostname, absent: "none", "The router's host name (option 12, DNS)."),
  ]

  func check(into findings: inout Findings) {
    let given = ["mac", "client-id"].filter(origin.isGiven)
    guard given.count != 1, let position = origin.position else { return }
    findings.add(
      Problem(
        position: position, path: origin.path,
        message: "\(origin.path) has \(given.isEmpty ? "neither mac nor client-id" : "both mac and client-id")",
        expected: "one of the two"))
  }
}
