package import Journey
package import Net
package import Store
import Synchronization

/// Which hardware address a router has of which only the serial number is expected: learned when it informs, and from the
/// routers on record.
package final class RouterHardware: Sendable {
  private struct State {
    var bySerial: [String: MACAddress] = [:]
    var onLearning: (@Sendable (Router, MACAddress) -> Void)?
  }

  private let state = Mutex(State())

  package init(_ routers: [Router]) {
    state.withLock { state in
      for router in routers {
        if let serial = router.serialNumber, let hardware = router.hardware {
          state.bySerial[Self.key(serial)] = hardware
        }
      }
    }
  }

  package func hardware(ofSerialNumber serial: String) -> MACAddress? {
    state.withLock { $0.bySerial[Self.key(serial)] }
  }

  /// Who is told of each router whose hardware address was not known, or another.
  package func onLearning(_ body: @escaping @Sendable (Router, MACAddress) -> Void) {
    state.withLock { $0.onLearning = body }
  }

  /// Takes over what was committed.
  package func apply(_ changes: [Change]) {
    for change in changes {
      guard case .router(let router) = change, let serial = router.serialNumber, let hardware = router.hardware else {
        continue
      }
      let told = state.withLock { state in
        let before = state.bySerial.updateValue(hardware, forKey: Self.key(serial))
        return before == hardware ? nil : state.onLearning
      }
      told?(router, hardware)
    }
  }

  private static func key(_ serial: String) -> String { serial.lowercased() }
}
