import ServiceLifecycle
import Synchronization
import Transport

/// Tells the service manager that the daemon serves, that it is alive, and that it stops. It says "alive" only while
/// `isAlive` holds, so that a daemon that hangs is restarted.
package struct ServiceNotifier: Service, CustomStringConvertible {
  /// The group of services names it so. Without this, it would print all that the struct holds.
  package var description: String { "service manager" }

  private let manager = ServiceManager()
  private let status: Current<String>
  private let readiness: Readiness
  private let isAlive: @Sendable () -> Bool

  package init(status: Current<String>, readiness: Readiness, isAlive: @escaping @Sendable () -> Bool) {
    self.status = status
    self.readiness = readiness
    self.isAlive = isAlive
  }

  package func run() async throws {
    defer { manager.stopping() }
    await cancelWhenGracefulShutdown {
      await readiness.wait()
      guard !Task.isCancelled else { return }
      manager.ready(status: status.value)
      while !Task.isCancelled {
        guard (try? await Task.sleep(for: .milliseconds(manager.watchdogInterval ?? 60_000))) != nil else { return }
        if manager.watchdogInterval != nil, isAlive() { manager.watchdog() }
      }
    }
  }
}

/// When a loop last came round. A loop that waits for packets comes round at least every second.
package final class Heartbeat: Sendable {
  private let last = Atomic<Int64>(0)

  package init() {}

  package func beat() {
    last.store(SteadyClock.now().rawValue, ordering: .relaxed)
  }

  /// Whether the loop came round within the last ten seconds, or has not begun.
  package var isAlive: Bool {
    let last = last.load(ordering: .relaxed)
    return last == 0 || SteadyClock.now().rawValue - last < 10_000
  }
}
