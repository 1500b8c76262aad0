import CWMP
import Glibc
import Logging
import Net
import Services
import Synchronization
import Transport

/// Log lines on standard error: under a service manager with the priority that it understands (sd-daemon(3)) and
/// without the time that it adds itself, else with the time. A flood is held back, see ``Services/LogThrottle``, and a
/// reader who takes nothing holds up nobody, see ``Transport/LineWriter``.
struct ServiceLogHandler: LogHandler {
  var logLevel: Logger.Level
  var metadata: Logger.Metadata = [:]

  init(logLevel: Logger.Level) {
    self.logLevel = logLevel
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let pairs = metadata.merging(event.metadata ?? [:]) { $1 }
    let message = event.message.description
    // Whoever asks for all is given all.
    guard event.level < .info || LogOutput.takes(message, pairs, event.level) else { return }
    LogOutput.write(event.level, message, pairs.sorted { $0.key < $1.key }.map { ($0.key, $0.value.description) })
  }
}

/// Where all log lines of the process go.
enum LogOutput {
  private static let throttle = Mutex(LogThrottle())
  private static let isUnderServiceManager = getenv("JOURNAL_STREAM") != nil
  /// The keys that say which router a line is of, the surest first.
  private static let names = ["router", "device", "serial", "hardware", "address", "peer"]

  static func takes(_ message: String, _ metadata: Logger.Metadata, _ level: Logger.Level) -> Bool {
    let router = router(of: metadata)
    return throttle.withLock { $0.takes(message, of: router, level, at: SteadyClock.now()) }
  }

  /// Tells how much was held back; of the last minute too where `all`.
  static func tellHeld(all: Bool = false) {
    for held in throttle.withLock({ $0.takeHeld(all: all, at: SteadyClock.now()) }) {
      write(
        held.level, "\(held.event), and \(held.count) more within a minute",
        held.router.isEmpty ? [] : [("router", held.router)])
    }
  }

  static func write(_ level: Logger.Level, _ message: String, _ pairs: [(key: String, value: String)]) {
    var line = prefix(level) + message
    for (key, value) in pairs { line += " \(key)=\"\(value)\"" }
    print(DeviceID.naming(line).printable)
  }

  private static func prefix(_ level: Logger.Level) -> String {
    isUnderServiceManager ? "<\(level.priority)>" : "\(SteadyClock.wall()) \(level) "
  }

  // MARK: - The thread that writes

  /// Milliseconds that the end of the process waits for who reads the log.
  private static let lastWait = 2000
  private static let writer = Mutex<LineWriter?>(nil)

  /// From now on nobody who logs waits for who reads.
  static func begin() {
    let new = try? LineWriter(to: STDERR_FILENO) {
      "\(prefix(.warning))the log was not read in time, and \($0) lines of it are lost"
    }
    writer.withLock { $0 = new }
  }

  /// Writes what waits, and waits for that no longer than it may.
  static func end() {
    writer.withLock { $0 }?.finish(within: lastWait)
  }

  /// One or more whole lines, after those before them.
  static func print(_ text: String) {
    if let writer = writer.withLock({ $0 }) { writer.write(text) } else { StandardError.print(text) }
  }

  /// A peer without its port: each of its connections has another.
  private static func router(of metadata: Logger.Metadata) -> String {
    for name in names {
      guard let value = metadata[name]?.description else { continue }
      guard name == "peer", let colon = value.lastIndex(of: ":"), value.contains(".") || value.hasPrefix("[") else {
        return value
      }
      return String(value[..<colon])
    }
    return ""
  }
}

extension Logger.Level {
  /// Of syslog (RFC 5424 table 2).
  fileprivate var priority: Int {
    switch self {
    case .trace, .debug: 7
    case .info: 6
    case .notice: 5
    case .warning: 4
    case .error: 3
    case .critical: 2
    }
  }
}
