package import Net

/// A DHCP option that is sent as it is (RFC 2132).
package struct OptionSettings: Section {
  package var code = 0
  /// Exactly one of the three is given.
  package var hex: [UInt8]?
  package var addresses: [IPv4Address]?
  package var text: String?
  package var origin = Origin()

  package init() {}

  /// What goes over the wire.
  package var bytes: [UInt8] {
    hex ?? addresses.map { $0.flatMap(\.octets) } ?? text.map { Array($0.utf8) } ?? []
  }

  /// The options that the server makes itself, each with what does that.
  private static let reserved: [Int: String] = [
    1: "subnet", 3: "routers", 6: "dns-servers", 15: "domain", 50: "the protocol", 51: "lease-time",
    52: "the protocol", 53: "the protocol", 54: "the protocol", 55: "the protocol", 57: "the protocol",
    58: "lease-time", 59: "lease-time", 61: "the protocol", 67: "boot-file", 82: "the relay",
  ]

  static let schema: [Row<OptionSettings>] = [
    Row("code", \.code, .integer(1...254), required: true, "The number of the option."),
    Row("hex", \.hex, .hexadecimal(0...255), absent: "another form is given", "The value in hexadecimal digits."),
    Row(
      "addresses", \.addresses, .list(of: .ipv4, "addresses", atMost: 63), absent: "another form is given",
      "The value as IPv4 addresses."),
    Row("text", \.text, .text(1...255), absent: "another form is given", "The value as text."),
  ]

  func check(into findings: inout Findings) {
    if origin.isRight("code"), let owner = Self.reserved[code] {
      findings.add(
        origin.problem(
          at: "code", "\(origin.path).code is \(code), an option that \(owner) decides", expected: "another option"))
    }
    let forms = ["hex", "addresses", "text"].filter(origin.isGiven)
    guard forms.count != 1, let position = origin.position else { return }
    findings.add(
      Problem(
        position: position, path: origin.path,
        message: "\(origin.path) has \(forms.isEmpty ? "no value" : forms.joined(separator: " and "))",
        expected: "one of hex, addresses, text"))
  }
}
