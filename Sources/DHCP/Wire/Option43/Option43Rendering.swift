import Net

/// What to paste into other DHCP servers so that they send these bytes as option 43.
package enum Option43Rendering: String, CaseIterable, Sendable {
  /// Comware's own DHCP server, in DHCP address pool view.
  case comware
  /// Kea, an entry of `client-classes`: only in a class may option 43 be bytes instead of sub-options.
  case kea
  /// ISC dhcpd, in any scope.
  case dhcpd
  /// dnsmasq. As whole-option bytes, so that it does not append 0xFF as it does for `vendor:` options; forced, because
  /// many CPEs do not ask for option 43.
  case dnsmasq

  package var title: String {
    switch self {
    case .comware: "HPE/H3C Comware"
    case .kea: "Kea"
    case .dhcpd: "ISC dhcpd"
    case .dnsmasq: "dnsmasq"
    }
  }

  package func render(_ bytes: [UInt8]) -> String {
    switch self {
    case .comware: "option 43 hex \(Hexadecimal.encode(bytes).uppercased())"
    case .kea: Self.kea(bytes)
    case .dhcpd: "option vendor-encapsulated-options \(Self.colons(bytes));"
    case .dnsmasq: "dhcp-option-force=43,\(Self.colons(bytes))"
    }
  }

  private static func colons(_ bytes: [UInt8]) -> String {
    bytes.map { Hexadecimal.encode([$0]) }.joined(separator: ":")
  }

  private static func kea(_ bytes: [UInt8]) -> String {
    """
    {
      "name": "acs",
      "option-def": [
        { "name": "vendor-encapsulated-options", "code": 43, "type": "binary" }
      ],
      "option-data": [
        {
          "name": "vendor-encapsulated-options",
          "csv-format": false,
          "always-send": true,
          "data": "\(Hexadecimal.encode(bytes).uppercased())"
        }
      ]
    }
    """
  }
}
