package import Logging
import Net
import ServiceLifecycle
import Synchronization
package import Transport

/// Serves boot files and the files of a folder over TFTP, read-only: one thread for each interface, a socket of its own
/// for each transfer.
package final class TFTPService: Service {
  /// Transfers under way at once, where the system gives the descriptors for so many.
  package static let maximumTransfers = 1024
  /// Of those, to one address: nobody can take them all, and routers behind one address still boot together.
  package static let maximumTransfersOfClient = 32
  /// What transfers leave to the rest of the process, unless it may not have twice as many: a client of TFTP must not
  /// keep routers from the ACS.
  private static let otherDescriptors = 2048 + ACSService.connections

  /// What listens on one interface.
  private struct Listener: Sendable {
    let interface: NetworkInterface
    let thread: OwnThread
    let stop: Wakeup

    func end() async {
      stop.signal()
      await thread.finished
    }
  }

  private let files: TFTPFiles
  private let journey: JourneyRecorder
  private let counters: Counters
  private let logger: Logger
  /// Of all interfaces together.
  private let limit: Int
  private let listeners = Mutex<[Listener]>([])

  package init(files: BootFiles, journey: JourneyRecorder, counters: Counters, logger: Logger) {
    self.files = TFTPFiles(made: files)
    self.journey = journey
    self.counters = counters
    self.logger = logger
    limit = Self.transfers(within: DescriptorLimit.allow(2 * Self.maximumTransfers + Self.otherDescriptors))
  }

  /// How many transfers there may be, with a socket and a file each, in a process that may open so many descriptors.
  static func transfers(within descriptors: Int) -> Int {
    min(maximumTransfers, (descriptors - min(otherDescriptors, descriptors / 2)) / 2)
  }

  /// Answers on port 69 of the first address of these interfaces, and to broadcasts, and on no others; transfers under
  /// way on one that is left end. Throws where one cannot be opened, with the others served.
  package func serve(_ interfaces: [NetworkInterface]) async throws {
    let present = listeners.withLock { $0 }
    for listener in present where !interfaces.contains(where: listener.interface.isServed) {
      listeners.withLock { $0.removeAll { $0.interface == listener.interface } }
      await listener.end()
    }
    var failure: (any Error)?
    for interface in interfaces where !present.contains(where: { $0.interface.isServed(as: interface) }) {
      do {
        guard let listener = try listen(on: interface, limit: limit / interfaces.count) else { continue }
        listeners.withLock { $0.append(listener) }
      } catch {
        failure = failure ?? error
      }
    }
    if let failure { throw failure }
  }

  private func listen(on interface: NetworkInterface, limit: Int) throws -> Listener? {
    guard let address = interface.addresses.first?.address else { return nil }
    let sockets = [
      TransferLoop.Listener(socket: try DatagramSocket(address, port: 69), address: address, hearsBroadcasts: false),
      TransferLoop.Listener(
        socket: try DatagramSocket(.broadcast, port: 69, options: SocketOptions(device: interface.name)),
        address: address, hearsBroadcasts: true),
    ]
    let loop = TransferLoop(
      listeners: sockets, limit: limit, files: files, journey: journey, counters: counters, logger: logger)
    let stop = try Wakeup()
    let thread = try OwnThread(named: "tftp") { loop.serve(until: stop) }
    return Listener(interface: interface, thread: thread, stop: stop)
  }

  package func run() async throws {
    try? await gracefulShutdown()
    for listener in listeners.withLock({ $0 }) { await listener.end() }
  }
}
