// The options that are read or written by type; those that hold addresses are beside these. Each has its RFC 2132 section unless it says otherwise.

extension OptionKey<UInt16> {
  /// The longest IP datagram that the client takes, in bytes (section 9.10).
  package static var maximumMessageSize: Self { Self(.maximumMessageSize) }
}

extension OptionKey<UInt32> {
  /// Seconds; `UInt32.max` is for ever (section 9.2).
  package static var leaseTime: Self { Self(.leaseTime) }
  /// T1 in seconds (section 9.11).
  package static var renewalTime: Self { Self(.renewalTime) }
  /// T2 in seconds (section 9.12).
  package static var rebindingTime: Self { Self(.rebindingTime) }
}

extension OptionKey<MessageType> {
  /// Section 9.6.
  package static var messageType: Self { Self(.messageType) }
}

extension OptionKey<[OptionCode]> {
  /// In the client's order of preference (section 9.8).
  package static var parameterRequestList: Self { Self(.parameterRequestList) }
}

extension OptionKey<[UInt8]> {
  /// Opaque outside its dialects, see ``Option43`` (section 8.4).
  package static var vendorSpecific: Self { Self(.vendorSpecific) }
}

extension OptionKey<String> {
  /// Section 3.14.
  package static var hostName: Self { Self(.hostName) }
  /// Section 3.17.
  package static var domainName: Self { Self(.domainName) }
  /// Why a DHCPNAK or DHCPDECLINE was sent (section 9.9).
  package static var message: Self { Self(.message) }
  /// Vendor class identifier (section 9.13).
  package static var vendorClass: Self { Self(.vendorClass) }
  /// Section 9.4; Comware takes an address in dotted decimal as well.
  package static var tftpServerName: Self { Self(.tftpServerName) }
  /// Section 9.5.
  package static var bootFileName: Self { Self(.bootFileName) }
}

extension OptionKey<ClientIdentifier> {
  /// Section 9.14.
  package static var clientIdentifier: Self { Self(.clientIdentifier) }
}

extension OptionKey<UserClasses> {
  /// RFC 3004.
  package static var userClass: Self { Self(.userClass) }
}

extension OptionKey<ClientFQDN> {
  /// RFC 4702.
  package static var clientFQDN: Self { Self(.clientFQDN) }
}

extension OptionKey<RelayInformation> {
  /// RFC 3046.
  package static var relayInformation: Self { Self(.relayInformation) }
}

extension OptionKey<ClasslessRoutes> {
  /// RFC 3442.
  package static var classlessRoutes: Self { Self(.classlessRoutes) }
}

extension OptionKey<VendorIdentifyingClasses> {
  /// RFC 3925 section 3.
  package static var vendorIdentifyingClass: Self { Self(.vendorIdentifyingClass) }
}

extension OptionKey<VendorIdentifyingOptions> {
  /// RFC 3925 section 4.
  package static var vendorIdentifyingOptions: Self { Self(.vendorIdentifyingOptions) }
}
