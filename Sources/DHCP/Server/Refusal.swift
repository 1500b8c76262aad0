/// Why a request is refused by a DHCPNAK. The client starts over with a DHCPDISCOVER.
package enum Refusal: String, CaseIterable, Sendable {
  case wrongSubnet
  case otherAddress
  case notGrantable
  case unknownClient
  case leaseEnded

  /// The stable name under which such refusals are counted.
  package var counter: String { "dhcp.refused.\(rawValue)" }
}

extension Refusal: CustomStringConvertible {
  /// Also what option 56 of the DHCPNAK says.
  package var description: String {
    switch self {
    case .wrongSubnet: "the address is not of this subnet"
    case .otherAddress: "another address is set down for this client"
    case .notGrantable: "the address cannot be granted"
    case .unknownClient: "nothing is known of this client"
    case .leaseEnded: "the lease has ended"
    }
  }
}
