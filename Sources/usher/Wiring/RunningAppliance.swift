import CWMP
import ConfigurationFile
import DHCP
import DNS
import Journey
import Logging
import Management
import Net
import Provisioning
import SQLiteStore
import Services
import Store
import Transport

/// What the operator may tell the running daemon to do.
struct RunningAppliance: ControlActions {
  let start: Appliance.Start
  let names: [String]
  let store: SQLiteStore
  let committer: Committer
  let journey: JourneyRecorder
  let counters: Counters
  let site: Current<SiteConfiguration>
  /// Nil where another server gives the addresses.
  let dhcp: DHCPService?
  let dns: DNSService?
  let acs: ACSService
  let devices: DeviceDirectory
  let tasks: TaskDirectory
  let files: FileStore
  let requester: ConnectionRequester
  let arrangement: Arrangement
  let tls: TLSServerContext?
  /// What could not be opened.
  let trouble: Current<String?>
  /// What the daemon was started with.
  let settings: Settings
  let logger: Logger
  private let started = SteadyClock.now()

  var now: Timestamp { SteadyClock.now() }

  func status() async throws(ErrorReport) -> StatusReport {
    do throws(StoreError) {
      let counts = try store.counts(at: now)
      let statistics = committer.statistics
      var counters = counters.all.merging(acs.counts) { $1 }.merging(dns?.counts ?? [:]) { $1 }
      counters.merge(TurnWatch.counters) { $1 }
      counters["store.commits"] = statistics.commits
      counters["store.changes"] = statistics.changes
      counters["store.failures"] = statistics.failures
      return StatusReport(
        version: Version.current, started: started.description, url: site.value.url.text,
        interfaces: names.map { name in
          let address = (try? NetworkInterface.named(name))?.addresses.first
          return InterfaceReport(
            name: name, address: address?.address.description, subnet: address?.subnet.description)
        }, routers: counts.routers, provisioned: provisioned, leases: counts.leases, devices: counts.devices,
        dhcp: dhcp != nil, leftAlone: leftAlone, problems: problems(statistics), counters: counters)
    } catch {
      throw ErrorReport(error: error.counter, text: "\(error)")
    }
  }

  /// As the lists tell it of each router.
  private var provisioned: Int {
    devices.provisioned(
      every: site.value.longestInformInterval, since: started, except: acs.devicesSharingSerialNumbers(at: now),
      at: now)
  }

  private var leftAlone: [LeftAloneReport] {
    (dhcp?.leftAlone.all ?? []).map { client in
      LeftAloneReport(
        hardware: client.hardware.description, vendorClass: client.vendorClass, hostname: client.hostname,
        messages: client.messages, lastSeen: client.lastSeen.description)
    }
  }

  private func problems(_ statistics: Committer.Statistics) -> [String] {
    var problems = (dhcp?.others.value.present(at: now) ?? []).map { other in
      "another DHCP server answers here: \(other.address)" + (other.hardware.map { " at \($0)" } ?? "")
    }
    for name in names {
      do throws(InterfaceError) {
        _ = try NetworkInterface.ready(name)
      } catch {
        problems.append("\(error)")
      }
    }
    if let trouble = trouble.value { problems.append(trouble) }
    problems += acs.heldProblems(at: now)
    if let problem = tls?.settings.identity.problem(at: now) { problems.append("TLS of the ACS: \(problem)") }
    if let problem = site.value.folder?.problem { problems.append("no file of tftp.folder is served: \(problem)") }
    for name in files.lost { problems.append("the content of the file \(name) is not in its folder any more") }
    if let error = statistics.failure {
      problems.append("\(error); no lease is given and no session goes on until it takes a commit again")
    }
    return problems
  }

  func reload(confirmed: Bool) async throws(ErrorReport) -> [String] {
    do throws(ErrorReport) {
      let sentences = try await takeConfiguration(confirmed: confirmed)
      logger.notice("configuration reloaded", metadata: ["name": "\(start.configuration ?? "")"])
      return sentences
    } catch {
      // Without the lines of the file that are shown below each mistake.
      let reasons = error.text.split(separator: "\n").filter { !$0.hasPrefix(" ") }.joined(separator: " ")
      logger.warning("reload refused", metadata: ["reason": "\(reasons)"])
      throw error
    }
  }

  /// Seconds that the look at what a reload changes takes at most.
  private static let lookTime: Int64 = 20

