package import Net

/// What a client shows of itself, apart from who it is: what advice goes by.
package struct ClientTraits: Hashable, Sendable {
  package var hardware: MACAddress?
  /// Option 61 as sent.
  package var clientIdentifier: ArraySlice<UInt8>?
  /// Option 60 as sent.
  package var vendorClass: ArraySlice<UInt8>?
  /// Option 124; nil where it is absent or malformed.
  package var vendorIdentifyingClasses: VendorIdentifyingClasses?
  /// Option 77 as sent.
  package var userClass: ArraySlice<UInt8>?
  /// What its relay says of it (option 82).
  package var relay: RelayInformation?

  package init(
    hardware: MACAddress?, clientIdentifier: ArraySlice<UInt8>? = nil, vendorClass: ArraySlice<UInt8>? = nil,
    vendorIdentifyingClasses: VendorIdentifyingClasses? = nil, userClass: ArraySlice<UInt8>? = nil,
    relay: RelayInformation? = nil
  ) {
    self.hardware = hardware
    self.clientIdentifier = clientIdentifier
    self.vendorClass = vendorClass
    self.vendorIdentifyingClasses = vendorIdentifyingClasses
    self.userClass = userClass
    self.relay = relay
  }
}

/// A condition on a client.
package enum ClientMatch: Hashable, Sendable {
  /// Option 60.
  case vendorClass(TextPattern)
  /// A value of option 77, or all of it.
  case userClass(TextPattern)
  /// Sub-options 1 and 2 of option 82.
  case circuit(BytesPattern)
  case remote(BytesPattern)
  /// The first three bytes of the hardware address as six hexadecimal digits.
  case oui(String)
  /// Option 124 has an entry of this enterprise.
  case enterprise(UInt32)
  case everyone

  package func matches(_ client: ClientTraits) -> Bool {
    switch self {
    case .vendorClass(let pattern): client.vendorClass.map(pattern.matches) ?? false
    case .userClass(let pattern):
      client.userClass.map { option in
        pattern.matches(option)
          || UserClasses(option: option)?.values.contains { pattern.matches($0[...]) } ?? false
      } ?? false
    case .circuit(let pattern): client.relay?.circuitID.map(pattern.matches) ?? false
    case .remote(let pattern): client.relay?.remoteID.map(pattern.matches) ?? false
    case .oui(let oui): client.hardware?.oui == oui.uppercased()
    case .enterprise(let number): client.vendorIdentifyingClasses?.entries.contains { $0.enterprise == number } ?? false
    case .everyone: true
    }
  }
}
