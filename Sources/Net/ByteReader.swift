/// Why bytes could not be read, and where: offsets count from the start of the bytes that the reader was given.
package enum ByteError: Error, Hashable, Sendable, CustomStringConvertible {
  case truncated(at: Int, needed: Int)

  package var description: String {
    switch self {
    case .truncated(let offset, let needed): "truncated at byte \(offset): \(needed) more needed"
    }
  }
}

/// Reads big-endian (network order) values from bytes that it borrows. It never reads past their end.
package struct ByteReader: ~Escapable {
  private let bytes: RawSpan
  /// The position of the next byte to be read, from the start of the bytes.
  package private(set) var offset = 0

  @_lifetime(copy bytes)
  package init(_ bytes: RawSpan) {
    self.bytes = bytes
  }

  /// The number of bytes in all, read or not.
  package var count: Int { bytes.byteCount }

  package var remaining: Int { bytes.byteCount - offset }

  package var isAtEnd: Bool { remaining == 0 }

  @_lifetime(self: copy self)
  package mutating func readUInt8() throws(ByteError) -> UInt8 {
    try require(1)
    defer { offset += 1 }
    return self[uncheckedByteAt: offset]
  }

  @_lifetime(self: copy self)
  package mutating func readUInt16() throws(ByteError) -> UInt16 {
    try require(2)
    defer { offset += 2 }
    return UInt16(self[uncheckedByteAt: offset]) << 8 | UInt16(self[uncheckedByteAt: offset + 1])
  }

  @_lifetime(self: copy self)
  package mutating func readUInt32() throws(ByteError) -> UInt32 {
    try require(4)
    let high = try readUInt16()
    let low = try readUInt16()
    return UInt32(high) << 16 | UInt32(low)
  }

  @_lifetime(self: copy self)
  package mutating func readBytes(_ count: Int) throws(ByteError) -> [UInt8] {
    try require(count)
    defer { offset += count }
    return unsafe bytes.extracting(offset..<offset + count).withUnsafeBytes { unsafe [UInt8]($0) }
  }

  /// UTF-8; what is none becomes U+FFFD.
  @_lifetime(self: copy self)
  package mutating func readText(byteCount: Int) throws(ByteError) -> String {
    try require(byteCount)
    defer { offset += byteCount }
    return unsafe bytes.extracting(offset..<offset + byteCount).withUnsafeBytes { text in
      unsafe String(decoding: text, as: UTF8.self)
    }
  }

  @_lifetime(self: copy self)
  package mutating func skip(_ count: Int) throws(ByteError) {
    try require(count)
    offset += count
  }

  /// Goes on reading at `position`, which must lie within the bytes (their end included).
  @_lifetime(self: copy self)
  package mutating func seek(to position: Int) throws(ByteError) {
    guard position >= 0, position <= count else { throw .truncated(at: count, needed: position - count) }
    offset = position
  }

  private func require(_ needed: Int) throws(ByteError) {
    guard needed >= 0, remaining >= needed else {
      throw .truncated(at: offset, needed: needed - remaining)
    }
  }

  /// The byte at `position`, which the caller has checked to be within the bytes.
  private subscript(uncheckedByteAt position: Int) -> UInt8 {
    unsafe bytes.unsafeLoad(fromUncheckedByteOffset: position, as: UInt8.self)
  }
}

extension ByteReader {
  @_lifetime(self: copy self)
  package mutating func readIPv4Address() throws(ByteError) -> IPv4Address {
    IPv4Address(rawValue: try readUInt32())
  }

  @_lifetime(self: copy self)
  package mutating func readMACAddress() throws(ByteError) -> MACAddress {
    try require(6)
    let high = try readUInt16()
    let low = try readUInt32()
    return MACAddress(rawValue: UInt64(high) << 32 | UInt64(low))
  }
}
