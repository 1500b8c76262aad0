import ServiceLifecycle
import Transport

/// Takes the names of leases that have run out from the zones, once a second.
package struct ZoneExpiry: Service {
  private let zones: ZonePublisher

  package init(zones: ZonePublisher) {
    self.zones = zones
  }

  package func run() async throws {
    await cancelWhenGracefulShutdown {
      while (try? await Task.sleep(for: .seconds(1))) != nil {
        zones.removeExpired(now: SteadyClock.now())
      }
    }
  }
}
