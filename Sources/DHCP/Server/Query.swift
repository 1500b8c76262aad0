import Net

/// A client's message, with what the decision needs of its options read once.
struct Query {
  let message: Message
  let arrival: Arrival
  let type: MessageType
  let client: ClientKey
  /// Option 50.
  let requestedAddress: IPv4Address?
  /// Option 54.
  let serverIdentifier: IPv4Address?
  /// Option 51, in seconds; a malformed one counts as none.
  let leaseTime: UInt32?
  let relay: RelayInformation?
  /// Option 81; a malformed one counts as none.
  let fqdn: ClientFQDN?
  /// Option 118, which only counts where that is switched on (RFC 3011).
  let subnetSelection: IPv4Address?
  /// The first label of option 81, or else option 12, as a name for DNS; nil where the client wants none there.
  let hostname: String?
  /// Option 60, printable bytes only.
  let vendorClass: String?

  /// Refuses what is no request, and a malformed option that tells who is meant (50, 54, 61).
  init(_ message: Message, from arrival: Arrival) throws(Rejection) {
    guard message.op == .request else { throw Rejection(.notARequest) }
    guard message.options.contains(.messageType) else { throw Rejection(.noMessageType) }
    guard let type = (try? message.options.value(.messageType)) ?? nil else { throw Rejection(.unknownMessageType) }
    let client: ClientKey?
    do throws(MalformedOption) {
      client = try ClientKey(message)
      requestedAddress = try message.options.value(.requestedAddress)
      serverIdentifier = try message.options.value(.serverIdentifier)
    } catch {
      throw Rejection(.malformedOption)
    }
    guard let client else { throw Rejection(.noClientIdentity) }
    self.client = client
    self.type = type
    self.message = message
    self.arrival = arrival
    leaseTime = (try? message.options.value(.leaseTime)) ?? nil
    relay = message.options[.relayInformation].flatMap(RelayInformation.init(option:))
    subnetSelection = message.options[.subnetSelection].flatMap(IPv4Address.init(option:))
    fqdn = (try? message.options.value(.clientFQDN)) ?? nil
    hostname =
      fqdn?.flags.contains(.noUpdates) == true
      ? nil
      : fqdn?.labels.first.flatMap { Hostname.sanitized($0[...]) }
        ?? message.options[.hostName].flatMap(Hostname.sanitized)
    vendorClass = message.options[.vendorClass].flatMap(Hostname.printable)
  }

  struct Rejection: Error {
    let reason: IgnoreReason

    init(_ reason: IgnoreReason) {
      self.reason = reason
    }
  }

  var isRelayed: Bool { message.giaddr != .unspecified }

  /// Option 11 of option 82, which only a relay agent may set (RFC 5107).
  var serverIdentifierOverride: IPv4Address? { isRelayed ? relay?.serverIdentifierOverride : nil }
}
