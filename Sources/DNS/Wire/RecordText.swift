import Net

/// Why a text is not the data of a record of its type.
package struct RecordTextError: Error, Hashable, Sendable, CustomStringConvertible {
  package let type: RecordType
  /// What the type wants, as a person writes it.
  package let expected: String
  package let text: String

  package var description: String { "\(text.debugDescription) is not the data of \(type): expected \(expected)" }
}

extension RecordData {
  /// Reads the data as a master file has them (RFC 1035 section 5.1), with names always complete. The data of any type
  /// can be given as `\# LENGTH HEX` (RFC 3597 section 5); of types without a case of their own, only so. The text of TXT
  /// is one string unless it is strings in quotes.
  package init(type: RecordType, text: String) throws(RecordTextError) {
    guard let data = Self.read(type, text) else {
      throw RecordTextError(type: type, expected: Self.form(of: type), text: text)
    }
    self = data
  }

  private static func read(_ type: RecordType, _ text: String) -> RecordData? {
    let words = text.split { $0 == " " || $0 == "\t" }.map(String.init)
    if words.first == "\\#" { return readGeneric(type, words.dropFirst()) }
    func name(_ index: Int) -> Name? { try? Name(words[index]) }
    switch (type, words.count) {
    case (.a, 1): return IPv4Address(words[0]).map(RecordData.a)
    case (.aaaa, 1): return IPv6Address(words[0]).map(RecordData.aaaa)
    case (.ns, 1): return name(0).map(RecordData.ns)
    case (.cname, 1): return name(0).map(RecordData.cname)
    case (.ptr, 1): return name(0).map(RecordData.ptr)
    case (.mx, 2):
      guard let preference = UInt16(words[0]), let exchange = name(1) else { return nil }
      return .mx(preference: preference, exchange: exchange)
    case (.srv, 4):
      guard let priority = UInt16(words[0]), let weight = UInt16(words[1]), let port = UInt16(words[2]),
        let target = name(3)
      else { return nil }
      return .srv(priority: priority, weight: weight, port: port, target: target)
    case (.txt, _):
      return readStrings(text).map(RecordData.txt)
    default:
      return nil
    }
  }

  /// `LENGTH HEX`, the digits in as many words as one likes.
  private static func readGeneric(_ type: RecordType, _ words: ArraySlice<String>) -> RecordData? {
    guard let length = words.first.flatMap({ Int($0) }), (0...65_535).contains(length),
      let bytes = Hexadecimal.decode(words.dropFirst().joined()), bytes.count == length
    else { return nil }
    var reader = MessageReader(bytes.span.bytes)
    // Data that point elsewhere could be followed only here, where they lead to other data: they are refused.
    guard let data = try? RecordData(decoding: &reader, type: type, length: length) else { return nil }
    var writer = ByteWriter()
    data.encode(into: &writer)
    return writer.bytes == bytes ? data : nil
  }

  private static func readStrings(_ text: String) -> [[UInt8]]? {
    guard text.hasPrefix("\"") else {
      let bytes = Array(text.utf8)
      return (1...255).contains(bytes.count) ? [bytes] : nil
    }
    var strings: [[UInt8]] = []
    var string: [UInt8]?
    for byte in text.utf8 {
      switch (byte, string) {
      case (UInt8(ascii: "\""), let whole?):
        guard whole.count <= 255 else { return nil }
        strings.append(whole)
        string = nil
      case (UInt8(ascii: "\""), nil): string = []
      case (UInt8(ascii: " "), nil): continue
      case (_, nil): return nil
      case (_, _?): string?.append(byte)
      }
    }
    return string == nil ? strings : nil
  }

  private static func form(of type: RecordType) -> String {
    switch type {
    case .a: "an IPv4 address"
    case .aaaa: "an IPv6 address"
    case .ns, .cname, .ptr: "a name"
    case .mx: "PREFERENCE NAME"
    case .srv: "PRIORITY WEIGHT PORT NAME"
    case .txt: "a string, or strings in quotes, of 255 bytes each"
    default: "\\# LENGTH HEX"
    }
  }
}
