/// Why a message gets no answer and changes nothing.
package enum IgnoreReason: String, CaseIterable, Sendable {
  case notARequest
  case noMessageType
  case unknownMessageType
  case notForServers
  case leaseQueryUnsupported
  case noClientIdentity
  case notServed
  case noServerAddress
  case unknownSubnet
  case unknownRelay
  case tooEarly
  case poolExhausted
  case tooManyOffers
  case tooManyOffersOnLink
  case tooManyOffersAtPort
  case notOurServerIdentifier
  case malformedRequest
  case unknownClient
  case notTheHolder
  case noAddressToAnswer

  /// The stable name under which such messages are counted.
  package var counter: String { "dhcp.ignored.\(rawValue)" }
}

extension IgnoreReason: CustomStringConvertible {
  package var description: String {
    switch self {
    case .notARequest: "it is an answer (op 2), not a request"
    case .noMessageType: "it has no message type (plain BOOTP is not served)"
    case .unknownMessageType: "its message type is unknown or malformed"
    case .notForServers: "its message type is one that only servers send"
    case .leaseQueryUnsupported: "lease queries are not answered"
    case .noClientIdentity: "it has neither a client identifier nor a hardware address"
    case .notServed:
      "nothing makes it known here (inventory, reservation, rule, vendor class): it is left to the other server"
    case .noServerAddress: "the interface that it came in by has no address"
    case .unknownSubnet: "no subnet is configured for the interface or address that it came from"
    case .unknownRelay: "no subnet is configured for the relay's address"
    case .tooEarly: "another server is left time to answer first"
    case .poolExhausted: "no address is free"
    case .tooManyOffers: "too many offers are open"
    case .tooManyOffersOnLink: "too many offers are open on its link"
    case .tooManyOffersAtPort: "too many offers are open at its port"
    case .notOurServerIdentifier: "it is for another server"
    case .malformedRequest: "it fits none of the states in which a client may request"
    case .unknownClient: "nothing is known of the client, and another server may know it"
    case .notTheHolder: "the address is not the client's"
    case .noAddressToAnswer: "it gives no address to which an answer could go"
    }
  }
}
