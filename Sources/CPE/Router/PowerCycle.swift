import CWMP
import DHCP
import HTTP
import Net
import Transport

/// The router from one start to the next: it boots, gets its address, configures itself if it has to, and serves its
/// ACS until that wants it down.
struct PowerCycle {
  /// Why the router goes down.
  enum End {
    case reboot
    case factoryReset
  }

  let configuration: RouterConfiguration
  let interface: NetworkInterface
  let console: Console
  let store: FlashStore
  let mailbox = Mailbox()
  private(set) var state: RouterState
  private(set) var lease: AddressLease?
  private var client: DHCPLoop?
  private var listener: ConnectionRequestListener?
  /// The fault of that name is played once.
  private(set) var dropsSessionAfter: Int?

  init(
    configuration: RouterConfiguration, interface: NetworkInterface, console: Console, store: FlashStore, flash: Flash,
    dropsSessionAfter: Int?
  ) {
    self.configuration = configuration
    self.interface = interface
    self.console = console
    self.store = store
    self.dropsSessionAfter = dropsSessionAfter
    state = RouterState(
      identity: configuration.identity, flash: flash, standard: configuration.standardACS, now: SteadyClock.now())
  }

  /// Runs until the router goes down. Throws `CancellationError` where the power is cut, else what keeps the router from
  /// working at all. Whatever happens, the interface has no address of it afterward.
  mutating func run() async throws -> End {
    let end: Result<End, any Error>
    do {
      try await boot()
      end = .success(try await serve())
    } catch {
      end = .failure(error)
    }
    await goDown()
    return try end.get()
  }

  private mutating func boot() async throws {
    try store.save(state.flash)
    console.print("\(configuration.identity.productClass), software version \(state.flash.softwareVersion).")
    if let startup = state.flash.startupConfiguration {
      console.print("Executing the startup configuration file.")
      // Where option 43 turns CWMP on, it waits for the URL.
      state.execute(ConfigurationFile(startup), cwmpByDefault: configuration.cwmp != .needsBootFile)
      try await startClient(previous: state.flash.address.flatMap { IPv4Address($0) })
    } else if configuration.cwmp == .enabled {
      state.isCWMPEnabled = true
      try await startClient(previous: state.flash.address.flatMap { IPv4Address($0) })
    } else {
      try await configureAutomatically()
    }
  }

  // MARK: Automatic configuration

  private mutating func configureAutomatically() async throws {
    var attempt = 1
    while true {
      console.print("Automatic configuration attempt: \(attempt).")
      console.print("Interface used: \(configuration.interface).")
      console.print("Enable DHCP client on \(configuration.interface).")
      console.print("Set DHCP client identifier: \(Hexadecimal.encode(clientIdentifier)).")
      try await startClient(previous: nil)
      while lease == nil { try await handle(mailbox.take(until: nil)) }
      if configuration.cwmp == .onOption43, state.discovered.url != nil {
        console.print("CWMP is enabled by DHCP.")
        state.isCWMPEnabled = true
        return
      }
      do {
        try await fetchConfiguration()
        console.print("Automatic configuration successfully completed.")
        return
      } catch {
        try Task.checkCancellation()
        console.print("Automatic configuration failed: \(error).")
      }
      await goDown()
      try await Task.sleep(for: .milliseconds(configuration.timing.automaticConfigurationWait))
      attempt += 1
    }
  }

  private mutating func fetchConfiguration() async throws {
    guard let lease else { return }
    let source = AutomaticConfiguration(lease)
    console.print(source.obtained)
    let tftp = TFTPClient(source: lease.address, interface: interface)
    let bytes: [UInt8]
    switch source.server {
    case .tftp(let server):
      bytes = try await tftp.fetch(source.fileName, from: server)
    case .tftpNamed(let name):
      let server = try await resolver(lease).address(of: name)
      console.print("Resolved the TFTP server name to \(server).")
      bytes = try await tftp.fetch(source.fileName, from: server)
    case .tftpBroadcast:
      bytes = try await tftp.fetch(source.fileName, from: .broadcast)
    case .http:
      bytes = try await fetchByHTTP(source.fileName, resolver(lease))
    }
    console.print("Successfully downloaded file \(source.fileName).")
    console.print("Executing the configuration file. Please wait...")
    let text = String(decoding: bytes, as: UTF8.self)
    let file = ConfigurationFile(text)
    state.execute(file, cwmpByDefault: false)
    if file.saves { state.store(startupConfiguration: text, isExecuted: true) }
    try store.save(state.flash)
  }

