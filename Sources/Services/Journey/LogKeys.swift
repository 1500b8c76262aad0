import Logging

/// Every key that a log line may have.
enum LogKey: String {
  case address, device, expiry, hardware, interface, name, peer, reason, router, serial, session, step, user
}

extension Logger {
  func debug(_ event: Logger.Message, metadata: @autoclosure () -> KeyValuePairs<LogKey, Logger.MetadataValue>) {
    log(level: .debug, event, metadata: Self.metadata(metadata()))
  }

  func info(_ event: Logger.Message, metadata: @autoclosure () -> KeyValuePairs<LogKey, Logger.MetadataValue>) {
    log(level: .info, event, metadata: Self.metadata(metadata()))
  }

  func warning(_ event: Logger.Message, metadata: @autoclosure () -> KeyValuePairs<LogKey, Logger.MetadataValue>) {
    log(level: .warning, event, metadata: Self.metadata(metadata()))
  }

  func error(_ event: Logger.Message, metadata: @autoclosure () -> KeyValuePairs<LogKey, Logger.MetadataValue>) {
    log(level: .error, event, metadata: Self.metadata(metadata()))
  }

  private static func metadata(_ pairs: KeyValuePairs<LogKey, Logger.MetadataValue>) -> Logger.Metadata {
    Logger.Metadata(pairs.map { ($0.key.rawValue, $0.value) }) { first, _ in first }
  }
}
