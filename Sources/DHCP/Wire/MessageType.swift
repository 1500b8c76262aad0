/// Option 53, DHCP message type (RFC 2132 section 9.6, RFC 4388 section 6.1).
package enum MessageType: UInt8, CaseIterable, Sendable {
  case discover = 1
  case offer = 2
  case request = 3
  case decline = 4
  case acknowledgement = 5
  case negativeAcknowledgement = 6
  case release = 7
  case inform = 8
  case forceRenew = 9
  case leaseQuery = 10
  case leaseUnassigned = 11
  case leaseUnknown = 12
  case leaseActive = 13
}

extension MessageType: CustomStringConvertible {
  /// As the RFCs write it: `DHCPDISCOVER`.
  package var description: String {
    switch self {
    case .discover: "DHCPDISCOVER"
    case .offer: "DHCPOFFER"
    case .request: "DHCPREQUEST"
    case .decline: "DHCPDECLINE"
    case .acknowledgement: "DHCPACK"
    case .negativeAcknowledgement: "DHCPNAK"
    case .release: "DHCPRELEASE"
    case .inform: "DHCPINFORM"
    case .forceRenew: "DHCPFORCERENEW"
    case .leaseQuery: "DHCPLEASEQUERY"
    case .leaseUnassigned: "DHCPLEASEUNASSIGNED"
    case .leaseUnknown: "DHCPLEASEUNKNOWN"
    case .leaseActive: "DHCPLEASEACTIVE"
    }
  }
}
