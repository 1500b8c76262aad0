package import CWMP
package import Journey
import Net
import Synchronization
import Transport

/// Asks routers for a session (TR-069 section 3.2.2, annex G), and waits until they come: an answer to the request is a
/// promise, and only the Inform keeps it.
///
/// A router says itself where it is to be asked. So that none can make the ACS call a host of its choice, requests go to
/// the address that the router leased or informed from, and to the networks of `acs.connection-requests-to`; no redirect
/// is followed, and no password is sent but in a digest.
package final class ConnectionRequester: Sendable {
  /// HTTP exchanges under way at once, and those that wait for a place.
  package static let atOnce = 64
  package static let queueLimit = 4096
  /// A datagram may be lost, three in a row seldom are.
  static let copies = 3

  private let keyring: Keyring
  private let site: Current<SiteConfiguration>
  private let informs: InformWatch
  private let stun: STUNService?
  private let journey: JourneyRecorder
  private let counters: Counters
  private let limits: ConnectionRequestExchange.Limits
  /// Seconds: within 30 a router must inform (TR-069 section 3.2.2.3).
  private let informWait: Int
  let turnstile = Turnstile(places: atOnce, queue: queueLimit)
  private let underWay = Mutex<Set<DeviceID>>([])

  package convenience init(
    keyring: Keyring, site: Current<SiteConfiguration>, informs: InformWatch, stun: STUNService?,
    journey: JourneyRecorder, counters: Counters
  ) {
    self.init(
      keyring: keyring, site: site, informs: informs, stun: stun, journey: journey, counters: counters,
      limits: .init(), informWait: 30)
  }

  init(
    keyring: Keyring, site: Current<SiteConfiguration>, informs: InformWatch, stun: STUNService?,
    journey: JourneyRecorder, counters: Counters, limits: ConnectionRequestExchange.Limits, informWait: Int
  ) {
    self.keyring = keyring
    self.site = site
    self.informs = informs
    self.stun = stun
    self.journey = journey
    self.counters = counters
    self.limits = limits
    self.informWait = informWait
  }

  /// Asks one router, waits for its Inform, and notes in its journey what came of it.
  package func wake(_ device: Device, _ router: RouterID) async -> ConnectionRequestOutcome {
    guard underWay.withLock({ $0.insert(device.id).inserted }) else {
      counters.increment(ConnectionRequestProblem.alreadyUnderWay.counter)
      return ConnectionRequestOutcome(problem: .alreadyUnderWay)
    }
    defer { _ = underWay.withLock { $0.remove(device.id) } }
    let informs = informs.informs(of: device.id)
    var outcome = ConnectionRequestOutcome()
    let start = ContinuousClock.now
    do throws(ConnectionRequestProblem) {
      let way = try await ask(device, router, &outcome.steps)
      guard let heard = await first(of: informs, since: .now) else {
        guard let way else { throw .noInform(seconds: informWait) }
        throw .noInformAfterUDP(seconds: informWait, silence: way.silence, period: site.value.stun?.period ?? 0)
      }
      let seconds = (ContinuousClock.now - start).components.seconds
      let events = heard.events.isEmpty ? "without an event" : "with \(heard.events.joined(separator: ", "))"
      outcome.steps.append(.init(.inform, "informed after \(seconds) s \(events)"))
      counters.increment("acs.connectionRequests.informed")
      journey.sighting(of: router, .woken(how: outcome.steps.last?.text ?? ""))
    } catch {
      outcome.problem = error
      counters.increment(error.counter)
      journey.sighting(of: router, .wakeFailed(reason: "\(error)"))
    }
    return outcome
  }

  /// Asks, and returns the way where it was over UDP.
  private func ask(
    _ device: Device, _ router: RouterID, _ steps: inout [ConnectionRequestOutcome.Step]
  ) async throws(ConnectionRequestProblem) -> UDPWay? {
    let own = journey.router(router)?.address
    let secrets = secrets(of: device)
    let datagrams = udpWay(device, secrets, own)
    do throws(ConnectionRequestProblem) {
      try await askOverHTTP(device, secrets, own, &steps)
      return nil
    } catch {
      // What lies behind a NAT is seldom reached by TCP; where it was reached, the answer counts.
      guard [.address, .connection].contains(error.stage) else { throw error }
      guard let datagrams else {
        if case .foreignHost(let host, let own) = error, stun != nil, device.isNATDetected != false {
          throw .behindNAT(host, own: own, missing(device))
        }
        throw error
      }
      steps = [.init(.address, "\(datagrams.place) over UDP; over HTTP, \(error)")]
      steps.append(.init(.connection, try await datagrams.send()))
      counters.increment("acs.connectionRequests.sentOverUdp")
      return datagrams
    }
  }

  private func askOverHTTP(
    _ device: Device, _ secrets: Keyring.Secrets?, _ own: IPv4Address?,
    _ steps: inout [ConnectionRequestOutcome.Step]
  ) async throws(ConnectionRequestProblem) {
    guard let text = device.connectionRequestURL, !text.isEmpty else { throw .noURL }
    let url: ConnectionRequestURL
    do throws(ConnectionRequestURLError) { url = try ConnectionRequestURL(text) } catch { throw .unusableURL(error) }
    let address = try url.place(own: own, allowed: site.value.connectionRequestsTo)
    guard await turnstile.enter() else { throw .tooManyWaiting(limit: Self.queueLimit) }
    defer { turnstile.leave() }
    // Its path is left out: it is all that protects a router that asks for no login.
    steps.append(.init(.address, "\(address):\(url.port) over HTTP"))
    counters.increment("acs.connectionRequests.sent")
    let exchange = ConnectionRequestExchange(
      url: url, address: address,
      credentials: secrets.map { secrets in
        .init(username: secrets.connectionRequestUsername, password: secrets.connectionRequestPassword)
      }, limits: limits)
    do throws(ConnectionRequestProblem) {
      steps += try await exchange.run()
    } catch {
      steps += error.passed
      throw error
    }
  }

  /// Nil where the router is not behind a NAT, or is not known to be, or cannot be asked so. What it has proved to the
  /// STUN server counts before what it told in an Inform, and is enough where it told nothing.
  private func udpWay(_ device: Device, _ secrets: Keyring.Secrets?, _ own: IPv4Address?) -> UDPWay? {
    guard let stun, let secrets, device.isNATDetected != false else { return nil }
    if let proved = stun.place(of: secrets.connectionRequestUsername) {
      return UDPWay(place: proved, secrets: secrets, stun: stun)
    }
    guard device.isNATDetected == true, let told = device.udpPlace, isAllowed(told.address, own) else { return nil }
    return UDPWay(place: told, secrets: secrets, stun: stun)
  }

  private func isAllowed(_ address: IPv4Address, _ own: IPv4Address?) -> Bool {
    address == own || site.value.connectionRequestsTo.contains { $0.contains(address) }
  }

  /// Why there is no way to a router behind a NAT.
  private func missing(_ device: Device) -> ConnectionRequestProblem.Missing {
    if let refusal = device.stunRefusal, refusal.softwareVersion == device.softwareVersion {
      return .stunParameters(code: refusal.code)
    }
    guard device.isNATDetected == true, let text = device.udpConnectionRequestAddress, !text.isEmpty else {
      return .udpAddress
    }
    return .foreignUDPAddress(text)
  }

  private func secrets(of device: Device) -> Keyring.Secrets? {
    device.held.flatMap { try? keyring.open($0, of: device.id) }
  }

  /// The first Inform that answers the request, or that came after it was accepted, whatever it says it is for.
  private func first(
    of informs: AsyncStream<InformWatch.Heard>, since accepted: ContinuousClock.Instant
  ) async -> InformWatch.Heard? {
    await withTaskGroup(of: InformWatch.Heard?.self) { [informWait] group in
      group.addTask {
        for await heard in informs where heard.answersConnectionRequest || heard.moment >= accepted { return heard }
        return nil
      }
      group.addTask {
        try? await Task.sleep(for: .seconds(informWait))
        return nil
      }
      defer { group.cancelAll() }
      return await group.next() ?? nil
    }
  }
}

extension Device {
  /// Where it told that it takes connection requests over UDP.
  fileprivate var udpPlace: STUNAddress? {
    udpConnectionRequestAddress.flatMap(STUNAddress.init(udpConnectionRequestAddress:))
  }
}

extension ConnectionRequestProblem {
  /// What went well between the address and the step that failed.
  fileprivate var passed: [ConnectionRequestOutcome.Step] {
    switch stage {
    case .address, .connection: []
    case .answer: [.init(.connection, "took the connection")]
    case .login: [.init(.connection, "took the connection"), .init(.answer, "answered and asks for a login")]
    case .acceptance, .inform: [.init(.connection, "took the connection"), .init(.answer, "answered")]
    }
  }
}
