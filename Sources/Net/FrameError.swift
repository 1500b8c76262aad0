/// Why a frame is not a UDP datagram for us, and where: offsets count from the start of the frame.
package enum FrameError: Error, Hashable, Sendable {
  case truncated(at: Int, needed: Int)
  /// Not IPv4, by its EtherType or by the version in its header.
  case notIPv4(etherType: UInt16)
  case headerLength(Int, at: Int)
  case totalLength(Int, at: Int)
  /// Fragments are refused: nothing that boots a router is longer than a frame.
  case fragment(at: Int)
  case headerChecksum(at: Int)
  case notUDP(UInt8)
  case datagramLength(Int, at: Int)
  case datagramChecksum(at: Int)

  init(_ error: ByteError) {
    switch error {
    case .truncated(let offset, let needed): self = .truncated(at: offset, needed: needed)
    }
  }

  /// The stable name under which such frames are counted.
  package var counter: String {
    switch self {
    case .truncated: "frame.refused.truncated"
    case .notIPv4: "frame.refused.notIPv4"
    case .headerLength: "frame.refused.headerLength"
    case .totalLength: "frame.refused.totalLength"
    case .fragment: "frame.refused.fragment"
    case .headerChecksum: "frame.refused.headerChecksum"
    case .notUDP: "frame.refused.notUDP"
    case .datagramLength: "frame.refused.datagramLength"
    case .datagramChecksum: "frame.refused.datagramChecksum"
    }
  }
}

extension FrameError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .truncated(let offset, let needed): "the frame ends at byte \(offset), \(needed) bytes too early"
    case .notIPv4(let etherType): "no IPv4 packet (EtherType 0x\(String(etherType, radix: 16)))"
    case .headerLength(let length, let offset): "an IPv4 header of \(length) bytes at byte \(offset)"
    case .totalLength(let length, let offset): "an IPv4 total length of \(length) at byte \(offset)"
    case .fragment(let offset): "a fragment of an IPv4 packet (byte \(offset))"
    case .headerChecksum(let offset): "a wrong IPv4 header checksum at byte \(offset)"
    case .notUDP(let number): "IP protocol \(number), not UDP"
    case .datagramLength(let length, let offset): "a UDP length of \(length) at byte \(offset)"
    case .datagramChecksum(let offset): "a wrong UDP checksum at byte \(offset)"
    }
  }
}
