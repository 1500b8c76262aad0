import Net

/// Writes one response after another into the same buffer, with names compressed (RFC 1035 section 4.1.4) and no larger
/// than allowed. Once its buffers have grown to what answers need, writing allocates nothing.
package struct ResponseWriter: Sendable {
  enum Section: Int {
    case answer = 6
    case authority = 8
    case additional = 10
  }

  /// The response, or nothing where none is to be sent.
  package private(set) var bytes: [UInt8] = []
  private(set) var isTruncated = false
  /// Where names, and names without their first labels, begin in the bytes.
  private var suffixes: [UInt16] = []
  /// Where the OPT record says how long its options are.
  private var optDataLengthOffset = 0
  /// The bytes that records may fill, the reserve for OPT left out.
  private var limit = 0

  private static let maximumSuffixes = 48
  private static let optLength = 11
  private static let optionHeaderLength = 4
  static let headerLength = 12

  package init() {
    bytes.reserveCapacity(1232)
    suffixes.reserveCapacity(Self.maximumSuffixes)
  }

  /// Forgets the last response.
  mutating func clear() {
    bytes.removeAll(keepingCapacity: true)
    suffixes.removeAll(keepingCapacity: true)
    isTruncated = false
  }

  /// Begins a response that may have `limit` bytes, at least 512, with an empty header.
  mutating func begin(
    id: UInt16, limit: Int, reservingOPT: Bool, cookie: Bool = false, extendedError: Bool = false
  ) {
    clear()
    self.limit = limit
    if reservingOPT { self.limit -= Self.optLength }
    if cookie { self.limit -= Self.optionHeaderLength + Cookies.length }
    if extendedError { self.limit -= Self.optionHeaderLength + 2 }
    append(id)
    for _ in 2..<Self.headerLength { bytes.append(0) }
  }

  mutating func setFlags(_ flags: Flags) {
    replace(at: 2, with: flags.rawValue)
  }

  /// Copies the question of the query, byte for byte: its name, without compression, then type and class.
  mutating func write(question: RawSpan) {
    let start = bytes.count
    for offset in 0..<question.byteCount { bytes.append(question.byte(at: offset)) }
    var offset = 0
    while offset < question.byteCount, question.byte(at: offset) != 0 {
      remember(start + offset)
      offset += 1 + Int(question.byte(at: offset))
    }
    replace(at: 4, with: 1)
  }

  /// Writes a whole set, or none of it and the mark of truncation where it does not fit (RFC 2181 section 9).
  @discardableResult
  mutating func write(_ set: RRset, of owner: RawSpan, in section: Section) -> Bool {
    guard !isTruncated else { return false }
    let start = place
    for data in set.data {
      let lengthOffset = beginRecord(owner, set.type, set.timeToLive)
      write(data)
      endRecord(lengthOffset)
      guard fits(since: start) else { return false }
    }
    count(set.data.count, in: section)
    return true
  }

  /// Writes the A record of an address.
  mutating func write(_ address: IPv4Address, timeToLive: UInt32, of owner: RawSpan) {
    guard !isTruncated else { return }
    let start = place
    let lengthOffset = beginRecord(owner, .a, timeToLive)
    append(address.rawValue)
    endRecord(lengthOffset)
    if fits(since: start) { count(1, in: .answer) }
  }

  /// Writes the A records of those who have a name, all or none.
  mutating func write(holdersOf label: RawSpan, in leases: LeaseDirectory, of owner: RawSpan) {
    guard !isTruncated else { return }
    let start = place
    var number = 0
    for candidate in leases.candidates(for: label) where leases.isHolder(candidate, of: label) {
      let lengthOffset = beginRecord(owner, .a, leases.timeToLive)
      append(candidate.address.rawValue)
      endRecord(lengthOffset)
      guard fits(since: start) else { return }
      number += 1
    }
    count(number, in: .answer)
  }

  /// Writes the PTR record of a leased address.
  mutating func write(pointerOf address: IPv4Address, in leases: LeaseDirectory, of owner: RawSpan) {
    guard !isTruncated else { return }
    let start = place
    let lengthOffset = beginRecord(owner, .ptr, leases.timeToLive)
    let labelOffset = bytes.count
    bytes.append(0)
    if let label = leases.label(of: address) {
      bytes.append(contentsOf: label)
    } else {
      AddressLabel.write(address) { bytes.append($0) }
    }
    bytes[labelOffset] = UInt8(truncatingIfNeeded: bytes.count - labelOffset - 1)
    write(compressed: leases.domain)
    endRecord(lengthOffset)
    if fits(since: start) { count(1, in: .answer) }
  }

  @discardableResult
  mutating func write(_ set: RRset, of owner: Name, in section: Section) -> Bool {
    let wire = owner.wire
    return write(set, of: wire.span.bytes, in: section)
  }

  /// Writes an OPT record of version 0 without options; room was reserved for it.
  mutating func writeOPT(payloadSize: UInt16, extendedResponseCode: UInt8, dnssecOK: Bool) {
    bytes.append(0)
    append(RecordType.opt.rawValue)
    append(payloadSize)
    bytes.append(extendedResponseCode)
    bytes.append(0)
    append(dnssecOK ? EDNS.dnssecOK : 0)
    append(UInt16(0))
    count(1, in: .additional)
    optDataLengthOffset = bytes.count - 2
  }

  /// Adds a COOKIE option to the OPT record just written (RFC 9018 section 4); the words are little-endian.
  mutating func writeCookie(_ clientCookie: UInt64, moment: UInt32, hash: UInt64) {
    append(EDNS.Option.cookie)
    append(UInt16(Cookies.length))
    append(littleEndian: clientCookie)
    append(0x0100_0000 as UInt32)
    append(moment)
    append(littleEndian: hash)
    replace(at: optDataLengthOffset, with: UInt16(Self.optionHeaderLength + Cookies.length))
  }

  /// Adds an extended error without text to the OPT record just written (RFC 8914).
  mutating func writeExtendedError(_ code: UInt16) {
    append(EDNS.Option.extendedError)
    append(UInt16(2))
    append(code)
    replace(at: optDataLengthOffset, with: UInt16(Self.optionHeaderLength + 2))
  }

  /// Takes the records away and sets TC, so that the client comes back over TCP. The question must have been written.
  package mutating func cut() {
    guard bytes.count > Self.headerLength else { return }
    var end = Self.headerLength
    while end < bytes.count, bytes[end] != 0 { end += 1 + Int(bytes[end]) }
    end += 5
    guard end <= bytes.count else { return }
    bytes.removeSubrange(end...)
    for offset in 6..<Self.headerLength { bytes[offset] = 0 }
    bytes[2] |= UInt8(truncatingIfNeeded: Flags.truncated.rawValue >> 8)
    isTruncated = true
  }
}

