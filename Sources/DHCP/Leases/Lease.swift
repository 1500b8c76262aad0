package import Net

/// What the server has promised about one address. There is one row per address; it is kept when the lease has ended,
/// so that a client that comes back gets the same address (RFC 2131 section 4.3.1).
package struct Lease: Hashable, Sendable {
  package enum State: UInt8, Sendable {
    /// Bound until ``Lease/expiry``; past it, the address is free but remembered.
    case bound = 1
    /// Given back by its client (DHCPRELEASE).
    case released = 2
    /// Found in use by someone else (DHCPDECLINE or a conflict): not handed out until ``Lease/expiry``.
    case declined = 3
  }

  package var address: IPv4Address
  package var client: ClientKey
  /// The client's `chaddr` where it is an Ethernet address.
  package var hardware: MACAddress?
  package var state: State
  /// When the present promise was made: the moment of the last ACK, or of the release or decline.
  package var start: Timestamp
  package var expiry: Timestamp
  /// The reservation's host name, or what option 12 says as one label by RFC 1123: fit for DNS.
  package var hostname: String?
  /// Option 60 as sent, printable bytes only.
  package var vendorClass: String?
  /// Option 82 as the relay sent it, verbatim.
  package var relayInformation: [UInt8]?

  package init(
    address: IPv4Address, client: ClientKey, hardware: MACAddress?, state: State, start: Timestamp, expiry: Timestamp,
    hostname: String? = nil, vendorClass: String? = nil, relayInformation: [UInt8]? = nil
  ) {
    self.address = address
    self.client = client
    self.hardware = hardware
    self.state = state
    self.start = start
    self.expiry = expiry
    self.hostname = hostname
    self.vendorClass = vendorClass
    self.relayInformation = relayInformation
  }

  /// Whether the client may use the address at `now`.
  package func isActive(at now: Timestamp) -> Bool {
    state == .bound && now < expiry
  }
}
