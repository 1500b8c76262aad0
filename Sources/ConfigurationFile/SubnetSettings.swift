package import Net

/// A subnet and what its clients are told.
package struct SubnetSettings: Section {
  package var subnet = Subnet(containing: .unspecified, prefixLength: 32)
  /// Subnets of one name are on one link.
  package var sharedNetwork: String?
  /// The addresses for clients without a reservation, in the order given; none where only reservations are served.
  package var pool: [AddressRange] = []
  /// Option 3.
  package var routers: [IPv4Address] = []
  /// Option 6; nil for the appliance itself.
  package var dnsServers: [IPv4Address]?
  /// Option 15; nil for ``DNSSettings/zone``.
  package var domain: String?
  /// Option 42.
  package var ntpServers: [IPv4Address] = []
  /// Seconds (option 51).
  package var leaseTime = 43_200
  /// Seconds: what a router gets that asks for less or more.
  package var minimumLeaseTime: Int?
  package var maximumLeaseTime: Int?
  /// Seconds (options 58 and 59).
  package var renewal: Int?
  package var rebinding: Int?
  /// Option 67: the name of the boot file, `none` where none is offered.
  package var bootFile = "device.cfg"
  /// Options 66 and 150; nil for the appliance itself.
  package var bootServer: IPv4Address?
  package var dialect: DHCPSettings.Dialect?
  package var firstContact: ACSSettings.FirstContact?
  /// What DNS answers clients of the subnet for the ACS's name; nil for the appliance's address there.
  package var acsAddress: IPv4Address?
  /// Whether its clients' questions for other names are forwarded; else they are refused.
  package var forwarding = false
  /// Further options, sent as they are.
  package var options: [OptionSettings] = []
  package var reservations: [ReservationSettings] = []
  package var classes: [SubnetClassSettings] = []
  package var origin = Origin()

  package init() {}

  /// A subnet with all its hosts' addresses in the pool but the appliance's own: what is served without a file.
  package init(_ subnet: Subnet, except own: IPv4Address) {
    self.subnet = subnet
    let hosts = subnet.hosts
    let before = own.advanced(by: -1).map { min($0, hosts.last) }
    let after = own.advanced(by: 1).map { max($0, hosts.first) }
    pool = [
      before.flatMap { AddressRange(first: hosts.first, last: $0) },
      after.flatMap { AddressRange(first: $0, last: hosts.last) },
    ].compactMap { $0 }
  }

  /// The boot file that is offered, if one is.
  package var offeredBootFile: String? { bootFile == "none" ? nil : bootFile }

  static let schema: [Row<SubnetSettings>] = [
    Row("subnet", \.subnet, .subnet, required: true, "The subnet, on an interface or behind a relay."),
    Row(
      "shared-network", \.sharedNetwork, .text(Form.variableName, Form.isVariableName), absent: "a link of its own",
      "A name for the link; routers on it may have an address of any subnet with the same name."),
    Row(
      "pool", \.pool, .oneOrMore(of: .range, "ranges", atMost: 256),
      "The addresses for routers without a reservation. Where there are none, only reservations are served."),
    Row("routers", \.routers, .list(of: .ipv4, "addresses", atMost: 16), "The default gateways (option 3)."),
    Row(
      "dns-servers", \.dnsServers, .list(of: .ipv4, "addresses", atMost: 16), absent: "this server",
      "The DNS servers (option 6)."),
    Row("domain", \.domain, .domainName, absent: "`dns.zone`", "The domain name (option 15)."),
    Row("ntp-servers", \.ntpServers, .list(of: .ipv4, "addresses", atMost: 16), "The NTP servers (option 42)."),
    Row("lease-time", \.leaseTime, .duration(60...31_536_000), "How long a lease lasts (option 51)."),
    Row(
      "min-lease-time", \.minimumLeaseTime, .duration(60...31_536_000), absent: "1m",
      "What a router gets at least that asks for a shorter lease."),
    Row(
      "max-lease-time", \.maximumLeaseTime, .duration(60...31_536_000),
      absent: "1d, or `lease-time` where that is longer",
      "What a router gets at most that asks for a longer lease."),
    Row(
      "renew-after", \.renewal, .duration(1...31_536_000), absent: "half of the lease",
      "When a router renews its lease (option 58)."),
    Row(
      "rebind-after", \.rebinding, .duration(1...31_536_000), absent: "seven eighths of the lease",
      "When a router that could not renew asks any server (option 59)."),
    Row(
      "boot-file", \.bootFile, .bootFile,
      "The boot file offered to routers (option 67): a name or path, a URL, or `http:device.cfg` for the URL under which "
        + "this server serves that name by HTTP; `none` offers none."),
    Row(
      "boot-server", \.bootServer, .ipv4, absent: "this server",
      "The TFTP server of the boot file (options 66 and 150). A boot file by URL has none unless it is given here."),
    Row(
      "dialect", \.dialect, .choice(), absent: "by `dhcp.rules`",
      "How option 43 tells routers of this subnet the ACS URL, if it does."),
    Row(
      "first-contact", \.firstContact, .choice(), absent: "as `acs.first-contact` says",
      "How routers of this subnet open their first session; `link` counts where an interface is on it."),
    Row(
      "acs-address", \.acsAddress, .ipv4, absent: "this server's address in the subnet, or `acs.address`",
      "What DNS answers clients of the subnet for the name of the ACS."),
    Row(
      "forwarding", \.forwarding, .flag,
      "Whether DNS questions for names outside our zones go to `dns.forwarders` and `dns.forward`; else they are refused."
    ),
    Row("options", \.options, .list(of: .section, "options", atMost: 64), "Further options, sent as they are."),
    Row(
      "reservations", \.reservations, .list(of: .section, "reservations", atMost: 65_536),
      "Addresses that belong to one router each."),
    Row(
      "classes", \.classes, .list(of: .section, "classes", atMost: 256),
      "What routers of a class are given in this subnet."),
  ]
}
