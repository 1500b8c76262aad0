import Net

extension Message {
  /// Reads a whole UDP payload. Options are read from the options area, then `file`, then `sname` as option 52 says
  /// (RFC 3396 section 5); what follows END in an area is padding. A missing END is forgiven, and so is an option that is
  /// cut off by the end of its area, or an option 52 of no meaning: it is dropped, and told in ``defects``.
  package init(decoding packet: [UInt8]) throws(MessageError) {
    guard packet.count >= Self.fixedSize else { throw .tooShort(count: packet.count) }
    guard packet.count <= Self.maximumSize else { throw .tooLong(count: packet.count) }
    guard let op = Operation(rawValue: packet[0]) else { throw .unknownOperation(packet[0]) }
    guard packet[2] <= 16 else { throw .hardwareAddressLength(packet[2]) }
    guard packet[Offset.cookie].elementsEqual(Self.cookie) else { throw .noCookie }

    var options = OptionList(over: packet)
    var defects: [OptionDefect] = []
    options.read(from: packet, area: Self.fixedSize..<packet.count, &defects)
    var overload: UInt8 = 0
    if let value = options[.overload] {
      if value.count == 1, let only = value.first, (1...3).contains(only) {
        overload = only
      } else {
        defects.append(OptionDefect(.overload, .malformed))
      }
      if overload & 1 != 0 { options.read(from: packet, area: Offset.file, &defects) }
      if overload & 2 != 0 { options.read(from: packet, area: Offset.sname, &defects) }
      options.remove(.overload)
    }

    self.init(
      op: op, htype: packet[1], hops: packet[3], xid: packet.uint32(at: 4), secs: packet.uint16(at: 8),
      flags: packet.uint16(at: 10), ciaddr: IPv4Address(rawValue: packet.uint32(at: 12)),
      yiaddr: IPv4Address(rawValue: packet.uint32(at: 16)), siaddr: IPv4Address(rawValue: packet.uint32(at: 20)),
      giaddr: IPv4Address(rawValue: packet.uint32(at: 24)),
      chaddr: Array(packet[Offset.chaddr..<Offset.chaddr + Int(packet[2])]),
      sname: overload & 2 == 0 ? packet.text(at: Offset.sname) : [],
      file: overload & 1 == 0 ? packet.text(at: Offset.file) : [], options: options, defects: defects)
  }
}

extension OptionList {
  /// Up to END, the end of the area, or the first option that is cut off by it.
  fileprivate mutating func read(from packet: [UInt8], area: Range<Int>, _ defects: inout [OptionDefect]) {
    var offset = area.lowerBound
    while offset < area.upperBound {
      let code = OptionCode(rawValue: packet[offset])
      if code == .end { return }
      if code == .pad {
        offset += 1
        continue
      }
      guard offset + 1 < area.upperBound, case let end = offset + 2 + Int(packet[offset + 1]), end <= area.upperBound
      else {
        defects.append(OptionDefect(code, .truncated))
        return
      }
      append(code, at: offset + 2..<end)
      offset = end
    }
  }
}

/// Reads at places that the caller has checked to be within the bytes.
extension [UInt8] {
  fileprivate func uint16(at offset: Int) -> UInt16 {
    UInt16(self[offset]) << 8 | UInt16(self[offset + 1])
  }

  fileprivate func uint32(at offset: Int) -> UInt32 {
    UInt32(uint16(at: offset)) << 16 | UInt32(uint16(at: offset + 2))
  }

  /// The bytes of a field up to its first NUL.
  fileprivate func text(at field: Range<Int>) -> [UInt8] {
    self[field].first == 0 ? [] : Array(self[field].prefix { $0 != 0 })
  }
}
