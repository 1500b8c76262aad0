import Net

/// Why words are not the data of a record.
struct MasterDataError: Error {
  let message: String
  /// The word that is wrong; nil where there are too many or too few.
  let token: MasterToken?
}

/// The data of records as words of a master file.
enum MasterText {
  /// Reads the data of a type. Those of any type can be given as `\# LENGTH HEX` (RFC 3597 section 5).
  static func data(
    of type: RecordType, _ words: [MasterToken], origin: Name?
  ) throws(MasterDataError) -> RecordData {
    if words.first?.text == "\\#", words.first?.isQuoted == false { return try generic(type, words.dropFirst()) }
    func name(_ index: Int) throws(MasterDataError) -> Name {
      do throws(NameError) { return try MasterText.name(words[index], origin: origin) } catch {
        throw MasterDataError(message: "\(words[index].text) is not a name: \(error)", token: words[index])
      }
    }
    func number(_ index: Int) throws(MasterDataError) -> UInt16 {
      guard let number = UInt16(words[index].text) else {
        throw MasterDataError(message: "\(words[index].text) is not a number up to 65535", token: words[index])
      }
      return number
    }
    switch (type, words.count) {
    case (.a, 1):
      guard let address = IPv4Address(words[0].text) else {
        throw MasterDataError(message: "\(words[0].text) is not an IPv4 address", token: words[0])
      }
      return .a(address)
    case (.aaaa, 1):
      guard let address = IPv6Address(words[0].text) else {
        throw MasterDataError(message: "\(words[0].text) is not an IPv6 address", token: words[0])
      }
      return .aaaa(address)
    case (.ns, 1): return .ns(try name(0))
    case (.cname, 1): return .cname(try name(0))
    case (.ptr, 1): return .ptr(try name(0))
    case (.mx, 2): return .mx(preference: try number(0), exchange: try name(1))
    case (.srv, 4):
      return .srv(priority: try number(0), weight: try number(1), port: try number(2), target: try name(3))
    case (.txt, 1...255): return .txt(try strings(words))
    case (.caa, 3): return try caa(words)
    case (.soa, 7): return .soa(try soa(words, primary: try name(0), contact: try name(1)))
    default: throw MasterDataError(message: "\(words.count) words of data", token: nil)
    }
  }

  /// What the data of a type look like.
  static func form(of type: RecordType) -> String {
    switch type {
    case .a: "an IPv4 address"
    case .aaaa: "an IPv6 address"
    case .ns, .cname, .ptr: "a name"
    case .mx: "PREFERENCE NAME"
    case .srv: "PRIORITY WEIGHT PORT NAME"
    case .txt: "a string, or strings in quotes, of 255 bytes each"
    case .caa: "FLAGS TAG \"VALUE\""
    case .soa: "PRIMARY CONTACT SERIAL REFRESH RETRY EXPIRE MINIMUM"
    default: "\\# LENGTH HEX"
    }
  }

  /// A name, below `origin` where it does not end in a dot.
  static func name(_ token: MasterToken, origin: Name?) throws(NameError) -> Name {
    if token.text == "@", let origin { return origin }
    let name = try Name(token.text)
    guard let origin, !isComplete(token.text) else { return name }
    return try Name(labels: (name.labels + origin.labels).map { Array($0) })
  }

  /// Whether the last dot is a dot.
  private static func isComplete(_ text: String) -> Bool {
    guard text.hasSuffix(".") else { return false }
    return text.dropLast().reversed().prefix { $0 == "\\" }.count.isMultiple(of: 2)
  }

  /// Seconds, or numbers with units as in `1h30m`.
  static func seconds(_ token: MasterToken) -> UInt32? {
    guard !token.isQuoted, let first = token.text.utf8.first, (0x30...0x39).contains(first) else { return nil }
    var total: UInt64 = 0
    var number: UInt64?
    for byte in token.text.utf8 {
      if (0x30...0x39).contains(byte) {
        number = (number ?? 0) * 10 + UInt64(byte - 0x30)
      } else {
        let units: [UInt8: UInt64] = [0x73: 1, 0x6D: 60, 0x68: 3600, 0x64: 86_400, 0x77: 604_800]
        guard let count = number, let unit = units[lowercased(byte)] else { return nil }
        total += count * unit
        number = nil
      }
      guard total <= UInt32.max, number ?? 0 <= UInt32.max else { return nil }
    }
    return UInt32(exactly: total + (number ?? 0))
  }

