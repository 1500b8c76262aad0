import CLinux
import Glibc

/// Tells the service manager how the daemon is (sd_notify(3)): one datagram of `KEY=VALUE` lines to the Unix socket
/// that the environment names.
package struct ServiceManager: Sendable {
  package enum Delivery: Hashable, Sendable {
    case sent
    /// The process was not started by a service manager that listens.
    case noServiceManager
    case failed(SystemError)
  }

  private let socket: String?
  /// How often `watchdog` is to be called, in milliseconds: half of what the service manager waits before it restarts
  /// the daemon. Nil where it does not watch this process.
  package let watchdogInterval: Int64?

  /// Reads NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID from the process's environment.
  package init() {
    self.init(variable: { name in getenv(name).map { String(cString: $0) } }, processID: getpid())
  }

  init(variable: (String) -> String?, processID: Int32) {
    socket = variable("NOTIFY_SOCKET").flatMap { $0.hasPrefix("/") || $0.hasPrefix("@") ? $0 : nil }
    let isForUs = variable("WATCHDOG_PID").map { Int32($0) == processID } ?? true
    let microseconds = variable("WATCHDOG_USEC").flatMap(Int64.init) ?? 0
    watchdogInterval = isForUs && microseconds >= 2000 ? microseconds / 2000 : nil
  }

  /// The daemon serves.
  @discardableResult package func ready(status: String? = nil) -> Delivery {
    notify(["READY=1"] + line(status))
  }

  /// A reload began; `ready` says that it is over.
  @discardableResult package func reloading() -> Delivery {
    notify(["RELOADING=1", "MONOTONIC_USEC=\(linux_monotonic_microseconds())"])
  }

  @discardableResult package func stopping() -> Delivery {
    notify(["STOPPING=1"])
  }

  /// One line that `systemctl status` shows.
  @discardableResult package func status(_ text: String) -> Delivery {
    notify(line(text))
  }

  /// The daemon is alive: to be said every `watchdogInterval`.
  @discardableResult package func watchdog() -> Delivery {
    notify(["WATCHDOG=1"])
  }

  private func line(_ status: String?) -> [String] {
    guard let status else { return [] }
    return ["STATUS=" + String(status.map { $0.isNewline ? " " : $0 }.prefix(512))]
  }

  private func notify(_ lines: [String]) -> Delivery {
    guard let socket else { return .noServiceManager }
    let bytes = Array(lines.joined(separator: "\n").utf8)
    let result = linux_unix_send(socket, bytes, bytes.count)
    return result < 0 ? .failed(SystemError("telling the service manager at \(socket)", code: -result)) : .sent
  }
}
