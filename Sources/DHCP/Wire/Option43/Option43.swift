/// How ACS parameters are laid out in option 43. The raw values are those of `dhcp.dialect` in the configuration.
package enum Dialect: String, CaseIterable, Hashable, Sendable {
  /// H3C, HPE, 3Com: one sub-option with URL, user name and password.
  case comware
  /// TR-069: sub-options 1 to 4.
  case broadbandForum = "broadband-forum"
  /// The URL alone, without sub-options, as some CPEs take it.
  case bareURL = "url"
  /// Huawei AR and its like: sub-option 1 `URL=…;`, sub-option 2 `username=…;password=…;`.
  case huawei
  /// Eltex: sub-options 1 to 4, of which 3 and 4 are user name and password.
  case eltex
  /// No option 43.
  case none
}

/// The value of option 43 (RFC 2132 section 8.4) where it tells of an ACS, in one of the dialects.
package enum Option43: Hashable, Sendable {
  case comware(ComwareParameters)
  case broadbandForum(BroadbandForumParameters)
  case bareURL(String)
  case huawei(HuaweiParameters)
  case eltex(EltexParameters)

  /// Reads every byte or refuses. The dialect shows in the bytes: a blank in sub-option 1 or a sub-option `80` is
  /// Comware's, `URL=` in sub-option 1 Huawei's, text in sub-options 3 and 4 or a sub-option 5 Eltex's; no sub-option at
  /// all is a bare URL. What is known to be for others than CPEs is refused as such. A URL alone in sub-option 1 reads the same in both other dialects and
  /// counts as the Broadband Forum's.
  package init(decoding bytes: [UInt8]) throws(Option43Error) {
    guard !bytes.isEmpty else { throw .empty }
    if Self.isBareURL(bytes) {
      self = .bareURL(try Self.bareURL(decoding: bytes))
    } else if EltexParameters.isText(bytes) {
      self = .eltex(try EltexParameters(decoding: bytes))
    } else if let text = Self.foreignText(bytes) {
      throw .foreign(text)
    } else if let list = try? SubOption.list(decoding: bytes.last == 0xFF ? bytes.dropLast() : bytes[...]),
      let foreign = Option43Foreign(list)
    {
      throw .foreign(foreign)
    } else if try Self.isHuawei(Self.subOptions(of: bytes, single: [])) {
      self = .huawei(try HuaweiParameters(decoding: bytes))
    } else if try EltexParameters.isMeant(by: Self.subOptions(of: bytes, single: [])) {
      self = .eltex(try EltexParameters(decoding: bytes))
    } else if try Self.isComware(bytes) {
      self = .comware(try ComwareParameters(decoding: bytes))
    } else {
      self = .broadbandForum(try BroadbandForumParameters(decoding: bytes))
    }
  }

  package func encode() throws(Option43Error) -> [UInt8] {
    switch self {
    case .comware(let parameters): return try parameters.encode()
    case .broadbandForum(let parameters): return try parameters.encode()
    case .bareURL(let url):
      try Option43Error.Field.url.checkURL(url, length: Self.bareURLLength)
      return Array(url.utf8)
    case .huawei(let parameters): return try parameters.encode()
    case .eltex(let parameters): return try parameters.encode()
    }
  }

  package var dialect: Dialect {
    switch self {
    case .comware: .comware
    case .broadbandForum: .broadbandForum
    case .bareURL: .bareURL
    case .huawei: .huawei
    case .eltex: .eltex
    }
  }

  package var url: String {
    switch self {
    case .comware(let parameters): parameters.url
    case .broadbandForum(let parameters): parameters.url
    case .bareURL(let url): url
    case .huawei(let parameters): parameters.url
    case .eltex(let parameters): parameters.url
    }
  }

  static let bareURLLength = 8...255

  static func isBareURL(_ bytes: [UInt8]) -> Bool {
    bytes.prefix(4).map { $0 | 0x20 } == Array("http".utf8)
  }

  static func isHuawei(_ list: [SubOption]) -> Bool {
    list.first { $0.code == HuaweiParameters.urlCode }
      .map { $0.value.prefix(4).map { $0 | 0x20 } == Array("url=".utf8).map { $0 | 0x20 } } ?? false
  }

  /// Printable text without a control character, which a code or a length would be.
  static func foreignText(_ bytes: [UInt8]) -> Option43Foreign? {
    let text = bytes.prefix(bytes.count - bytes.reversed().prefix { $0 == 0 }.count)
    guard !text.isEmpty, text.allSatisfy({ (0x20...0x7E).contains($0) }) else { return nil }
    return .text(String(decoding: text, as: UTF8.self))
  }

  private static func isComware(_ bytes: [UInt8]) throws(Option43Error) -> Bool {
    let list = try subOptions(of: bytes, single: [])
    return list.contains {
      $0.code == ComwareParameters.pxeCode
        || $0.code == ComwareParameters.parametersCode && $0.value.contains(UInt8(ascii: " "))
    }
  }

  private static func bareURL(decoding bytes: [UInt8]) throws(Option43Error) -> String {
    let text = bytes.last == 0 ? bytes.dropLast() : bytes[...]
    // Checked before it becomes text, so that what is not ASCII is named by its byte.
    try Option43Error.Field.url.check(text, length: bareURLLength)
    let url = String(decoding: text, as: UTF8.self)
    try Option43Error.Field.url.checkURL(url, length: bareURLLength)
    return url
  }

  /// The sub-options, of which those in `single` may come once.
  static func subOptions(of bytes: [UInt8], single: [UInt8]) throws(Option43Error) -> [SubOption] {
    guard !bytes.isEmpty else { throw .empty }
    let list: [SubOption]
    do throws(SubOption.Truncation) {
      list = try SubOption.list(decoding: bytes[...])
    } catch {
      throw .truncated(subOption: error.code, at: error.offset, needed: error.needed)
    }
    for code in single where list.count(where: { $0.code == code }) > 1 { throw .repeated(subOption: code) }
    return list
  }
}
