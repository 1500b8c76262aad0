import ConfigurationFile
import DHCP
import Net
import Provisioning
import Services
import Transport

extension ServerConfiguration {
  /// What the DHCP server goes by on an appliance that serves on these interfaces. Throws `Option43Error` where the ACS's
  /// URL and credentials do not fit option 43.
  init(
    _ settings: Settings, subnets: [SubnetSettings], interfaces: [NetworkInterface], advice: Provisioning.Advice,
    inventory: Inventory, hardware: RouterHardware, reservations: OperatorReservations, isAuthenticated: Bool
  ) throws(Option43Error) {
    let own = interfaces.flatMap { $0.addresses.map(\.address) }
    let dialects =
      (subnets.map(\.dialect) + settings.dhcp.classes.map(\.values.dialect)
      + subnets.flatMap { $0.classes.map(\.values.dialect) }).compactMap { $0.map(Dialect.init) }
    let more = settings.dhcp.acsParameters
    let advisor = try Advisor(
      acs: ACSParameters(
        url: advice.url.text, username: isAuthenticated ? advice.username : nil,
        password: isAuthenticated ? advice.password : nil, serviceProvider: more.serviceProvider,
        provisioningCode: more.provisioningCode, retryMinimumWait: more.retryMinimumWait,
        retryMultiplier: more.retryMultiplier,
        others: more.pxeServers.isEmpty ? [] : [.comwarePXE(servers: more.pxeServers)]),
      rules: settings.dhcp.rules.map { rule in
        AdviceRule(
          matches: [rule.vendorClass.map { .vendorClass(TextPattern($0)) }, rule.oui.map(ClientMatch.oui)]
            .compactMap { $0 },
          dialect: .fixed(Dialect(rule.dialect)))
      }, fallback: Dialect(settings.dhcp.dialect), others: Set(dialects),
      sending: Advisor.Sending(settings.dhcp.sending), firstVendorOptionCode: UInt8(more.firstCode))
    self.init(
      subnets: subnets.map {
        SubnetConfiguration(
          $0, settings, inventory: inventory, reservations: reservations, appliance: advice.address)
      },
      serverAddresses: own,
      advisor: advisor,
      audience: settings.dhcp.audience == .known
        ? .known(inventory: Set(inventory.rows.compactMap(\.hardware))) : .everyone,
      authority: settings.dhcp.isAuthoritative, commitsRapidly: settings.dhcp.commitsRapidly,
      offersAfter: UInt16(clamping: settings.dhcp.offersAfter), offerHold: Int64(settings.dhcp.offerHold),
      detectsConflicts: settings.dhcp.detectsConflicts, quarantine: Int64(settings.dhcp.quarantine))
    honorsSubnetSelection = settings.dhcp.honorsSubnetSelection
    for row in inventory.rows {
      guard let name = row.variables["hostname"] else { continue }
      let own = row.hardware ?? row.serialNumber.flatMap(hardware.hardware(ofSerialNumber:))
      keptNames.keep(name, for: .inventory(own))
    }
    for name in settings.namesInZone { keptNames.keep(name, for: .configuration) }
  }
}

extension SubnetConfiguration {
  fileprivate init(
    _ settings: SubnetSettings, _ all: Settings, inventory: Inventory, reservations operators: OperatorReservations,
    appliance: IPv4Address
  ) {
    var options = OptionList()
    for option in settings.options { options.set(option) }
    let makeBootFile = BootFileMaker(settings, all, appliance: appliance)
    let reservations = settings.reservations.compactMap { reservation in
      Reservation.Client(reservation).map {
        Reservation(
          client: $0, address: reservation.address, hostname: reservation.hostname,
          bootFile: makeBootFile(ofReservation: reservation.bootFile))
      }
    }
    let ofInventory = inventory.rows.compactMap { row -> Reservation? in
      guard let hardware = row.hardware, let address = row.address, settings.subnet.contains(address) else {
        return nil
      }
      return Reservation(client: .hardware(hardware), address: address, hostname: row.variables["hostname"])
    }
    let ofOperator = operators.list.filter { settings.subnet.contains($0.address) }
    self.init(
      subnet: settings.subnet, sharedNetwork: settings.sharedNetwork, pools: settings.pool,
      // The first counts: the configuration goes before what the operator has said since.
      reservations: Reservations(reservations + ofInventory + ofOperator),
      leaseTimes: LeaseTimes(settings, standard: settings.leaseTime),
      routers: settings.routers, domainNameServers: settings.dnsServers ?? [appliance],
      domainName: settings.domain ?? all.dns.zone, ntpServers: settings.ntpServers, extraOptions: options,
      bootFile: settings.offeredBootFile.map { makeBootFile($0, server: settings.bootServer) },
      dialect: settings.dialect.map(Dialect.init))
    forcedOptions = settings.options.forced
    classes = all.dhcp.classes.map { general in
      let own = settings.classes.first { $0.name == general.name }
      let values = own?.values.before(general.values) ?? general.values
      return ClassConfiguration(matching: general.matches, pools: own?.pool ?? [], in: self) { subnet in
        subnet.change(to: values, settings, makeBootFile)
      }
    }
  }

