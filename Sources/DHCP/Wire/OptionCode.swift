/// The code of a DHCP option (IANA: BOOTP vendor extensions and DHCP options).
package struct OptionCode: RawRepresentable, Hashable, Sendable {
  package let rawValue: UInt8

  package init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  package static let pad = OptionCode(rawValue: 0)
  package static let subnetMask = OptionCode(rawValue: 1)
  package static let routers = OptionCode(rawValue: 3)
  package static let domainNameServers = OptionCode(rawValue: 6)
  package static let hostName = OptionCode(rawValue: 12)
  package static let domainName = OptionCode(rawValue: 15)
  package static let ntpServers = OptionCode(rawValue: 42)
  package static let vendorSpecific = OptionCode(rawValue: 43)
  package static let requestedAddress = OptionCode(rawValue: 50)
  package static let leaseTime = OptionCode(rawValue: 51)
  package static let overload = OptionCode(rawValue: 52)
  package static let messageType = OptionCode(rawValue: 53)
  package static let serverIdentifier = OptionCode(rawValue: 54)
  package static let parameterRequestList = OptionCode(rawValue: 55)
  package static let message = OptionCode(rawValue: 56)
  package static let maximumMessageSize = OptionCode(rawValue: 57)
  package static let renewalTime = OptionCode(rawValue: 58)
  package static let rebindingTime = OptionCode(rawValue: 59)
  package static let vendorClass = OptionCode(rawValue: 60)
  package static let clientIdentifier = OptionCode(rawValue: 61)
  package static let tftpServerName = OptionCode(rawValue: 66)
  package static let bootFileName = OptionCode(rawValue: 67)
  package static let userClass = OptionCode(rawValue: 77)
  package static let rapidCommit = OptionCode(rawValue: 80)
  package static let clientFQDN = OptionCode(rawValue: 81)
  package static let relayInformation = OptionCode(rawValue: 82)
  package static let subnetSelection = OptionCode(rawValue: 118)
  package static let domainSearch = OptionCode(rawValue: 119)
  package static let classlessRoutes = OptionCode(rawValue: 121)
  package static let vendorIdentifyingClass = OptionCode(rawValue: 124)
  package static let vendorIdentifyingOptions = OptionCode(rawValue: 125)
  package static let tftpServers = OptionCode(rawValue: 150)
  package static let microsoftClasslessRoutes = OptionCode(rawValue: 249)
  package static let end = OptionCode(rawValue: 255)
}

extension OptionCode: CustomStringConvertible {
  package var description: String { "option \(rawValue)" }
}
