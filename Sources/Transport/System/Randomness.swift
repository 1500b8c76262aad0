/// Random values from the kernel (getrandom(2), by way of the standard library).
package enum Randomness {
  /// Letters and digits that no one mistakes for another: without 0 O o, 1 I l.
  static let unambiguous = Array("23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz")

  package static func bytes(_ count: Int) -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    return (0..<max(0, count)).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
  }

  package static func uint32() -> UInt32 {
    UInt32.random(in: .min ... .max)
  }

  /// A password or nonce of letters and digits that read unambiguously, 5.8 bits a character.
  package static func token(characters count: Int) -> String {
    var generator = SystemRandomNumberGenerator()
    return String(
      (0..<max(0, count)).map { _ in unambiguous[Int.random(in: unambiguous.indices, using: &generator)] })
  }
}