extension ResponseWriter {
  /// How much has been written.
  private struct Place {
    let bytes: Int
    let suffixes: Int
  }

  private var place: Place { Place(bytes: bytes.count, suffixes: suffixes.count) }

  /// Writes a record up to its data; returns where the length of those belongs.
  private mutating func beginRecord(_ owner: RawSpan, _ type: RecordType, _ timeToLive: UInt32) -> Int {
    write(name: owner)
    append(type.rawValue)
    append(RecordClass.internet.rawValue)
    append(timeToLive)
    append(UInt16(0))
    return bytes.count - 2
  }

  private mutating func endRecord(_ lengthOffset: Int) {
    replace(at: lengthOffset, with: UInt16(truncatingIfNeeded: bytes.count - lengthOffset - 2))
  }

  /// Whether what is written may stand; else takes back all since `start`, and marks the response as truncated.
  private mutating func fits(since start: Place) -> Bool {
    if bytes.count <= limit { return true }
    bytes.removeSubrange(start.bytes...)
    suffixes.removeSubrange(start.suffixes...)
    isTruncated = true
    return false
  }

  private mutating func count(_ records: Int, in section: Section) {
    let before = UInt16(bytes[section.rawValue]) << 8 | UInt16(bytes[section.rawValue + 1])
    replace(at: section.rawValue, with: before &+ UInt16(truncatingIfNeeded: records))
  }

