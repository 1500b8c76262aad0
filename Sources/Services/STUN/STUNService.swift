import CWMP
package import Logging
package import Net
import ServiceLifecycle
import Synchronization
import Transport

/// Tells routers behind a NAT where they are seen (RFC 3489, TR-069 annex G.2.1), and sends them connection requests from
/// the same port, which is the one that their NAT lets through.
package final class STUNService: Service {
  /// What no request of STUN exceeds.
  private static let longestDatagram = 1500

  private struct Listener: Sendable {
    let socket: DatagramSocket
    let thread: OwnThread
    let stop: Wakeup

    func end() async {
      stop.signal()
      await thread.finished
    }
  }

  package let port: UInt16
  private let keyring: Keyring
  private let devices: DeviceDirectory
  private let counters: Counters
  private let logger: Logger
  private let responder = STUNResponder(challenges: .bindingChanges, hmac: MessageAuthentication.hmacSHA1)
  private let listeners = Mutex<[IPv4Address: Listener]>([:])
  private let bindings = Mutex(Bindings())

  package init(port: UInt16, keyring: Keyring, devices: DeviceDirectory, counters: Counters, logger: Logger) {
    self.port = port
    self.keyring = keyring
    self.devices = devices
    self.counters = counters
    self.logger = logger
  }

  /// Answers at these addresses, and at no others. Throws where one cannot be opened, with the others served.
  package func serve(_ addresses: [IPv4Address]) async throws {
    for (address, listener) in listeners.withLock({ $0 }) where !addresses.contains(address) {
      listeners.withLock { $0[address] = nil }
      await listener.end()
    }
    var failure: (any Error)?
    for address in addresses where listeners.withLock({ $0[address] }) == nil {
      do {
        let listener = try listen(at: address)
        listeners.withLock { $0[address] = listener }
      } catch {
        failure = failure ?? error
      }
    }
    if let failure { throw failure }
  }

  package func run() async throws {
    try? await gracefulShutdown()
    for listener in listeners.withLock({ $0 }).values { await listener.end() }
  }

  // MARK: - Routers

  /// Where the router of this connection request user name has proved to be, within the last ten minutes.
  func place(of username: String) -> STUNAddress? {
    bindings.withLock { $0.place(of: username, now: SteadyClock.now()) }
  }

  /// Seconds since a client at `place` was heard; nil where none was within the last ten minutes.
  func silence(of place: STUNAddress) -> Int64? {
    bindings.withLock { $0.silence(of: place, now: SteadyClock.now()) }
  }

  /// Sends a datagram from the address that the client keeps its binding to, where that is known. Returns the port that
  /// it left.
  func send(_ datagram: [UInt8], to place: STUNAddress) throws -> UInt16 {
    let local = bindings.withLock { $0.local(for: place, now: SteadyClock.now()) }
    let socket = listeners.withLock { listeners in
      (local.flatMap { listeners[$0] } ?? listeners.min { $0.key < $1.key }?.value)?.socket
    }
    guard let socket else { throw NotListening() }
    try socket.send(datagram, to: Endpoint(place.address, port: place.port))
    return socket.local.port
  }

  private struct NotListening: Error, CustomStringConvertible {
    var description: String { "STUN is not served at any address" }
  }

  // MARK: - Receive, decide, send

  private func listen(at address: IPv4Address) throws -> Listener {
    let socket = try DatagramSocket(address, port: port)
    let stop = try Wakeup()
    let thread = try OwnThread(named: "stun") { [self] in serve(socket, until: stop) }
    return Listener(socket: socket, thread: thread, stop: stop)
  }

  private func serve(_ socket: DatagramSocket, until stop: Wakeup) {
    do {
      var poller = Poller([socket.fileDescriptor, stop.fileDescriptor])
      var batch = try DatagramBatch(capacity: 32, inputSize: Self.longestDatagram, outputSize: 1)
      while true {
        let ready = try poller.wait(milliseconds: nil)
        guard !ready.contains(1) else { return }
        guard ready.contains(0), try socket.receive(into: &batch) > 0 else { continue }
        TurnWatch.begin("stun")
        defer { TurnWatch.end() }
        batch.forEach { datagram in
          answer(datagram.bytes.withUnsafeBytes { [UInt8]($0) }, from: datagram.source, by: socket)
        }
      }
    } catch {
      counters.increment("stun.stopped")
      logger.error("STUN is served no longer", metadata: [.reason: "\(error)"])
    }
  }

  private func answer(_ datagram: [UInt8], from source: Endpoint, by socket: DatagramSocket) {
    let decision = responder.decide(
      datagram, from: STUNAddress(source.address, port: source.port),
      at: STUNAddress(socket.local.address, port: socket.local.port), password: password)
    switch decision {
    case .respond(let reply, let binding):
      counters.increment("stun.answered")
      let now = SteadyClock.now()
      if !bindings.withLock({ $0.note(binding, at: socket.local.address, now: now) }) {
        counters.increment("stun.bindings.tooMany")
      }
      send(reply, by: socket)
    case .refuse(let refusal, let reply):
      counters.increment(refusal.counter)
      logger.debug("a STUN request was refused", metadata: [.peer: "\(source)", .reason: "\(refusal)"])
      send(reply, by: socket)
    case .ignore(let refusal):
      counters.increment(refusal.counter)
      logger.debug("a datagram was ignored", metadata: [.peer: "\(source)", .reason: "\(refusal)"])
    }
  }

  private func send(_ reply: STUNResponder.Reply, by socket: DatagramSocket) {
    do throws(SocketError) {
      try socket.send(reply.datagram, to: Endpoint(reply.destination.address, port: reply.destination.port))
    } catch {
      counters.increment("stun.sendFailed")
    }
  }

  /// The ConnectionRequestPassword of the router with that ConnectionRequestUsername, which is its name at the ACS, too.
  private func password(of username: String) -> String? {
    guard let device = devices.device(username: username), let sealed = device.held,
      let secrets = try? keyring.open(sealed, of: device.id), secrets.connectionRequestUsername == username
    else { return nil }
    return secrets.connectionRequestPassword
  }
}
