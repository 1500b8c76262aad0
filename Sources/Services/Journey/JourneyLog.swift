import Journey
package import Logging

/// Writes what goes wrong with a router into the log, and what it was waited for: that it is admitted and provisioned.
package struct JourneyLog: Sendable {
  private let logger: Logger

  package init(_ logger: Logger) {
    self.logger = logger
  }

  /// Whether anything of it is written.
  func isNews(_ event: Event) -> Bool {
    Self.level(of: event.fact) != nil
  }

  func write(_ event: Event, of router: Router?) {
    guard let level = Self.level(of: event.fact), level >= logger.logLevel else { return }
    let name = router?.serialNumber ?? router?.hardware?.description ?? "#\(event.router.rawValue)"
    var metadata: Logger.Metadata = [
      LogKey.router.rawValue: "\(name)", LogKey.reason.rawValue: "\(event.fact)",
    ]
    if let address = router?.address { metadata[LogKey.address.rawValue] = "\(address)" }
    logger.log(level: level, "\(Self.words(of: event.fact.name))", metadata: metadata)
  }

  /// Nil for what is only on the journey. A login that fails is logged where it is refused, whoever it is.
  private static func level(of fact: Fact) -> Logger.Level? {
    switch fact {
    case .authenticationFailed: nil
    case .admitted, .provisioned: .info
    case let fact: fact.isTrouble ? .warning : nil
    }
  }

  /// `downloadFailed` as `download failed`.
  private static func words(of name: String) -> String {
    name.reduce(into: "") { words, letter in
      if letter.isUppercase { words.append(" ") }
      words.append(letter.lowercased())
    }
  }
}
