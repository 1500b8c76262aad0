package import Net

/// What the members of a class are given in place of what others of their subnet are; nil where the same.
package struct ClassValues: Hashable, Sendable {
  /// Seconds (option 51).
  package var leaseTime: Int?
  /// Option 67, `none` for no boot file.
  package var bootFile: String?
  /// Options 66 and 150, and `siaddr`.
  package var bootServer: IPv4Address?
  package var dialect: DHCPSettings.Dialect?
  package var options: [OptionSettings] = []

  /// These values, and where they say nothing, those of `other`. Of options, each code counts by itself.
  package func before(_ other: ClassValues) -> ClassValues {
    var values = self
    values.leaseTime = leaseTime ?? other.leaseTime
    values.bootFile = bootFile ?? other.bootFile
    values.bootServer = bootServer ?? other.bootServer
    values.dialect = dialect ?? other.dialect
    values.options += other.options.filter { option in !options.contains { $0.code == option.code } }
    return values
  }
}

/// A kind of router, told by what it says of itself or by the port that it is at: all that is given must hold.
package struct ClassSettings: Section {
  package var name = ""
  /// A pattern of option 60.
  package var vendorClass: String?
  /// A pattern of option 77.
  package var userClass: String?
  /// Six upper-case hexadecimal digits: the first three octets of the hardware address.
  package var oui: String?
  /// Patterns of sub-options 1 and 2 of option 82.
  package var circuitID: PortPattern?
  package var remoteID: PortPattern?
  package var values = ClassValues()
  package var origin = Origin()

  package init() {}

  /// The options that tell whom the class is of.
  private static let matchers = ["vendor-class", "user-class", "oui", "circuit-id", "remote-id"]

  static let schema: [Row<ClassSettings>] = [
    Row(
      "name", \.name, .text(Form.variableName, Form.isVariableName), required: true,
      "The name of the class, for `subnets[].classes`."),
    Row(
      "vendor-class", \.vendorClass, .pattern, absent: "any",
      "A pattern of the vendor class (option 60); * stands for any text, ? for one character."),
    Row("user-class", \.userClass, .pattern, absent: "any", "A pattern of the user class (option 77)."),
    Row("oui", \.oui, .oui, absent: "any", "The first three octets of the router's hardware address."),
    Row(
      "circuit-id", \.circuitID, .portPattern, absent: "any",
      "The port that the router is at, as its relay says it (option 82, circuit ID), or a pattern of it."),
    Row(
      "remote-id", \.remoteID, .portPattern, absent: "any",
      "The relay or switch that the router is at (option 82, remote ID), or a pattern of it."),
    Row(
      "lease-time", \.values.leaseTime, .duration(60...31_536_000), absent: "as in the subnet",
      "How long a lease lasts (option 51)."),
    Row(
      "boot-file", \.values.bootFile, .bootFile, absent: "as in the subnet",
      "The boot file (option 67) as in `subnets[].boot-file`, also for firmware that boots over the network; `none` offers none."
    ),
    Row(
      "boot-server", \.values.bootServer, .ipv4, absent: "as in the subnet",
      "The TFTP server of the boot file (options 66 and 150)."),
    Row(
      "dialect", \.values.dialect, .choice(), absent: "as in the subnet",
      "How option 43 tells the ACS URL, if it does."),
    Row(
      "options", \.values.options, .list(of: .section, "options", atMost: 64),
      "Options for the class, each in place of the subnet's of the same number."),
  ]

  func check(into findings: inout Findings) {
    values.options.checkCodes(&findings)
    guard !Self.matchers.contains(where: origin.isGiven), let position = origin.position else { return }
    findings.add(
      Problem(
        position: position, path: origin.path, message: "\(origin.path) tells no routers apart",
        expected: "one or more of \(Self.matchers.joined(separator: ", "))"))
  }
}

/// What a class is given in one subnet.
package struct SubnetClassSettings: Section {
  /// The name of one of ``DHCPSettings/classes``.
  package var name = ""
  /// Addresses for the class and nobody else; none where it shares those of the subnet.
  package var pool: [AddressRange] = []
  package var values = ClassValues()
  package var origin = Origin()

  package init() {}

  static let schema: [Row<SubnetClassSettings>] = [
    Row("class", \.name, .text(Form.variableName, Form.isVariableName), required: true, "One of `dhcp.classes`."),
    Row(
      "pool", \.pool, .oneOrMore(of: .range, "ranges", atMost: 256),
      "Addresses for the class alone, which then gets no others. Where there are none, it shares those of the subnet."),
    Row(
      "lease-time", \.values.leaseTime, .duration(60...31_536_000), absent: "as in `dhcp.classes`",
      "How long a lease lasts (option 51)."),
    Row(
      "boot-file", \.values.bootFile, .bootFile, absent: "as in `dhcp.classes`",
      "The boot file (option 67) as in `subnets[].boot-file`; `none` offers none."),
    Row(
      "boot-server", \.values.bootServer, .ipv4, absent: "as in `dhcp.classes`",
      "The TFTP server of the boot file (options 66 and 150)."),
    Row(
      "dialect", \.values.dialect, .choice(), absent: "as in `dhcp.classes`",
      "How option 43 tells the ACS URL, if it does."),
    Row(
      "options", \.values.options, .list(of: .section, "options", atMost: 64),
      "Options for the class in this subnet, each in place of the class's of the same number."),
  ]

  func check(into findings: inout Findings) {
    values.options.checkCodes(&findings)
  }
}

/// The name of a port or a relay: text in which `*` and `?` are wildcards, or exact bytes.
package enum PortPattern: Hashable, Sendable {
  case text(String)
  case bytes([UInt8])
}

extension Form<PortPattern> {
  fileprivate static var portPattern: Form {
    .scalar(
      "a pattern of 1 to 255 bytes, or hexadecimal digits after 0x, such as 0x0004001a",
      parse: { text in
        guard text.hasPrefix("0x") else { return (1...255).contains(text.utf8.count) ? .text(text) : nil }
        return Hexadecimal.decode(String(text.dropFirst(2))).flatMap {
          (1...255).contains($0.count) ? .bytes($0) : nil
        }
      },
      output: { pattern in
        switch pattern {
        case .text(let text): Output.text(text)
        case .bytes(let bytes): .scalar("0x" + Hexadecimal.encode(bytes))
        }
      })
  }
}
