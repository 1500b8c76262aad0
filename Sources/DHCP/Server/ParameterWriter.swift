import Net

/// Writes the options that a client is configured by, in its own order of preference (RFC 2132 section 9.8), which is the
/// order in which they are dropped last where they do not all fit.
struct ParameterWriter {
  let subnet: SubnetConfiguration
  let advice: Advice
  let hostname: String?
  /// What was written of the ACS.
  private(set) var hint: ACSHint?

  init(subnet: SubnetConfiguration, advice: Advice, hostname: String?) {
    self.subnet = subnet
    self.advice = advice
    self.hostname = hostname
  }

  /// For a client that does not say what it wants; before what is configured beside these.
  private static let usual: [OptionCode] = [
    .classlessRoutes, .routers, .domainNameServers, .hostName, .domainName, .ntpServers, .vendorSpecific,
    .bootFileName, .tftpServerName, .tftpServers, .vendorIdentifyingOptions,
  ]

  mutating func write(requested list: ArraySlice<UInt8>?, into message: inout Message) {
    // The mask comes before the routers, whatever the client's order is (RFC 2132 section 3.3).
    write(.subnetMask, into: &message)
    if let list, !list.isEmpty {
      // A client that takes classless routes takes no notice of the routers (RFC 3442).
      if list.contains(OptionCode.classlessRoutes.rawValue) { write(.classlessRoutes, into: &message) }
      for code in list { write(OptionCode(rawValue: code), into: &message) }
    } else {
      // A client that names nothing is given everything that is configured for it (RFC 2131 section 3.5).
      for code in Self.usual { write(code, into: &message) }
      subnet.extraOptions.forEach { code, _ in write(code, into: &message) }
    }
    for code in subnet.forcedOptions { write(code, into: &message) }
    if advice.isForced {
      write(.vendorSpecific, into: &message)
      write(.vendorIdentifyingOptions, into: &message)
    }
    writeBootFields(into: &message)
  }

  private mutating func write(_ code: OptionCode, into message: inout Message) {
    guard !code.isServersOwn, !message.options.contains(code) else { return }
    // Clients of Microsoft ask for routes by a code of their own.
    let mirrored = code == .microsoftClasslessRoutes ? subnet.extraOptions[.classlessRoutes] : nil
    if let bytes = subnet.extraOptions[code] ?? mirrored { return message.options.set(code, bytes: bytes) }
    switch code {
    case .subnetMask: message.options.set(.subnetMask, subnet.subnet.mask)
    case .routers: write(.routers, subnet.routers, into: &message)
    case .domainNameServers: write(.domainNameServers, subnet.domainNameServers, into: &message)
    case .ntpServers: write(.ntpServers, subnet.ntpServers, into: &message)
    case .tftpServers: write(.tftpServers, advice.bootFile?.servers ?? [], into: &message)
    case .hostName: write(.hostName, hostname, into: &message)
    case .domainName: write(.domainName, subnet.domainName, into: &message)
    case .bootFileName: write(.bootFileName, advice.bootFile?.name, into: &message)
    case .tftpServerName: write(.tftpServerName, tftpServerName, into: &message)
    case .vendorSpecific: write(code, advice.vendorSpecific, into: &message)
    case .vendorIdentifyingOptions: write(code, advice.vendorIdentifyingOptions, into: &message)
    default: break
    }
  }

  private func write(_ key: OptionKey<[IPv4Address]>, _ addresses: [IPv4Address], into message: inout Message) {
    if !addresses.isEmpty { message.options.set(key, addresses) }
  }

  private func write(_ key: OptionKey<String>, _ text: String?, into message: inout Message) {
    if let text, !text.isEmpty { message.options.set(key, text) }
  }

  private mutating func write(_ code: OptionCode, _ acs: [UInt8]?, into message: inout Message) {
    guard let acs else { return }
    message.options.set(code, bytes: acs)
    hint = advice.acs
  }

  private var tftpServerName: String? {
    advice.bootFile.flatMap { $0.serverName ?? $0.servers.first?.description }
  }

  /// The fields of the fixed part that say the same to older clients, as far as they have room for a NUL at the end.
  private func writeBootFields(into message: inout Message) {
    guard let bootFile = advice.bootFile else { return }
    message.siaddr = bootFile.servers.first ?? .unspecified
    let name = Array(bootFile.name.utf8)
    if name.count < 128 { message.file = name }
    let server = Array((tftpServerName ?? "").utf8)
    if server.count < 64 { message.sname = server }
  }
}
