package import Net

/// Option 82, relay agent information (RFC 3046). Kept verbatim, because it must be echoed unchanged, well formed or not.
package struct RelayInformation: Hashable, Sendable {
  package let bytes: [UInt8]

  package init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  package init(subOptions: [(code: UInt8, value: [UInt8])]) {
    bytes = subOptions.flatMap { [$0.code, UInt8($0.value.prefix(255).count)] + $0.value.prefix(255) }
  }

  /// Sub-option 1, agent circuit ID: the port that the client is on (section 3.1).
  package var circuitID: ArraySlice<UInt8>? { subOption(1) }

  /// Sub-option 2, agent remote ID (section 3.2).
  package var remoteID: ArraySlice<UInt8>? { subOption(2) }

  /// Sub-option 5, link selection: an address in the client's subnet where `giaddr` is not (RFC 3527). Nil where it is
  /// absent or not an address.
  package var linkSelection: IPv4Address? { subOption(5).flatMap(IPv4Address.init(option:)) }

  /// Sub-option 10, flags: whether the client had sent its message by unicast (RFC 5010). Nil where that is not said.
  package var isUnicast: Bool? {
    guard let value = subOption(10), value.count == 1, let flags = value.first else { return nil }
    return flags & 0x80 != 0
  }

  /// Sub-option 11, server identifier override: what option 54 of the answer must be (RFC 5107). Nil where it is absent
  /// or not an address.
  package var serverIdentifierOverride: IPv4Address? { subOption(11).flatMap(IPv4Address.init(option:)) }

  /// The client's port: the circuit and remote ID in the form of the option, or all of the option where it has neither. The rest may be another each time, such as the authentication of RFC 4030.
  package var port: [UInt8] {
    let named: [(code: UInt8, value: [UInt8])] = [(UInt8(1), circuitID), (2, remoteID)].compactMap { code, value in
      value.map { (code, Array($0)) }
    }
    return named.isEmpty ? bytes : RelayInformation(subOptions: named).bytes
  }

  /// Whether every byte belongs to a sub-option.
  var isWellFormed: Bool {
    var rest = bytes[...]
    while rest.count >= 2, rest.count >= 2 + Int(rest[rest.startIndex + 1]) {
      rest = rest.dropFirst(2 + Int(rest[rest.startIndex + 1]))
    }
    return rest.isEmpty && !bytes.isEmpty
  }

  /// The first sub-option of this code, nil where there is none before the end or before the first that is cut off.
  package func subOption(_ code: UInt8) -> ArraySlice<UInt8>? {
    var rest = bytes[...]
    while let next = rest.popFirst(), let length = rest.popFirst(), rest.count >= Int(length) {
      if next == code { return rest.prefix(Int(length)) }
      rest = rest.dropFirst(Int(length))
    }
    return nil
  }
}

extension RelayInformation: OptionValue {
  package init?(option bytes: ArraySlice<UInt8>) {
    self.bytes = Array(bytes)
  }

  package func write(into bytes: inout [UInt8]) {
    bytes.append(contentsOf: self.bytes)
  }
}
