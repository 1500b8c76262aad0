package import CWMP
package import Journey
package import Net
package import Store
import Synchronization

/// Which hardware address a router has of which only the serial number is expected: learned when it informs, and from the
/// routers on record. A device that is not admitted takes no other one's place: anybody can send an Inform with its serial
/// number.
package final class RouterHardware: Sendable {
  private struct Known {
    let hardware: MACAddress
    let device: String?
  }

  private struct State {
    var bySerial: [String: Known] = [:]
    var onLearning: (@Sendable (Router, MACAddress) -> Void)?
  }

  private let state = Mutex(State())
  private let isHeld: @Sendable (DeviceID) -> Bool

  /// `isHeld` tells whether a device is on record as not admitted.
  package init(_ routers: [Router], isHeld: @escaping @Sendable (DeviceID) -> Bool = { _ in false }) {
    self.isHeld = isHeld
    for router in routers { learn(router) }
  }

  package func hardware(ofSerialNumber serial: String) -> MACAddress? {
    state.withLock { $0.bySerial[Self.key(serial)] }?.hardware
  }

  /// True where that is news.
  @discardableResult
  private func learn(_ router: Router) -> Bool {
    guard let serial = router.serialNumber, let hardware = router.hardware else { return false }
    let key = Self.key(serial)
    let known = state.withLock { $0.bySerial[key] }
    if let known, known.device != router.device, router.device.flatMap(DeviceID.init).map(isHeld) == true {
      return false
    }
    state.withLock { $0.bySerial[key] = Known(hardware: hardware, device: router.device) }
    return known?.hardware != hardware
  }

  /// Who is told of each router whose hardware address was not known, or another.
  package func onLearning(_ body: @escaping @Sendable (Router, MACAddress) -> Void) {
    state.withLock { $0.onLearning = body }
  }

  /// Takes over what was committed.
  package func apply(_ changes: [Change]) {
    for case .router(let router) in changes {
      guard learn(router), let hardware = router.hardware else { continue }
      state.withLock(\.onLearning)?(router, hardware)
    }
  }

  private static func key(_ serial: String) -> String { serial.lowercased() }
}
