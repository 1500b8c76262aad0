import Net

extension Option43 {
  /// Reads bytes as well as can be and says everything that is wrong with them. `dialect` is what they are meant to be;
  /// without it, it is taken from the bytes.
  package static func inspect(_ bytes: [UInt8], as dialect: Dialect? = nil) -> Option43Inspection {
    var lint = Option43Lint(dialect: dialect)
    lint.inspect(bytes)
    let meaning = lint.meaning
    let right = meaning.flatMap { try? $0.encode() }.flatMap { lint.isWhole($0) ? $0 : nil }
    return Option43Inspection(findings: lint.findings, meaning: meaning, correction: right == bytes ? nil : right)
  }

  package static func lint(_ bytes: [UInt8], as dialect: Dialect? = nil) -> [Option43Finding] {
    inspect(bytes, as: dialect).findings
  }
}

struct Option43Lint {
  var dialect: Dialect?
  var findings: [Option43Finding] = []
  var meaning: Option43?
  /// The words that were said, all of which a correction must say too: a credential may be among them.
  private var words: [[UInt8]] = []

  init(dialect: Dialect?) {
    self.dialect = dialect
  }

  /// Whether a correction says all that was said.
  func isWhole(_ correction: [UInt8]) -> Bool {
    words.allSatisfy { word in
      correction.indices.contains { correction[$0...].starts(with: word) }
    }
  }

  mutating func keep(_ bytes: some Collection<UInt8>) {
    words += bytes.split { !(0x21...0x7E).contains($0) }.map { Array($0) }
  }

  mutating func report(
    _ kind: Option43Finding.Kind, _ severity: Option43Finding.Severity, at offset: Int, _ text: String
  ) {
    findings.append(Option43Finding(kind: kind, severity: severity, offset: offset, text: text))
  }

  // MARK: The option as a whole

  mutating func inspect(_ bytes: [UInt8]) {
    guard !bytes.isEmpty else { return report(.empty, .error, at: 0, "the option is empty") }
    if let spelled = Self.spelledInHexadecimal(bytes) {
      report(
        .hexadecimalText, .error, at: 0,
        "the bytes are hexadecimal digits as text: the server was given a text where it wanted hexadecimal")
      let before = findings.count
      inspect(spelled.map(\.byte))
      // The bytes that are there are the digits.
      for index in findings.indices.dropFirst(before) {
        let finding = findings[index]
        let place = min(finding.offset, spelled.count - 1)
        findings[index] = Option43Finding(
          kind: finding.kind, severity: finding.severity, offset: spelled[place].place, text: finding.text)
      }
      return
    }
    if bytes.count > 255 {
      report(
        .tooLong, .warning, at: 255,
        "\(bytes.count) bytes need several instances of the option (RFC 3396); Comware is not known to join them")
    }
    if Option43.isBareURL(bytes) { return inspectBareURL(bytes) }
    if EltexParameters.isText(bytes) { return inspectEltexText(bytes) }
    if let text = Option43.foreignText(bytes) {
      return report(.foreign, .warning, at: 0, "\(text)")
    }
    var start = 0
    if Self.hasOptionHeader(bytes) {
      report(
        .optionHeader, .error, at: 0,
        "2b \(hexadecimal(bytes[1])) is the header of option 43 itself, which the DHCP server adds: leave it out")
      start = 2
    }
    inspect(split(bytes, from: start))
  }

  /// At least the URL of an ACS, spelled as an even number of digits, perhaps with `0x`, blanks, colons or commas between
  /// them; each byte with the place of its first digit.
  private static func spelledInHexadecimal(_ bytes: [UInt8]) -> [(byte: UInt8, place: Int)]? {
    var digits: [(digit: UInt8, place: Int)] = []
    for (place, byte) in bytes.enumerated() {
      if Hexadecimal.isDigit(byte) {
        digits.append((byte, place))
      } else if byte | 0x20 == UInt8(ascii: "x"), digits.last?.digit == UInt8(ascii: "0") {
        digits.removeLast()
      } else if !" :,.-\\".utf8.contains(byte) {
        return nil
      }
    }
    guard digits.count >= 8, let decoded = Hexadecimal.decode(String(decoding: digits.map(\.digit), as: UTF8.self))
    else { return nil }
    return zip(decoded, stride(from: 0, to: digits.count, by: 2)).map { ($0, digits[$1].place) }
  }