  private func fetchByHTTP(_ url: String, _ resolver: Resolver) async throws -> [UInt8] {
    var request = CurlRequest(url: url)
    request.resolved = try await resolver.resolved(url)
    request.maximumBody = TFTPClient.limit
    let response = try await CurlClient(CurlClient.Options(interface: "\(resolver.source)")).send(request)
    guard response.status == .ok else { throw SessionDriver.Failure.status(response.status) }
    return response.body
  }

  // MARK: The address

  private var clientIdentifier: [UInt8] {
    configuration.clientIdentifier ?? interface.hardwareAddress?.octets ?? []
  }

  private mutating func startClient(previous: IPv4Address?) async throws {
    guard let hardware = interface.hardwareAddress else { throw SimulatedRouter.Failure.notEthernet(interface.name) }
    var settings = DHCPClient.Settings(
      hardware: hardware, vendorClass: configuration.vendorClass, clientIdentifier: clientIdentifier,
      firstWait: configuration.timing.dhcpWait)
    settings.takesOffers = !configuration.faults.contains(.noDHCPRequest)
    client = try DHCPLoop(interface: interface, settings: settings, previous: previous, mailbox: mailbox)
  }

  private func resolver(_ lease: AddressLease) -> Resolver {
    Resolver(servers: lease.nameServers, source: lease.address, wait: configuration.timing.dnsWait)
  }

  private mutating func handle(_ happenings: [Happening]) async throws {
    for happening in happenings {
      switch happening {
      case .bound(let lease): try await bound(lease)
      case .lost(let lost, let loss):
        lease = nil
        await stopListening()
        console.print("DHCP: the address \(lost.address) \(loss == .expired ? "has expired" : "was taken back").")
      case .connectionRequest:
        console.print("CWMP: a connection request came.")
        state.flash.events.add(.connectionRequest)
      case .line(let line):
        console.print(line)
      }
    }
  }

  private mutating func bound(_ lease: AddressLease) async throws {
    let isNew = self.lease?.address != lease.address
    self.lease = lease
    if isNew { console.print("Obtained an IP address for \(configuration.interface): \(lease.address).") }
    learn(lease.vendorSpecific)
    let path = state.flash.connectionRequestPath
    let url = "http://\(lease.address):\(configuration.connectionRequestPort)/\(path)"
    state.bound(to: lease.address, connectionRequestURL: url)
    try store.save(state.flash)
    if isNew { await stopListening() }
  }

  private mutating func learn(_ bytes: [UInt8]?) {
    guard let bytes else { return state.discovered(ACSParameters()) }
    do throws(Option43Error) {
      let parameters: ACSParameters
      switch try Option43(decoding: bytes) {
      case .comware(let found):
        parameters = ACSParameters(url: found.url, username: found.username, password: found.password)
      case .broadbandForum(let found): parameters = ACSParameters(url: found.url)
      case .bareURL(let url): parameters = ACSParameters(url: url)
      }
      if parameters != state.discovered {
        console.print("CWMP: DHCP option 43 names the ACS \(parameters.url ?? "").")
      }
      state.discovered(parameters)
    } catch {
      console.print("CWMP: DHCP option 43 cannot be used: \(error).")
    }
  }

  // MARK: CWMP

  private mutating func serve() async throws -> End {
    if !state.isCWMPEnabled { console.print("CWMP is not enabled.") }
    while true {
      try Task.checkCancellation()
      if let happenings = mailbox.takeAll() { try await handle(happenings) }
      guard let lease else {
        try await handle(mailbox.take(until: nil))
        continue
      }
      listen(on: lease.address)
      switch state.duty(now: SteadyClock.now()) {
      case .session:
        if let end = try await holdSession(lease) { return end }
      case .transfer(let transfer):
        await make(transfer, lease)
      case .wait(let moment):
        try await handle(mailbox.take(until: moment))
      }
      try store.save(state.flash)
    }
  }

