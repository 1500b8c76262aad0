package import Net

/// Option 43 as Comware (H3C, HPE, 3Com) reads it: `01 len "URL SP user SP password"`, and beside that optionally `02 len`
/// with a service provider identifier that the CPE repeats to the ACS, and `80 len` with PXE or controller addresses.
package struct ComwareParameters: Hashable, Sendable {
  package var url: String
  package var username: String?
  package var password: String?
  package var serviceProvider: String?
  /// Sub-options of other codes in their order, `80` among them, kept as they are.
  package var others: [SubOption]

  package init(
    url: String, username: String? = nil, password: String? = nil, serviceProvider: String? = nil,
    others: [SubOption] = []
  ) {
    self.url = url
    self.username = username
    self.password = password
    self.serviceProvider = serviceProvider
    self.others = others
  }

  static let parametersCode: UInt8 = 1
  static let serviceProviderCode: UInt8 = 2
  static let pxeCode: UInt8 = 0x80
  /// What Comware's command line takes for the URL, in bytes.
  static let urlLength = 8...255
  static let textLength = 1...255
  /// One option holds 255 bytes, of which the sub-option's header takes two.
  static let parametersLimit = 253
  static let optionLimit = 255

  /// Reads every byte or refuses.
  package init(decoding bytes: some Collection<UInt8>) throws(Option43Error) {
    let list = try Option43.subOptions(of: Array(bytes), single: [Self.parametersCode, Self.serviceProviderCode])
    guard let parameters = list.first(where: { $0.code == Self.parametersCode })?.value else {
      throw .noACSParameters
    }
    let parts = parameters.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
    guard parts.count <= 3 else { throw .words(count: parts.count) }
    var words: [String] = []
    for (part, field) in zip(parts, [Option43Error.Field.url, .username, .password]) {
      words.append(try field.text(part))
    }
    self.init(
      url: words.first ?? "", username: words.count > 1 ? words[1] : nil, password: words.count > 2 ? words[2] : nil,
      serviceProvider: list.first { $0.code == Self.serviceProviderCode }
        .map { String(decoding: $0.value, as: UTF8.self) },
      others: list.filter { $0.code != Self.parametersCode && $0.code != Self.serviceProviderCode })
    try check()
  }

  /// The value of option 43, at most 255 bytes.
  package func encode() throws(Option43Error) -> [UInt8] {
    try check()
    let parameters = Array([url, username, password].compactMap(\.self).joined(separator: " ").utf8)
    guard parameters.count <= Self.parametersLimit else {
      throw .tooLong(count: parameters.count, limit: Self.parametersLimit)
    }
    var list = [SubOption(code: Self.parametersCode, value: parameters)]
    if let serviceProvider {
      list.append(SubOption(code: Self.serviceProviderCode, value: Array(serviceProvider.utf8)))
    }
    let bytes = SubOption.encode(list + others)
    guard bytes.count <= Self.optionLimit else { throw .tooLong(count: bytes.count, limit: Self.optionLimit) }
    return bytes
  }

  private func check() throws(Option43Error) {
    try Option43Error.Field.url.checkURL(url, length: Self.urlLength)
    guard username != nil || password == nil else { throw .passwordWithoutUsername }
    if let username { try Option43Error.Field.username.check(username.utf8, length: Self.textLength) }
    if let password { try Option43Error.Field.password.check(password.utf8, length: Self.textLength) }
    if let serviceProvider {
      try Option43Error.Field.serviceProvider.check(serviceProvider.utf8, length: Self.textLength)
    }
  }
}

extension SubOption {
  /// Sub-option `80` of Comware's dialect: server type 0x0000, the number of servers, their addresses (at most 63).
  package static func comwarePXE(servers: [IPv4Address]) -> SubOption {
    let servers = servers.prefix(63)
    return SubOption(
      code: ComwareParameters.pxeCode, value: [0, 0, UInt8(servers.count)] + servers.flatMap(\.octets))
  }

  /// The addresses of a sub-option that ``comwarePXE(servers:)`` makes, nil for any other.
  package var comwarePXEServers: [IPv4Address]? {
    guard code == ComwareParameters.pxeCode, value.starts(with: [0, 0]), value.count >= 3,
      value.count == 3 + 4 * Int(value[2])
    else { return nil }
    return value.count == 3 ? [] : [IPv4Address](option: value[3...])
  }
}
