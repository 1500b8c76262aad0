import Glibc
import Logging
import Transport

/// Log lines on standard error: under a service manager with the priority that it understands (sd-daemon(3)) and
/// without the time that it adds itself, else with the time.
struct ServiceLogHandler: LogHandler {
  var logLevel: Logger.Level
  var metadata: Logger.Metadata = [:]
  private let isUnderServiceManager = getenv("JOURNAL_STREAM") != nil

  init(logLevel: Logger.Level) {
    self.logLevel = logLevel
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let pairs = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
    var line = isUnderServiceManager ? "<\(event.level.priority)>" : "\(SteadyClock.wall()) \(event.level) "
    line += event.message.description
    for (key, value) in pairs { line += " \(key)=\"\(value)\"" }
    StandardError.print(line.printable)
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
