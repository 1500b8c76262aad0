/// Bytes as base64 text (RFC 4648).
package enum Base64 {
  package enum Alphabet: Sendable {
    /// `+` and `/`, padded (RFC 4648 §4).
    case standard
    /// `-` and `_`, without padding: fit for a path or a query (RFC 4648 §5).
    case url

    fileprivate var digits: [UInt8] { self == .standard ? standardDigits : urlDigits }
  }

  private static let common = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
  fileprivate static let standardDigits = Array((common + "+/").utf8)
  fileprivate static let urlDigits = Array((common + "-_").utf8)

  package static func encode(_ bytes: [UInt8], _ alphabet: Alphabet = .standard) -> String {
    let digits = alphabet.digits
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      let value = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - group.count))
      for digit in 0...group.count {
        text.append(digits[Int(value >> UInt32(18 - 6 * digit) & 63)])
      }
      if alphabet == .standard { text.append(contentsOf: repeatElement(UInt8(ascii: "="), count: 3 - group.count)) }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The bytes that the text spells, or nil where a character, the length or a left-over bit is wrong. Padding may be
  /// absent; where it stands it must be right.
  package static func decode(_ text: some StringProtocol, _ alphabet: Alphabet = .standard) -> [UInt8]? {
    var digits = Array(text.utf8)
    let padding = digits.reversed().prefix { $0 == UInt8(ascii: "=") }.count
    guard padding == 0 || (padding <= 2 && digits.count.isMultiple(of: 4)) else { return nil }
    digits.removeLast(padding)
    guard digits.count % 4 != 1 else { return nil }

    var bytes: [UInt8] = []
    bytes.reserveCapacity(digits.count / 4 * 3 + 2)
    var bits: UInt32 = 0
    var count = 0
    for digit in digits {
      guard let value = value(of: digit, alphabet) else { return nil }
      bits = (bits << 6 | UInt32(value)) & 0xFFFF
      count += 6
      if count >= 8 {
        count -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
      }
    }
    guard bits & (1 << UInt32(count) - 1) == 0 else { return nil }
    return bytes
  }

  private static func value(of digit: UInt8, _ alphabet: Alphabet) -> UInt8? {
    switch digit {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): digit - UInt8(ascii: "A")
    case UInt8(ascii: "a")...UInt8(ascii: "z"): digit - UInt8(ascii: "a") + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0") + 52
    case alphabet.digits[62]: 62
    case alphabet.digits[63]: 63
    default: nil
    }
  }
}
