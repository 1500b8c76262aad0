import DHCP
import DNS
import Journey
import Logging
import Net
import SQLiteStore
import Services
import Store
import Transport

/// What is served, and where: follows from the configuration and from the interfaces that are there. Either may change
/// while the daemon runs.
actor Arrangement {
  private(set) var source: ConfigurationSource
  private(set) var interfaces: [NetworkInterface]
  private var reservations: OperatorReservations
  private let hardware: RouterHardware
  private let bootstrapPassword: String
  private let store: SQLiteStore
  private let journey: JourneyRecorder
  private let zones: ZonePublisher
  private let site: Current<SiteConfiguration>
  private let dhcp: DHCPService?
  private let dns: DNSService?
  private let forwarder: ForwarderService?
  private let tftp: TFTPService?
  private let acs: ACSService
  private let certificates: ServedCertificates
  private let tls: TLSServerContext?
  private let files: FileStore
  private let stun: STUNService?

  /// The zones, the site and the DHCP server's configuration are those of `source` and `interfaces` already.
  init(
    _ source: ConfigurationSource, interfaces: [NetworkInterface], reservations: OperatorReservations,
    hardware: RouterHardware, bootstrapPassword: String, store: SQLiteStore, journey: JourneyRecorder,
    zones: ZonePublisher,
    site: Current<SiteConfiguration>, dhcp: DHCPService?, dns: DNSService?, forwarder: ForwarderService?,
    tftp: TFTPService?,
    acs: ACSService, stun: STUNService?, files: FileStore, certificates: ServedCertificates, tls: TLSServerContext?
  ) {
    self.source = source
    self.interfaces = interfaces
    self.reservations = reservations
    self.hardware = hardware
    self.bootstrapPassword = bootstrapPassword
    self.store = store
    self.journey = journey
    self.zones = zones
    self.site = site
    self.dhcp = dhcp
    self.dns = dns
    self.forwarder = forwarder
    self.tftp = tftp
    self.acs = acs
    self.certificates = certificates
    self.tls = tls
    self.files = files
    self.stun = stun
  }

  /// What a new configuration would make of the site; throws where it does not fit.
  func change(by next: ConfigurationSource) throws -> SiteChange {
    SiteChange(from: site.value, to: try parts(next, interfaces).site)
  }

  /// Takes over a new configuration whole, or throws and changes nothing.
  func configure(_ next: ConfigurationSource) throws {
    let parts = try parts(next, interfaces)
    let before = tls?.settings
    try secure(next, interfaces)
    do {
      try publish(parts)
    } catch {
      if let before { try tls?.replace(before) }
      throw error
    }
    dhcp?.configure(parts.server)
    source = next
  }

  /// Serves these interfaces and no others. DHCP leads routers to the other servers, so it comes last. Throws the first
  /// of what could not be opened, with all else served.
  func serve(_ next: [NetworkInterface]) async throws {
    let isChanged = next.map(\.addresses) != interfaces.map(\.addresses)
    if isChanged {
      try publish(parts(source, next))
    }
    interfaces = next
    let addresses = next.compactMap(\.addresses.first?.address)
    var failures: [any Error] = []
    // An address that comes is a name that the certificate must have.
    do { try secure(source, next) } catch { failures.append(error) }
    do { try await dns?.serve(addresses) } catch { failures.append(error) }
    do { try await tftp?.serve(next) } catch { failures.append(error) }
    do { try await acs.serve(addresses) } catch { failures.append(error) }
    do { try await stun?.serve(addresses) } catch { failures.append(error) }
    do {
      // The configuration may have been replaced meanwhile.
      let latest =
        isChanged ? try parts(source, next).server : nil
      try await dhcp?.serve(next, by: latest)
    } catch {
      failures.append(error)
    }
    if let failure = failures.first { throw failure }
  }

  /// Keeps an address for a client, or lets it go, as `change` says of what is kept. Durable when it returns.
  func reserve(_ change: (inout OperatorReservations, ServerConfiguration) throws -> Void) async throws {
    var next = reservations
    try change(&next, try parts(source, interfaces).server)
    try await journey.commit([.setting(name: OperatorReservations.setting, value: next.stored)])
    reservations = next
    dhcp?.configure(try parts(source, interfaces).server)
  }

  private func parts(
    _ source: ConfigurationSource, _ interfaces: [NetworkInterface]
  ) throws(Failure) -> ApplianceParts {
    try ApplianceParts(
      source, interfaces: interfaces, reservations: reservations, hardware: hardware,
      bootstrapPassword: bootstrapPassword)
  }

  private func secure(_ source: ConfigurationSource, _ interfaces: [NetworkInterface]) throws {
    guard let tls else { return }
    try tls.replace(certificates.settings(source, interfaces: interfaces, at: SteadyClock.now()))
  }

  private func publish(_ parts: ApplianceParts) throws {
    try zones.replace(parts.zones, names: parts.leaseNames, now: SteadyClock.now()) { body in
      try store.forEachLease { body(parts.server.named($0)) }
    }
    var next = parts.site
    // What takes a restart to be served elsewhere, or at all, is not promised before.
    if let stun { next.stun?.port = stun.port } else { next.stun = nil }
    site.value = next
    files.configure(FileStore.Limits(parts.settings.files))
    dns?.configure(parts.namePolicy)
    forwarder?.configure(parts.forwarding)
  }
}