  /// `2b len`, then a sub-option that is known. The length may be wrong as well.
  private static func hasOptionHeader(_ bytes: [UInt8]) -> Bool {
    guard bytes.count >= 4, bytes[0] == 43 else { return false }
    return Int(bytes[1]) == bytes.count - 2
      || [ComwareParameters.parametersCode, ComwareParameters.serviceProviderCode, ComwareParameters.pxeCode]
        .contains(bytes[2])
  }

  private mutating func inspectBareURL(_ bytes: [UInt8]) {
    if dialect != .bareURL {
      report(
        .bareURL, .warning, at: 0,
        "a URL without the header of a sub-option (01 and its length): Comware and CPEs after TR-069 do not read it")
    }
    keep(bytes)
    let text = trimmed(bytes, at: 0)
    let words = inspectWords(text, at: 0)
    guard let url = words.first else { return }
    if words.count > 1, dialect != .comware {
      report(.blankInURL, .error, at: url.utf8.count, "a URL has no blanks")
    }
    if dialect == nil || dialect == .bareURL, words.count == 1 {
      meaning = .bareURL(url)
    } else {
      meaning = parameters(words: words, serviceProvider: nil, list: [])
    }
  }

  // MARK: Its division into sub-options

  struct Part {
    let option: SubOption
    /// Of its code.
    let offset: Int
  }

  /// Divides as the lengths say, and where that cannot be, as they should have said.
  private mutating func split(_ bytes: [UInt8], from start: Int) -> [Part] {
    var parts: [Part] = []
    var offset = start
    while offset < bytes.count {
      let code = bytes[offset]
      let rest = bytes.count - offset
      if !parts.isEmpty, code == 0xFF, bytes[offset...].allSatisfy({ $0 == 0xFF || $0 == 0 }) {
        report(
          .trailingEnd, .warning, at: offset,
          "ff after the last sub-option: dnsmasq adds it to what is written as vendor: options; some CPEs stumble")
        break
      }
      if !parts.isEmpty, bytes[offset...].allSatisfy({ $0 == 0 }) {
        report(.padding, .warning, at: offset, "\(rest) bytes of zero after the last sub-option")
        break
      }
      guard rest >= 2 else {
        report(.truncated, .error, at: offset, "sub-option \(code) has no length")
        break
      }
      let declared = Int(bytes[offset + 1])
      let count = length(of: code, declared: declared, at: offset, in: bytes)
      parts.append(
        Part(option: SubOption(code: code, value: Array(bytes[offset + 2..<offset + 2 + count])), offset: offset))
      offset += 2 + count
    }
    return parts
  }

  /// The length that a sub-option has by all appearances; says so where that is not the declared one.
  private mutating func length(of code: UInt8, declared: Int, at offset: Int, in bytes: [UInt8]) -> Int {
    let present = bytes.count - offset - 2
    let body = bytes[(offset + 2)...]
    var count = min(declared, present)
    if code == ComwareParameters.parametersCode {
      let text = body.prefix { (0x20...0x7E).contains($0) }.count
      let after = Array(body.dropFirst(text))
      if text < count, !after.isEmpty, after.first != 0, Self.comesOutEven(after) {
        // The length reaches over the next sub-option's header.
        report(
          .swallowedSubOption, .error, at: offset + 1,
          "the length \(declared) (0x\(hexadecimal(UInt8(declared)))) reaches into the next sub-option: the text has \(text) bytes, so it must be 0x\(hexadecimal(UInt8(text)))"
        )
        return text
      }
      if declared < present, text > declared, !Self.comesOutEven(Array(body.dropFirst(declared))) {
        let right = min(text, 255)
        count = right
      }
    }
    guard declared != count else { return count }
    let known = ComwareParameters.parametersCode...ComwareParameters.serviceProviderCode
    let kind: Option43Finding.Kind = known.contains(code) ? .wrongLength : .truncated
    let why =
      switch declared - count {
      case 1: "; it must not count itself"
      case 2: "; it must not count the two bytes of code and length"
      default: ""
      }
    report(
      kind, .error, at: offset + 1,
      "sub-option \(code) says \(declared) bytes (0x\(hexadecimal(UInt8(declared)))), but has \(count) (0x\(hexadecimal(UInt8(count))))\(why)"
    )
    return count
  }

