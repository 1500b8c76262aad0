/// How ACS parameters are laid out in option 43. The raw values are those of `dhcp.dialect` in the configuration.
package enum Dialect: String, CaseIterable, Hashable, Sendable {
  /// H3C, HPE, 3Com: one sub-option with URL, user name and password.
  case comware
  /// TR-069: sub-options 1 to 4.
  case broadbandForum = "broadband-forum"
  /// The URL alone, without sub-options, as some CPEs take it.
  case bareURL = "url"
  /// No option 43.
  case none
}

/// The value of option 43 (RFC 2132 section 8.4) where it tells of an ACS, in one of the dialects.
package enum Option43: Hashable, Sendable {
  case comware(ComwareParameters)
  case broadbandForum(BroadbandForumParameters)
  case bareURL(String)

  /// Reads every byte or refuses. The dialect shows in the bytes: a blank in sub-option 1 or a sub-option `80` is
  /// Comware's; no sub-option at all is a bare URL. A URL alone in sub-option 1 reads the same in both other dialects and
  /// counts as the Broadband Forum's.
  package init(decoding bytes: [UInt8]) throws(Option43Error) {
    guard !bytes.isEmpty else { throw .empty }
    if Self.isBareURL(bytes) {
      self = .bareURL(try Self.bareURL(decoding: bytes))
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
    }
  }

  package var dialect: Dialect {
    switch self {
    case .comware: .comware
    case .broadbandForum: .broadbandForum
    case .bareURL: .bareURL
    }
  }

  package var url: String {
    switch self {
    case .comware(let parameters): parameters.url
    case .broadbandForum(let parameters): parameters.url
    case .bareURL(let url): url
    }
  }

  static let bareURLLength = 8...255

  static func isBareURL(_ bytes: [UInt8]) -> Bool {
    bytes.prefix(4).map { $0 | 0x20 } == Array("http".utf8)
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