  /// Names are compressed in the types of RFC 1035 only (RFC 3597 section 4).
  private mutating func write(_ data: RecordData) {
    switch data {
    case .a(let address):
      append(address.rawValue)
    case .ns(let name), .cname(let name), .ptr(let name):
      write(compressed: name)
    case .soa(let soa):
      write(compressed: soa.primary)
      write(compressed: soa.contact)
      append(soa.serial.rawValue)
      append(soa.refresh)
      append(soa.retry)
      append(soa.expire)
      append(soa.minimum)
    case .mx(let preference, let exchange):
      append(preference)
      write(compressed: exchange)
    case .txt(let strings):
      for string in strings {
        bytes.append(UInt8(truncatingIfNeeded: min(string.count, 255)))
        bytes.append(contentsOf: string.prefix(255))
      }
    case .aaaa(let address):
      append(UInt32(truncatingIfNeeded: address.high >> 32))
      append(UInt32(truncatingIfNeeded: address.high))
      append(UInt32(truncatingIfNeeded: address.low >> 32))
      append(UInt32(truncatingIfNeeded: address.low))
    case .srv(let priority, let weight, let port, let target):
      append(priority)
      append(weight)
      append(port)
      bytes.append(contentsOf: target.wire)
    case .opaque(_, let data):
      bytes.append(contentsOf: data)
    }
  }

  private mutating func write(compressed name: Name) {
    let wire = name.wire
    write(name: wire.span.bytes)
  }

  /// Writes a name: as many of its labels as no earlier name ends in, then a pointer to that one.
  private mutating func write(name: RawSpan) {
    var offset = 0
    while name.byte(at: offset) != 0 {
      if let place = suffixes.first(where: { isName(at: Int($0), sameAs: name, from: offset) }) {
        append(0xC000 | place)
        return
      }
      remember(bytes.count)
      let end = offset + 1 + Int(name.byte(at: offset))
      while offset < end {
        bytes.append(name.byte(at: offset))
        offset += 1
      }
    }
    bytes.append(0)
  }

  /// Notes a place that later names may point to: pointers have 14 bits.
  private mutating func remember(_ offset: Int) {
    guard suffixes.count < Self.maximumSuffixes, offset < 0x4000 else { return }
    suffixes.append(UInt16(offset))
  }

  /// Whether the name written at `place` is `name` from its byte `offset` on. Pointers among the bytes are our own and
  /// lead backward.
  private func isName(at place: Int, sameAs name: RawSpan, from offset: Int) -> Bool {
    var place = place
    var offset = offset
    while place < bytes.count {
      let length = bytes[place]
      if length >= 0xC0 {
        guard place + 1 < bytes.count else { return false }
        place = Int(length & 0x3F) << 8 | Int(bytes[place + 1])
        continue
      }
      guard length == name.byte(at: offset) else { return false }
      guard length != 0 else { return true }
      for index in 1...Int(length) {
        guard place + index < bytes.count, lowercased(bytes[place + index]) == lowercased(name.byte(at: offset + index))
        else { return false }
      }
      place += 1 + Int(length)
      offset += 1 + Int(length)
    }
    return false
  }

  private mutating func append(_ value: UInt16) {
    bytes.append(UInt8(truncatingIfNeeded: value >> 8))
    bytes.append(UInt8(truncatingIfNeeded: value))
  }

  private mutating func append(_ value: UInt32) {
    append(UInt16(truncatingIfNeeded: value >> 16))
    append(UInt16(truncatingIfNeeded: value))
  }

  private mutating func append(littleEndian word: UInt64) {
    for shift in stride(from: 0, to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(shift))) }
  }

  private mutating func replace(at offset: Int, with value: UInt16) {
    bytes[offset] = UInt8(truncatingIfNeeded: value >> 8)
    bytes[offset + 1] = UInt8(truncatingIfNeeded: value)
  }
}
