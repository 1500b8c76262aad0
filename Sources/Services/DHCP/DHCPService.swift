package import DHCP
package import Logging
package import Net
import ServiceLifecycle
package import Store
import Synchronization
package import Transport

/// The DHCP server: one thread owns the lease table and goes receive → decode → decide → commit → send, a batch at a
/// time. One sync pays for all leases of a batch; no reply leaves before it.
package final class DHCPService: Service {
  /// What the loop is told from outside.
  enum Command: Sendable {
    case begin
    case configure(ServerConfiguration)
    /// Answers whether anyone held the address.
    case release(IPv4Address, complete: @Sendable (Result<Bool, StoreError>) -> Void)
    case stop
  }

  /// Other DHCP servers that were seen on the wire.
  package let others = Current(OtherServers())
  private let inbox: Inbox<Command>
  /// Until the loop has taken it over.
  private let table: Mutex<LeaseTable?>
  private let loop: DHCPLoop
  private let logger: Logger
  private let interfaces: [NetworkInterface]
  private let readiness: Readiness
  private let thread = Mutex<OwnThread?>(nil)

  package init(
    interfaces: [NetworkInterface], configuration: ServerConfiguration, table: consuming LeaseTable,
    zones: ZonePublisher,
    journey: JourneyRecorder,
    counters: Counters, heartbeat: Heartbeat, readiness: Readiness, logger: Logger
  ) throws {
    inbox = try Inbox(capacity: 64)
    loop = DHCPLoop(
      server: Server(configuration), zones: zones, journey: journey, counters: counters,
      heartbeat: heartbeat,
      inbox: inbox, logger: logger, others: others)
    self.table = Mutex(table)
    self.interfaces = interfaces
    self.readiness = readiness
    self.logger = logger
  }

  /// Opens the interfaces; they are answered on once the other servers listen. Throws `LinkError` or `SocketError`, and then nothing was started.
  package func open() async throws {
    let interfaces = interfaces
    try await withCheckedThrowingContinuation { (started: CheckedContinuation<Void, any Error>) in
      do {
        let thread = try OwnThread(named: "dhcp", stackSize: 4 << 20) { [loop] in
          let ports: [DHCPPort]
          do {
            ports = try interfaces.map { try DHCPPort($0) }
          } catch {
            started.resume(throwing: error)
            return
          }
          started.resume()
          if let table = self.table.withLock({ $0.take() }) { loop.serve(ports, table: table) }
        }
        self.thread.withLock { $0 = thread }
      } catch {
        started.resume(throwing: error)
      }
    }
  }

  /// Takes a new configuration between two batches; leases stay.
  package func configure(_ configuration: ServerConfiguration) {
    _ = inbox.send(.configure(configuration))
  }

  /// Takes an address back from whoever holds it; false where nobody does. Durable when it returns.
  package func release(_ address: IPv4Address) async throws(StoreError) -> Bool {
    let result = await withCheckedContinuation { continuation in
      let command = Command.release(address) { continuation.resume(returning: $0) }
      switch inbox.send(command) {
      case .accepted: break
      case .full: continuation.resume(returning: .failure(.overloaded(waiting: inbox.capacity)))
      case .closed: continuation.resume(returning: .failure(.stopped))
      }
    }
    return try result.get()
  }

  package func run() async throws {
    await cancelWhenGracefulShutdown { await self.readiness.wait() }
    if !Task.isCancelled, !Task.isShuttingDownGracefully { _ = inbox.send(.begin) }
    try? await gracefulShutdown()
    _ = inbox.send(.stop)
    inbox.close()
    await thread.withLock { $0 }?.finished
    for case .release(_, let complete) in inbox.takeAll() { complete(.failure(.stopped)) }
  }
}
