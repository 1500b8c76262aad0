import DHCP
import Net

/// That a client took an address from another DHCP server, as the wire shows it: a DHCPREQUEST names the address and the
/// server that it chose (RFC 2131 section 4.3.2), a DHCPACK of the other server the client and its address.
struct ElsewhereLease: Hashable {
  let hardware: MACAddress
  let address: IPv4Address
  let server: IPv4Address

  /// By a client's request that was ignored here because it is for another server, or because its client is.
  init?(_ message: Message, from arrival: Arrival, _ outcome: Outcome?) {
    switch outcome {
    case .ignored(.notOurServerIdentifier)?, .ignored(.notServed)?: break
    default: return nil
    }
    guard (try? message.options.value(.messageType)) ?? nil == .request, let hardware = message.hardware,
      let server = (try? message.options.value(.serverIdentifier)) ?? nil,
      !arrival.interfaceAddresses.contains(server),
      let address = (try? message.options.value(.requestedAddress)) ?? nil
    else { return nil }
    self.init(hardware, address, server)
  }

  /// By what another server sent.
  init?(_ message: Message, of server: IPv4Address) {
    guard (try? message.options.value(.messageType)) ?? nil == .acknowledgement, let hardware = message.hardware else {
      return nil
    }
    self.init(hardware, message.yiaddr, server)
  }

  private init?(_ hardware: MACAddress, _ address: IPv4Address, _ server: IPv4Address) {
    guard address != .unspecified, address != .broadcast else { return nil }
    self.hardware = hardware
    self.address = address
    self.server = server
  }
}
