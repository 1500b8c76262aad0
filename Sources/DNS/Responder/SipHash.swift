/// SipHash-2-4 (Aumasson and Bernstein, 2012), as cookies use it (RFC 9018 section 4.4): over whole words of eight bytes
/// and one last word.
struct SipHash {
  private var v0: UInt64
  private var v1: UInt64
  private var v2: UInt64
  private var v3: UInt64
  private var byteCount = 0

  /// The key is two words, as they are read from its bytes in little-endian order.
  init(key: (UInt64, UInt64)) {
    v0 = key.0 ^ 0x736F_6D65_7073_6575
    v1 = key.1 ^ 0x646F_7261_6E64_6F6D
    v2 = key.0 ^ 0x6C79_6765_6E65_7261
    v3 = key.1 ^ 0x7465_6462_7974_6573
  }

  /// Eight bytes, read in little-endian order.
  mutating func combine(_ word: UInt64) {
    byteCount += 8
    absorb(word)
  }

  /// The bytes that are left, 7 at most, as the lower bytes of a word.
  mutating func finish(_ rest: UInt64, byteCount restCount: Int) -> UInt64 {
    absorb(rest | UInt64((byteCount + restCount) & 0xFF) << 56)
    v2 ^= 0xFF
    for _ in 0..<4 { round() }
    return v0 ^ v1 ^ v2 ^ v3
  }

  private mutating func absorb(_ word: UInt64) {
    v3 ^= word
    round()
    round()
    v0 ^= word
  }

  private mutating func round() {
    v0 &+= v1
    v2 &+= v3
    v1 = Self.rotated(v1, 13) ^ v0
    v3 = Self.rotated(v3, 16) ^ v2
    v0 = Self.rotated(v0, 32)
    v2 &+= v1
    v0 &+= v3
    v1 = Self.rotated(v1, 17) ^ v2
    v3 = Self.rotated(v3, 21) ^ v0
    v2 = Self.rotated(v2, 32)
  }

  private static func rotated(_ word: UInt64, _ bits: UInt64) -> UInt64 { word << bits | word >> (64 - bits) }
}
