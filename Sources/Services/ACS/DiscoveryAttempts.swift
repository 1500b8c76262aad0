import CWMP
import Net
import Provisioning
import Synchronization

/// The readings of data models that were begun and not ended. There are routers that break off the session, or restart,
/// when they are asked for all names at once: such a one is asked level by level, and then no more until it runs other
/// software, an operator asks, or the daemon starts again.
final class DiscoveryAttempts: Sendable {
  /// How often a router is asked in vain.
  static let limit = 3
  /// Routers that are remembered; of others no attempt is counted.
  static let deviceLimit = 100_000

  private struct Attempts {
    var softwareVersion: String?
    var count: Int
  }

  private let state = Mutex<[DeviceID: Attempts]>([:])

  /// Whether there is to be another.
  func allow(_ device: Device) -> Bool {
    state.withLock { Self.count(of: device, in: $0) < Self.limit }
  }

  private static func count(of device: Device, in state: [DeviceID: Attempts]) -> Int {
    state[device.id].flatMap { $0.softwareVersion == device.softwareVersion ? $0.count : nil } ?? 0
  }

  /// How many there were before this one; nil where there are to be no more.
  func begin(_ device: Device) -> Int? {
    state.withLock { state in
      let known = Self.count(of: device, in: state)
      guard known < Self.limit else { return nil }
      if state.count < Self.deviceLimit || state[device.id] != nil {
        state[device.id] = Attempts(softwareVersion: device.softwareVersion, count: known + 1)
      }
      return known
    }
  }

  func end(_ device: DeviceID) {
    state.withLock { $0[device] = nil }
  }
}
