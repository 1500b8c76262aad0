/// Who a client is to the server (RFC 2131 section 4.2): its client identifier where it sends one, else its hardware
/// address. Two clients with equal keys are one client, whatever else differs.
package enum ClientKey: Hashable, Sendable {
  /// The value of option 61, opaque (RFC 2132 section 9.14, RFC 4361).
  case identifier([UInt8])
  /// The `htype` and `chaddr` of a client that sends no option 61.
  case hardware(type: UInt8, address: [UInt8])

  /// One byte that tells the two kinds apart, then the bytes of the key: the form that is stored.
  package var stored: [UInt8] {
    switch self {
    case .identifier(let bytes): [1] + bytes
    case .hardware(let type, let address): [0, type] + address
    }
  }

  /// Nil for bytes that ``stored`` does not make.
  package init?(stored: [UInt8]) {
    switch stored.first {
    case 1: self = .identifier(Array(stored[1...]))
    case 0:
      guard stored.count > 1 else { return nil }
      self = .hardware(type: stored[1], address: Array(stored[2...]))
    default: return nil
    }
  }
}
