import ConfigurationFile
import DHCP
import Net
import Provisioning
import Transport

extension ServerConfiguration {
  /// What the DHCP server goes by on an appliance that serves on these interfaces. Throws `Option43Error` where the ACS's
  /// URL and credentials do not fit option 43.
  init(
    _ settings: Settings, subnets: [SubnetSettings], interfaces: [NetworkInterface], advice: Provisioning.Advice,
    inventory: Inventory, isAuthenticated: Bool
  ) throws(Option43Error) {
    let own = interfaces.flatMap { $0.addresses.map(\.address) }
    let bootFileName = subnets.compactMap(\.offeredBootFile).first
    let advisor = try Advisor(
      acs: ACSParameters(
        url: advice.url.text, username: isAuthenticated ? advice.username : nil,
        password: isAuthenticated ? advice.password : nil),
      rules: settings.dhcp.rules.map { rule in
        AdviceRule(
          matches: [rule.vendorClass.map(ClientMatch.vendorClass), rule.oui.map(ClientMatch.oui)].compactMap { $0 },
          dialect: .fixed(Dialect(rule.dialect)))
      }, fallback: Dialect(settings.dhcp.dialect),
      bootFile: bootFileName.map { BootFile(name: $0, servers: [advice.address]) })
    self.init(
      subnets: subnets.map { SubnetConfiguration($0, settings, inventory: inventory, appliance: advice.address) },
      serverAddresses: own,
      advisor: advisor,
      audience: settings.dhcp.audience == .known
        ? .known(inventory: Set(inventory.rows.compactMap(\.hardware))) : .everyone,
      isAuthoritative: settings.dhcp.isAuthoritative, commitsRapidly: settings.dhcp.commitsRapidly,
      offersAfter: UInt16(clamping: settings.dhcp.offersAfter))
  }
}

extension SubnetConfiguration {
  fileprivate init(_ settings: SubnetSettings, _ all: Settings, inventory: Inventory, appliance: IPv4Address) {
    var options = OptionList()
    for option in settings.options { options.set(OptionCode(rawValue: UInt8(option.code)), bytes: option.bytes) }
    let lease = UInt32(clamping: settings.leaseTime)
    self.init(
      subnet: settings.subnet, sharedNetwork: settings.sharedNetwork, pools: settings.pool,
      reservations: Reservations(
        settings.reservations.compactMap { reservation in
          let client: Reservation.Client? =
            switch reservation.client {
            case .hardware(let address): .hardware(address)
            case .identifier(let bytes): .identifier(bytes)
            case .circuit(let bytes): .circuit(bytes)
            case .remote(let bytes): .remote(bytes)
            case nil: nil
            }
          return client.map { Reservation(client: $0, address: reservation.address, hostname: reservation.hostname) }
        }
          + inventory.rows.compactMap { row in
            guard let hardware = row.hardware, let address = row.address, settings.subnet.contains(address) else {
              return nil
            }
            return Reservation(client: .hardware(hardware), address: address, hostname: row.variables["hostname"])
          }),
      leaseTimes: LeaseTimes(standard: lease, minimum: min(60, lease), maximum: max(86_400, lease)),
      routers: settings.routers, domainNameServers: settings.dnsServers ?? [appliance],
      domainName: settings.domain ?? all.dns.zone, ntpServers: settings.ntpServers, extraOptions: options)
  }
}

extension Dialect {
  fileprivate init(_ settings: DHCPSettings.Dialect) {
    self =
      switch settings {
      case .comware: .comware
      case .broadbandForum: .broadbandForum
      case .url: .bareURL
      case .none: .none
      }
  }
}
