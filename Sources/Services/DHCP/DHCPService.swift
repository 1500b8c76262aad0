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
    /// Serves these interfaces, and no others, by this configuration where one is given. Answers what could not be opened; the rest is.
    case serve([NetworkInterface], ServerConfiguration?, complete: @Sendable ([any Error]) -> Void)
    case configure(ServerConfiguration)
    case keep(String, MACAddress)
    /// Answers whether anyone held the address.
    case release(IPv4Address, complete: @Sendable (Result<Bool, StoreError>) -> Void)
    case stop
  }

  /// Other DHCP servers that were seen on the wire.
  package let others = Current(OtherServers())
  /// Who was left to them.
  package let leftAlone = LeftAlone()
  private let inbox: Inbox<Command>
  /// Until the loop has taken it over.
  private let table: Mutex<LeaseTable?>
  private let loop: DHCPLoop
  private let logger: Logger
  private let thread = Mutex<OwnThread?>(nil)

  package init(
    configuration: ServerConfiguration, table: consuming LeaseTable, zones: ZonePublisher, journey: JourneyRecorder,
    counters: Counters, heartbeat: Heartbeat, logger: Logger
  ) throws {
    inbox = try Inbox(capacity: 64)
    loop = DHCPLoop(
      server: Server(configuration), zones: zones, journey: journey, counters: counters,
      heartbeat: heartbeat,
      inbox: inbox, logger: logger, others: others, leftAlone: leftAlone)
    self.table = Mutex(table)
    self.logger = logger
  }

  /// Serves these interfaces, by this configuration where one is given, once it returns; those that were served before and are not named are
  /// left. Throws the first of what could not be opened, with the others served.
  package func serve(_ interfaces: [NetworkInterface], by configuration: ServerConfiguration? = nil) async throws {
    try thread.withLock { thread in
      guard thread == nil else { return }
      thread = try OwnThread(named: "dhcp", stackSize: 4 << 20) { [self] in
        // Taken here, the loop's is the only one: a second would be copied at the first change.
        if let table = table.withLock({ $0.take() }) { loop.serve(table) }
      }
    }
    let errors: [any Error] = await withCheckedContinuation { continuation in
      let command = Command.serve(interfaces, configuration) { continuation.resume(returning: $0) }
      if inbox.send(command) != .accepted { continuation.resume(returning: []) }
    }
    if let error = errors.first { throw error }
  }

  /// Takes a new configuration between two batches; leases stay.
  package func configure(_ configuration: ServerConfiguration) {
    _ = inbox.send(.configure(configuration))
  }

  /// Keeps a name of the inventory for the router with this hardware address, of which that had not been known.
  package func keep(_ name: String, for hardware: MACAddress) {
    _ = inbox.send(.keep(name, hardware))
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
    try? await gracefulShutdown()
    _ = inbox.send(.stop)
    inbox.close()
    await thread.withLock { $0 }?.finished
    for command in inbox.takeAll() {
      switch command {
      case .release(_, let complete): complete(.failure(.stopped))
      case .serve(_, _, let complete): complete([])
      case .configure, .keep, .stop: break
      }
    }
  }
}
