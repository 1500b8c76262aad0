import CWMP
import DHCP
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
  var state: RouterState
  var lease: AddressLease?
  private var client: DHCPLoop?
  private var listener: ConnectionRequestListener?
  let gate = SharedGate()
  var stun: STUNLoop?
  /// When the STUN client, which could not be started, may be tried again.
  var stunRetry: Timestamp?
  /// The fault of that name, which is played once.
  var dropsSessionAfter: Int?

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
      identity: configuration.identity, flash: flash, standard: configuration.standardACS,
      hasSTUN: !configuration.faults.contains(.noSTUN), now: SteadyClock.now())
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
      state.execute(ComwareConfiguration(startup), cwmpByDefault: configuration.cwmp != .needsBootFile)
      try await startClient(previous: state.flash.address.flatMap { IPv4Address($0) })
    } else if configuration.cwmp == .enabled {
      state.isCWMPEnabled = true
      try await startClient(previous: state.flash.address.flatMap { IPv4Address($0) })
    } else {
      try await configureAutomatically()
    }
  }

  // MARK: The address

  var clientIdentifier: [UInt8] {
    configuration.clientIdentifier ?? interface.hardwareAddress?.octets ?? []
  }

  mutating func startClient(previous: IPv4Address?) async throws {
    guard let hardware = interface.hardwareAddress else { throw SimulatedRouter.Failure.notEthernet(interface.name) }
    var settings = DHCPClient.Settings(
      hardware: hardware, vendorClass: configuration.vendorClass, clientIdentifier: clientIdentifier,
      firstWait: configuration.timing.dhcpWait)
    settings.takesOffers = !configuration.faults.contains(.noDHCPRequest)
    client = try DHCPLoop(interface: interface, settings: settings, previous: previous, mailbox: mailbox)
  }

  func resolver(_ lease: AddressLease) -> Resolver {
    Resolver(servers: lease.nameServers, source: lease.address, wait: configuration.timing.dnsWait)
  }

  mutating func handle(_ happenings: [Happening]) async throws {
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
      case .binding(let binding):
        // What a client found that was stopped since is of no use.
        if stun != nil { note(binding) }
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
      case .huawei(let found):
        parameters = ACSParameters(url: found.url, username: found.username, password: found.password)
      case .eltex(let found):
        parameters = ACSParameters(url: found.url, username: found.username, password: found.password)
      }
      if parameters != state.discovered {
        console.print("CWMP: DHCP option 43 names the ACS \(parameters.url ?? "").")
      }
      state.discovered(parameters)
    } catch {
      console.print("CWMP: DHCP option 43 cannot be used: \(error).")
    }
  }

  // MARK: Connection requests

  mutating func listen(on address: IPv4Address) {
    guard state.isCWMPEnabled, listener == nil else { return }
    listener = ConnectionRequestListener(
      address: address, port: configuration.connectionRequestPort, path: state.flash.connectionRequestPath,
      mailbox: mailbox)
    updateListener(isBusy: false)
  }

  func updateListener(isBusy: Bool) {
    let username = state.tree[Path.connectionRequestUsername] ?? ""
    let password = state.tree[Path.connectionRequestPassword] ?? ""
    listener?.update(username: username, password: password, isBusy: isBusy)
    gate.update(username: username, password: password)
  }

  mutating func stopListening() async {
    await listener?.stop()
    listener = nil
    await stun?.stop()
    stun = nil
    stunRetry = nil
  }

  mutating func goDown() async {
    await stopListening()
    await client?.stop()
    client = nil
    lease = nil
    _ = mailbox.takeAll()
  }
}