  private mutating func holdSession(_ lease: AddressLease) async throws -> End? {
    guard let url = state.acs.url else { return nil }
    updateListener(isBusy: true)
    defer { updateListener(isBusy: false) }
    var session = CPESession(router: state, url: url, now: SteadyClock.now())
    console.print("CWMP: Inform to \(url) (\(session.events.map(\.code.rawValue).joined(separator: ", "))).")
    let store = store
    let driver = SessionDriver(
      resolver: resolver(lease), closeWait: configuration.timing.closeWait, delay: configuration.delay,
      lastMessage: dropsSessionAfter, console: { [console] in console.print($0) }, save: { try store.save($0) })
    dropsSessionAfter = nil
    let result: Result<Void, any Error>
    do {
      if configuration.faults.contains(.noDNSQuery), HostPort(url: url).flatMap({ IPv4Address($0.host) }) == nil {
        throw Lookup.Failure.noAnswer
      }
      try await driver.run(&session, url: url, credentials: credentials)
      result = .success(())
    } catch {
      result = .failure(error)
    }
    state = session.router
    switch result {
    case .success:
      state.sessionSucceeded(now: SteadyClock.now())
      console.print("CWMP: the session is over.")
    case .failure(let error):
      try Task.checkCancellation()
      let wait = state.sessionFailed(
        configuration.timing.sessionRetry, now: SteadyClock.now(), random: Randomness.uint32())
      console.print("CWMP: the session failed: \(error). Next try in \((wait + 999) / 1000) s.")
    }
    return end(of: session)
  }

  private mutating func end(of session: CPESession) -> End? {
    var end: End?
    for command in session.commands {
      switch command {
      case .reboot(let key):
        state.flash.events.add(.rebootMethod, commandKey: key)
        end = end ?? .reboot
      case .factoryReset:
        end = .factoryReset
      }
    }
    return end
  }

  private var credentials: CurlRequest.Credentials? {
    guard let username = state.acs.username, !username.isEmpty else { return nil }
    let password = state.acs.password ?? ""
    let isWrong = configuration.faults.contains(.wrongPassword)
    return CurlRequest.Credentials(username: username, password: isWrong ? password + "x" : password)
  }

  private mutating func make(_ transfer: PendingTransfer, _ lease: AddressLease) async {
    let started = SteadyClock.now()
    console.print("CWMP: \(transfer.kind.isUpload ? "uploading to" : "downloading") \(transfer.url).")
    let driver = TransferDriver(resolver: resolver(lease), closeWait: configuration.timing.closeWait)
    let fault: TransferFault?
    switch transfer.kind {
    case .uploadConfiguration:
      fault = await driver.upload(transfer, content: Array((state.flash.startupConfiguration ?? "").utf8))
    case .uploadLog:
      fault = await driver.upload(transfer, content: console.log)
    case .firmware, .configuration:
      fault = await download(transfer, driver)
    }
    guard !Task.isCancelled else { return }
    if let fault {
      console.print("CWMP: the transfer failed: \(fault.code) \(fault.text).")
    } else {
      console.print("CWMP: the transfer is complete.")
    }
    state.finish(transfer, fault: fault, started: started, now: SteadyClock.now())
  }

  private mutating func download(_ transfer: PendingTransfer, _ driver: TransferDriver) async -> TransferFault? {
    if configuration.faults.contains(.noDownload) { return TransferFault(code: 9010, text: "Download failure") }
    switch await driver.download(transfer) {
    case .failed(let fault):
      return fault
    case .done(let bytes) where transfer.kind == .firmware:
      let name = transfer.targetFileName.isEmpty ? transfer.url : transfer.targetFileName
      state.flash.nextSoftwareVersion = FirmwareImage.version(of: bytes, fileName: name)
      return nil
    case .done(let bytes):
      guard let text = String(validating: bytes, as: UTF8.self) else {
        return TransferFault(code: 9018, text: "the configuration file is not text")
      }
      state.store(startupConfiguration: text)
      return nil
    }
  }

  // MARK: Connection requests

  private mutating func listen(on address: IPv4Address) {
    guard state.isCWMPEnabled, listener == nil else { return }
    listener = ConnectionRequestListener(
      address: address, port: configuration.connectionRequestPort, path: state.flash.connectionRequestPath,
      mailbox: mailbox)
    updateListener(isBusy: false)
  }

  private func updateListener(isBusy: Bool) {
    listener?.update(
      username: state.tree[Path.connectionRequestUsername] ?? "",
      password: state.tree[Path.connectionRequestPassword] ?? "", isBusy: isBusy)
  }

  private mutating func stopListening() async {
    await listener?.stop()
    listener = nil
  }

  private mutating func goDown() async {
    await stopListening()
    await client?.stop()
    client = nil
    lease = nil
    _ = mailbox.takeAll()
  }
}
