import CWMP
import HTTP
import Journey
package import Logging
package import Net
import Provisioning
import ServiceLifecycle
package import Store
import Synchronization
package import Transport

/// The ACS and, on the same port, the files that routers fetch.
package final class ACSService: Service {
  private let cwmp: CWMPHandler
  private let files: ConfigurationFiles
  private let bootFiles: BootFiles
  private let path: String
  private let journey: JourneyRecorder
  private let queries: any FactQueries
  private let counters: Counters
  private let logger: Logger
  private let servers = Mutex<[HTTPServer]>([])

  package init(
    addresses: [IPv4Address], port: UInt16, path: String, site: Current<SiteConfiguration>, keyring: Keyring,
    signingKey: SigningKey, bootFiles: BootFiles, journey: JourneyRecorder, queries: any FactQueries,
    counters: Counters, readiness: Readiness, logger: Logger
  ) {
    files = ConfigurationFiles(key: signingKey)
    cwmp = CWMPHandler(
      site: site, gatekeeper: Gatekeeper(keyring: keyring, queries: queries),
      provisioner: Provisioner(keyring: keyring, files: files, journey: journey), sessions: SessionTable(),
      journey: journey, queries: queries, counters: counters, logger: logger)
    self.bootFiles = bootFiles
    self.path = path
    self.journey = journey
    self.queries = queries
    self.counters = counters
    self.logger = logger
    var limits = HTTPLimits()
    // A request that has come by half holds up the end of the daemon no longer than that.
    limits.shutdownGrace = .seconds(3)
    servers.withLock { [limits] servers in
      servers = addresses.map { address in
        HTTPServer(
          address: .network(host: "\(address)", port: port), limits: limits, onListening: { _ in readiness.arrived() },
          respond: { [weak self] request in
            await self?.respond(to: request) ?? HTTP.Response(.serviceUnavailable)
          })
      }
    }
  }

  /// What the HTTP servers refused and lost, and the sessions under way, by the names of counters.
  package var counts: [String: Int] {
    var sum = ["acs.sessions": cwmp.sessions.count]
    for counts in servers.withLock({ $0 }).map(\.counts) {
      sum["http.connections", default: 0] += counts.connections
      sum["http.requests", default: 0] += counts.requests
      sum["http.refused.connections", default: 0] += counts.refusedConnections
      sum["http.refused.unreadable", default: 0] += counts.unreadableRequests
      sum["http.refused.oversize", default: 0] += counts.oversizeRequests
      sum["http.refused.overloaded", default: 0] += counts.overloadedRequests
      sum["http.refused.compressed", default: 0] += counts.compressedRequests
      sum["http.closed.empty", default: 0] += counts.emptyConnections
      sum["http.closed.idle", default: 0] += counts.idleConnections
      sum["http.closed.slow", default: 0] += counts.slowRequests
      sum["http.broken", default: 0] += counts.brokenAnswers
    }
    return sum
  }

  package func run() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for server in servers.withLock({ $0 }) {
        group.addTask { try await server.run() }
      }
      group.addTask {
        await cancelWhenGracefulShutdown {
          while (try? await Task.sleep(for: .seconds(5))) != nil {
            self.cwmp.removeSilentSessions(at: SteadyClock.now())
          }
        }
      }
      // The first to fail ends the others: waitForAll() would wait for them.
      while try await group.next() != nil {}
    }
  }

  func respond(to request: HTTP.Request) async -> HTTP.Response {
    switch request.method {
    case .post where request.path == path || request.path == "/": await cwmp.respond(to: request)
    case .get where request.path.hasPrefix(ConfigurationFiles.folder),
      .head where request.path.hasPrefix(ConfigurationFiles.folder):
      configurationFile(request)
    case .get where request.path.hasPrefix("/boot/"): bootFile(request)
    case .get where request.path == path || request.path == "/":
      HTTP.Response(
        .ok,
        text: "This is Usher's ACS. Routers POST their CWMP sessions to \(path); there is nothing here to look at.\n")
    case .post, .get: notFound(request)
    default:
      HTTP.Response(.methodNotAllowed, headers: ["Allow": "GET, POST"])
    }
  }

  private func notFound(_ request: HTTP.Request) -> HTTP.Response {
    counters.increment("http.notFound")
    return HTTP.Response(.notFound, text: "There is no \(request.path) here. The ACS is at \(path).\n")
  }

  private func configurationFile(_ request: HTTP.Request) -> HTTP.Response {
    let device: DeviceID
    let digest: String
    do throws(SignatureError) {
      (device, digest) = try files.grant(of: request, at: SteadyClock.now())
    } catch {
      counters.increment("acs.files.\(error.counterName)")
      logger.warning("a file was refused", metadata: [.peer: "\(request.peer)", .reason: "\(error)"])
      return HTTP.Response(.forbidden, text: "\(error)\n")
    }
    do {
      guard let known = try queries.device(device), let router = journey.router(device: "\(device)") else {
        return HTTP.Response(.notFound)
      }
      let goal = try cwmp.provisioner.goal(for: known, router.id, in: cwmp.site.value)
      guard let file = goal.configuration, file.digest.hasPrefix(digest) else {
        counters.increment("acs.files.outdated")
        return HTTP.Response(.gone, text: "The file has changed since this URL was given out.\n")
      }
      return serve(file.content, type: "application/octet-stream") { [counters, journey] in
        guard request.method == .get else { return }
        counters.increment("acs.files.served")
        journey.sighting(of: router.id, .downloadServed(file: file.name, bytes: file.content.count))
      }
    } catch {
      counters.increment("acs.files.failed")
      return HTTP.Response(.serviceUnavailable, text: "\(error)\n")
    }
  }

  private func bootFile(_ request: HTTP.Request) -> HTTP.Response {
    let name = String(request.path.dropFirst("/boot/".count))
    guard let address = IPv4Address(request.peer.host) else { return notFound(request) }
    journey.sighting(at: address, .bootFileRequested(name: name, scheme: "http"))
    guard let content = bootFiles.content(named: name, for: address) else {
      journey.sighting(at: address, .bootFileFailed(name: name, reason: "there is no such file"))
      return notFound(request)
    }
    return serve(content, type: "text/plain") { [journey] in
      journey.sighting(at: address, .bootFileFetched(name: name, bytes: content.count, scheme: "http"))
    }
  }

  /// A file; `taken` is called once the client's connection has taken all of it.
  private func serve(_ content: [UInt8], type: String, taken: @escaping @Sendable () -> Void) -> HTTP.Response {
    HTTP.Response(
      .ok, headers: ["Content-Type": type],
      body: .stream(length: content.count) { write in
        try await write(content)
        taken()
      })
  }
}
