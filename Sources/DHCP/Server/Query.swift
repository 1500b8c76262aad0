import Net

/// A client's message, with what the decision needs of its options read once. An option that cannot be used counts as
/// absent and is told in ``defects``.
final class Query {
  let message: Message
  let arrival: Arrival
  let type: MessageType
  let client: ClientKey
  /// Option 50.
  let requestedAddress: IPv4Address?
  /// Option 54.
  let serverIdentifier: IPv4Address?
  /// Option 51, in seconds.
  let leaseTime: UInt32?
  /// Option 55, as sent.
  let requestedCodes: ArraySlice<UInt8>?
  /// Option 57, in bytes.
  let maximumMessageSize: UInt16?
  /// Kept verbatim, well formed or not.
  let relay: RelayInformation?
  /// Option 81.
  let fqdn: ClientFQDN?
  /// Option 118, which only counts where that is switched on (RFC 3011).
  let subnetSelection: IPv4Address?
  /// The first label of option 81, or else option 12, as a name for DNS; nil where the client wants none there.
  let hostname: String?
  /// Option 60, printable bytes only.
  let vendorClass: String?
  /// What it shows of itself.
  let traits: ClientTraits
  /// What could not be used of it.
  let defects: [OptionDefect]

  /// Refuses what is no request, and what does not tell who is meant or what is wanted.
  init(_ message: Message, from arrival: Arrival) throws(Rejection) {
    guard message.op == .request else { throw Rejection(.notARequest) }
    let options = message.options
    guard let kind = options[.messageType] else { throw Rejection(.noMessageType) }
    // Of a type that is said twice, the first counts.
    guard let type = kind.first.flatMap({ MessageType(rawValue: $0) }) else { throw Rejection(.unknownMessageType) }
    var defects = message.defects
    if kind.count != 1 { defects.append(OptionDefect(.messageType, .malformed)) }
    guard let client = ClientKey(message, &defects) else { throw Rejection(.noClientIdentity) }
    self.client = client
    self.type = type
    self.message = message
    self.arrival = arrival
    requestedAddress = options.value(.requestedAddress, &defects)
    serverIdentifier = options.value(.serverIdentifier, &defects)
    leaseTime = options.value(.leaseTime, &defects)
    requestedCodes = Self.filled(.parameterRequestList, of: options, &defects)
    maximumMessageSize = options.value(.maximumMessageSize, &defects)
    relay = options[.relayInformation].flatMap(RelayInformation.init(option:))
    if relay?.isWellFormed == false { defects.append(OptionDefect(.relayInformation, .malformed)) }
    subnetSelection = options.value(.subnetSelection, &defects)
    fqdn = options.value(.clientFQDN, &defects)
    let label = Self.filled(.hostName, of: options, &defects).flatMap(Hostname.sanitized)
    hostname =
      fqdn?.flags.contains(.noUpdates) == true
      ? nil : fqdn?.labels.first.flatMap { Hostname.sanitized($0[...]) } ?? label
    vendorClass = Self.filled(.vendorClass, of: options, &defects).flatMap(Hostname.printable)
    _ = Self.filled(.userClass, of: options, &defects)
    traits = ClientTraits(
      hardware: message.hardware, clientIdentifier: options[.clientIdentifier], vendorClass: options[.vendorClass],
      vendorIdentifyingClasses: options.value(.vendorIdentifyingClass, &defects), userClass: options[.userClass],
      relay: relay)
    self.defects = defects
  }

  /// An option of at least one byte, as sent.
  private static func filled(
    _ code: OptionCode, of options: OptionList, _ defects: inout [OptionDefect]
  ) -> ArraySlice<UInt8>? {
    guard let bytes = options[code] else { return nil }
    if bytes.isEmpty { defects.append(OptionDefect(code, .malformed)) }
    return bytes.isEmpty ? nil : bytes
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
