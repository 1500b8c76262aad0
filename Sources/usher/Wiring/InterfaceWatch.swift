import Logging
import ServiceLifecycle
import Services
import Transport

/// Looks after the interfaces: serves those that are there, waits for those that are not, and says so.
struct InterfaceWatch: Service, CustomStringConvertible {
  /// The group of services names it so. Without this, it would print all that the struct holds.
  var description: String { "interfaces" }

  /// How often it looks, in milliseconds.
  private static let interval = 500
  /// What could not be opened is tried again after so many looks.
  private static let patience = 10

  let names: [String]
  let arrangement: Arrangement
  /// What is served and what is awaited, in one line.
  let status: Current<String>
  /// What could not be opened, for `usher status`.
  let trouble: Current<String?>
  /// The first look is done.
  let looked: Readiness
  let logger: Logger
  private let manager = ServiceManager()

  init(
    names: [String], arrangement: Arrangement, status: Current<String>, trouble: Current<String?>, looked: Readiness,
    logger: Logger
  ) {
    self.names = names
    self.arrangement = arrangement
    self.status = status
    self.trouble = trouble
    self.looked = looked
    self.logger = logger
  }

  /// Throws what cannot be opened at the first look; later on it is told, and tried again.
  func run() async throws {
    defer { looked.abandon() }
    try await cancelWhenGracefulShutdown {
      var last: InterfaceLook?
      var failures = 0
      while !Task.isCancelled {
        let look = try InterfaceLook(names)
        if let before = last, before.awaited != look.awaited || !before.serves(as: look) { tell(look, before) }
        if last.map({ !$0.serves(as: look) }) ?? true || failures > 0 && failures % Self.patience == 0 {
          do {
            try await arrangement.serve(look.served)
            if trouble.value != nil { logger.notice("all is served that could not be") }
            trouble.value = nil
            failures = 0
          } catch  where last != nil {
            if trouble.value != "\(error)" { logger.error("not all can be served: \(error)") }
            trouble.value = "\(error)"
            failures += 1
          }
        } else if failures > 0 {
          failures += 1
        }
        if last == nil {
          status.value = Self.text(look)
          logger.log(level: look.awaited.isEmpty ? .info : .warning, "\(Self.text(look))")
          looked.arrived()
        }
        last = look
        guard (try? await Task.sleep(for: .milliseconds(Self.interval))) != nil else { return }
      }
    }
  }

  private func tell(_ look: InterfaceLook, _ before: InterfaceLook) {
    let text = Self.text(look)
    guard text != Self.text(before) else { return }
    status.value = text
    manager.status(text)
    let isWorse = look.served.count < before.served.count
    logger.log(level: isWorse ? .warning : .notice, "\(text)")
  }

  private static func text(_ look: InterfaceLook) -> String {
    let served = look.served.map { "\($0.name) \($0.addresses.first.map { "\($0)" } ?? "")" }
    let parts = [
      served.isEmpty ? nil : "serving \(served.joined(separator: ", "))",
      look.awaited.isEmpty ? nil : "waiting: " + look.awaited.map { "\($0)" }.joined(separator: "; "),
    ]
    return parts.compactMap { $0 }.joined(separator: "; ")
  }
}
