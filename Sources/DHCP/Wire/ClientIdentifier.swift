/// Option 61, client identifier (RFC 2132 section 9.14, RFC 4361): at least two bytes, opaque.
package struct ClientIdentifier: Hashable, Sendable {
  package let bytes: [UInt8]

  /// Nil for fewer than two bytes.
  package init?(_ bytes: some Collection<UInt8>) {
    guard bytes.count >= 2 else { return nil }
    self.bytes = Array(bytes)
  }
}

extension ClientIdentifier: OptionValue {
  package init?(option bytes: ArraySlice<UInt8>) {
    self.init(bytes)
  }

  package func write(into bytes: inout [UInt8]) {
    bytes.append(contentsOf: self.bytes)
  }
}

extension ClientKey {
  /// Nil for a client that has neither option 61 nor a hardware address. An option 61 that is no identifier counts as
  /// none (RFC 2131 section 4.2), and is noted.
  init?(_ message: Message, _ defects: inout [OptionDefect]) {
    if let identifier = message.options.value(.clientIdentifier, &defects) {
      self = .identifier(identifier.bytes)
    } else if !message.chaddr.isEmpty {
      self = .hardware(type: message.htype, address: message.chaddr)
    } else {
      return nil
    }
  }
}
