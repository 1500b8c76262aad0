import Net

extension Server {
  /// RFC 2131 section 4.3.5: a client that has its address from elsewhere asks for the rest. Nothing is allocated.
  func inform(_ query: Query, on network: Network) -> Decision {
    let address = query.message.ciaddr == .unspecified ? query.arrival.source : query.message.ciaddr
    // Only clients of the network are answered: the address is theirs to claim, and an answer to any other would let them
    // aim it at whom they like.
    guard address != .unspecified, address != .broadcast else { return .ignored(.noAddressToAnswer) }
    guard let link = network.link(containing: address), link.configuration.subnet.hosts.contains(address) else {
      return .ignored(.unknownSubnet)
    }
    let reservation = link.configuration.reservations.reservation(
      for: query.client, hardware: query.message.hardware, relay: query.relay)
    let naming = (reservation?.hostname ?? query.hostname).map(Naming.granted) ?? .none
    let answer = ReplyBuilder(
      query: query, link: link, server: configuration, reservation: reservation, naming: naming
    ).information(to: address)
    return Decision(reply: answer.reply, outcomes: [.informed(address, acs: answer.acs)])
  }
}
