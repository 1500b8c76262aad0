import ConfigurationFile
import DNS
import Glibc
import Journey
import Logging
import Management
import Net
import Provisioning
import SQLiteStore
import ServiceLifecycle
import Services
import Store
import Transport

/// The running daemon: all services, and what they share.
struct Appliance {
  struct Start {
    let configuration: String?
    let interfaces: [String]
    let state: String
    let control: String
  }

  /// So long, in seconds, the interfaces may take to be ready.
  private static let interfaceWait: Int64 = 60

  private let services: [any Service]
  private let committer: Committer
  private let logger: Logger

  /// Opens everything, or throws `ConfigurationError` or `Failure` and has started nothing.
  static func start(_ start: Start) async throws -> Appliance {
    let logger = Logger(label: "usher")
    let source =
      if let file = start.configuration {
        try ConfigurationSource(path: file)
      } else {
        try ConfigurationSource.none()
      }
    let names = start.interfaces.isEmpty ? source.settings.interfaces : start.interfaces
    guard !names.isEmpty else {
      throw Failure("Which interface? Name it with --interface, or under `interfaces` in the configuration.")
    }
    let state = try StateFolder(path: start.state)
    try opened { () throws(StoreError) in try state.continueTime(logger) }
    let controlFolder = start.control.split(separator: "/").dropLast().joined(separator: "/")
    try Folder.make(
      start.control.hasPrefix("/") ? "/" + controlFolder : controlFolder.isEmpty ? "." : controlFolder, mode: 0o750,
      toKeep: "the control socket", option: "--control")
    var interfaces: [NetworkInterface] = []
    for name in names { interfaces.append(try await ready(name, logger)) }

    let bootstrapPassword = try opened { () throws(StoreError) in try state.bootstrapPassword() }
    let parts = try ApplianceParts(source, interfaces: interfaces, bootstrapPassword: bootstrapPassword)
    let store = state.store
    let counters = Counters()
    let heartbeat = Heartbeat()
    // The ACS on each address, and the control socket.
    let readiness = Readiness(servers: interfaces.count + 1)
    let committer = Committer(store: store)
    let journey = JourneyRecorder(
      routers: try opened { () throws(StoreError) in try store.routers() },
      last: try opened { () throws(StoreError) in try store.lastRouter() }, committer: committer,
      counters: counters)
    let zones = ZonePublisher(parts.zones, names: parts.leaseNames)
    let now = SteadyClock.now()
    var table = parts.server.table(leases: [], now: now)
    try opened { () throws(StoreError) in
      try store.forEachLease { lease in
        table.apply(lease)
        zones.apply([lease], now: now)
      }
    }
    zones.publish()
    let site = Current(parts.site)
    let acsName = Current(parts.acsName)
    let addresses = interfaces.compactMap(\.addresses.first?.address)
    let bootFiles = BootFiles(site: site, journey: journey, counters: counters, logger: logger)
    let keyring: Keyring
    let signingKey: SigningKey
    do {
      keyring = try Keyring(key: state.key)
      signingKey = try SigningKey(bytes: state.key)
    } catch {
      throw Failure("\(error)")
    }

    let dhcp: DHCPService
    var dns: DNSService?
    var services: [any Service] = [journey]
    do {
      dhcp = try DHCPService(
        interfaces: interfaces, configuration: parts.server, table: table, zones: zones, journey: journey,
        counters: counters, heartbeat: heartbeat, readiness: readiness, logger: logger)
      if parts.settings.dns.isEnabled {
        let service = try await DNSService.open(
          addresses, workers: 2, zones: zones, acsName: acsName, journey: journey, counters: counters)
        services.append(service)
        dns = service
      }
      if parts.settings.tftp.isEnabled {
        services.append(
          try TFTPService(addresses: addresses, files: bootFiles, journey: journey, counters: counters))
      }
      try await dhcp.open()
    } catch {
      throw Failure("\(error).")
    }
    services.append(dhcp)
    services.append(zones)

    let acs = ACSService(
      addresses: addresses, port: UInt16(parts.settings.acs.port), path: parts.settings.acs.path, site: site,
      keyring: keyring, signingKey: signingKey, bootFiles: bootFiles, journey: journey, queries: store,
      counters: counters, readiness: readiness, logger: logger)
    services.append(acs)

    let actions = RunningAppliance(
      start: start, interfaces: interfaces, store: store, committer: committer, journey: journey, counters: counters,
      site: site, acsName: acsName, zones: zones, dhcp: dhcp, dns: dns, acs: acs, settings: parts.settings,
      bootstrapPassword: bootstrapPassword)
    let operations = Operations(queries: store) { [site] in
      Expectations(
        resolvesName: site.value.url.address == nil, authenticates: site.value.authenticates,
        informInterval: Int64(site.value.profiles.map(\.periodicInformInterval).max() ?? 300))
    }
    let api = ControlAPI(operations: operations, actions: actions)
    services.append(
      HTTPServer(address: .unixSocket(path: start.control), onListening: { _ in readiness.arrived() }) {
        await api.respond(to: $0)
      })
    services.append(
      ServiceNotifier(status: "serving \(names.joined(separator: ", "))", readiness: readiness) { heartbeat.isAlive })
    logger.info(
      "serving",
      metadata: [
        "interfaces":
          "\(interfaces.map { "\($0.name) \($0.addresses.first.map { "\($0)" } ?? "")" }.joined(separator: ", "))",
        "acs": "\(parts.site.url)",
      ])
    return Appliance(services: services, committer: committer, logger: logger)
  }

  /// Until SIGTERM or SIGINT.
  func serve() async throws {
    let group = ServiceGroup(
      services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
    do {
      try await group.run()
    } catch {
      throw Failure("\(error).")
    }
    committer.stop()
    logger.info("stopped")
  }

  private static func ready(_ name: String, _ logger: Logger) async throws(Failure) -> NetworkInterface {
    do throws(InterfaceError) {
      return try NetworkInterface.ready(name)
    } catch {
      logger.warning("waiting for an interface", metadata: ["interface": "\(name)", "reason": "\(error)"])
    }
    do throws(InterfaceError) {
      return try await NetworkInterface.whenReady(name, limit: interfaceWait * 1000)
    } catch {
      throw Failure("\(error).")
    }
  }

  private static func opened<Value>(_ body: () throws(StoreError) -> Value) throws(Failure) -> Value {
    do throws(StoreError) {
      return try body()
    } catch {
      throw Failure("\(error).")
    }
  }
}

extension HTTPServer: Service {}
