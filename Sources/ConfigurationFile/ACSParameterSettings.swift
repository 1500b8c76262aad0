package import Net

/// What routers are told of the ACS by DHCP beside its URL and credentials.
package struct ACSParameterSettings: Section {
  /// Comware: sub-option 2 of option 43, which the router repeats to the ACS.
  package var serviceProvider: String?
  /// Comware: sub-option 0x80, for routers that boot from these servers.
  package var pxeServers: [IPv4Address] = []
  /// The Broadband Forum's dialect, as are the next two.
  package var provisioningCode: String?
  /// Seconds.
  package var retryMinimumWait: Int?
  /// Thousandths.
  package var retryMultiplier: Int?
  /// The code of the URL in option 125; the other parameters have the codes after it.
  package var firstCode = 11
  package var origin = Origin()

  package init() {}

  static let schema: [Row<ACSParameterSettings>] = [
    Row(
      "service-provider", \.serviceProvider, .word, absent: "none",
      "Comware: the service provider that the router names to the ACS (option 43, sub-option 2)."),
    Row(
      "pxe-servers", \.pxeServers, .list(of: .ipv4, "addresses", atMost: 16),
      "Comware: the servers of a router that boots over the network (option 43, sub-option 0x80)."),
    Row(
      "provisioning-code", \.provisioningCode, .text(1...64), absent: "none",
      "Broadband Forum: the router's ProvisioningCode (option 43, sub-option 2)."),
    Row(
      "retry-minimum-wait", \.retryMinimumWait, .integer(1...65_535), absent: "the router's own",
      "Broadband Forum: the seconds before a session is tried again (sub-option 3)."),
    Row(
      "retry-multiplier", \.retryMultiplier, .integer(1000...65_535), absent: "the router's own",
      "Broadband Forum: by how many thousandths each wait is longer than the one before (sub-option 4)."),
    Row(
      "option-125-code", \.firstCode, .integer(1...251),
      "Broadband Forum: the code of the URL in option 125, where some routers expect 1; the other parameters have the "
        + "codes after it."),
  ]
}
