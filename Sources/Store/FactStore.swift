package import CWMP
package import DHCP
package import Journey
package import Net
package import Provisioning

/// Makes facts durable. A commit is one transaction: when it returns, all of its changes survive a power cut; when it
/// throws, none of them happened.
package protocol FactStore: Sendable {
  /// Changes take effect in their order. No changes are no transaction. Safe to call from any thread; it blocks until
  /// the medium has answered.
  func commit(_ changes: [Change]) throws(StoreError)
}

/// Answers from committed facts. Safe to call from any thread, also while a commit is under way.
package protocol FactQueries: Sendable {
  /// Every lease on record, in order of address.
  func leases() throws(StoreError) -> [Lease]
  /// The lease of an address.
  func lease(at address: IPv4Address) throws(StoreError) -> Lease?
  /// The latest start of a lease on record, nil where there is none.
  func latestLeaseStart() throws(StoreError) -> Timestamp?
  /// Calls `body` with every lease on record, in order of address, without holding them all.
  func forEachLease(_ body: (Lease) -> Void) throws(StoreError)
  /// At most `limit` leases on record with addresses above `after`, in order of address.
  func leases(after: IPv4Address?, limit: Int) throws(StoreError) -> [Lease]
  /// Every router on record, in order of number.
  func routers() throws(StoreError) -> [Router]
  /// At most `limit` routers with numbers above `after`, in order of number.
  func routers(after: RouterID, limit: Int) throws(StoreError) -> [Router]
  /// A few of the routers that have this, in order of number.
  func routers(with key: RouterKey) throws(StoreError) -> [Router]
  func router(_ id: RouterID) throws(StoreError) -> Router?
  /// The highest number that any router ever had, merged ones included: the next router gets the next one. Zero before
  /// the first.
  func lastRouter() throws(StoreError) -> RouterID
  /// Calls `body` with every device on record, in order of its last Inform, newest first, without holding them all.
  func forEachDevice(_ body: (Device) -> Void) throws(StoreError)
  /// At most `limit` devices, in order of their last Informs, newest first, without the first `skipped`.
  func devices(skipping skipped: Int, limit: Int) throws(StoreError) -> [Device]
  func device(_ id: DeviceID) throws(StoreError) -> Device?
  /// How much there is of everything.
  func counts(at now: Timestamp) throws(StoreError) -> StoredCounts
  /// The newest `limit` transcripts of a device or (nil) of all, newest first, without their bytes.
  func transcripts(of device: DeviceID?, limit: Int) throws(StoreError) -> [StoredTranscript]
  /// The bytes of a transcript.
  func transcript(_ number: Int64) throws(StoreError) -> [UInt8]?
  /// The highest number that any task ever had, zero before the first.
  func lastTask() throws(StoreError) -> Int64
  func task(_ number: Int64) throws(StoreError) -> DeviceTask?
  /// The newest `limit` tasks of a device or (nil) of all, newest first; only those that have not ended where `open`.
  func tasks(of device: DeviceID?, open: Bool, limit: Int) throws(StoreError) -> [DeviceTask]
  /// At most `limit` parameters of a device whose paths begin with `prefix` and come after `after`, in order of path.
  func parameters(
    of device: DeviceID, below prefix: String, after: String, limit: Int
  ) throws(StoreError) -> [KnownParameter]
  /// What is known of one parameter.
  func parameter(_ path: String, of device: DeviceID) throws(StoreError) -> KnownParameter?
  /// The devices, at most `limit`, that have a parameter whose path ends in `path` (a whole path, or as from a dot on)
  /// with this value, or with any.
  func devices(
    withParameter path: String, value: String?, limit: Int
  ) throws(StoreError) -> [(device: DeviceID, parameter: KnownParameter)]
  /// In the order in which they were committed, with the number of each; `after` is the last number already seen.
  /// At most `limit` (at least 1) of them, for one router or (nil) for all. Of each router the newest are kept, see
  /// ``EventLimit``.
  func events(of router: RouterID?, after: Int64, limit: Int) throws(StoreError) -> [RecordedEvent]
  /// The number of the newest event, zero before the first: where to follow from.
  func lastEvent() throws(StoreError) -> Int64
  /// Every file on record, in order of name.
  func files() throws(StoreError) -> [FileRecord]
  func file(named name: FileRecord.Name) throws(StoreError) -> FileRecord?
  func setting(named name: String) throws(StoreError) -> [UInt8]?
}

/// An event and its number in the order of commits.
package struct RecordedEvent: Hashable, Sendable {
  /// From 1, growing, with gaps where older events were removed; never used again.
  package let number: Int64
  package let event: Event

  package init(number: Int64, event: Event) {
    self.number = number
    self.event = event
  }
}

extension FactQueries {
  /// Every device on record, in order of its last Inform, newest first.
  package func devices() throws(StoreError) -> [Device] {
    var devices: [Device] = []
    try forEachDevice { devices.append($0) }
    return devices
  }
}

/// What a router may be looked for by.
package enum RouterKey: Hashable, Sendable {
  case serialNumber(String)
  case device(String)
  case hostname(String)
  case hardware(MACAddress)
  case address(IPv4Address)

  /// How many routers with the same key are told of.
  package static let limit = 16
}

/// How much there is of everything.
package struct StoredCounts: Hashable, Sendable {
  package var routers: Int
  /// Those that are active.
  package var leases: Int
  package var devices: Int

  package init(routers: Int, leases: Int, devices: Int) {
    self.routers = routers
    self.leases = leases
    self.devices = devices
  }
}

/// A transcript on record.
package struct StoredTranscript: Hashable, Sendable {
  /// From 1, growing; never used again.
  package let number: Int64
  /// ``CWMP/DeviceID`` as text.
  package let device: String
  package let start: Timestamp
  /// Bytes.
  package let size: Int

  package init(number: Int64, device: String, start: Timestamp, size: Int) {
    self.number = number
    self.device = device
    self.start = start
    self.size = size
  }
}
