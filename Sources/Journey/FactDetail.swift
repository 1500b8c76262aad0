import Net

/// The values of a fact as one text, the form in which they are stored: parted by U+001F. In a value a control
/// character or a backslash is a backslash and two hexadecimal digits; a value that is absent is `\-`.
enum FactDetail {
  /// A longer value is cut to so many characters when it is stored: what a router sends shall not grow the store.
  static let longestValue = 1024
  /// Of a list, no more values are stored than an Inform may have events (TR-069 table "Inform").
  static let longestList = 64

  static let separator: Unicode.Scalar = "\u{1F}"
  static let absent = "\\-"

  static func join(_ values: [String?]) -> String {
    var text = ""
    text.reserveCapacity(96)
    for (position, value) in values.enumerated() {
      if position > 0 { text.unicodeScalars.append(separator) }
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

  /// One of the values, or nil where the text is not one that ``escape(_:)`` makes.
  static func unescape(_ text: Substring.UnicodeScalarView) -> String? {
    var value = String.UnicodeScalarView()
    var rest = text
    while let scalar = rest.popFirst() {
      guard scalar == "\\" else {
        guard scalar.value >= 0x20, scalar.value != 0x7F else { return nil }
        value.append(scalar)
        continue
      }
      guard let bytes = Hexadecimal.decode(String(rest.prefix(2))), let byte = bytes.first else { return nil }
      value.append(Unicode.Scalar(byte))
      rest = rest.dropFirst(2)
    }
    return String(value)
  }
}

/// Takes the values out of a stored detail, one after the other.
struct FactDetailReader {
  private var values: ArraySlice<Substring.UnicodeScalarView>

  init(_ detail: String) {
    values = detail.unicodeScalars.split(separator: FactDetail.separator, omittingEmptySubsequences: false)[...]
  }

  mutating func text() -> String? {
    values.popFirst().flatMap(FactDetail.unescape)
  }

  /// Nil where there is no value or a wrong one; `.some(nil)` where the value is absent.
  mutating func optionalText() -> String?? {
    guard let value = values.first else { return nil }
    guard String(value) == FactDetail.absent else { return text().map(Optional.some) }
    values = values.dropFirst()
    return .some(nil)
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
    defer { values = [] }
    let texts = values.map(FactDetail.unescape)
    let right = texts.compactMap { $0 }
    return right.count == texts.count ? right : nil
  }

  var isAtEnd: Bool { values.isEmpty }
}
