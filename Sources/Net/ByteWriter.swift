/// Collects big-endian (network order) values into bytes.
package struct ByteWriter: Sendable {
  package private(set) var bytes: [UInt8] = []

  package init(reserving capacity: Int = 0) {
    bytes.reserveCapacity(capacity)
  }

  package var count: Int { bytes.count }

  package mutating func write(_ value: UInt8) {
    bytes.append(value)
  }

  package mutating func write(_ value: UInt16) {
    bytes.append(UInt8(truncatingIfNeeded: value >> 8))
    bytes.append(UInt8(truncatingIfNeeded: value))
  }

  package mutating func write(_ value: UInt32) {
    write(UInt16(truncatingIfNeeded: value >> 16))
    write(UInt16(truncatingIfNeeded: value))
  }

  package mutating func write(_ value: some Sequence<UInt8>) {
    bytes.append(contentsOf: value)
  }

  // The two that follow do as the one above, but as code of this module and not by way of the protocol's witnesses,
  // which costs a multiple where one module calls another.

  package mutating func write(_ value: [UInt8]) {
    bytes.append(contentsOf: value)
  }

  package mutating func write(_ value: ArraySlice<UInt8>) {
    bytes.append(contentsOf: value)
  }

  package mutating func write(_ address: IPv4Address) {
    write(address.rawValue)
  }

  package mutating func write(_ address: MACAddress) {
    write(UInt16(truncatingIfNeeded: address.rawValue >> 32))
    write(UInt32(truncatingIfNeeded: address.rawValue))
  }

  package mutating func write(zeros count: Int) {
    bytes.append(contentsOf: repeatElement(0, count: max(0, count)))
  }

  /// Replaces the two bytes at `offset`, which must have been written before: for a length or checksum known late.
  package mutating func replace(at offset: Int, with value: UInt16) {
    precondition(offset >= 0 && offset + 2 <= bytes.count, "the place must have been written before")
    bytes[offset] = UInt8(truncatingIfNeeded: value >> 8)
    bytes[offset + 1] = UInt8(truncatingIfNeeded: value)
  }
}
