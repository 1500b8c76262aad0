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
  private let port: UInt16
  private let listeners = Mutex<[IPv4Address: Listener]>([:])
  private let ended = Mutex<[String: Int]>([:])

  private struct Listener: Sendable {
    let server: HTTPServer
    let task: Task<Void, Never>
  }

  package init(
    port: UInt16, path: String, site: Current<SiteConfiguration>, keyring: Keyring,
    signingKey: SigningKey, bootFiles: BootFiles, informs: InformWatch, journey: JourneyRecorder,
    queries: any FactQueries,
    counters: Counters, logger: Logger
  ) {
    self.port = port
    files = ConfigurationFiles(key: signingKey)
    cwmp = CWMPHandler(
      site: site, gatekeeper: Gatekeeper(keyring: keyring, queries: queries),
      provisioner: Provisioner(keyring: keyring, files: files, journey: journey), sessions: SessionTable(),
      informs: informs, journey: journey, queries: queries, counters: counters, logger: logger)
    self.bootFiles = bootFiles
    self.path = path
    self.journey = journey
    self.queries = queries
    self.counters = counters
    self.logger = logger
  }

  /// Listens at these addresses, and at no others; requests under way at one that is left are answered first. Throws
  /// where one cannot be opened, with the others served.
  package func serve(_ addresses: [IPv4Address]) async throws {
    for (address, listener) in listeners.withLock({ $0 }) where !addresses.contains(address) {
      await end(listener, at: address)
    }
    var failure: (any Error)?
    for address in addresses where listeners.withLock({ $0[address] }) == nil {
      do {
        try await listen(at: address)
      } catch {
        failure = failure ?? error
      }
    }
    if let failure { throw failure }
  }

  private func listen(at address: IPv4Address) async throws {
    var limits = HTTPLimits()
    // A request that has come by half holds up the end of the daemon no longer than that.
    limits.shutdownGrace = .seconds(3)
    let outcome = Listening()
    let server = HTTPServer(
      address: .network(host: "\(address)", port: port), limits: limits,
      onListening: { _ in outcome.resolve(.success(())) },
      respond: { [weak self] request in
        await self?.respond(to: request) ?? HTTP.Response(.serviceUnavailable)
      })
    let task = Task { [logger] in
      do {
        try await server.run()
        outcome.resolve(.success(()))
      } catch {
        if !outcome.resolve(.failure(error)) {
          logger.error("the ACS does not listen any more", metadata: [.address: "\(address)", .reason: "\(error)"])
        }
      }
    }
    listeners.withLock { $0[address] = Listener(server: server, task: task) }
    do {
      try await outcome.value
    } catch {
      listeners.withLock { $0[address] = nil }
      throw error
    }
  }

  private func end(_ listener: Listener, at address: IPv4Address) async {
    listeners.withLock { $0[address] = nil }
    listener.task.cancel()
    await listener.task.value
    ended.withLock { $0.merge(Self.counts(of: listener.server), uniquingKeysWith: +) }
  }

  /// What the HTTP servers refused and lost, and the sessions under way, by the names of counters.
  package var counts: [String: Int] {
    let sum = listeners.withLock { $0 }.values.reduce(into: ended.withLock { $0 }) { sum, listener in
      sum.merge(Self.counts(of: listener.server), uniquingKeysWith: +)
    }
    return sum.merging(["acs.sessions": cwmp.sessions.count]) { $1 }
  }

  private static func counts(of server: HTTPServer) -> [String: Int] {
    let counts = server.counts
    return [
      "http.connections": counts.connections, "http.requests": counts.requests,
      "http.refused.connections": counts.refusedConnections, "http.refused.unreadable": counts.unreadableRequests,
      "http.refused.oversize": counts.oversizeRequests, "http.refused.overloaded": counts.overloadedRequests,
      "http.refused.compressed": counts.compressedRequests, "http.closed.empty": counts.emptyConnections,
      "http.closed.idle": counts.idleConnections, "http.closed.slow": counts.slowRequests,
      "http.broken": counts.brokenAnswers,
    ]
  }

  package func run() async throws {
    await cancelWhenGracefulShutdown {
      while (try? await Task.sleep(for: .seconds(5))) != nil {
        self.cwmp.removeSilentSessions(at: SteadyClock.now())
      }
    }
    await withDiscardingTaskGroup { group in
      for (address, listener) in listeners.withLock({ $0 }) {
        group.addTask { await self.end(listener, at: address) }
      }
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

/// Whether a server listens: known once.
private final class Listening: Sendable {
  private enum State {
    case open
    case waiting(CheckedContinuation<Void, any Error>)
    case resolved(Result<Void, any Error>)
  }

  private let state = Mutex(State.open)

  /// False where it was known before.
  @discardableResult
  func resolve(_ result: Result<Void, any Error>) -> Bool {
    let (isNews, continuation): (Bool, CheckedContinuation<Void, any Error>?) = state.withLock { state in
      defer { if case .resolved = state {} else { state = .resolved(result) } }
      switch state {
      case .open: return (true, nil)
      case .waiting(let continuation): return (true, continuation)
      case .resolved: return (false, nil)
      }
    }
    continuation?.resume(with: result)
    return isNews
  }

  var value: Void {
    get async throws {
      try await withCheckedThrowingContinuation { continuation in
        let known: Result<Void, any Error>? = state.withLock { state in
          if case .resolved(let result) = state { return result }
          state = .waiting(continuation)
          return nil
        }
        if let known { continuation.resume(with: known) }
      }
    }
  }
}