  private static func comesOutEven(_ bytes: [UInt8]) -> Bool {
    let trimmed = bytes.last == 0xFF ? bytes.dropLast() : bytes[...]
    return (try? SubOption.list(decoding: trimmed)) != nil
  }

  // MARK: What the sub-options say

  private mutating func inspect(_ parts: [Part]) {
    let list = parts.map(\.option)
    if dialect == nil, let foreign = Option43Foreign(list) {
      // An END belongs to some of these.
      findings.removeAll { $0.kind == .trailingEnd }
      return report(.foreign, .warning, at: parts.first?.offset ?? 0, "\(foreign)")
    }
    if dialect == .huawei || dialect == nil && Option43.isHuawei(list) { return inspectHuawei(parts) }
    if dialect == .eltex || dialect == nil && EltexParameters.isMeant(by: list) { return inspectEltex(parts) }
    for part in parts { keep(part.option.value) }
    reportRepeated(parts)
    guard let first = parts.first(where: { $0.option.code == ComwareParameters.parametersCode }) else {
      report(
        .noACSParameters, parts.isEmpty ? .error : .warning, at: 0,
        "there is no sub-option 1, so nothing about an ACS is said")
      inspectOthers(parts, of: dialect ?? .comware)
      return
    }
    let text = trimmed(first.option.value, at: first.offset + 2)
    let words = inspectWords(text, at: first.offset + 2)
    let codes = Set(parts.map(\.option.code))
    let isBroadbandForum =
      dialect == .broadbandForum
      || dialect == nil && (codes.contains(3) || codes.contains(4) || words.count == 1 && !codes.contains(0x80))
    if isBroadbandForum {
      if words.count > 1 {
        report(
          .blankInURL, .error, at: first.offset + 2 + (words.first?.utf8.count ?? 0),
          "a blank: a CPE after TR-069 takes all of sub-option 1 as its URL; only Comware reads user and password here")
      } else if dialect == nil {
        report(
          .noCredentials, .note, at: first.offset,
          "a URL alone: a CPE after TR-069 takes it; Comware too, and then logs in as it is configured or not at all")
      }
    } else if words.count == 1 {
      report(.noCredentials, .note, at: first.offset, "no user name and password for Comware to log in with")
    }
    inspectOthers(parts, of: isBroadbandForum ? .broadbandForum : .comware)
    meaning =
      isBroadbandForum
      ? broadbandForum(words: words, parts: parts)
      : parameters(
        words: words,
        serviceProvider: parts.first { $0.option.code == ComwareParameters.serviceProviderCode }?.option.value,
        list: parts.map(\.option))
  }

  mutating func reportRepeated(_ parts: [Part]) {
    var seen: Set<UInt8> = []
    for part in parts where !seen.insert(part.option.code).inserted {
      report(.repeatedSubOption, .error, at: part.offset, "sub-option \(part.option.code) comes again")
    }
  }

  /// The text without the NUL that should not end it.
  mutating func trimmed(_ value: [UInt8], at offset: Int) -> [UInt8] {
    let text = value.prefix(value.count - value.reversed().prefix { $0 == 0 }.count)
    if text.count < value.count {
      report(.trailingNUL, .warning, at: offset + text.count, "the text ends with NUL, which must not be sent")
    }
    return Array(text)
  }

