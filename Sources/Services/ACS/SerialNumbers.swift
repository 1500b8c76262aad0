import CWMP
import Net
import Provisioning

/// The right of a device to a row of the inventory that has its serial number.
enum RowRight: UInt8, Comparable {
  case none
  /// It was admitted once: it has credentials of its own.
  case former
  case admitted
  case byPerson

  init(of device: Device) {
    switch device.admission {
    case .admitted(by: Admission.person): self = .byPerson
    case .admitted: self = .admitted
    case .undecided, .quarantined:
      if case .confirmed = device.credentials { self = .former } else { self = .none }
    }
  }

  static func < (left: RowRight, right: RowRight) -> Bool { left.rawValue < right.rawValue }
}

/// Which devices have a serial number, as the inventory compares them: without regard to case, or to spaces around it.
struct SerialNumbers {
  /// Devices with one serial number that are remembered though they have no right to its row: anybody can send an Inform
  /// with it.
  static let strangersKept = 16

  /// By the hash of the serial number: the device that was there first, and all of those that more than one has.
  private var first: [Int: DeviceID] = [:]
  private var shared: [Int: [DeviceID]] = [:]

  /// Whether any serial number is that of two devices.
  var hasTwins: Bool { !shared.isEmpty }

  /// `hasRight` tells one that is remembered in any case.
  mutating func add(_ id: DeviceID, hasRight: Bool) {
    let hash = Self.folded(id.serialNumber).hashValue
    guard let known = first[hash] else {
      first[hash] = id
      return
    }
    guard known != id else { return }
    let devices = shared[hash] ?? [known]
    guard hasRight || devices.count < Self.strangersKept, !devices.contains(id) else { return }
    shared[hash] = devices + [id]
  }

  func devices(of serialNumber: String) -> [DeviceID] {
    let folded = Self.folded(serialNumber)
    let hash = folded.hashValue
    guard let devices = shared[hash] ?? first[hash].map({ [$0] }) else { return [] }
    return devices.filter { $0.serialNumber == serialNumber || Self.folded($0.serialNumber) == folded }
  }

  private static func folded(_ serialNumber: String) -> String { serialNumber.trimmed.lowercased() }
}
