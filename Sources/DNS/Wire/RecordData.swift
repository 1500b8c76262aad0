package import Net

/// The data of a record, by its type. A type that has no case of its own is kept as bytes, in which no name is compressed
/// (RFC 3597).
package enum RecordData: Hashable, Sendable {
  case a(IPv4Address)
  case ns(Name)
  case cname(Name)
  case soa(StartOfAuthority)
  case ptr(Name)
  case mx(preference: UInt16, exchange: Name)
  /// One string or more, each of 255 bytes at most (RFC 1035 section 3.3.14).
  case txt([[UInt8]])
  case aaaa(IPv6Address)
  /// RFC 2782.
  case srv(priority: UInt16, weight: UInt16, port: UInt16, target: Name)
  case opaque(RecordType, [UInt8])

  package var type: RecordType {
    switch self {
    case .a: .a
    case .ns: .ns
    case .cname: .cname
    case .soa: .soa
    case .ptr: .ptr
    case .mx: .mx
    case .txt: .txt
    case .aaaa: .aaaa
    case .srv: .srv
    case .opaque(let type, _): type
    }
  }
}

/// The data of an SOA record (RFC 1035 section 3.3.13).
package struct StartOfAuthority: Hashable, Sendable {
  /// MNAME: the primary name server.
  package var primary: Name
  /// RNAME: the mailbox of who is responsible, its `@` written as a dot.
  package var contact: Name
  package var serial: SerialNumber
  /// Seconds, as are the next three.
  package var refresh: UInt32
  package var retry: UInt32
  package var expire: UInt32
  /// MINIMUM: with the record's own TTL, how long a negative answer may be kept (RFC 2308 section 4).
  package var minimum: UInt32

  package init(
    primary: Name, contact: Name, serial: SerialNumber, refresh: UInt32 = 3600, retry: UInt32 = 600,
    expire: UInt32 = 604_800, minimum: UInt32 = 60
  ) {
    self.primary = primary
    self.contact = contact
    self.serial = serial
    self.refresh = refresh
    self.retry = retry
    self.expire = expire
    self.minimum = minimum
  }
}

/// A number that only grows, and starts over at zero after its largest value (RFC 1982).
package struct SerialNumber: RawRepresentable, Hashable, Sendable {
  package let rawValue: UInt32

  package init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  package var next: SerialNumber { SerialNumber(rawValue: rawValue &+ 1) }

  /// Whether this number is later than `other`. Of two numbers half the circle apart neither is.
  package func isLater(than other: SerialNumber) -> Bool {
    (1..<0x8000_0000).contains(rawValue &- other.rawValue)
  }
}

extension RecordData {
  /// Reads the `length` bytes at the reader's place as the data of a record of this type.
  init(decoding reader: inout MessageReader, type: RecordType, length: Int) throws(MessageError) {
    let start = reader.offset
    switch type {
    case .a:
      guard length == 4 else { throw .dataLength(type, at: start) }
      self = .a(IPv4Address(rawValue: try reader.readUInt32()))
    case .ns:
      self = .ns(try Name(decoding: &reader))
    case .cname:
      self = .cname(try Name(decoding: &reader))
    case .soa:
      self = .soa(
        StartOfAuthority(
          primary: try Name(decoding: &reader), contact: try Name(decoding: &reader),
          serial: SerialNumber(rawValue: try reader.readUInt32()), refresh: try reader.readUInt32(),
          retry: try reader.readUInt32(), expire: try reader.readUInt32(), minimum: try reader.readUInt32()))
    case .ptr:
      self = .ptr(try Name(decoding: &reader))
    case .mx:
      self = .mx(preference: try reader.readUInt16(), exchange: try Name(decoding: &reader))
    case .txt:
      guard length > 0 else { throw .dataLength(type, at: start) }
      var strings: [[UInt8]] = []
      while reader.offset < start + length {
        strings.append(try reader.readBytes(Int(try reader.readUInt8())))
      }
      self = .txt(strings)
    case .aaaa:
      guard length == 16 else { throw .dataLength(type, at: start) }
      var halves: [UInt64] = []
      for _ in 0..<2 { halves.append(UInt64(try reader.readUInt32()) << 32 | UInt64(try reader.readUInt32())) }
      self = .aaaa(IPv6Address(high: halves[0], low: halves[1]))
    case .srv:
      self = .srv(
        priority: try reader.readUInt16(), weight: try reader.readUInt16(), port: try reader.readUInt16(),
        target: try Name(decoding: &reader))
    default:
      self = .opaque(type, try OldRecordData.expanded(type, length: length, from: &reader))
    }
    guard reader.offset == start + length else { throw .dataLength(type, at: start) }
  }

  /// Writes the data without compression and without their length.
  func encode(into writer: inout ByteWriter) {
    switch self {
    case .a(let address):
      writer.write(address)
    case .ns(let name), .cname(let name), .ptr(let name):
      name.encode(into: &writer)
    case .soa(let soa):
      soa.primary.encode(into: &writer)
      soa.contact.encode(into: &writer)
      for number in soa.numbers { writer.write(number) }
    case .mx(let preference, let exchange):
      writer.write(preference)
      exchange.encode(into: &writer)
    case .txt(let strings):
      for string in strings {
        writer.write(UInt8(truncatingIfNeeded: min(string.count, 255)))
        writer.write(string.prefix(255))
      }
    case .aaaa(let address):
      writer.write(address.octets)
    case .srv(let priority, let weight, let port, let target):
      writer.write(priority)
      writer.write(weight)
      writer.write(port)
      target.encode(into: &writer)
    case .opaque(_, let bytes):
      writer.write(bytes)
    }
  }
}

extension StartOfAuthority {
  /// What follows the two names, in wire order.
  fileprivate var numbers: [UInt32] { [serial.rawValue, refresh, retry, expire, minimum] }
}

extension RecordData {
  /// About how many bytes the data take; never fewer by more than a few.
  var estimatedSize: Int {
    switch self {
    case .a: 4
    case .aaaa: 16
    case .ns(let name), .cname(let name), .ptr(let name): name.wire.count
    case .soa(let soa): soa.primary.wire.count + soa.contact.wire.count + 20
    case .mx(_, let exchange): exchange.wire.count + 2
    case .srv(_, _, _, let target): target.wire.count + 6
    case .txt(let strings): strings.reduce(0) { $0 + $1.count + 1 }
    case .opaque(_, let bytes): bytes.count
    }
  }
}
