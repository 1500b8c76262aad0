package import DHCP
package import Net

/// The DHCP client as RFC 2131 section 4.4 and its figure 5 have it: pure, told what comes, what time it is and a random
/// number, it says what to send and what the interface is to have.
package struct DHCPClient: Sendable {
  package enum State: Hashable, Sendable {
    /// INIT, before ``start(now:random:)`` and after a lease is lost.
    case initial
    case selecting
    /// With the offer that was taken.
    case requesting(IPv4Address, server: IPv4Address)
    /// INIT-REBOOT and REBOOTING: it asks for the address that it had.
    case rebooting(IPv4Address)
    case bound(AddressLease)
    case renewing(AddressLease)
    case rebinding(AddressLease)
  }

  /// What is to be done, in this order.
  package enum Action: Hashable, Sendable {
    /// From 0.0.0.0 to 255.255.255.255, by a frame: the interface has no address.
    case broadcastFrame(DHCP.Message)
    /// From the lease's address, by way of the kernel.
    case broadcast(DHCP.Message)
    case unicast(DHCP.Message, to: IPv4Address)
    /// The interface is to have this address: it is new, or its lease is prolonged.
    case bind(AddressLease)
    /// The interface may not have this address any longer.
    case unbind(AddressLease, Loss)
    case report(Report)
  }

  package enum Loss: Hashable, Sendable {
    case refused
    case expired
  }

  /// What the client saw and took no step for, or why it began again.
  package enum Report: Hashable, Sendable {
    case refused(IPv4Address, by: IPv4Address?)
    case noAnswer(IPv4Address)
    case unusable(AddressLease.Refusal)
  }

  package struct Settings: Sendable {
    package var hardware: MACAddress
    /// Option 60.
    package var vendorClass: String?
    /// Option 61; nil leaves it out.
    package var clientIdentifier: [UInt8]?
    /// Option 55.
    package var requestedOptions: [OptionCode]
    /// Milliseconds to the first repetition; each wait is twice the one before, up to 16 times the first
    /// (RFC 2131 section 4.1: 4 s to 64 s).
    package var firstWait: Int64
    /// False plays a router that takes no offer.
    package var takesOffers = true

    package init(
      hardware: MACAddress, vendorClass: String?, clientIdentifier: [UInt8]?,
      requestedOptions: [OptionCode] = Self.comware, firstWait: Int64 = 4000
    ) {
      self.hardware = hardware
      self.vendorClass = vendorClass
      self.clientIdentifier = clientIdentifier
      self.requestedOptions = requestedOptions
      self.firstWait = firstWait
    }

    /// Subnet mask, routers, DNS, domain, option 43, and what Comware's automatic configuration asks for: 66, 67, 150.
    package static let comware: [OptionCode] = [
      .subnetMask, .routers, .domainNameServers, .domainName, .vendorSpecific, .tftpServerName, .bootFileName,
      .tftpServers,
    ]
  }

  package private(set) var state = State.initial
  /// When ``tick(now:random:)`` has something to do.
  package private(set) var deadline: Timestamp?

  private let settings: Settings
  private var xid: UInt32 = 0
  /// When this transaction began: its `secs` count from here, and a lease from its request.
  private var began = Timestamp.distantPast
  private var requested = Timestamp.distantPast
  private var repetitions = 0

  package init(_ settings: Settings) {
    self.settings = settings
  }

  /// Begins, with a REQUEST for `previous` where the router had an address before (INIT-REBOOT), else with a DISCOVER.
  package mutating func start(previous: IPv4Address? = nil, now: Timestamp, random: UInt32) -> [Action] {
    begin(now, random)
    guard let previous else { return discover(now, random) }
    state = .rebooting(previous)
    return [.broadcastFrame(requestMessage(address: previous, server: nil, now, random))]
  }

  package mutating func receive(_ message: DHCP.Message, now: Timestamp, random: UInt32) -> [Action] {
    guard message.op == .reply, message.xid == xid, message.chaddr == settings.hardware.octets,
      let type = (try? message.options.value(.messageType)) ?? nil
    else { return [] }
    let server = (try? message.options.value(.serverIdentifier)) ?? nil
    switch (state, type) {
    case (.selecting, .offer):
      guard settings.takesOffers, let server, message.yiaddr != .unspecified else { return [] }
      state = .requesting(message.yiaddr, server: server)
      repetitions = 0
      return [.broadcastFrame(requestMessage(address: message.yiaddr, server: server, now, random))]
    case (.requesting(let address, let chosen), .negativeAcknowledgement) where server == chosen:
      return restart(reporting: .refused(address, by: server), now, random)
    case (.rebooting(let address), .negativeAcknowledgement):
      return restart(reporting: .refused(address, by: server), now, random)
    case (.renewing(let lease), .negativeAcknowledgement), (.rebinding(let lease), .negativeAcknowledgement):
      return [.unbind(lease, .refused)] + restart(reporting: .refused(lease.address, by: server), now, random)
    case (.requesting, .acknowledgement), (.rebooting, .acknowledgement), (.renewing, .acknowledgement),
      (.rebinding, .acknowledgement):
      return accept(message, now, random)
    default:
      return []
    }
  }

  package mutating func tick(now: Timestamp, random: UInt32) -> [Action] {
    guard let deadline, now >= deadline else { return [] }
    switch state {
    case .initial:
      begin(now, random)
      return discover(now, random)
    case .selecting:
      repetitions += 1
      return discover(now, random)
    case .requesting(let address, let server):
      guard repetitions < 4 else { return restart(reporting: .noAnswer(address), now, random) }
      repetitions += 1
      return [.broadcastFrame(requestMessage(address: address, server: server, now, random))]
    case .rebooting(let address):
      guard repetitions < 2 else { return restart(reporting: .noAnswer(address), now, random) }
      repetitions += 1
      return [.broadcastFrame(requestMessage(address: address, server: nil, now, random))]
    case .bound(let lease):
      begin(now, random)
      return prolong(lease, now, random)
    case .renewing(let lease), .rebinding(let lease):
      return prolong(lease, now, random)
    }
  }

  /// Gives the address back (RFC 2131 section 4.4.6): the DHCPRELEASE, where there is a lease.
  package mutating func release(random: UInt32) -> [Action] {
    defer {
      state = .initial
      deadline = nil
    }
    switch state {
    case .bound(let lease), .renewing(let lease), .rebinding(let lease):
      guard let server = lease.server else { return [] }
      var message = DHCP.Message(
        .release, xid: random, hardware: settings.hardware, clientIdentifier: settings.clientIdentifier)
      message.ciaddr = lease.address
      message.options.set(.serverIdentifier, server)
      return [.unicast(message, to: server)]
    case .initial, .selecting, .requesting, .rebooting:
      return []
    }
  }
}