  /// Takes over what a class says.
  private mutating func change(
    to values: ClassValues, _ settings: SubnetSettings, _ makeBootFile: BootFileMaker
  ) {
    if let time = values.leaseTime { leaseTimes = LeaseTimes(settings, standard: time) }
    switch values.bootFile {
    case "none"?: bootFile = nil
    case let name?:
      bootFile = makeBootFile(name, server: values.bootServer ?? settings.bootServer, isForBootLoaders: true)
    case nil: if let own = values.bootServer { bootFile?.servers = [own] }
    }
    if let set = values.dialect { dialect = Dialect(set) }
    for option in values.options { extraOptions.set(option) }
    forcedOptions += values.options.forced
  }
}

extension [OptionSettings] {
  fileprivate var forced: [OptionCode] {
    filter(\.isForced).map { OptionCode(rawValue: UInt8($0.code)) }
  }
}

extension OptionList {
  fileprivate mutating func set(_ option: OptionSettings) {
    guard !option.isOfOthers else { return }
    set(OptionCode(rawValue: UInt8(option.code)), bytes: option.bytes)
  }
}

extension Reservation.Client {
  fileprivate init?(_ settings: ReservationSettings) {
    switch settings.client {
    case .hardware(let address): self = .hardware(address)
    case .identifier(let bytes): self = .identifier(bytes)
    case .circuit(let bytes): self = .circuit(bytes)
    case .remote(let bytes): self = .remote(bytes)
    case nil: return nil
    }
  }
}

extension LeaseTimes {
  /// Of a subnet, for those whose lease is `standard` seconds when they ask for none.
  fileprivate init(_ settings: SubnetSettings, standard: Int) {
    self.init(
      standard: UInt32(clamping: standard),
      minimum: UInt32(clamping: min(settings.minimumLeaseTime ?? 60, standard)),
      maximum: UInt32(clamping: max(settings.maximumLeaseTime ?? 86_400, standard)),
      renewal: settings.renewal.map { UInt32(clamping: $0) },
      rebinding: settings.rebinding.map { UInt32(clamping: $0) })
  }
}

extension ClassSettings {
  fileprivate var matches: [ClientMatch] {
    [
      vendorClass.map { .vendorClass(TextPattern($0)) }, userClass.map { .userClass(TextPattern($0)) },
      oui.map(ClientMatch.oui), circuitID.map { .circuit(BytesPattern($0)) },
      remoteID.map { .remote(BytesPattern($0)) },
    ].compactMap { $0 }
  }
}

extension BytesPattern {
  fileprivate init(_ settings: PortPattern) {
    switch settings {
    case .text(let text): self.init(text)
    case .bytes(let bytes): self = .bytes(bytes)
    }
  }
}

extension Advisor.Sending {
  fileprivate init(_ settings: DHCPSettings.Sending) {
    self =
      switch settings {
      case .requested: .whenRequested
      case .matched: .whenMatched
      case .always: .always
      }
  }
}

extension Dialect {
  fileprivate init(_ settings: DHCPSettings.Dialect) {
    self =
      switch settings {
      case .comware: .comware
      case .broadbandForum: .broadbandForum
      case .url: .bareURL
      case .huawei: .huawei
      case .eltex: .eltex
      case .none: .none
      }
  }
}