  /// The words of `URL user password`, after saying what is wrong with them.
  private mutating func inspectWords(_ text: [UInt8], at offset: Int) -> [String] {
    for (position, byte) in text.enumerated() where !(0x20...0x7E).contains(byte) {
      report(
        .badCharacter, .error, at: offset + position,
        "byte 0x\(hexadecimal(byte)): only printable ASCII can stand here")
      break
    }
    let blank = UInt8(ascii: " ")
    let words = text.split(separator: blank).map { String(decoding: $0, as: UTF8.self) }
    if text.split(separator: blank, omittingEmptySubsequences: false).count != words.count {
      report(.blanks, .error, at: offset, "exactly one blank stands between words, and none before or after them")
    }
    if words.count > 3 {
      report(
        .tooManyWords, .error, at: offset,
        "\(words.count) words; URL, user name and password are 3, and none of them can hold a blank")
    }
    inspectURL(text.prefix { $0 != blank }, at: offset)
    return words
  }

  /// A byte that cannot stand in it is told as such, and not as one of the text that was made of it.
  mutating func inspectURL(_ url: ArraySlice<UInt8>, at offset: Int) {
    guard url.allSatisfy({ (0x20...0x7E).contains($0) }) else { return }
    do throws(Option43Error) {
      try Option43Error.Field.url.checkURL(
        String(decoding: url, as: UTF8.self), length: ComwareParameters.urlLength)
    } catch {
      report(.badURL, .error, at: offset, error.description)
    }
  }

  private mutating func inspectOthers(_ parts: [Part], of dialect: Dialect) {
    for part in parts where part.option.code != ComwareParameters.parametersCode {
      let value = part.option.value
      switch (dialect, part.option.code) {
      case (_, 2):
        if value.isEmpty || !value.allSatisfy({ (0x21...0x7E).contains($0) }) {
          report(.badText, .warning, at: part.offset + 2, "sub-option 2 is not printable ASCII without blanks")
        }
      case (.broadbandForum, 3), (.broadbandForum, 4):
        if value.isEmpty || value.count > 5 || !value.allSatisfy({ (0x30...0x39).contains($0) }) {
          report(
            .badNumber, .error, at: part.offset + 2,
            "sub-option \(part.option.code) must be a number as decimal text, such as 5 as 35")
        }
      case (.comware, ComwareParameters.pxeCode):
        if part.option.comwarePXEServers == nil {
          report(
            .badPXE, .error, at: part.offset + 2,
            "sub-option 80 must be 0000, the number of servers, and four bytes for each")
        }
      default:
        report(.unknownSubOption, .note, at: part.offset, "sub-option \(part.option.code) is not known here")
      }
    }
  }

  // MARK: The meaning

  private func parameters(words: [String], serviceProvider: [UInt8]?, list: [SubOption]) -> Option43? {
    guard let url = words.first, words.count <= 3 else { return nil }
    return .comware(
      ComwareParameters(
        url: url, username: words.count > 1 ? words[1] : nil, password: words.count > 2 ? words[2] : nil,
        serviceProvider: serviceProvider.map { String(decoding: $0, as: UTF8.self) },
        others: list.filter { $0.code != 1 && $0.code != 2 }))
  }

  private func broadbandForum(words: [String], parts: [Part]) -> Option43? {
    guard words.count == 1, let url = words.first else { return nil }
    func text(_ code: UInt8) -> String? {
      parts.first { $0.option.code == code }.map { String(decoding: $0.option.value.filter { $0 != 0 }, as: UTF8.self) }
    }
    return .broadbandForum(
      BroadbandForumParameters(
        url: url, provisioningCode: text(2), retryMinimumWait: text(3).flatMap { Int($0) },
        retryMultiplier: text(4).flatMap { Int($0) },
        others: parts.map(\.option).filter { !BroadbandForumParameters.codes.contains($0.code) }))
  }

  private func hexadecimal(_ byte: UInt8) -> String { Hexadecimal.encode([byte]) }
}
