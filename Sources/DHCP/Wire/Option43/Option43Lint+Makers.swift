import Net

/// The forms of makers that put user name and password into sub-options of their own.
extension Option43Lint {
  mutating func inspectHuawei(_ parts: [Part]) {
    reportRepeated(parts)
    var url: ArraySlice<UInt8>?
    var credentials = HuaweiPairs([])
    var isPlain = true
    for part in parts {
      let code = part.option.code
      guard code == HuaweiParameters.urlCode || code == HuaweiParameters.credentialsCode else {
        keep(part.option.value)
        report(.unknownSubOption, .note, at: part.offset, "sub-option \(code) is not known here")
        continue
      }
      let text = trimmed(part.option.value, at: part.offset + 2)
      let pairs = HuaweiPairs(text)
      for value in pairs.values { keep(value) }
      inspectText(text, at: part.offset + 2, &isPlain)
      if let unknown = pairs.unknown(in: code) {
        isPlain = false
        report(
          .unknownKey, .error, at: part.offset + 2,
          "\"\(unknown.printable(longest: 40))\" has no place here: Huawei has URL= in sub-option 1, username= and "
            + "password= in sub-option 2")
      }
      if !pairs.isTerminated {
        report(
          .missingSemicolon, .warning, at: part.offset + 2 + text.count,
          "each \"name=value\" ends with a semicolon, the last one too")
      }
      if code == HuaweiParameters.urlCode { url = pairs.value("url") } else { credentials = pairs }
    }
    guard let url else {
      return report(.noACSParameters, .error, at: 0, "there is no URL= in sub-option 1, so no ACS is named")
    }
    inspectURL(url, at: (parts.first { $0.option.code == HuaweiParameters.urlCode }?.offset ?? 0) + 6)
    if credentials.value("username") == nil {
      report(.noCredentials, .note, at: 0, "no user name and password to log in with")
    }
    guard isPlain else { return }
    func text(_ key: String) -> String? { credentials.value(key).map { String(decoding: $0, as: UTF8.self) } }
    meaning = .huawei(
      HuaweiParameters(
        url: String(decoding: url, as: UTF8.self), username: text("username"), password: text("password"),
        others: parts.map(\.option).filter { $0.code > 2 || $0.code == 0 }))
  }

  mutating func inspectEltex(_ parts: [Part]) {
    reportRepeated(parts)
    var isPlain = true
    for part in parts {
      keep(part.option.value)
      guard EltexParameters.knownCodes.contains(part.option.code) else {
        report(.unknownSubOption, .note, at: part.offset, "sub-option \(part.option.code) is not known here")
        continue
      }
      inspectText(trimmed(part.option.value, at: part.offset + 2), at: part.offset + 2, &isPlain)
    }
    inspectEltex(parts, form: .subOptions, isPlain: isPlain)
  }

  /// `1|http://…|2|…`
  mutating func inspectEltexText(_ bytes: [UInt8]) {
    for word in trimmed(bytes, at: 0).split(separator: UInt8(ascii: "|")) { keep(word) }
    do throws(Option43Error) {
      let list = try EltexParameters.list(text: bytes)
      inspectEltex(list.map { Part(option: $0, offset: 0) }, form: .text, isPlain: true)
    } catch {
      report(.unknownKey, .error, at: 0, "\(error)")
    }
  }

  private mutating func inspectEltex(_ parts: [Part], form: EltexParameters.Form, isPlain: Bool) {
    func text(_ code: UInt8) -> String? {
      parts.first { $0.option.code == code }
        .map { String(decoding: $0.option.value.filter { $0 != 0 }, as: UTF8.self) }
    }
    guard let first = parts.first(where: { $0.option.code == 1 }), let url = text(1) else {
      return report(.noACSParameters, .error, at: 0, "there is no sub-option 1, so no ACS is named")
    }
    inspectURL(first.option.value.filter { $0 != 0 }[...], at: form == .text ? 2 : first.offset + 2)
    if text(3) == nil { report(.noCredentials, .note, at: 0, "no user name and password to log in with") }
    guard isPlain else { return }
    meaning = .eltex(
      EltexParameters(
        url: url, provisioningCode: text(2), username: text(3), password: text(4),
        others: parts.map(\.option).filter { !EltexParameters.codes.contains($0.code) }, form: form))
  }

  private mutating func inspectText(_ text: [UInt8], at offset: Int, _ isPlain: inout Bool) {
    guard let position = text.firstIndex(where: { !(0x21...0x7E).contains($0) }) else { return }
    isPlain = false
    report(
      .badCharacter, .error, at: offset + position,
      "byte 0x\(Hexadecimal.encode([text[position]])): only printable ASCII without blanks can stand here")
  }
}
