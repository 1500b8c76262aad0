import CWMP
import ConfigurationFile
import DHCP
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

  private let services: [any Service]
  private let state: StateFolder
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
    for warning in source.warnings { logger.warning("the configuration has what does nothing: \(warning)") }
    let state = try StateFolder(path: start.state)
    try opened { () throws(StoreError) in try state.continueTime(logger) }
    let controlFolder = start.control.split(separator: "/").dropLast().joined(separator: "/")
    try Folder.make(
      start.control.hasPrefix("/") ? "/" + controlFolder : controlFolder.isEmpty ? "." : controlFolder, mode: 0o750,
      toKeep: "the control socket", option: "--control")

    let bootstrapPassword = try state.bootstrapPassword()
    let look: InterfaceLook
    do throws(SystemError) { look = try InterfaceLook(names) } catch { throw Failure("\(error).") }
    let reservations = try opened { () throws(StoreError) in
      OperatorReservations(stored: try state.store.setting(named: OperatorReservations.setting) ?? [])
    }
    let store = state.store
    let routers = try opened { () throws(StoreError) in try store.routers() }
    let devices = DeviceDirectory()
    try opened { () throws(StoreError) in try devices.load(store) }
    let hardware = RouterHardware(routers) { [devices] in devices.isQuarantined($0) }
    let parts = try ApplianceParts(
      source, interfaces: look.served, reservations: reservations, hardware: hardware,
      bootstrapPassword: bootstrapPassword)
    let counters = Counters()
    let heartbeat = Heartbeat()
    // The first look at the interfaces, and the control socket.
    let readiness = Readiness(servers: 2)
    let tasks = TaskDirectory()
    try opened { () throws(StoreError) in try tasks.load(store) }
    let committer = Committer(store: store) { changes in
      devices.apply(changes)
      tasks.apply(changes)
      hardware.apply(changes)
    }
    let journey = JourneyRecorder(
      routers: routers, last: try opened { () throws(StoreError) in try store.lastRouter() }, committer: committer,
      counters: counters, log: JourneyLog(logger))
    let zones = ZonePublisher(parts.zones, names: parts.leaseNames)
    let now = SteadyClock.now()
    var table = parts.server.table(leases: [], now: now)
    try opened { () throws(StoreError) in
      try store.forEachLease { lease in
        table.apply(lease)
        zones.apply([parts.server.named(lease)], now: now)
      }
    }
    zones.publish()
    let site = Current(parts.site)
    let bootFiles = BootFiles(site: site, journey: journey, counters: counters, logger: logger)
    let keyring: Keyring
    let signingKey: SigningKey
    do {
      keyring = try Keyring(key: state.key)
      signingKey = try SigningKey(bytes: state.key)
    } catch {
      throw Failure("\(error)")
    }

    let dhcp: DHCPService?
    do {
      dhcp =
        parts.settings.dhcp.isEnabled
        ? try DHCPService(
          configuration: parts.server, table: table, zones: zones, journey: journey, counters: counters,
          heartbeat: heartbeat, logger: logger) : nil
    } catch {
      throw Failure("\(error).")
    }
    // A name that the inventory has by a serial number is its router's once that has informed.
    hardware.onLearning { [site] router, hardware in
      guard let device = router.device.flatMap(DeviceID.init),
        let row = site.value.inventory.row(serialNumber: device.serialNumber, oui: device.oui, hardware: nil),
        row.hardware == nil, let name = row.variables["hostname"]
      else { return }
      dhcp?.keep(name, for: hardware)
    }
    let forwarder: ForwarderService?
    do {
      forwarder =
        parts.settings.dns.isEnabled ? try ForwarderService(parts.forwarding, counters: counters) : nil
    } catch {
      throw Failure("\(error).")
    }
    let dns =
      parts.settings.dns.isEnabled
      ? DNSService(
        workers: parts.settings.dns.workers ?? min(4, Processors.online), zones: zones, policy: parts.namePolicy,
        forwarder: forwarder, journey: journey, counters: counters) : nil
    let tftp =
      parts.settings.tftp.isEnabled
      ? TFTPService(files: bootFiles, journey: journey, counters: counters, logger: logger) : nil
    let certificates = ServedCertificates(folder: start.state)
    let tls = try tlsContext(certificates, source, look.served)
    let files = try Self.files(in: start.state, parts.settings.files, store, journey, counters)
    let informs = InformWatch()
    let stun =
      parts.settings.acs.stun.isEnabled
      ? STUNService(
        port: UInt16(parts.settings.acs.stun.port), keyring: keyring, devices: devices, counters: counters,
        logger: logger) : nil
    let requester = ConnectionRequester(
      keyring: keyring, site: site, informs: informs, stun: stun, journey: journey, counters: counters)
    let acs = ACSService(
      port: UInt16(parts.settings.acs.port),
      tls: tls.map { ACSService.TLS(port: UInt16(parts.settings.acs.tlsPort), context: $0) },
      servesCaptivePorts: parts.settings.acs.servesCaptivePorts, paths: parts.settings.acs.paths, site: site,
      keyring: keyring, signingKey: signingKey, bootFiles: bootFiles,
      files: files, informs: informs, journey: journey, devices: devices,
      firstContact: FirstContact(
        lease: { try? store.lease(at: $0) }, neighbor: { NeighborTable.hardware(of: $0) },
        isShared: { dhcp.map { !$0.others.value.present(at: SteadyClock.now()).isEmpty } ?? false }), tasks: tasks,
      queries: store,
      counters: counters, logger: logger)
    let arrangement = Arrangement(
      source, interfaces: look.served, reservations: reservations, hardware: hardware,
      bootstrapPassword: bootstrapPassword, store: store,
      journey: journey, zones: zones, site: site,
      dhcp: dhcp, dns: dns, forwarder: forwarder, tftp: tftp, acs: acs, stun: stun, files: files,
      certificates: certificates, tls: tls)

    let status = Current("")
    let trouble = Current<String?>(nil)
    let actions = RunningAppliance(
      start: start, names: names, store: store, committer: committer, journey: journey, counters: counters,
      site: site, dhcp: dhcp, dns: dns, acs: acs, devices: devices, tasks: tasks, files: files, requester: requester,
      arrangement: arrangement, tls: tls, trouble: trouble,
      settings: parts.settings, logger: logger)
    let listeningSince = SteadyClock.now()
    let operations = Operations(
      queries: store, inventory: { [site] in site.value.inventory },
      lastInform: { [devices] in devices.lastInform(of: $0) }
    ) { [site, dhcp] in
      Expectations(
        resolvesName: site.value.url.address == nil, authenticates: site.value.authenticates,
        leases: dhcp != nil, informInterval: site.value.longestInformInterval, listeningSince: listeningSince)
    }
    let api = ControlAPI(operations: operations, actions: actions, files: KeptFiles(store: files))
    let looked = Readiness(servers: 1)
    let watch = InterfaceWatch(
      names: names, arrangement: arrangement, status: status, trouble: trouble, looked: looked, logger: logger)
    let control = HTTPServer(
      address: .unixSocket(path: start.control), onListening: { _ in readiness.arrived() },
      reception: { request in
        guard let limit = api.streamLimit(of: request) else { return .whole }
        return .stream(limit: limit) { await api.respond(to: $0, receiving: $1) }
      }
    ) { await api.respond(to: $0) }
    // The operator is answered once there is something to tell.
    let answering = Following(looked, control) { readiness.arrived() }
    let notifier = ServiceNotifier(status: status, readiness: readiness) { heartbeat.isAlive }
    var services: [any Service] = [journey, zones, acs]
    if let dhcp { services.append(dhcp) }
    if let dns { services.append(dns) }
    if let forwarder { services.append(forwarder) }
    if let tftp { services.append(tftp) }
    if let stun { services.append(stun) }
    services += [watch, answering, notifier, HangUpWatch(actions: actions)]
    return Appliance(services: services, state: state, committer: committer, logger: logger)
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
    // All of it is in the one file then, which a person may copy. Where that fails, it is in the log beside it.
    do throws(StoreError) { try state.store.close() } catch { logger.warning("\(error)") }
    logger.info("stopped")
  }

  private static func tlsContext(
    _ certificates: ServedCertificates, _ source: ConfigurationSource, _ interfaces: [NetworkInterface]
  ) throws(Failure) -> TLSServerContext? {
    guard source.settings.acs.tls.isEnabled else { return nil }
    let settings = try certificates.settings(source, interfaces: interfaces, at: SteadyClock.now())
    do {
      return try TLSServerContext(settings)
    } catch {
      throw Failure("The certificate of the ACS cannot be used: \(error).")
    }
  }

  private static func files(
    in state: String, _ settings: FilesSettings, _ store: SQLiteStore, _ journey: JourneyRecorder, _ counters: Counters
  ) throws(Failure) -> FileStore {
    let records = try opened { () throws(StoreError) in try store.files() }
    do throws(FileError) {
      return try FileStore(
        folder: ContentFolder(path: "\(state)/files"), records: records, limits: FileStore.Limits(settings),
        journey: journey, counters: counters)
    } catch {
      throw Failure("The folder of the files that are kept: \(error).")
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

/// A service that begins when something else has happened.
private struct Following<Other: Service>: Service, CustomStringConvertible {
  private let readiness: Readiness
  private let other: Other
  private let onReady: @Sendable () -> Void

  init(_ readiness: Readiness, _ other: Other, onReady: @escaping @Sendable () -> Void) {
    self.readiness = readiness
    self.other = other
    self.onReady = onReady
  }

  var description: String { "following \(Other.self)" }

  func run() async throws {
    await cancelWhenGracefulShutdown { await readiness.wait() }
    guard !Task.isCancelled, !Task.isShuttingDownGracefully else { return }
    onReady()
    try await other.run()
  }
}
