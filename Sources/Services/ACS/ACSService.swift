package import CWMP
import HTTP
import Journey
package import Logging
package import Net
import Provisioning
import ServiceLifecycle
package import Store
import Synchronization
package import Transport

/// The ACS and, on the same ports, the files that routers fetch.
package final class ACSService: Service {
  /// The ACS over TLS.
  package struct TLS: Sendable {
    package let port: UInt16
    package let context: TLSServerContext

    package init(port: UInt16, context: TLSServerContext) {
      self.port = port
      self.context = context
    }
  }

  private let cwmp: CWMPHandler
  private let files: RouterFiles
  private let bootFiles: BootFiles
  private let paths: ServedPaths
  private let site: Current<SiteConfiguration>
  private let missed = Mutex(SightingBudget())
  private let journey: JourneyRecorder
  private let devices: DeviceDirectory
  private let counters: Counters
  private let logger: Logger
  private let port: UInt16
  private let tls: TLS?
  /// Whether ports 80 and 443 are served too.
  private let servesCaptivePorts: Bool
  private let listeners = Mutex<[Place: Listener]>([:])
  private let ended = Mutex<[String: Int]>([:])

  private struct Place: Hashable {
    let address: IPv4Address
    let port: UInt16
    let isSecure: Bool
  }

  private struct Listener: Sendable {
    let server: HTTPServer
    let task: Task<Void, Never>
  }

  /// Routers have the first of `paths` in their URL. `servesCaptivePorts`: those that come by a name of others, whose URL
  /// has no port, find the ACS at ports 80 and 443.
  package init(
    port: UInt16, tls: TLS? = nil, servesCaptivePorts: Bool = false, paths: [String], site: Current<SiteConfiguration>,
    keyring: Keyring,
    signingKey: SigningKey, bootFiles: BootFiles, files: FileStore, informs: InformWatch,
    journey: JourneyRecorder, devices: DeviceDirectory, firstContact: FirstContact? = nil,
    tasks: TaskDirectory, queries: any FactQueries, counters: Counters, logger: Logger
  ) {
    self.port = port
    self.tls = tls
    self.servesCaptivePorts = servesCaptivePorts
    self.site = site
    _ = DescriptorLimit.allow(Self.connections + 4096)
    let urls = ConfigurationFiles(key: signingKey)
    let cwmp = CWMPHandler(
      site: site, gatekeeper: Gatekeeper(keyring: keyring, devices: devices), firstContact: firstContact,
      provisioner: Provisioner(
        keyring: keyring, files: urls, store: files, journey: journey, devices: devices, tasks: tasks, queries: queries),
      sessions: SessionTable(), transcripts: TranscriptKeeper(journey: journey, counters: counters), informs: informs,
      journey: journey, devices: devices, counters: counters, logger: logger
    )
    self.cwmp = cwmp
    self.files = RouterFiles(
      urls: urls, store: files,
      configuration: { device in
        guard let known = devices.device(device), let router = journey.router(device: "\(device)") else {
          return nil
        }
        let goal = try cwmp.provisioner.goal(for: known, router.id, in: cwmp.site.value)
        return (router.id, goal.configuration)
      }, fetches: cwmp.provisioner.fetches, transfers: TransferGrants(devices: devices, tasks: tasks, store: files),
      binding: { cwmp.site.part(\.addressBinding) }, strangers: cwmp.strangers, journey: journey, counters: counters,
      logger: logger)
    self.bootFiles = bootFiles
    self.paths = ServedPaths(paths)
    self.journey = journey
    self.devices = devices
    self.counters = counters
    self.logger = logger
  }

  /// The devices of which it was told lately that two share a serial number.
  package func devicesSharingSerialNumbers(at now: Timestamp) -> Set<DeviceID> {
    cwmp.twins.shared(within: Diagnosis.Patience.sharing, at: now)
  }

  /// A sentence for each claim or twin that waits for a person.
  package func heldProblems(at now: Timestamp) -> [String] {
    cwmp.held.present(at: now).problems { [journey] in journey.router(at: $0)?.hardware }
  }

  /// The addresses from which somebody claims to be the device, and is held.
  package func claimants(of device: DeviceID, at now: Timestamp) -> [IPv4Address] {
    cwmp.held.present(at: now).compactMap { held in
      guard held.held.device == device, case .claimant(let address) = held.held.party else { return nil }
      return address
    }
  }

  /// A person has decided about the claim from that address, or about the device as a twin.
  package func decided(_ device: DeviceID, claimFrom address: IPv4Address? = nil) {
    if let address { return cwmp.held.remove(HeldWatch.Case(device: device, party: .claimant(address))) }
    cwmp.held.removeTwin(device)
  }

  /// Open at once, at each address. A town whose power comes back is more than this, and told to wait its turn.
  static let connections = 16_384

  /// Listens at these addresses, and at no others; requests under way at one that is left are answered first. Throws
  /// where one cannot be opened, with the others served.
  package func serve(_ addresses: [IPv4Address]) async throws {
    let places = addresses.flatMap { self.places(at: $0) }
    for (place, listener) in listeners.withLock({ $0 }) where !places.contains(place) {
      await end(listener, at: place)
    }
    var failure: (any Error)?
    for place in places where listeners.withLock({ $0[place] }) == nil {
      do {
        try await listen(at: place)
      } catch {
        failure = failure ?? error
      }
    }
    if let failure { throw failure }
  }

  private func places(at address: IPv4Address) -> [Place] {
    var places = [Place(address: address, port: port, isSecure: false)]
    if let tls { places.append(Place(address: address, port: tls.port, isSecure: true)) }
    guard servesCaptivePorts else { return places }
    places.append(Place(address: address, port: 80, isSecure: false))
    if tls != nil { places.append(Place(address: address, port: 443, isSecure: true)) }
    // The ACS's own port may be one of these.
    return places.enumerated().filter { index, place in !places[..<index].contains { $0.port == place.port } }
      .map(\.element)
  }

  private func listen(at place: Place) async throws {
    var limits = HTTPLimits()
    // A request that has come by half holds up the end of the daemon no longer than that.
    limits.shutdownGrace = .seconds(3)
    limits.connections = Self.connections
    limits.connectionsOfPeer = Self.connections / 4
    let outcome = Listening()
    let secured = place.isSecure ? tls : nil
    let server = HTTPServer(
      address: .network(host: "\(place.address)", port: place.port), limits: limits, respondsOnLoop: true,
      tls: secured.map { tls in
        HTTPServer.TLS(tls.context) { [weak self] peer, failure in self?.note(failure, of: peer) }
      },
      onListening: { _ in outcome.resolve(.success(())) },
      onRefusal: { [weak self] peer, reason in self?.note(refusal: reason, of: peer) },
      reception: { [files, cwmp] request in
        files.isUpload(request.path) ? files.reception(of: request) : cwmp.reception(of: request)
      },
      answer: { [weak self] request in self?.answer(to: request) ?? .now(HTTP.Response(.serviceUnavailable)) })
    let task = Task { [logger] in
      do {
        try await server.run()
        outcome.resolve(.success(()))
      } catch {
        if !outcome.resolve(.failure(error)) {
          logger.error(
            "the ACS does not listen any more", metadata: [.address: "\(place.address)", .reason: "\(error)"])
        }
      }
    }
    listeners.withLock { $0[place] = Listener(server: server, task: task) }
    do {
      try await outcome.value
    } catch {
      listeners.withLock { $0[place] = nil }
      throw error
    }
  }

  /// A handshake that failed is where a router's journey stopped.
  private func note(_ failure: HandshakeFailure, of peer: HostPort) {
    logger.info("no TLS", metadata: [.peer: "\(peer)", .reason: "\(failure)"])
    guard let address = IPv4Address(peer.host) else { return }
    journey.sighting(at: address, .sessionAborted(reason: "\(failure)"))
  }

  /// A request that is no request of HTTP, or too much of one.
  private func note(refusal reason: String, of peer: HostPort) {
    logger.warning("a request was refused", metadata: [.peer: "\(peer)", .reason: "\(reason)"])
    guard let address = IPv4Address(peer.host) else { return }
    journey.sighting(at: address, .connected(address: address))
    journey.sighting(at: address, .sessionAborted(reason: "its request was refused: \(reason)"))
  }

  private func end(_ listener: Listener, at place: Place) async {
    listeners.withLock { $0[place] = nil }
    listener.server.shutDown()
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
      "http.refused.compressed": counts.compressedRequests, "http.refused.undecodable": counts.undecodableRequests,
      "http.closed.empty": counts.emptyConnections, "http.closed.idle": counts.idleConnections,
      "http.closed.slow": counts.slowRequests, "http.foldedHeaders": counts.foldedHeaders,
      "http.broken": counts.brokenAnswers,
    ].merging(counts.handshakeFailures) { $1 }
  }

  package func run() async throws {
    await cancelWhenGracefulShutdown {
      var rounds = 0
      while (try? await Task.sleep(for: .milliseconds(500))) != nil {
        let now = SteadyClock.now()
        self.cwmp.removeEndedSessions(at: now)
        rounds += 1
        if rounds.isMultiple(of: 10) { self.cwmp.removeSilentSessions(at: now) }
        if rounds.isMultiple(of: 4) { await self.cwmp.endOverdueTasks(at: now) }
      }
    }
    await withDiscardingTaskGroup { group in
      for (place, listener) in listeners.withLock({ $0 }) {
        group.addTask { await self.end(listener, at: place) }
      }
    }
    await cwmp.transcripts.finish()
  }

  private func answer(to request: HTTP.Request) -> HTTPServer.Answer {
    switch request.method {
    case .post where takesSession(request): cwmp.answer(to: request)
    case .get where files.isFile(request.path), .head where files.isFile(request.path):
      .later { [files] in await files.respond(to: request) }
    default: .now(response(to: request))
    }
  }

  /// Whether what is posted is a session of a router, by its path or else by the name that it came by.
  private func takesSession(_ request: HTTP.Request) -> Bool {
    if paths.contains(request.path) || request.path == "/" { return true }
    let site = site.value
    let own = RequestTarget(site.url.path).path
    return ServedPaths.withoutLastSlash(request.path) == ServedPaths.withoutLastSlash(own)
      || site.captiveNames.contains(request.host) && !files.isUpload(request.path)
  }

  private func response(to request: HTTP.Request) -> HTTP.Response {
    switch request.method {
    case _ where files.isUpload(request.path):
      HTTP.Response(.methodNotAllowed, headers: ["Allow": "PUT, POST"])
    case .get where request.path.hasPrefix("/boot/"), .head where request.path.hasPrefix("/boot/"):
      bootFile(request)
    case .get where request.path == "/ca.pem" || request.path == "/ca.der": authority(request)
    case .get where paths.contains(request.path) || request.path == "/":
      HTTP.Response(
        .ok,
        text:
          "This is Usher's ACS. Routers POST their CWMP sessions to \(paths.first); there is nothing here to look at.\n"
      )
    case .post, .get:
      misdirected(request)
    default:
      HTTP.Response(.methodNotAllowed, headers: ["Allow": "GET, POST"])
    }
  }

  private func notFound(_ request: HTTP.Request) -> HTTP.Response {
    counters.increment("http.notFound")
    return HTTP.Response(.notFound, text: "There is no \(request.path) here. The ACS is at \(paths.first).\n")
  }

  /// As ``notFound(_:)``, and told on the journey of the router that asked.
  private func misdirected(_ request: HTTP.Request) -> HTTP.Response {
    if let address = IPv4Address(request.peer.host),
      missed.withLock({ $0.take(for: address, at: SteadyClock.now()) })
    {
      let host = request.host ?? request.local.host
      let port = request.local.port == (request.scheme == "http" ? 80 : 443) ? "" : ":\(request.local.port)"
      journey.sighting(
        at: address,
        .misdirected(method: request.method.rawValue, url: "\(request.scheme)://\(host)\(port)\(request.path)"))
    }
    return notFound(request)
  }

  /// The certificate of the lab's CA, for a router or a person to take: public, and worth no more than the way it comes.
  private func authority(_ request: HTTP.Request) -> HTTP.Response {
    guard let authority = tls?.context.settings.authority else { return notFound(request) }
    do {
      let bytes = try request.path.hasSuffix(".pem") ? Array(authority.pem().utf8) : authority.der()
      counters.increment("acs.authority.served")
      return HTTP.Response(.ok, headers: ["Content-Type": "application/x-x509-ca-cert"], body: .bytes(bytes))
    } catch {
      return HTTP.Response(.serviceUnavailable, text: "\(error)\n")
    }
  }

  private func bootFile(_ request: HTTP.Request) -> HTTP.Response {
    let name = String(request.path.dropFirst("/boot/".count))
    guard let address = IPv4Address(request.peer.host) else { return notFound(request) }
    let scheme = request.scheme
    if request.method == .get { journey.sighting(at: address, .bootFileRequested(name: name, scheme: scheme)) }
    guard let content = bootFiles.content(named: name, for: address) else {
      journey.sighting(at: address, .bootFileFailed(name: name, reason: "there is no such file"))
      return notFound(request)
    }
    let digest = HashFunctions.crypto.sha256(content)
    return RouterFiles.response(to: request, content, type: "text/plain", digest: digest) { [journey] in
      journey.sighting(at: address, .bootFileFetched(name: name, bytes: content.count, scheme: scheme))
    }
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