extension DHCPClient {
  private mutating func begin(_ now: Timestamp, _ random: UInt32) {
    xid = random
    began = now
    repetitions = 0
  }

  private mutating func restart(reporting report: Report, _ now: Timestamp, _ random: UInt32) -> [Action] {
    state = .initial
    // A server that refuses every request must not be asked in a tight circle.
    deadline = now.advanced(byMilliseconds: settings.firstWait / 4)
    return [.report(report)]
  }

  private mutating func discover(_ now: Timestamp, _ random: UInt32) -> [Action] {
    state = .selecting
    deadline = now.advanced(byMilliseconds: wait(random))
    return [.broadcastFrame(message(.discover, now))]
  }

  private mutating func requestMessage(
    address: IPv4Address, server: IPv4Address?, _ now: Timestamp, _ random: UInt32
  ) -> DHCP.Message {
    deadline = now.advanced(byMilliseconds: wait(random))
    requested = now
    var message = message(.request, now)
    message.options.set(.requestedAddress, address)
    if let server { message.options.set(.serverIdentifier, server) }
    return message
  }

  private mutating func accept(_ message: DHCP.Message, _ now: Timestamp, _ random: UInt32) -> [Action] {
    let held: AddressLease? =
      switch state {
      case .renewing(let lease), .rebinding(let lease): lease
      default: nil
      }
    do throws(AddressLease.Refusal) {
      let lease = try AddressLease(message, requested: requested)
      state = .bound(lease)
      deadline = lease.renewal == .distantFuture ? nil : lease.renewal
      guard let held, held.address != lease.address else { return [.bind(lease)] }
      return [.unbind(held, .refused), .bind(lease)]
    } catch {
      guard held == nil else { return [.report(.unusable(error))] }
      return restart(reporting: .unusable(error), now, random)
    }
  }

  /// RENEWING until T2, REBINDING until the lease ends; repeated after half of what is left of either (RFC 2131 section
  /// 4.4.5), a minute at least.
  private mutating func prolong(_ lease: AddressLease, _ now: Timestamp, _ random: UInt32) -> [Action] {
    guard now < lease.expiry else {
      begin(now, random)
      return [.unbind(lease, .expired)] + discover(now, random)
    }
    var message = message(.request, now)
    message.ciaddr = lease.address
    requested = now
    let isRenewing = now < lease.rebinding
    let end = isRenewing ? lease.rebinding : lease.expiry
    let half = max(60_000, end.milliseconds(since: now) / 2)
    deadline = min(end, now.advanced(byMilliseconds: half))
    if isRenewing, let server = lease.server {
      state = .renewing(lease)
      return [.unicast(message, to: server)]
    }
    state = .rebinding(lease)
    return [.broadcast(message)]
  }

  private func message(_ type: MessageType, _ now: Timestamp) -> DHCP.Message {
    var message = DHCP.Message(
      type, xid: xid, hardware: settings.hardware, clientIdentifier: settings.clientIdentifier)
    message.secs = UInt16(clamping: now.seconds(since: began))
    if let vendorClass = settings.vendorClass { message.options.set(.vendorClass, vendorClass) }
    message.options.set(.maximumMessageSize, UInt16(DHCP.Message.maximumSize))
    message.options.set(.parameterRequestList, settings.requestedOptions)
    return message
  }

  /// Doubled with each repetition, and up to a quarter of the first wait more or less, so that routers that start
  /// together do not stay together.
  private func wait(_ random: UInt32) -> Int64 {
    let doubled = settings.firstWait << Int64(min(repetitions, 4))
    let spread = max(1, settings.firstWait / 2)
    return doubled - spread / 2 + Int64(random) % spread
  }
}
