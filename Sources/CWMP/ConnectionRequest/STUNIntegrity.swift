import Net

/// The MESSAGE-INTEGRITY attribute: HMAC-SHA1 of the message before it, under the password (RFC 3489 section 11.2.8).
/// The header's length counts the attribute in.
package enum STUNIntegrity: Hashable, Sendable, CaseIterable {
  /// The message is filled up with zeros to a multiple of 64 bytes first.
  case filled
  /// As RFC 5389 section 15.4 has it.
  case plain

  /// How a datagram is protected by a password, or nil where it is not by this one.
  package static func of(_ datagram: [UInt8], password: [UInt8], hmac: HMACSHA1) -> STUNIntegrity? {
    guard let message = try? STUNMessage(decoding: datagram.span.bytes), let code = message.messageIntegrity,
      let place = offset(in: datagram)
    else { return nil }
    let text = Array(datagram[..<place])
    return allCases.first { $0.code(of: text, password: password, hmac: hmac) == code }
  }

  /// The datagram of a message with the attribute at its end.
  package func protected(_ message: STUNMessage, password: [UInt8], hmac: HMACSHA1) -> [UInt8] {
    var message = message
    message.attributes.append(
      .messageIntegrity(code(of: message.encoded(), password: password, hmac: hmac)))
    return message.encoded()
  }

  private func code(of text: [UInt8], password: [UInt8], hmac: HMACSHA1) -> [UInt8] {
    var writer = ByteWriter(reserving: text.count + 64)
    writer.write(text)
    writer.replace(
      at: 2, with: UInt16(clamping: text.count - STUNMessage.headerSize + 4 + STUNAttribute.integritySize))
    switch self {
    case .filled: writer.write(zeros: (64 - text.count % 64) % 64)
    case .plain: break
    }
    return hmac(password, writer.bytes)
  }

  /// Where the attribute begins in a datagram that decodes.
  private static func offset(in datagram: [UInt8]) -> Int? {
    let isPadded = (datagram.count - STUNMessage.headerSize).isMultiple(of: 4)
    var offset = STUNMessage.headerSize
    while offset + 4 <= datagram.count {
      let type = UInt16(datagram[offset]) << 8 | UInt16(datagram[offset + 1])
      if type == STUNAttribute.integrityType { return offset }
      let size = Int(datagram[offset + 2]) << 8 | Int(datagram[offset + 3])
      offset += 4 + size + (isPadded ? STUNMessage.padding(of: size) : 0)
    }
    return nil
  }
}
