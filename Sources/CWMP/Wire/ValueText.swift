import Net

extension ValueType {
  /// Whether the text is a value of this type (XML Schema part 2; SOAP 1.1 for base64).
  package func accepts(_ text: String) -> Bool {
    switch self {
    case .string: text.unicodeScalars.allSatisfy { $0.value >= 0x20 || ["\t", "\n", "\r"].contains($0) }
    case .int: Int32(text) != nil
    case .unsignedInt: UInt32(text) != nil && !Self.hasSign(text)
    case .long: Int64(text) != nil
    case .unsignedLong: UInt64(text) != nil && !Self.hasSign(text)
    case .boolean: ["0", "1", "false", "true"].contains(text)
    case .dateTime: DateTime.isLegal(text)
    case .base64: Self.isBase64(Array(text.utf8))
    case .hexBinary: Hexadecimal.decode(text) != nil
    }
  }

  /// Whether the texts of two dateTimes are one moment, however they write its zone and its fraction of a second.
  package static func areOneMoment(_ left: String, _ right: String) -> Bool {
    let (left, right) = (DateTime.decode(left.trimmed), DateTime.decode(right.trimmed))
    return left == right && left != .illegal
  }

  private static func hasSign(_ text: String) -> Bool {
    text.utf8.first == UInt8(ascii: "+") || text.utf8.first == UInt8(ascii: "-")
  }

  private static func isBase64(_ bytes: [UInt8]) -> Bool {
    let padding = bytes.reversed().prefix { $0 == UInt8(ascii: "=") }.count
    return bytes.count.isMultiple(of: 4) && padding <= 2 && bytes.dropLast(padding).allSatisfy(isBase64Digit)
  }

  private static func isBase64Digit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"):
      true
    default: false
    }
  }
}
