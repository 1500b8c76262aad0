import Management
import ServiceLifecycle
import UnixSignals

/// Reads the configuration again at SIGHUP, as `usher reload` does. What came of it stands in the log.
struct HangUpWatch: Service, CustomStringConvertible {
  /// The group of services names it so. Without this, it would print all that the struct holds.
  var description: String { "SIGHUP" }

  let actions: any ControlActions

  func run() async throws {
    for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() {
      _ = try? await actions.reload(confirmed: false)
    }
  }
}
