import DHCP
import Journey
import Logging
import Net
import Store

extension DHCPLoop {
  /// Notes what happened to the router: the changes that belong to its lease; sightings go their own way.
  func note(_ decision: Decision, of inbound: Inbound, by server: Server, at now: Timestamp) -> [Change] {
    let message = inbound.message
    // Who is turned away by a limit is only counted: a flood of forged addresses shall leave nothing on record.
    guard let hardware = message.hardware, !decision.outcomes.contains(where: \.isLimited) else { return [] }
    var sightings: [Fact] = []
    var changes: [Change] = []
    var isDiscovered = false
    var vendorClass: String?
    var hostname: String?
    // A renewal is no step of the journey.
    let isRenewal = message.isRenewal
    for outcome in decision.outcomes {
      switch outcome {
      case .discovered(let vendor, let host, let relay):
        isDiscovered = true
        (vendorClass, hostname) = (vendor, host)
        sightings.append(.discovered(vendorClass: vendor, hostname: host, relay: relay))
      case .offered(let address): sightings.append(.offered(address: address))
      case .acknowledged(let lease, let acs):
        if !isRenewal { changes += self.changes(lease, acs, of: message, decision, isDiscovered, at: now) }
      case .refused(let address, let refusal):
        sightings.append(.refused(address: address, reason: "\(refusal)"))
      case .released(let address): sightings.append(.released(address: address))
      case .declined(let address): sightings.append(.declined(address: address))
      case .ignored(.notOurServerIdentifier):
        // It has chosen another one, which it names.
        if let server = (try? message.options.value(.serverIdentifier)) ?? nil {
          noteServer(server, at: nil, answering: hardware)
        }
      case .ignored(.notServed):
        if leftAlone.note(message, hardware, at: now) {
          logger.info("a client is left to the other DHCP server", metadata: [.hardware: "\(hardware)"])
        }
        journey.sighting(ofKnown: hardware, .unserved(reason: "\(IgnoreReason.notServed)"), at: now)
      case .optionDropped(let defect):
        if !isRenewal {
          sightings.append(.optionDropped(code: Int(defect.code.rawValue), reason: "\(defect.reason)"))
        }
      case .nameRefused(let name, let holder):
        if !isRenewal { sightings.append(.nameRefused(name: name, reason: "\(holder)")) }
      case .ignored(.unknownSubnet), .ignored(.unknownRelay):
        guard let stray = server.stray(message, from: inbound.arrival) else { continue }
        (vendorClass, hostname) = (stray.vendorClass, stray.hostname)
        if stray.isDiscover {
          sightings.append(.discovered(vendorClass: vendorClass, hostname: hostname, relay: stray.circuit))
        }
        sightings.append(.unknownNetwork(address: stray.place, isRelayed: stray.isRelayed))
      case .ignored(let reason) where reason.isTold: sightings.append(.unserved(reason: "\(reason)"))
      case .unasked, .awaiting, .foundInUse, .informed, .acsWithheld, .ignored: break
      }
    }
    if !sightings.isEmpty {
      journey.sighting(of: hardware, vendorClass: vendorClass, hostname: hostname, sightings, at: now)
    }
    return changes
  }

  private func changes(
    _ lease: Lease, _ acs: ACSHint?, of message: Message, _ decision: Decision, _ isDiscovered: Bool, at now: Timestamp
  ) -> [Change] {
    var facts: [Fact] = []
    if message.options[.serverIdentifier] == nil, !isDiscovered {
      // INIT-REBOOT: the router still knows its address, and begins here (RFC 2131 section 4.3.2).
      facts.append(.discovered(vendorClass: lease.vendorClass, hostname: lease.hostname, relay: nil))
    }
    facts.append(
      .leased(
        address: lease.address, url: acs?.url, dialect: acs?.dialect.rawValue ?? decision.withheld?.rawValue,
        seconds: lease.expiry.seconds(since: lease.start)))
    logger.info(
      "lease committed",
      metadata: [
        .hardware: lease.hardware.map { "\($0)" } ?? "unknown", .address: "\(lease.address)",
        .expiry: "\(lease.expiry)",
      ])
    return journey.changes(leasing: lease, facts, at: now)
  }
}

extension Decision {
  fileprivate var withheld: Fact.Withheld? {
    for outcome in outcomes {
      if case .acsWithheld(let isCPE) = outcome { return isCPE ? .unasked : .unknown }
    }
    return nil
  }
}

extension Message {
  /// RENEWING or REBINDING (RFC 2131 section 4.3.2): the client goes on with what it has.
  fileprivate var isRenewal: Bool {
    ciaddr != .unspecified && !options.contains(.serverIdentifier)
      && options[.messageType]?.first == MessageType.request.rawValue
  }
}

extension Outcome {
  fileprivate var isLimited: Bool {
    switch self {
    case .ignored(.tooManyOffers), .ignored(.tooManyOffersOnLink), .ignored(.tooManyOffersAtPort): true
    case .discovered, .offered, .unasked, .awaiting, .foundInUse, .acknowledged, .informed, .refused, .released,
      .declined, .ignored, .optionDropped, .nameRefused, .acsWithheld:
      false
    }
  }
}

extension IgnoreReason {
  /// Whether the router wanted something that it should have got.
  fileprivate var isTold: Bool {
    switch self {
    case .poolExhausted, .noServerAddress, .unknownMessageType, .malformedRequest, .noAddressToAnswer: true
    case .unknownSubnet, .unknownRelay, .notARequest, .noMessageType, .notForServers, .leaseQueryUnsupported,
      .noClientIdentity, .notServed, .tooEarly,
      .tooManyOffers, .tooManyOffersOnLink, .tooManyOffersAtPort, .notOurServerIdentifier, .unknownClient,
      .notTheHolder:
      false
    }
  }
}
