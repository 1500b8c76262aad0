/// Option 43 as Huawei's AR routers and switches read it (Auto-Config): sub-option 1 is `URL=http://…;`, sub-option 2
/// `username=…;password=…;`.
package struct HuaweiParameters: Hashable, Sendable {
  package var url: String
  package var username: String?
  package var password: String?
  /// Sub-options of other codes in their order, kept as they are.
  package var others: [SubOption]

  package init(url: String, username: String? = nil, password: String? = nil, others: [SubOption] = []) {
    self.url = url
    self.username = username
    self.password = password
    self.others = others
  }

  static let urlCode: UInt8 = 1
  static let credentialsCode: UInt8 = 2
  static let urlLength = 8...249
  static let textLength = 1...200

  /// Reads every byte or refuses.
  package init(decoding bytes: some Collection<UInt8>) throws(Option43Error) {
    let list = try Option43.subOptions(of: Array(bytes), single: [Self.urlCode, Self.credentialsCode])
    func pairs(_ code: UInt8) throws(Option43Error) -> HuaweiPairs? {
      guard let value = list.first(where: { $0.code == code })?.value else { return nil }
      let pairs = HuaweiPairs(value)
      if let unknown = pairs.unknown(in: code) { throw .unknownKey(unknown) }
      return pairs
    }
    guard let url = try pairs(Self.urlCode)?.value("url") else { throw .noACSParameters }
    let credentials = try pairs(Self.credentialsCode)
    self.init(
      url: try Option43Error.Field.url.text(url),
      username: try credentials?.value("username").map { (bytes) throws(Option43Error) in
        try Option43Error.Field.username.text(bytes)
      },
      password: try credentials?.value("password").map { (bytes) throws(Option43Error) in
        try Option43Error.Field.password.text(bytes)
      },
      others: list.filter { ![Self.urlCode, Self.credentialsCode].contains($0.code) })
    try check()
  }

  /// The value of option 43, at most 255 bytes.
  package func encode() throws(Option43Error) -> [UInt8] {
    try check()
    var list = [SubOption(code: Self.urlCode, value: Array("URL=\(url);".utf8))]
    let credentials = [username.map { "username=\($0);" }, password.map { "password=\($0);" }].compactMap(\.self)
    if !credentials.isEmpty {
      list.append(SubOption(code: Self.credentialsCode, value: Array(credentials.joined().utf8)))
    }
    let bytes = SubOption.encode(list + others)
    guard bytes.count <= 255 else { throw .tooLong(count: bytes.count, limit: 255) }
    return bytes
  }

  private func check() throws(Option43Error) {
    try Option43Error.Field.url.checkURL(url, length: Self.urlLength)
    guard username != nil || password == nil else { throw .passwordWithoutUsername }
    if let username { try Option43Error.Field.username.check(username.utf8, length: Self.textLength) }
    if let password { try Option43Error.Field.password.check(password.utf8, length: Self.textLength) }
    for (field, text) in [(Option43Error.Field.url, url), (.username, username ?? ""), (.password, password ?? "")] {
      if let place = text.utf8.firstIndex(of: UInt8(ascii: ";")) {
        throw .character(
          field, byte: UInt8(ascii: ";"), at: text.utf8.distance(from: text.utf8.startIndex, to: place))
      }
    }
  }
}

/// `key=value;` and so on, as Huawei writes it. Keys are known in either case.
struct HuaweiPairs {
  private var pairs: [(key: String, value: ArraySlice<UInt8>)] = []
  /// Whether each pair ends with its semicolon.
  let isTerminated: Bool

  init(_ value: [UInt8]) {
    let text = value.prefix(value.count - value.reversed().prefix { $0 == 0 }.count)
    isTerminated = text.last == UInt8(ascii: ";")
    for pair in text.split(separator: UInt8(ascii: ";")) {
      let key = pair.prefix { $0 != UInt8(ascii: "=") }
      pairs.append((String(decoding: key, as: UTF8.self).lowercased(), pair.dropFirst(key.count + 1)))
    }
  }

  func value(_ key: String) -> ArraySlice<UInt8>? { pairs.first { $0.key == key }?.value }

  var values: [ArraySlice<UInt8>] { pairs.map(\.value) }

  /// A key that does not belong into this sub-option, or comes again.
  func unknown(in code: UInt8) -> String? {
    let known = code == HuaweiParameters.urlCode ? ["url"] : ["username", "password"]
    return pairs.enumerated().first { index, pair in
      !known.contains(pair.key) || pairs[..<index].contains { $0.key == pair.key }
    }?.element.key
  }
}
