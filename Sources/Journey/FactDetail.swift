import Net

/// The values of a fact as one text, the form in which they are stored: parted by U+001F. In a value a control
/// character or a backslash is a backslash and two hexadecimal digits; a value that is absent is `\-`.
enum FactDetail {
  /// A longer value is cut to so many characters when it is stored: what a router sends shall not grow the store.
  static let longestValue = 1024
  /// Of a list, no more values are stored than an Inform may have events (TR-069 table "Inform").
  static let longestList = 64

  static let separator: UInt8 = 0x1F
  static let absent = "\\-"

  static func join(_ values: [String?]) -> String {
    var text = ""
    text.reserveCapacity(96)
    for (position, value) in values.enumerated() {
      if position > 0 { text.unicodeScalars.append(Unicode.Scalar(separator)) }
      text += value.map(escape) ?? absent
    }
    return text
  }

  private static func escape(_ value: String) -> String {
    let isPlain = value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "\\") }
    if isPlain, value.utf8.count <= longestValue { return value }
    var text = String.UnicodeScalarView()
    for scalar in value.unicodeScalars.prefix(longestValue) {
      if scalar.value < 0x20 || scalar.value == 0x7F || scalar == "\\" {
        text.append("\\")
        text.append(contentsOf: Hexadecimal.encode([UInt8(scalar.value)]).unicodeScalars)
      } else {
        text.append(scalar)
      }
    }
    return String(text)
  }

  /// One of the values, UTF-8, or nil where it is not one that ``escape(_:)`` makes.
  static func unescape(_ value: ArraySlice<UInt8>) -> String? {
    guard value.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else { return nil }
    guard value.contains(UInt8(ascii: "\\")) else { return String(decoding: value, as: UTF8.self) }
    var bytes: [UInt8] = []
    var rest = value
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "\\") else {
        bytes.append(byte)
        continue
      }
      let digits = String(decoding: rest.prefix(2), as: UTF8.self)
      guard let character = Hexadecimal.decode(digits)?.first else { return nil }
      bytes.append(contentsOf: String(Unicode.Scalar(character)).utf8)
      rest = rest.dropFirst(2)
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// Takes the values out of a stored detail, one after the other.
struct FactDetailReader {
  private let bytes: [UInt8]
  /// Where the next value begins; nil after the last.
  private var next: Int? = 0

  init(_ detail: String) {
    bytes = Array(detail.utf8)
  }

  private mutating func take() -> ArraySlice<UInt8>? {
    guard let start = next else { return nil }
    let end = bytes[start...].firstIndex(of: FactDetail.separator) ?? bytes.count
    next = end < bytes.count ? end + 1 : nil
    return bytes[start..<end]
  }

  mutating func text() -> String? {
    take().flatMap(FactDetail.unescape)
  }

  /// Nil where there is no value or a wrong one; `.some(nil)` where the value is absent.
  mutating func optionalText() -> String?? {
    guard let value = take() else { return nil }
    if value.elementsEqual(FactDetail.absent.utf8) { return .some(nil) }
    return FactDetail.unescape(value).map(Optional.some)
  }

  mutating func number<Number: FixedWidthInteger>(_: Number.Type = Number.self) -> Number? {
    text().flatMap { Number($0) }
  }

  mutating func address() -> IPv4Address? {
    text().flatMap(IPv4Address.init)
  }

  mutating func optionalAddress() -> IPv4Address?? {
    guard let value = optionalText() else { return nil }
    guard let value else { return .some(nil) }
    return IPv4Address(value).map(Optional.some)
  }

  /// All values that are left.
  mutating func texts() -> [String]? {
    var texts: [String] = []
    while let value = take() {
      guard let text = FactDetail.unescape(value) else { return nil }
      texts.append(text)
    }
    return texts
  }

  var isAtEnd: Bool { next == nil }
}
