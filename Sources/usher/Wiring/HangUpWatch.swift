import Management
import ServiceLifecycle
import UnixSignals

/// Reads the configuration again at SIGHUP, as `usher reload` does. What came of it stands in the log.
struct HangUpWatch: Service, CustomStringConvertible {
  /// What the group of services calls it: without this, a struct is told with all that it holds.
  var description: String { "SIGHUP" }

  let actions: any ControlActions

  func run() async throws {
    for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() {
      _ = try? await actions.reload(confirmed: false)
    }
  }
}
