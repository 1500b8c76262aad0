import Net

/// An option that an operator can set by name: its code, and the type of its value (IANA: BOOTP vendor extensions and
/// DHCP options; RFC 2132 unless the option's own comment says otherwise).
package struct OptionDefinition: Hashable, Sendable {
  package enum ValueType: Hashable, Sendable {
    case address, addresses
    case flag
    case number(ClosedRange<Int64>)
    case text
    /// Domain names with compression (RFC 3397 section 2).
    case domainNames
    /// `SUBNET via ROUTER`.
    case routes
  }

  package let name: String
  package let code: OptionCode
  package let type: ValueType

  private init(_ name: String, _ code: UInt8, _ type: ValueType) {
    self.name = name
    self.code = OptionCode(rawValue: code)
    self.type = type
  }

  private static let uint8: ValueType = .number(0...0xFF)
  private static let uint16: ValueType = .number(0...0xFFFF)
  private static let uint32: ValueType = .number(0...0xFFFF_FFFF)

  /// In order of code. What the server decides itself, or a subnet has an option of its own for, is not among them.
  package static let all: [OptionDefinition] = [
    OptionDefinition("time-offset", 2, .number(-0x8000_0000...0x7FFF_FFFF)),
    OptionDefinition("time-servers", 4, .addresses), OptionDefinition("log-servers", 7, .addresses),
    OptionDefinition("lpr-servers", 9, .addresses), OptionDefinition("boot-size", 13, uint16),
    OptionDefinition("root-path", 17, .text), OptionDefinition("ip-forwarding", 19, .flag),
    OptionDefinition("default-ip-ttl", 23, .number(1...255)),
    OptionDefinition("interface-mtu", 26, .number(68...0xFFFF)),
    OptionDefinition("all-subnets-local", 27, .flag), OptionDefinition("broadcast-address", 28, .address),
    OptionDefinition("router-discovery", 31, .flag), OptionDefinition("arp-cache-timeout", 35, uint32),
    OptionDefinition("default-tcp-ttl", 37, .number(1...255)), OptionDefinition("tcp-keepalive-interval", 38, uint32),
    OptionDefinition("nis-domain", 40, .text), OptionDefinition("nis-servers", 41, .addresses),
    OptionDefinition("netbios-name-servers", 44, .addresses), OptionDefinition("netbios-dd-servers", 45, .addresses),
    OptionDefinition("netbios-node-type", 46, uint8), OptionDefinition("netbios-scope", 47, .text),
    OptionDefinition("tftp-server-name", 66, .text), OptionDefinition("smtp-servers", 69, .addresses),
    OptionDefinition("pop-servers", 70, .addresses), OptionDefinition("www-servers", 72, .addresses),
    // RFC 4833.
    OptionDefinition("posix-timezone", 100, .text), OptionDefinition("tzdb-timezone", 101, .text),
    // Seconds; RFC 8925 section 3.4 has no less than 300.
    OptionDefinition("ipv6-only-preferred", 108, .number(300...0xFFFF_FFFF)),
    // A URI, RFC 8910.
    OptionDefinition("captive-portal", 114, .text), OptionDefinition("domain-search", 119, .domainNames),
    OptionDefinition("classless-routes", 121, .routes),
    // RFC 5417.
    OptionDefinition("capwap-controllers", 138, .addresses), OptionDefinition("tftp-servers", 150, .addresses),
    // What clients of Microsoft ask for in place of 121.
    OptionDefinition("ms-classless-routes", 249, .routes),
  ]

  package static func named(_ name: String) -> OptionDefinition? {
    all.first { $0.name == name }
  }

  /// What was written is no value of the option.
  package struct ValueError: Error, Hashable, Sendable {
    /// Which of the values, from 0; nil where it is their number.
    package let index: Int?
    package let expected: String
  }

  /// The value as it goes over the wire.
  package func encode(_ values: [String]) throws(ValueError) -> [UInt8] {
    switch type {
    case .addresses:
      try require(values, "one or more IPv4 addresses", atMost: 63)
      return try each(values, "an IPv4 address such as 192.0.2.1") { IPv4Address($0)?.octets }
    case .address:
      try require(values, "one IPv4 address", atMost: 1)
      return try each(values, "an IPv4 address such as 192.0.2.1") { IPv4Address($0)?.octets }
    case .flag:
      try require(values, "true or false", atMost: 1)
      return try each(values, "true or false") { ["true": [1], "false": [0]][$0] }
    case .number(let range):
      let expected = "a number from \(range.lowerBound) to \(range.upperBound)"
      try require(values, expected, atMost: 1)
      return try each(values, expected) { text in
        guard let number = Int64(text), range.contains(number) else { return nil }
        return Self.bytes(number, width: Self.width(of: range))
      }
    case .text:
      try require(values, "one text of 1 to 255 bytes", atMost: 1)
      return try each(values, "a text of 1 to 255 bytes") { (1...255).contains($0.utf8.count) ? Array($0.utf8) : nil }
    case .domainNames:
      try require(values, "one or more domain names", atMost: 63)
      var names = DomainNameList()
      for (index, text) in values.enumerated() where !names.append(text) {
        throw ValueError(index: index, expected: "a domain name such as lab.example")
      }
      return names.bytes
    case .routes:
      try require(values, "one or more routes", atMost: 63)
      return try each(values, "a route such as \"10.1.0.0/16 via 192.0.2.1\"") { text in
        let words = text.split(separator: " ")
        guard words.count == 3, words[1] == "via", let destination = Subnet(String(words[0])),
          let router = IPv4Address(String(words[2]))
        else { return nil }
        var bytes: [UInt8] = []
        ClasslessRoutes([ClasslessRoutes.Route(to: destination, by: router)]).write(into: &bytes)
        return bytes
      }
    }
  }

  private func require(_ values: [String], _ expected: String, atMost limit: Int) throws(ValueError) {
    guard (1...limit).contains(values.count) else { throw ValueError(index: nil, expected: expected) }
  }

  private func each(
    _ values: [String], _ expected: String, _ encode: (String) -> [UInt8]?
  ) throws(ValueError) -> [UInt8] {
    var bytes: [UInt8] = []
    for (index, text) in values.enumerated() {
      guard let value = encode(text) else { throw ValueError(index: index, expected: expected) }
      bytes += value
    }
    return bytes
  }

  private static func width(of range: ClosedRange<Int64>) -> Int {
    if range.upperBound <= 0xFF, range.lowerBound >= 0 { return 1 }
    return range.upperBound <= 0xFFFF && range.lowerBound >= 0 ? 2 : 4
  }

  private static func bytes(_ number: Int64, width: Int) -> [UInt8] {
    (0..<width).reversed().map { UInt8(truncatingIfNeeded: number >> Int64(8 * $0)) }
  }
}

/// Domain names one after the other, in which one may end where another stands already (RFC 3397 section 2, RFC 1035
/// section 4.1.4).
struct DomainNameList {
  private(set) var bytes: [UInt8] = []
  /// Where each name that was written, or the end of one, begins.
  private var places: [[String]: Int] = [:]

  /// False for what is no domain name, and then nothing is appended.
  mutating func append(_ name: String) -> Bool {
    let labels = name.split(separator: ".", omittingEmptySubsequences: false).map { $0.lowercased() }
    guard !name.isEmpty, name.utf8.count <= 253, labels.allSatisfy(Self.isLabel) else { return false }
    for index in labels.indices {
      let rest = Array(labels[index...])
      if let place = places[rest] {
        bytes += [0xC0 | UInt8(place >> 8), UInt8(place & 0xFF)]
        return true
      }
      if bytes.count < 0x4000 { places[rest] = bytes.count }
      bytes.append(UInt8(labels[index].utf8.count))
      bytes += labels[index].utf8
    }
    bytes.append(0)
    return true
  }

  private static func isLabel(_ label: String) -> Bool {
    (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
      && label.utf8.allSatisfy { $0.isLetterOrDigit || $0 == UInt8(ascii: "-") }
  }
}
