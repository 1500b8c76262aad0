import ConfigurationFile
import DHCP
import DNS
import Net
import Provisioning
import Services
import Transport

/// What the services go by, derived from a configuration and the interfaces that are served.
struct ApplianceParts {
  let settings: Settings
  let site: SiteConfiguration
  let server: ServerConfiguration
  let zones: ZoneSet
  let leaseNames: ZonePublisher.LeaseNames
  let namePolicy: DNSPolicy
  let forwarding: ForwarderRoutes

  /// Throws `Failure` with what does not fit.
  init(
    _ source: ConfigurationSource, interfaces: [NetworkInterface], reservations: OperatorReservations,
    hardware: RouterHardware, bootstrapPassword: String
  ) throws(Failure) {
    let settings = source.settings
    let subnets =
      settings.subnets.isEmpty
      ? interfaces.flatMap { $0.addresses.map { SubnetSettings($0.subnet, except: $0.address) } } : settings.subnets
    // Where no interface is there yet, nobody is told of it either.
    let address =
      settings.acs.address ?? interfaces.lazy.flatMap(\.addresses).first?.address ?? .unspecified
    let password = settings.acs.password ?? bootstrapPassword
    let own = Set(interfaces.flatMap(\.addresses).map(\.address))
    if let loop = settings.dns.forwarders.first(where: { own.contains($0) }) {
      throw Failure("dns.forwarders has \(loop), which is this appliance: questions would go round.")
    }
    for forward in settings.dns.forward {
      guard let loop = forward.servers.first(where: { own.contains($0) }) else { continue }
      throw Failure(
        "dns.forward sends \(forward.zone) to \(loop), which is this appliance: questions would go round.")
    }
    do {
      let url = try ACSURL(settings.acs.routersURL)
      let advice = try Provisioning.Advice(
        url: url, username: settings.acs.username, password: password, address: address)
      let authenticates = settings.acs.authentication != .none
      var site = SiteConfiguration(
        url: url, username: settings.acs.username, password: password, authenticates: authenticates,
        inventory: source.inventory, profiles: source.profiles, bootFile: source.bootFile,
        bootFileNames: settings.bootFileNames(of: subnets), folder: source.tftpFolder,
        connectionRequestsTo: settings.acs.connectionRequestsTo)
      site.digests =
        switch settings.acs.digest {
        case .md5: [.md5]
        case .sha256: [.sha256]
        case .both: [.md5, .sha256]
        }
      if settings.acs.stun.isEnabled {
        site.stun = SiteConfiguration.STUN(
          port: UInt16(settings.acs.stun.port), period: settings.acs.stun.keepAlive)
      }
      site.captiveNames = CaptiveNames(settings.dns.captive)
      let served = interfaces.flatMap(\.addresses).map(\.subnet)
      site.firstContactLinks = subnets.filter { subnet in
        (subnet.firstContact ?? settings.acs.firstContact) == .link && served.contains(subnet.subnet)
      }.map(\.subnet)
      site.models = settings.models.map(Model.init)
      site.addressBinding = AddressBinding(bits: settings.acs.sessionPrefix)
      site.takesBasic = settings.acs.authentication == .basic
      site.transcripts = settings.acs.transcripts.number
      site.keptTranscripts =
        switch settings.acs.transcripts.keep {
        case .trouble: .trouble
        case .work: .work
        case .all: .all
        }
      self.site = site
      server = try ServerConfiguration(
        settings, subnets: subnets, interfaces: interfaces, advice: advice, inventory: source.inventory,
        hardware: hardware, reservations: reservations, isAuthenticated: authenticates)
      zones = try Zones.build(
        settings, files: source.zoneFiles, subnets: subnets,
        appliance: Self.addresses(address, settings, subnets, interfaces),
        serial: UInt32(truncatingIfNeeded: SteadyClock.wall().secondsSince1970))
      forwarding = ForwarderRoutes(
        settings.dns.forwarders.map { Forwarder.Upstream($0) },
        zones: Dictionary(
          try settings.dns.forward.map { (try Name($0.zone), $0.servers.map { Forwarder.Upstream($0) }) },
          uniquingKeysWith: +))
      leaseNames = ZonePublisher.LeaseNames(
        domain: try Name(settings.dns.zone), timeToLive: UInt32(clamping: settings.dns.ttl))
    } catch {
      throw Failure("The configuration does not fit: \(error).")
    }
    namePolicy = DNSPolicy(
      rate: settings.dns.rateLimit.responses, slip: settings.dns.rateLimit.slip, transferTo: settings.dns.transferTo,
      forwardFor: settings.dns.forwarders.isEmpty && settings.dns.forward.isEmpty
        ? [] : subnets.filter(\.forwarding).map(\.subnet))
    self.settings = settings
  }

  /// What a client is told of where the appliance is: what its subnet says, or else, where no address holds for all, the
  /// address of the interface on its own subnet.
  private static func addresses(
    _ standard: IPv4Address, _ settings: Settings, _ subnets: [SubnetSettings], _ interfaces: [NetworkInterface]
  ) -> ApplianceAddresses {
    let said = subnets.compactMap { subnet in
      subnet.acsAddress.map { ApplianceAddresses.View(clients: subnet.subnet, address: $0) }
    }
    let own = interfaces.flatMap(\.addresses).map { ApplianceAddresses.View(clients: $0.subnet, address: $0.address) }
    return ApplianceAddresses(standard, views: said + (settings.acs.address == nil ? own : []))
  }
}