  private static func soa(
    _ words: [MasterToken], primary: Name, contact: Name
  ) throws(MasterDataError) -> StartOfAuthority {
    var numbers: [UInt32] = []
    for word in words.dropFirst(2) {
      guard let number = seconds(word) else {
        throw MasterDataError(message: "\(word.text) is not a number", token: word)
      }
      numbers.append(number)
    }
    return StartOfAuthority(
      primary: primary, contact: contact, serial: SerialNumber(rawValue: numbers[0]), refresh: numbers[1],
      retry: numbers[2], expire: numbers[3], minimum: numbers[4])
  }

  private static func strings(_ words: [MasterToken]) throws(MasterDataError) -> [[UInt8]] {
    var strings: [[UInt8]] = []
    for word in words {
      let bytes = try string(word)
      guard bytes.count <= 255 else {
        throw MasterDataError(message: "a string of \(bytes.count) bytes", token: word)
      }
      strings.append(bytes)
    }
    return strings
  }

  /// The bytes of a word, its escapes resolved.
  private static func string(_ word: MasterToken) throws(MasterDataError) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = Array(word.text.utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "\\") else {
        bytes.append(byte)
        continue
      }
      let digits = rest.prefix(3)
      if let first = digits.first, !(0x30...0x39).contains(first) {
        bytes.append(first)
        rest = rest.dropFirst()
        continue
      }
      guard digits.count == 3, let value = UInt8(String(decoding: digits, as: UTF8.self)) else {
        throw MasterDataError(message: "a backslash without a character or three digits up to 255", token: word)
      }
      bytes.append(value)
      rest = rest.dropFirst(3)
    }
    return bytes
  }

  /// RFC 8659 section 4.1.
  private static func caa(_ words: [MasterToken]) throws(MasterDataError) -> RecordData {
    guard let flags = UInt8(words[0].text) else {
      throw MasterDataError(message: "\(words[0].text) is not a number up to 255", token: words[0])
    }
    let tag = Array(words[1].text.utf8)
    func isLetterOrDigit(_ byte: UInt8) -> Bool {
      (0x30...0x39).contains(byte) || (0x61...0x7A).contains(lowercased(byte))
    }
    guard (1...15).contains(tag.count), tag.allSatisfy(isLetterOrDigit) else {
      throw MasterDataError(message: "\(words[1].text) is not a tag of letters and digits", token: words[1])
    }
    return .opaque(.caa, [flags, UInt8(tag.count)] + tag + (try string(words[2])))
  }

  /// `LENGTH HEX`, the digits in as many words as one likes.
  private static func generic(
    _ type: RecordType, _ words: ArraySlice<MasterToken>
  ) throws(MasterDataError) -> RecordData {
    guard let length = words.first.flatMap({ Int($0.text) }), (0...65_535).contains(length) else {
      throw MasterDataError(message: "no length after \\#", token: words.first)
    }
    guard let bytes = Hexadecimal.decode(words.dropFirst().map(\.text).joined()), bytes.count == length else {
      throw MasterDataError(message: "not \(length) bytes in hexadecimal digits", token: words.dropFirst().first)
    }
    var reader = MessageReader(bytes.span.bytes)
    // Data that point elsewhere could be followed only here, where they lead to other data: they are refused.
    guard let data = try? RecordData(decoding: &reader, type: type, length: length) else {
      throw MasterDataError(message: "not the data of \(type)", token: words.first)
    }
    var writer = ByteWriter()
    data.encode(into: &writer)
    guard writer.bytes == bytes else { throw MasterDataError(message: "not the data of \(type)", token: words.first) }
    return data
  }
}
