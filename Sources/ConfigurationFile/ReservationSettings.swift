package import Net

/// An address that belongs to one client.
package struct ReservationSettings: Section {
  /// Whom it belongs to.
  package enum Client: Hashable, Sendable {
    case hardware(MACAddress)
    /// The value of option 61, its type byte included.
    case identifier([UInt8])
    /// Sub-option 1 and 2 of option 82: whoever is at that port of a relay or switch.
    case circuit([UInt8])
    case remote([UInt8])
  }

  /// Exactly one of the four is given.
  package var mac: MACAddress?
  package var clientIdentifier: [UInt8]?
  package var circuitID: [UInt8]?
  package var remoteID: [UInt8]?
  package var address = IPv4Address.unspecified
  /// Option 12, and the name in the zone.
  package var hostname: String?
  /// Option 67, `none` for no boot file.
  package var bootFile: String?
  package var origin = Origin()

  package init() {}

  /// Nil only without any, which no file that was read has.
  package var client: Client? {
    mac.map(Client.hardware) ?? clientIdentifier.map(Client.identifier) ?? circuitID.map(Client.circuit)
      ?? remoteID.map(Client.remote)
  }

  static let schema: [Row<ReservationSettings>] = [
    Row("mac", \.mac, .mac, absent: "another is given", "The router's hardware address."),
    Row(
      "client-id", \.clientIdentifier, .hexadecimal(1...255), absent: "another is given",
      "The router's client identifier (option 61) in hexadecimal digits, its type byte included."),
    Row(
      "circuit-id", \.circuitID, .relayPort, absent: "another is given",
      "The port that the router is at, as its relay says it (option 82, circuit ID): whoever is there has the address."),
    Row(
      "remote-id", \.remoteID, .relayPort, absent: "another is given",
      "The relay or switch that the router is at (option 82, remote ID)."),
    Row("address", \.address, .ipv4, required: true, "The router's address, in a pool or not."),
    Row("hostname", \.hostname, .hostname, absent: "none", "The router's host name (option 12, DNS)."),
    Row(
      "boot-file", \.bootFile, .bootFile, absent: "as in its class or subnet",
      "The router's own boot file (option 67) as in `subnets[].boot-file`; `none` offers none."),
  ]

  func check(into findings: inout Findings) {
    let names = ["mac", "client-id", "circuit-id", "remote-id"]
    let given = names.filter(origin.isGiven)
    guard given.count != 1, let position = origin.position else { return }
    findings.add(
      Problem(
        position: position, path: origin.path,
        message: "\(origin.path) has \(given.isEmpty ? "no router" : given.joined(separator: " and "))",
        expected: "one of \(names.joined(separator: ", "))"))
  }

  /// The option that says whom it belongs to.
  var clientOption: String {
    ["mac", "client-id", "circuit-id", "remote-id"].first(where: origin.isGiven) ?? "mac"
  }
}

extension Form<[UInt8]> {
  /// What a relay calls a port: text, or bytes in hexadecimal digits after `0x`.
  fileprivate static var relayPort: Form {
    .scalar(
      "text of 1 to 255 bytes, or hexadecimal digits after 0x, such as 0x0004001a",
      parse: { text in
        let bytes = text.hasPrefix("0x") ? Hexadecimal.decode(String(text.dropFirst(2))) : Array(text.utf8)
        return bytes.flatMap { (1...255).contains($0.count) ? $0 : nil }
      },
      output: { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        let isText = bytes.allSatisfy { (0x20...0x7E).contains($0) } && !text.hasPrefix("0x")
        return isText ? Output.text(text) : .scalar("0x" + Hexadecimal.encode(bytes))
      })
  }
}
