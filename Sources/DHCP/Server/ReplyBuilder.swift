import Net

/// Writes the server's answers (RFC 2131 section 4.1 and table 3).
struct ReplyBuilder {
  let query: Query
  let link: Server.Link
  let server: ServerConfiguration
  /// What is set down for the client: option 12 for one that asks, and its boot file.
  let reservation: Reservation?
  /// The name that the lease has in DNS, for option 81.
  let naming: Naming

  struct Answer {
    let reply: Reply
    /// What it says of the ACS.
    let acs: ACSHint?
    /// Why it says nothing of the ACS, where there was something to say.
    let withheld: Outcome?
  }

  /// DHCPOFFER.
  func offer(_ address: IPv4Address, seconds: UInt32) -> Answer {
    var message = skeleton(.offer)
    message.yiaddr = address
    return finish(message, seconds: seconds, to: destination(of: address))
  }

  /// DHCPACK to a DHCPREQUEST, or to a DHCPDISCOVER with option 80, which it then says (RFC 4039 section 4).
  func acknowledgement(_ address: IPv4Address, seconds: UInt32) -> Answer {
    var message = skeleton(.acknowledgement)
    message.ciaddr = query.message.ciaddr
    message.yiaddr = address
    if query.type == .discover { message.options.set(.rapidCommit, bytes: []) }
    // Only a client that writes from its address answers ARP for it; `ciaddr` alone may be what it had before.
    let hasAddress = query.arrival.source != .unspecified && message.ciaddr == address
    return finish(
      message, seconds: seconds, to: !query.isRelayed && hasAddress ? .routed(address) : destination(of: address))
  }

  /// DHCPACK to a DHCPINFORM.
  func information(to address: IPv4Address) -> Answer {
    var message = skeleton(.acknowledgement)
    message.ciaddr = query.message.ciaddr
    let isSilent = query.arrival.source == .unspecified && !query.isRelayed
    return finish(message, seconds: nil, to: isSilent ? destination(of: address) : .routed(address))
  }

  /// DHCPNAK, broadcast also by the relay: the client may have no address that is right here.
  func refusal(_ refusal: Refusal) -> Reply {
    var message = skeleton(.negativeAcknowledgement)
    message.options.set(.message, refusal.description)
    echoRelayInformation(in: &message)
    guard query.isRelayed else { return reply(message, to: .broadcast) }
    message.isBroadcast = true
    return reply(message, to: .relay(message.giaddr))
  }

  // MARK: Parts

  /// What all answers have in common: the client's own fields, and options 53, 54 and 61 (RFC 6842).
  private func skeleton(_ type: MessageType) -> Message {
    let asked = query.message
    var message = Message(
      op: .reply, htype: asked.htype, xid: asked.xid, flags: asked.flags, giaddr: asked.giaddr, chaddr: asked.chaddr)
    message.options.set(.messageType, type)
    message.options.set(.serverIdentifier, link.serverIdentifier)
    if let identifier = asked.options[.clientIdentifier] { message.options.set(.clientIdentifier, bytes: identifier) }
    return message
  }

  private func finish(_ unfinished: Message, seconds: UInt32?, to destination: Reply.Destination) -> Answer {
    var message = unfinished
    if let seconds {
      message.options.set(.leaseTime, seconds)
      if let timers = link.configuration.leaseTimes.timers(of: seconds) {
        message.options.set(.renewalTime, timers.renewal)
        message.options.set(.rebindingTime, timers.rebinding)
      }
    }
    let advice = server.advisor.advice(for: query.traits, dialect: link.configuration.dialect, bootFile: bootFile)
    var parameters = ParameterWriter(subnet: link.configuration, advice: advice, hostname: reservation?.hostname)
    parameters.write(requested: query.requestedCodes, into: &message)
    if let fqdn = query.fqdn {
      message.options.set(.clientFQDN, fqdn.answer(naming, domain: link.configuration.domainName))
    }
    if server.honorsSubnetSelection, let selected = query.subnetSelection {
      message.options.set(.subnetSelection, bytes: selected.octets)
    }
    echoRelayInformation(in: &message)
    let isWithheld = advice.acs != nil && parameters.hint == nil && !message.options.contains(.vendorSpecific)
    return Answer(
      reply: reply(message, to: destination), acs: parameters.hint,
      withheld: isWithheld ? .acsWithheld(isCPE: advice.isForCPE) : nil)
  }

  private var bootFile: BootFile? {
    switch reservation?.bootFile ?? .asOthers {
    case .asOthers: link.configuration.bootFile
    case .none: nil
    case .own(let file): file
    }
  }

  /// Option 82 is the last one, as it came (RFC 3046 section 2.2).
  private func echoRelayInformation(in message: inout Message) {
    if let relay = query.relay { message.options.set(.relayInformation, relay) }
  }

  /// Where a client is reached that has no address yet (RFC 2131 section 4.1). One that is not on Ethernet can only be
  /// reached by broadcast.
  private func destination(of address: IPv4Address) -> Reply.Destination {
    if query.isRelayed { return .relay(query.message.giaddr) }
    guard !query.message.isBroadcast, let hardware = query.message.hardware else { return .broadcast }
    return .unicast(address, hardware)
  }

  private func reply(_ message: Message, to destination: Reply.Destination) -> Reply {
    Reply(message: message, destination: destination, source: link.source, limit: limit)
  }

  /// What the client takes (option 57, at least 576), as far as the link carries it, without the IP and UDP headers.
  private var limit: Int {
    min(max(576, Int(query.maximumMessageSize ?? 576)), server.maximumPacket) - 28
  }
}
