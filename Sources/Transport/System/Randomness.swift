/// Random values from the kernel (getrandom(2), by way of the standard library).
package enum Randomness {
  /// Letters and digits that no one mistakes for another: without 0 O o, 1 I l.
  static let unambiguous = Array("23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz".utf8)

  package static func bytes(_ count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(max(0, count) + 8)
    // Eight at a time: each time is a system call.
    while bytes.count < count {
      withUnsafeBytes(of: UInt64.random(in: .min ... .max)) { bytes.append(contentsOf: $0) }
    }
    return Array(bytes.prefix(max(0, count)))
  }

  package static func uint32() -> UInt32 {
    UInt32.random(in: .min ... .max)
  }

  /// A password or nonce of letters and digits that read unambiguously, 5.8 bits a character.
  package static func token(characters count: Int) -> String {
    // Of 256 values the first 224 are four times as many as the characters; the others are passed over.
    var characters: [UInt8] = []
    while characters.count < count {
      for byte in bytes((count - characters.count) * 5 / 4 + 3) where byte < 224 && characters.count < count {
        characters.append(unambiguous[Int(byte) % unambiguous.count])
      }
    }
    return String(decoding: characters, as: UTF8.self)
  }
}
