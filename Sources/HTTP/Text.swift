extension String {
  /// Equal but for the case of ASCII letters.
  func isSameIgnoringCase(as other: String) -> Bool {
    guard utf8.count == other.utf8.count else { return false }
    let (own, others) = (utf8.span, other.utf8.span)
    for place in own.indices
    where own[place] != others[place] && own[place].lowercasedASCII != others[place].lowercasedASCII {
      return false
    }
    return true
  }
}

extension String {
  /// Without the spaces and tabs (and stray line ends) around it.
  var trimmed: String {
    guard let first = utf8.first, let last = utf8.last, first.isBlank || last.isBlank else { return self }
    return String(self[...].trimmed)
  }
}

extension Substring {
  /// Equal but for the case of ASCII letters.
  func isSameIgnoringCase(as other: String) -> Bool { String(self).isSameIgnoringCase(as: other) }

  /// Without the spaces and tabs (and stray line ends) around it.
  var trimmed: Substring {
    let text = utf8
    guard let first = text.firstIndex(where: { !$0.isBlank }), let last = text.lastIndex(where: { !$0.isBlank })
    else { return "" }
    return Substring(text[first...last])
  }
}

extension UInt8 {
  var isBlank: Bool { self == 0x20 || (0x09...0x0D).contains(self) }

  /// A control character, which no header value may carry.
  var isControl: Bool { self < 0x20 || self == 0x7F }

  var lowercasedASCII: UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) ? self | 0x20 : self
  }

  /// A character of a token (RFC 9110 §5.6.2).
  var isTokenCharacter: Bool {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "#")...UInt8(ascii: "'"),
      UInt8(ascii: "^")...UInt8(ascii: "`"), UInt8(ascii: "!"), UInt8(ascii: "*"), UInt8(ascii: "+"),
      UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "|"), UInt8(ascii: "~"):
      true
    default: false
    }
  }

  /// The value of a hexadecimal digit of either case.
  var hexadecimalValue: UInt8? {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}

extension [UInt8] {
  /// The last digits of the value, in lower case.
  mutating func append(hexadecimal value: UInt64, digits: Int) {
    for place in (0..<digits).reversed() {
      let digit = UInt8(truncatingIfNeeded: value >> UInt64(place * 4)) & 15
      append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
    }
  }
}

/// Whether two texts are equal, in a time that tells nothing of where they differ.
func isEqualInConstantTime(_ left: some Collection<UInt8>, _ right: some Collection<UInt8>) -> Bool {
  let (left, right) = (Array(left), Array(right))
  guard left.count == right.count else { return false }
  var difference: UInt8 = 0
  for place in left.indices { difference |= left[place] ^ right[place] }
  return difference == 0
}
