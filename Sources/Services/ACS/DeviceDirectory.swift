package import CWMP
import HTTP
import Net
package import Store
import Synchronization

/// The committed record of every device, held in memory as the bytes that are on the medium: each Inform needs one, and
/// a session is not to wait for the medium. It follows what is committed, in that order; see ``Committer``.
package final class DeviceDirectory: Sendable {
  /// What a device's plan follows from, besides its record.
  struct Basis: Hashable {
    /// The version of the site's configuration, which has the plan itself.
    let site: UInt64
    let hardware: MACAddress?
    let address: IPv4Address?
    /// Where the session comes from, and which of our addresses it reached.
    var seen: IPv4Address?
    var reached: IPv4Address?
  }

  private struct Entry {
    var record: [UInt8]
    var lastInform: Timestamp
    /// On what its plan came to its end.
    var doneOn: Basis?
    /// Of its own password, once it has logged in with that.
    var key: DigestKey?
    var username: String?
    var isVerified: Bool
    var isQuarantined: Bool

    init(_ device: Device) {
      record = StoredDevice.encode(device)
      lastInform = device.lastInform
      username = device.credentials.sealed?.username
      isVerified = device.verified != nil && device.relapse?.isDoubted != true
      isQuarantined = device.admission.isQuarantine
    }

    var device: Device? {
      guard var device = try? StoredDevice.decode(record) else { return nil }
      device.lastInform = lastInform
      return device
    }
  }

  private struct State {
    var entries: [DeviceID: Entry] = [:]
    /// Of those that have credentials of their own.
    var byUsername: [String: DeviceID] = [:]
    var verified = 0
    var quarantined = 0
  }

  /// Devices that wait for somebody to admit them, at most: anybody can send an Inform.
  static let quarantineLimit = 50_000

  private let state = Mutex(State())

  /// Of no devices.
  package init() {}

  /// Reads those on record. To be called before anything is committed.
  package func load(_ queries: some FactQueries) throws(StoreError) {
    try queries.forEachDevice { device in state.withLock { Self.set(device, in: &$0) } }
  }

  /// Takes over what was committed.
  package func apply(_ changes: [Change]) {
    for change in changes {
      switch change {
      case .device(let device): state.withLock { Self.set(device, in: &$0) }
      case .contact(let id, let moment): state.withLock { $0.entries[id]?.lastInform = moment }
      case .lease, .router, .merge, .forget, .event, .task, .parameters, .forgetParameters, .file, .fileRemoved,
        .transcript,
        .setting:
        break
      }
    }
  }

  func knows(_ id: DeviceID) -> Bool {
    state.withLock { $0.entries[id] != nil }
  }

  package func device(_ id: DeviceID) -> Device? {
    state.withLock { $0.entries[id] }?.device
  }

  /// Whether its plan came to its end on this basis, with the record that it has.
  func isDone(_ id: DeviceID, on basis: Basis) -> Bool {
    state.withLock { $0.entries[id]?.doneOn == basis }
  }

  /// The plan of a device came to its end: with this record, which is passed over where it is no longer the present one.
  func noteDone(_ device: Device, on basis: Basis) {
    state.withLock { state in
      guard var known = state.entries[device.id]?.device else { return }
      known.lastInform = device.lastInform
      if known == device { state.entries[device.id]?.doneOn = basis }
    }
  }

  /// The device that logs in by this user name of its own (proposed or confirmed).
  package func device(username: String) -> Device? {
    state.withLock { state in state.byUsername[username].flatMap { state.entries[$0] } }?.device
  }

  /// The same, with the key of its password where that was noted.
  func login(username: String) -> (device: Device, key: DigestKey?)? {
    let entry = state.withLock { state in state.byUsername[username].flatMap { state.entries[$0] } }
    return entry.flatMap { entry in entry.device.map { ($0, entry.key) } }
  }

  /// The key of the password that the device's credentials have, unless it has others by now.
  func note(_ key: DigestKey, of credentials: SealedCredentials, of id: DeviceID) {
    state.withLock { state in
      guard state.entries[id]?.device?.credentials.sealed == credentials else { return }
      state.entries[id]?.key = key
    }
  }

  /// Of all devices on record.
  var ids: [DeviceID] { state.withLock { Array($0.entries.keys) } }

  package var count: Int { state.withLock(\.entries.count) }

  /// How many were read back after their last boot and are what they should be.
  package var verified: Int { state.withLock(\.verified) }

  /// How many nobody has admitted.
  package var quarantined: Int { state.withLock(\.quarantined) }

  private static func set(_ device: Device, in state: inout State) {
    let entry = Entry(device)
    let former = state.entries.updateValue(entry, forKey: device.id)
    if let name = former?.username, name != entry.username { state.byUsername[name] = nil }
    if let name = entry.username, former?.username != name { state.byUsername[name] = device.id }
    state.verified += (entry.isVerified ? 1 : 0) - (former?.isVerified == true ? 1 : 0)
    state.quarantined += (entry.isQuarantined ? 1 : 0) - (former?.isQuarantined == true ? 1 : 0)
  }
}

extension Admission {
  fileprivate var isQuarantine: Bool {
    switch self {
    case .quarantined: true
    case .undecided, .admitted: false
    }
  }
}

extension Credentials {
  /// Those of its own.
  var sealed: SealedCredentials? {
    switch self {
    case .bootstrap: nil
    case .proposed(let sealed), .confirmed(let sealed): sealed
    }
  }
}
