package import CWMP
import HTTP
package import Journey
package import Net
import Provisioning
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
    /// Whether nothing is known that speaks against its verification.
    var isSound: Bool
    var isQuarantined: Bool
    /// Seconds between its periodic Informs; nil where it has not confirmed them.
    var interval: Int64?
    var firstInform: Timestamp
    var right: RowRight
    /// Where it stands among those that count as provisioned unless they fall silent.
    var place: Int?

    init(_ device: Device) {
      record = StoredDevice.encode(device)
      lastInform = device.lastInform
      username = device.credentials.sealed?.username
      isVerified = device.verified != nil && device.relapse?.isDoubted != true
      isSound = device.isSound && isVerified
      interval = device.informInterval
      isQuarantined = device.admission.isQuarantine
      firstInform = device.firstInform
      right = RowRight(of: device)
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
    var serialNumbers = SerialNumbers()
    var verified = 0
    var quarantined = 0
    var sound = SoundDevices()
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
      case .contact(let id, let moment): state.withLock { Self.note(contact: moment, of: id, in: &$0) }
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

  /// Whether it is on record, and nobody has admitted it.
  package func isQuarantined(_ id: DeviceID) -> Bool {
    state.withLock { $0.entries[id]?.isQuarantined == true }
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

  /// Those that count as provisioned at this moment: what was true once lapses, see `Diagnosis`.
  ///
  /// - Parameters:
  ///   - interval: In seconds, that of a device which has not confirmed its own.
  ///   - start: Since when devices are there to be heard.
  ///   - others: Those of which something is known that is not in their records.
  package func provisioned(
    every interval: Int64, since start: Timestamp, except others: Set<DeviceID>, at now: Timestamp
  ) -> Int {
    func isHeard(_ device: SoundDevices.Device) -> Bool {
      now.seconds(since: max(device.lastInform, start)) < Diagnosis.Patience.silence(every: device.interval ?? interval)
    }
    return state.withLock { state in
      let doubted = others.count { id in
        state.entries[id]?.place.flatMap { state.sound.devices[$0] }.map(isHeard) ?? false
      }
      return state.sound.devices.count { $0.map(isHeard) ?? false } - doubted
    }
  }

  /// When the device informed last, and how often it is to.
  package func lastInform(of id: DeviceID) -> LastInform? {
    state.withLock { $0.entries[id].map { LastInform($0.lastInform, every: $0.interval) } }
  }

  /// The other devices with the same serial number.
  func twins(of id: DeviceID) -> [Device] {
    state.withLock { state in
      guard state.serialNumbers.hasTwins else { return [] }
      return state.serialNumbers.devices(of: id.serialNumber).lazy.filter { $0 != id }
        .compactMap { state.entries[$0]?.device }
    }
  }

  /// The device that has the row of the inventory, of those with its serial number (and OUI, where the row has one): the
  /// one with the best right to it, and of several, the one that came first. Nil where none has a right, and for a row
  /// without a serial number, which is its hardware address's.
  func holder(of row: Inventory.Row, serialNumber: String) -> DeviceID? {
    guard row.serialNumber != nil else { return nil }
    return state.withLock { state in
      var best: (id: DeviceID, right: RowRight, since: Timestamp)?
      for id in state.serialNumbers.devices(of: serialNumber) where row.oui == nil || row.oui == id.oui {
        guard let entry = state.entries[id], entry.right > .none else { continue }
        if let best, (best.right, entry.firstInform) >= (entry.right, best.since) { continue }
        best = (id, entry.right, entry.firstInform)
      }
      return best?.id
    }
  }

  /// How many nobody has admitted.
  package var quarantined: Int { state.withLock(\.quarantined) }

  private static func set(_ device: Device, in state: inout State) {
    var entry = Entry(device)
    entry.place = state.sound.put(
      entry.isSound && !entry.isQuarantined
        ? SoundDevices.Device(lastInform: entry.lastInform, interval: entry.interval) : nil,
      inPlaceOf: state.entries[device.id]?.place)
    let former = state.entries.updateValue(entry, forKey: device.id)
    if former == nil || former?.right == RowRight.none, entry.right > .none {
      state.serialNumbers.add(device.id, hasRight: true)
    } else if former == nil {
      state.serialNumbers.add(device.id, hasRight: false)
    }
    if let name = former?.username, name != entry.username { state.byUsername[name] = nil }
    if let name = entry.username, former?.username != name { state.byUsername[name] = device.id }
    state.verified += (entry.isVerified ? 1 : 0) - (former?.isVerified == true ? 1 : 0)
    state.quarantined += (entry.isQuarantined ? 1 : 0) - (former?.isQuarantined == true ? 1 : 0)
  }

  private static func note(contact moment: Timestamp, of id: DeviceID, in state: inout State) {
    guard let index = state.entries.index(forKey: id) else { return }
    state.entries.values[index].lastInform = moment
    if let place = state.entries.values[index].place { state.sound.devices[place]?.lastInform = moment }
  }
}

extension Admission {
  var isQuarantine: Bool {
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
