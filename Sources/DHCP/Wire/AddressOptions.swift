package import Net

extension IPv4Address: OptionValue {
  package init?(option bytes: ArraySlice<UInt8>) {
    guard let value = UInt32(option: bytes) else { return nil }
    self.init(rawValue: value)
  }

  package func write(into bytes: inout [UInt8]) {
    rawValue.write(into: &bytes)
  }
}

extension IPv4Address: OptionListElement {
  package static var optionSize: Int { 4 }
}

extension OptionKey<IPv4Address> {
  /// Section 3.3.
  package static var subnetMask: Self { Self(.subnetMask) }
  /// Section 9.1.
  package static var requestedAddress: Self { Self(.requestedAddress) }
  /// Section 9.7.
  package static var serverIdentifier: Self { Self(.serverIdentifier) }
  /// RFC 3011.
  package static var subnetSelection: Self { Self(.subnetSelection) }
}

extension OptionKey<[IPv4Address]> {
  /// Section 3.5; in order of preference.
  package static var routers: Self { Self(.routers) }
  /// Section 3.8; in order of preference.
  package static var domainNameServers: Self { Self(.domainNameServers) }
  /// Section 8.3; in order of preference.
  package static var ntpServers: Self { Self(.ntpServers) }
  /// TFTP servers by address (RFC 5859); Comware takes this before option 66.
  package static var tftpServers: Self { Self(.tftpServers) }
}