  private func takeConfiguration(confirmed: Bool) async throws(ErrorReport) -> [String] {
    guard let file = start.configuration else {
      throw ErrorReport(error: "configuration", text: "The daemon was started without a configuration file.")
    }
    do {
      let source = try ConfigurationSource(path: file)
      let fixed = fixedOptions(changedIn: source.settings)
      guard fixed.isEmpty else {
        throw Failure("What \(fixed.joined(separator: ", ")) says is opened at the start: restart the daemon for that.")
      }
      let change = try await arrangement.change(by: source)
      let outlook = await change.outlook(
        over: devices, until: now.advanced(bySeconds: Self.lookTime), now: SteadyClock.now
      ) {
        device in
        let router = journey.router(device: "\(device)")
        return (router?.hardware, router?.address)
      }
      guard confirmed || !outlook.needsConfirmation else {
        throw ErrorReport(
          error: "unconfirmed",
          text: "\(outlook.sentences.joined(separator: "\n"))\nNothing was changed; "
            + "`usher reload --yes` takes it.")
      }
      try await arrangement.configure(source)
      return outlook.sentences
    } catch let error as ErrorReport {
      throw error
    } catch {
      throw ErrorReport(error: "configuration", text: "\(error)\nNothing was changed.")
    }
  }

  /// The options that say what is opened at the start, of those that `next` changes.
  private func fixedOptions(changedIn next: Settings) -> [String] {
    var names: [String] = []
    if start.interfaces.isEmpty, next.interfaces != settings.interfaces { names.append("interfaces") }
    if next.acs.port != settings.acs.port { names.append("acs.port") }
    if next.acs.paths != settings.acs.paths { names.append("acs.path") }
    if next.acs.servesCaptivePorts != settings.acs.servesCaptivePorts { names.append("acs.captive-ports") }
    if next.acs.tls.isEnabled != settings.acs.tls.isEnabled { names.append("acs.tls.enabled") }
    if next.acs.tlsPort != settings.acs.tlsPort, next.acs.port == settings.acs.port { names.append("acs.tls.port") }
    if next.acs.stun.isEnabled != settings.acs.stun.isEnabled { names.append("acs.stun.enabled") }
    if next.acs.stun.port != settings.acs.stun.port { names.append("acs.stun.port") }
    if next.dhcp.isEnabled != settings.dhcp.isEnabled { names.append("dhcp.enabled") }
    if next.dns.isEnabled != settings.dns.isEnabled { names.append("dns.enabled") }
    if next.tftp.isEnabled != settings.tftp.isEnabled { names.append("tftp.enabled") }
    return names
  }

  func credentials(for user: UInt32?) async throws(ErrorReport) -> CredentialsReport {
    let name = user.flatMap { SystemNames.user($0) }
    let number = user.map { "\($0)" } ?? "unknown"
    logger.notice(
      "bootstrap credentials shown", metadata: ["user": "\(number)\(name.map { " (\($0))" } ?? "")"])
    let site = site.value
    return CredentialsReport(
      url: site.url.text, username: site.username, password: site.password, required: site.authenticates)
  }

  func release(_ address: IPv4Address) async throws(ErrorReport) -> Bool {
    guard let dhcp else { throw Self.isOff }
    do throws(StoreError) {
      return try await dhcp.release(address)
    } catch {
      throw ErrorReport(error: error.counter, text: "\(error)")
    }
  }

  private static let isOff = ErrorReport(
    error: "dhcpOff", text: "Addresses are not given here (dhcp.enabled is off): ask the DHCP server that gives them.")

  func reserve(_ address: IPv4Address, for client: String?) async throws(ErrorReport) {
    guard dhcp != nil else { throw Self.isOff }
    let named = client.map { Reservation.Client($0) }
    if case .some(nil) = named {
      throw ErrorReport(
        error: "notAClient",
        text: "\(client ?? "") is neither a hardware address nor a client identifier in hexadecimal digits.")
    }
    do {
      let lease = try store.lease(at: address)
      let now = now
      try await arrangement.reserve { reservations, configuration in
        try reservations.reserve(address, for: named ?? nil, lease: lease, in: configuration, now: now)
      }
    } catch {
      throw ErrorReport(error: "notReserved", text: "\(address) is not reserved: \(error).")
    }
  }

  func unreserve(_ address: IPv4Address) async throws(ErrorReport) -> Bool {
    do {
      try await arrangement.reserve { reservations, _ in
        guard reservations.remove(address) else { throw NotReserved() }
      }
      return true
    } catch is NotReserved {
      return false
    } catch {
      throw ErrorReport(error: "store", text: "\(error)")
    }
  }

  private struct NotReserved: Error {}

  func wake(_ router: Int64) async throws(ErrorReport) -> ConnectionRequestOutcome {
    let id = RouterID(rawValue: router)
    guard let name = journey.router(id)?.device, let device = DeviceID(name).flatMap({ devices.device($0) })
    else { return ConnectionRequestOutcome(problem: .unknownDevice) }
    return await requester.wake(device, id)
  }
}
