package import Net

/// What the server does about one message. The changes must be durable before the reply leaves.
package struct Decision: Hashable, Sendable {
  package var reply: Reply?
  /// Rows to write, which the table has already taken over for the rest of the batch.
  package var changes: [Lease]
  /// What happened, in order; never empty.
  package var outcomes: [Outcome]

  package init(reply: Reply? = nil, changes: [Lease] = [], outcomes: [Outcome]) {
    self.reply = reply
    self.changes = changes
    self.outcomes = outcomes
  }

  /// Whether the message is to be decided again.
  var isAwaiting: Bool {
    if case .awaiting? = outcomes.first { true } else { false }
  }

  static func ignored(_ reason: IgnoreReason) -> Decision {
    Decision(outcomes: [.ignored(reason)])
  }
}

package enum Outcome: Hashable, Sendable {
  /// A DHCPDISCOVER: the client is looking for a server. `relay` is option 82's circuit identifier as text.
  case discovered(vendorClass: String?, hostname: String?, relay: String?)
  case offered(IPv4Address)
  /// The address was offered without asking whether anyone has it.
  case unasked(IPv4Address)
  /// The message is to be decided again when it is known whether anyone has the address.
  case awaiting(IPv4Address)
  /// An address that was to be offered is somebody's, whom only a link tells.
  case foundInUse(IPv4Address, MACAddress?)
  /// `acs` is what the DHCPACK said of the ACS, nil where it said nothing.
  case acknowledged(Lease, acs: ACSHint?)
  /// A DHCPINFORM was answered.
  case informed(IPv4Address, acs: ACSHint?)
  case refused(IPv4Address?, Refusal)
  case released(IPv4Address)
  case declined(IPv4Address)
  case ignored(IgnoreReason)
  /// An option could not be used, and the message was decided without it.
  case optionDropped(OptionDefect)
  /// The client calls itself by a name that is another's, and is named by its address in DNS.
  case nameRefused(String, NameHolder)
  /// The DHCPACK said nothing of the ACS, as the client did not ask for it; `isCPE` is whether it is known to be one, and
  /// would be told by other settings (``Advisor/Sending/whenMatched``).
  case acsWithheld(isCPE: Bool)

  /// The stable name under which it is counted.
  package var counter: String {
    switch self {
    case .discovered: "dhcp.discovered"
    case .offered: "dhcp.offered"
    case .unasked: "dhcp.offered.unasked"
    case .awaiting: "dhcp.awaiting"
    case .foundInUse: "dhcp.foundInUse"
    case .acknowledged: "dhcp.acknowledged"
    case .informed: "dhcp.informed"
    case .refused(_, let refusal): refusal.counter
    case .released: "dhcp.released"
    case .declined: "dhcp.declined"
    case .ignored(let reason): reason.counter
    case .optionDropped(let defect): defect.counter
    case .nameRefused: "dhcp.nameRefused"
    case .acsWithheld: "dhcp.acsWithheld"
    }
  }
}

/// What a reply tells a client of its ACS.
package struct ACSHint: Hashable, Sendable {
  package let url: String
  package let dialect: Dialect

  package init(url: String, dialect: Dialect) {
    self.url = url
    self.dialect = dialect
  }
}

/// A message to be sent, and where to.
package struct Reply: Hashable, Sendable {
  package enum Destination: Hashable, Sendable {
    /// 255.255.255.255 port 68, in a broadcast frame on the interface that the message came in by.
    case broadcast
    /// This address, port 68, in a frame to this hardware address: the client does not answer ARP yet.
    case unicast(IPv4Address, MACAddress)
    /// This address, port 67: the relay agent.
    case relay(IPv4Address)
    /// This address, port 68, the ordinary way: the client has the address.
    case routed(IPv4Address)
  }

  package var message: Message
  package var destination: Destination
  /// The server's address: option 54, and the source of the packet (unless a relay has put its own in option 54).
  package var source: IPv4Address
  /// The longest UDP payload that the client takes, in bytes.
  package var limit: Int

  package func encode() -> EncodedMessage {
    message.encode(limit: limit)
  }
}
