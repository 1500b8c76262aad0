import Glibc

/// Random values from the kernel (getentropy(3)).
package enum Randomness {
  /// Letters and digits that no one mistakes for another: without 0 O o, 1 I l.
  static let unambiguous = Array("23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz".utf8)

  package static func bytes(_ count: Int) -> [UInt8] {
    let count = max(0, count)
    return [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        // The kernel gives 256 bytes at a time, and fails for larger pieces alone.
        let piece = buffer[filled..<min(filled + 256, count)]
        if getentropy(UnsafeMutableBufferPointer(rebasing: piece).baseAddress, piece.count) != 0 {
          // Where the kernel does not have the call, the standard library knows other ways.
          for place in piece.indices { buffer[place] = UInt8.random(in: .min ... .max) }
        }
        filled += piece.count
      }
    }
  }

  package static func uint32() -> UInt32 {
    UInt32.random(in: .min ... .max)
  }

  /// A password or nonce of letters and digits that read unambiguously, 5.8 bits a character.
  package static func token(characters count: Int) -> String {
    // Of 256 values the first 224 are four times as many as the characters; the others are passed over.
    var characters: [UInt8] = []
    characters.reserveCapacity(max(0, count))
    while characters.count < count {
      for byte in bytes((count - characters.count) * 5 / 4 + 3) where byte < 224 && characters.count < count {
        characters.append(unambiguous[Int(byte) % unambiguous.count])
      }
    }
    return String(decoding: characters, as: UTF8.self)
  }
}
