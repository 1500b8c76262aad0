/// Why a text or labels are not a domain name.
package enum NameError: Error, Hashable, Sendable, CustomStringConvertible {
  case empty
  case emptyLabel
  /// The bytes of a label, 63 at most.
  case labelTooLong(Int)
  /// The bytes of the whole wire form, 255 at most.
  case nameTooLong(Int)
  /// A backslash without a character or three digits up to 255 after it.
  case badEscape

  package var description: String {
    switch self {
    case .empty: "a name is empty (the root is written as one dot)"
    case .emptyLabel: "a label is empty"
    case .labelTooLong(let count): "a label has \(count) bytes; it may have \(Name.maximumLabelLength)"
    case .nameTooLong(let count): "a name has \(count) bytes; it may have \(Name.maximumLength)"
    case .badEscape: "a backslash needs a character or three digits up to 255 after it"
    }
  }
}

extension Name: CustomStringConvertible {
  /// Reads the text form of RFC 1035 section 5.1: labels between dots, `\X` for a character and `\DDD` for a byte. Every
  /// name is taken as complete, with or without a dot at its end.
  package init(_ text: String) throws(NameError) {
    let text = Array(text.utf8)
    guard !text.isEmpty else { throw .empty }
    guard text != [UInt8(ascii: ".")] else {
      self = .root
      return
    }
    var labels: [[UInt8]] = []
    var label: [UInt8] = []
    var index = 0
    while index < text.count {
      switch text[index] {
      case UInt8(ascii: "."):
        labels.append(label)
        label = []
        index += 1
      case UInt8(ascii: "\\"):
        let (byte, length) = try Self.unescape(text[(index + 1)...])
        label.append(byte)
        index += 1 + length
      default:
        label.append(text[index])
        index += 1
      }
    }
    // What follows the last dot: nothing where that dot is the end of the name.
    if !label.isEmpty { labels.append(label) }
    try self.init(labels: labels)
  }

  private static func unescape(_ text: ArraySlice<UInt8>) throws(NameError) -> (byte: UInt8, length: Int) {
    guard let first = text.first else { throw .badEscape }
    guard (0x30...0x39).contains(first) else { return (first, 1) }
    let digits = text.prefix(3)
    guard digits.count == 3, digits.allSatisfy({ (0x30...0x39).contains($0) }),
      let byte = UInt8(exactly: digits.reduce(0) { $0 * 10 + Int($1 - 0x30) })
    else { throw .badEscape }
    return (byte, 3)
  }

  /// The labels between dots, without a dot at the end; the root is `.`. Dots and backslashes in labels are escaped, as
  /// is every byte that is not printable ASCII, and the space.
  package var description: String {
    guard !isRoot else { return "." }
    var text: [UInt8] = []
    for label in labels {
      if !text.isEmpty { text.append(UInt8(ascii: ".")) }
      for byte in label {
        switch byte {
        case UInt8(ascii: "."), UInt8(ascii: "\\"): text += [UInt8(ascii: "\\"), byte]
        case 0x21...0x7E: text.append(byte)
        default: text += [UInt8(ascii: "\\"), 0x30 + byte / 100, 0x30 + byte / 10 % 10, 0x30 + byte % 10]
        }
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
