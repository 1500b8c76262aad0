/// Makes documents of careless CPEs readable: they send control characters, bytes that are not UTF-8, and ampersands as
/// they are.
package enum XMLRepair {
  /// Whether ``repaired(_:after:)`` may help.
  package static func isWorthwhile(after error: XMLError) -> Bool {
    switch error {
    case .illegalCharacter, .wrongEncoding, .malformed, .undefinedEntity: true
    case .tooLarge, .tooDeep, .tooManyElements, .tooManyAttributes, .tooManyNames, .truncated, .documentType,
      .unknownEncoding, .outOfMemory:
      false
    }
  }

  /// The bytes without control characters that XML does not have, without references to such, each ampersand that begins
  /// no reference escaped, and, where the error says so, what is not UTF-8 replaced by U+FFFD.
  package static func repaired(_ bytes: [UInt8], after error: XMLError) -> [UInt8] {
    var source = bytes
    if case .wrongEncoding = error { source = Array(String(decoding: bytes, as: UTF8.self).utf8) }
    var result: [UInt8] = []
    result.reserveCapacity(source.count)
    var place = 0
    while place < source.count {
      let byte = source[place]
      switch byte {
      case 0..<0x09, 0x0B, 0x0C, 0x0E..<0x20:
        break
      case 0xEF where place + 2 < source.count && source[place + 1] == 0xBF && source[place + 2] >= 0xBE:
        place += 2
      case UInt8(ascii: "&"):
        switch reference(in: source, at: place) {
        case .legal: result.append(byte)
        case .illegal(let count): place += count - 1
        case nil: result.append(contentsOf: "&amp;".utf8)
        }
      default:
        result.append(byte)
      }
      place += 1
    }
    return result
  }

  private enum Reference {
    case legal
    /// To a character that XML does not have; so many bytes long.
    case illegal(Int)
  }

  /// Bytes behind the ampersand, the semicolon among them.
  private static let longestReference = 32

  /// The reference that the ampersand at `place` begins, if any. Names are taken as they are: no entity is made up.
  private static func reference(in bytes: [UInt8], at place: Int) -> Reference? {
    // The search ends where no name or number goes on, so that a row of ampersands takes one step for each.
    let limit = min(bytes.count, place + 1 + longestReference)
    var end = place + 1
    while end < limit, isNameByte(bytes[end]) || bytes[end] == UInt8(ascii: "#") { end += 1 }
    guard end < limit, bytes[end] == UInt8(ascii: ";"), end > place + 1 else { return nil }
    let name = bytes[place + 1..<end]
    guard name.first == UInt8(ascii: "#") else { return name.contains(UInt8(ascii: "#")) ? nil : .legal }
    let isHexadecimal = name.dropFirst().first == UInt8(ascii: "x")
    let digits = String(decoding: name.dropFirst(isHexadecimal ? 2 : 1), as: UTF8.self)
    guard let value = UInt32(digits, radix: isHexadecimal ? 16 : 10) else { return nil }
    guard let scalar = Unicode.Scalar(value), XMLWriter.isLegal(scalar) else { return .illegal(end - place + 1) }
    return .legal
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
      true
    default: false
    }
  }
}
