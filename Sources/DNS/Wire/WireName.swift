/// A name as it stands in a message, without compression: each label after its length, up to the root's zero. The lengths
/// are below 64 and so no letters: a name's bytes can be compared and hashed in lower case as a whole (RFC 4343).
extension RawSpan {
  /// The byte at `offset`, which must lie within.
  func byte(at offset: Int) -> UInt8 {
    unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
  }

  private func lowercasedWord(at offset: Int) -> UInt64 {
    lowercased(unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  /// Feeds the bytes to `hasher`, with letters in lower case.
  func hashName(into hasher: inout Hasher) {
    var offset = 0
    while offset + 8 <= byteCount {
      hasher.combine(lowercasedWord(at: offset))
      offset += 8
    }
    var rest: UInt64 = 0
    while offset < byteCount {
      rest = rest << 8 | UInt64(byte(at: offset))
      offset += 1
    }
    hasher.combine(lowercased(rest))
  }

  /// The hash of the bytes with letters in lower case; another in each run of the program.
  var nameHash: Int {
    var hasher = Hasher()
    hashName(into: &hasher)
    return hasher.finalize()
  }

  /// Whether the bytes are the same but for the case of letters.
  func isSameName(as other: RawSpan) -> Bool {
    guard byteCount == other.byteCount else { return false }
    var offset = 0
    while offset + 8 <= byteCount {
      guard lowercasedWord(at: offset) == other.lowercasedWord(at: offset) else { return false }
      offset += 8
    }
    while offset < byteCount {
      guard lowercased(byte(at: offset)) == lowercased(other.byte(at: offset)) else { return false }
      offset += 1
    }
    return true
  }

  /// The name without its first label. The bytes must be a name other than the root.
  var parentName: RawSpan {
    @_lifetime(copy self) get { extracting((1 + Int(byte(at: 0)))..<byteCount) }
  }

  var isRootName: Bool { byteCount <= 1 }
}

/// The byte, in lower case where it is an ASCII letter.
func lowercased(_ byte: UInt8) -> UInt8 {
  (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
}

/// Eight bytes at once, each in lower case where it is an ASCII letter.
private func lowercased(_ word: UInt64) -> UInt64 {
  let everyByte: UInt64 = 0x0101_0101_0101_0101
  let sevenBits = word & (0x7F * everyByte)
  let atLeastA = sevenBits + (0x80 - 0x41) * everyByte
  let aboveZ = sevenBits + (0x80 - 0x5B) * everyByte
  let isUpper = ~word & (atLeastA ^ aboveZ) & (0x80 * everyByte)
  return word | isUpper >> 2
}
