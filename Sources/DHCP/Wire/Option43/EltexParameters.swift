/// Option 43 as Eltex reads it: sub-option 1 is the URL of the ACS, 2 the provisioning code, 3 the user name and 4 the
/// password for it, 5 the server of configuration and firmware files, 6 and 7 their names, 8 a VLAN. The TAU gateways
/// take the same as text, `1|http://…|2|code|…`.
package struct EltexParameters: Hashable, Sendable {
  package enum Form: Hashable, Sendable {
    case subOptions
    /// With a bar between codes and values.
    case text
  }

  package var form: Form
  package var url: String
  package var provisioningCode: String?
  package var username: String?
  package var password: String?
  /// Sub-options of other codes in their order, kept as they are.
  package var others: [SubOption]

  package init(
    url: String, provisioningCode: String? = nil, username: String? = nil, password: String? = nil,
    others: [SubOption] = [], form: Form = .subOptions
  ) {
    self.form = form
    self.url = url
    self.provisioningCode = provisioningCode
    self.username = username
    self.password = password
    self.others = others
  }

  static let codes: ClosedRange<UInt8> = 1...4
  static let knownCodes: ClosedRange<UInt8> = 1...8
  static let urlLength = 8...253
  static let textLength = 1...200

  /// Reads every byte or refuses. A NUL at the end of a text is taken off.
  package init(decoding bytes: some Collection<UInt8>) throws(Option43Error) {
    let bytes = Array(bytes)
    let form: Form = Self.isText(bytes) ? .text : .subOptions
    let list =
      switch form {
      case .text: try Self.list(text: bytes)
      case .subOptions: try Option43.subOptions(of: bytes, single: Array(Self.codes))
      }
    func text(_ code: UInt8, _ field: Option43Error.Field) throws(Option43Error) -> String? {
      guard let value = list.first(where: { $0.code == code })?.value else { return nil }
      return try field.text(value.last == 0 ? value.dropLast() : value[...])
    }
    guard let url = try text(1, .url) else { throw .noACSParameters }
    self.init(
      url: url, provisioningCode: try text(2, .provisioningCode), username: try text(3, .username),
      password: try text(4, .password), others: list.filter { !Self.codes.contains($0.code) }, form: form)
    try check()
  }

  /// The value of option 43, at most 255 bytes.
  package func encode() throws(Option43Error) -> [UInt8] {
    try check()
    let texts = [url, provisioningCode, username, password]
    let list =
      texts.enumerated().compactMap { index, text in
        text.map { SubOption(code: UInt8(index + 1), value: Array($0.utf8)) }
      } + others
    let bytes =
      switch form {
      case .subOptions: SubOption.encode(list)
      case .text: Array(list.map { Array("\($0.code)|".utf8) + $0.value }.joined(separator: "|".utf8))
      }
    guard bytes.count <= 255 else { throw .tooLong(count: bytes.count, limit: 255) }
    return bytes
  }

  private func check() throws(Option43Error) {
    try Option43Error.Field.url.checkURL(url, length: Self.urlLength)
    guard username != nil || password == nil else { throw .passwordWithoutUsername }
    if let provisioningCode {
      try Option43Error.Field.provisioningCode.check(provisioningCode.utf8, length: Self.textLength)
    }
    if let username { try Option43Error.Field.username.check(username.utf8, length: Self.textLength) }
    if let password { try Option43Error.Field.password.check(password.utf8, length: Self.textLength) }
    guard form == .text else { return }
    for (field, text) in [
      (Option43Error.Field.url, url), (.provisioningCode, provisioningCode ?? ""), (.username, username ?? ""),
      (.password, password ?? ""),
    ] {
      if let place = text.utf8.firstIndex(of: UInt8(ascii: "|")) {
        throw .character(
          field, byte: UInt8(ascii: "|"), at: text.utf8.distance(from: text.utf8.startIndex, to: place))
      }
    }
  }

  // MARK: How it is known

  /// `1|…`, perhaps with a bar before it.
  static func isText(_ bytes: [UInt8]) -> Bool {
    let text = bytes.first == UInt8(ascii: "|") ? bytes.dropFirst() : bytes[...]
    return text.starts(with: "1|".utf8) && text.allSatisfy { (0x20...0x7E).contains($0) || $0 == 0 }
  }

  /// Whether the sub-options can be nobody else's: the Broadband Forum has numbers in 3 and 4, and ends there.
  static func isMeant(by list: [SubOption]) -> Bool {
    func text(_ code: UInt8) -> [UInt8]? {
      list.first { $0.code == code }.map { $0.value.last == 0 ? $0.value.dropLast() : $0.value }
        .flatMap { !$0.isEmpty && $0.allSatisfy { (0x21...0x7E).contains($0) } ? $0 : nil }
    }
    guard let url = text(1), Option43.isBareURL(url), list.allSatisfy({ knownCodes.contains($0.code) }) else {
      return false
    }
    if text(5) != nil { return true }
    guard let username = text(3), let password = text(4) else { return false }
    // One letter alone is a slip in a number.
    return [username, password].contains { text in text.count > 1 && !text.allSatisfy { (0x30...0x39).contains($0) } }
  }

  static func list(text bytes: [UInt8]) throws(Option43Error) -> [SubOption] {
    var words = bytes.filter { $0 != 0 }.split(separator: UInt8(ascii: "|"), omittingEmptySubsequences: false)[...]
    if words.first?.isEmpty == true { words.removeFirst() }
    if words.last?.isEmpty == true, words.count % 2 == 1 { words.removeLast() }
    var list: [SubOption] = []
    while let code = words.popFirst() {
      guard let number = UInt8(String(decoding: code, as: UTF8.self)), let value = words.popFirst() else {
        throw .unknownKey(String(decoding: code, as: UTF8.self))
      }
      guard !list.contains(where: { $0.code == number }) else { throw .repeated(subOption: number) }
      list.append(SubOption(code: number, value: Array(value)))
    }
    return list
  }
}
