package import Net

/// All that is known of one CPE: what it reported, and what it confirmed of what was asked of it. Nothing here is a
/// wish; what a device should become stands in its profile.
package struct Device: Hashable, Sendable, Codable {
  package let id: DeviceID
  package var manufacturer: String
  package var dataModel: DataModel
  package var softwareVersion: String?
  package var hardwareVersion: String?
  package var provisioningCode: String?
  package var connectionRequestURL: String?
  package var firstInform: Timestamp
  package var lastInform: Timestamp
  /// The last Inform with `0 BOOTSTRAP` or `1 BOOT`.
  package var lastBoot: Timestamp?
  package var admission: Admission
  package var credentials: Credentials
  package var parameters: [ParameterFact]
  package var transfer: Transfer?
  package var reboot: Reboot?
  /// The digest of the configuration file that the device took without fault.
  package var configuration: String?
  /// What the device refused or did not keep, until it is overcome.
  package var setback: Setback?
  /// When a read-back after the last boot agreed with the profile whose fingerprint stands beside it.
  package var verified: Verification?
  /// Nil where it has shown none, and in records of versions that looked for none.
  private var knownHabits: Habits?
  /// Nil where it has not, and in records of the first versions.
  private var hasUsedOwn: Bool?
  /// Nil where nothing of it is known.
  private var details: Boxed<Details>?

  package init(id: DeviceID, manufacturer: String, dataModel: DataModel, firstInform: Timestamp) {
    self.id = id
    self.manufacturer = manufacturer
    self.dataModel = dataModel
    self.firstInform = firstInform
    lastInform = firstInform
    admission = .undecided
    credentials = .bootstrap
    parameters = []
  }
}

extension Device {
  /// How it writes values, as far as its messages have shown it.
  package var habits: Habits {
    get { knownHabits ?? Habits() }
    set { knownHabits = newValue == Habits() ? nil : newValue }
  }

  /// Whether it has logged in with credentials of its own since it was first given some.
  package var usesOwn: Bool {
    get { hasUsedOwn == true }
    set { hasUsedOwn = newValue ? true : nil }
  }

  /// When its data model was read, and as which software.
  package var discovered: Discovered? {
    get { if let details { details.value.discovered } else { nil } }
    set { if newValue != discovered { change { $0.discovered = newValue } } }
  }

  /// `host:port`, where it takes connection requests over UDP (TR-069 annex G).
  package var udpConnectionRequestAddress: String? {
    get { if let details { details.value.udpConnectionRequestAddress } else { nil } }
    set { if newValue != udpConnectionRequestAddress { change { $0.udpConnectionRequestAddress = newValue } } }
  }

  /// Whether it found itself behind a NAT.
  package var isNATDetected: Bool? {
    get { if let details { details.value.isNATDetected } else { nil } }
    set { if newValue != isNATDetected { change { $0.isNATDetected = newValue } } }
  }

  /// That it refused the parameters of its STUN client.
  package var stunRefusal: STUNRefusal? {
    get { if let details { details.value.stunRefusal } else { nil } }
    set { if newValue != stunRefusal { change { $0.stunRefusal = newValue } } }
  }

  /// Parameters that have changed since the device confirmed them.
  package var drifts: [Drift] {
    get { if let details { details.value.drifts } else { [] } }
    set { if newValue != drifts { change { $0.drifts = newValue } } }
  }

  /// The configuration file that it says it took, and never fetched.
  package var doubtfulFile: String? {
    get { if let details { details.value.doubtfulFile } else { nil } }
    set { if newValue != doubtfulFile { change { $0.doubtfulFile = newValue } } }
  }

  /// That it does not keep its own credentials.
  package var relapse: Relapse? {
    get { if let details { details.value.relapse } else { nil } }
    set { if newValue != relapse { change { $0.relapse = newValue } } }
  }

  /// The last change that this ACS made at the device.
  package var lastSet: LastSet? {
    get { if let details { details.value.lastSet } else { nil } }
    set { if newValue != lastSet { change { $0.lastSet = newValue } } }
  }

  /// Its boots, where they follow each other fast.
  package var boots: BootSeries? {
    get { if let details { details.value.boots } else { nil } }
    set { if newValue != boots { change { $0.boots = newValue } } }
  }

  /// New credentials that it is to take in place of its own.
  package var renewal: Renewal? {
    get { if let details { details.value.renewal } else { nil } }
    set { if newValue != renewal { change { $0.renewal = newValue } } }
  }

  /// The port that the device was at when it was last known for itself, as its relay said (option 82's circuit and remote
  /// ID); nil where no relay said anything, or none was noted.
  package var relayPort: [UInt8]? {
    get { if let details { details.value.relayPort } else { nil } }
    set { if newValue != relayPort { change { $0.relayPort = newValue } } }
  }

  /// A person's word that whoever comes from an address without the device's own credentials is the device.
  package var approval: Approval? {
    get { if let details { details.value.approval } else { nil } }
    set { if newValue != approval { change { $0.approval = newValue } } }
  }

  private mutating func change(_ body: (inout Details) -> Void) {
    var changed = details?.value ?? Details()
    body(&changed)
    details = changed == Details() ? nil : Boxed(changed)
  }
}

/// Facts about a device that are seldom known, or seldom change. A device is copied often: together they cost it one
/// reference.
private struct Details: Hashable, Sendable, Codable {
  var discovered: Discovered?
  var udpConnectionRequestAddress: String?
  var isNATDetected: Bool?
  var stunRefusal: STUNRefusal?
  var drifts: [Drift] = []
  var doubtfulFile: String?
  var relapse: Relapse?
  var lastSet: LastSet?
  var boots: BootSeries?
  var renewal: Renewal?
  var relayPort: [UInt8]?
  var approval: Approval?
}

/// A value behind a reference that never changes.
private final class Boxed<Value: Hashable & Sendable & Codable>: Hashable, Sendable, Codable {
  let value: Value

  init(_ value: Value) {
    self.value = value
  }

  static func == (one: Boxed, other: Boxed) -> Bool {
    one === other || one.value == other.value
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(value)
  }
}

/// A refusal of the STUN parameters. They are no part of what a device should become, and many a data model lacks them.
package struct STUNRefusal: Hashable, Sendable, Codable {
  /// What the device ran then: other software may take them.
  package let softwareVersion: String?
  /// TR-069 table "CPE fault codes".
  package let code: Int

  package init(softwareVersion: String?, code: Int) {
    self.softwareVersion = softwareVersion
    self.code = code
  }
}

/// The root of a CPE's data model, seen in the paths of its first Inform.
package enum DataModel: String, Hashable, Sendable, Codable {
  /// TR-098.
  case internetGatewayDevice = "InternetGatewayDevice."
  /// TR-181.
  case device = "Device."

  /// The full path of one that begins with `~.`, which stands for the root; others as they are.
  package func path(_ path: String) -> String {
    path.hasPrefix("~.") ? rawValue + path.dropFirst(2) : path
  }
}

/// Whether a device may be provisioned.
package enum Admission: Hashable, Sendable, Codable {
  case undecided
  case admitted(by: String)
  case quarantined(reason: String)
}

/// Which credentials a device holds. They are sealed: only the service that opens them sees the words.
package enum Credentials: Hashable, Sendable, Codable {
  /// None of its own: it logs in with those that option 43 gave it.
  case bootstrap
  /// Sent to it, and not confirmed yet: it may log in with either.
  case proposed(SealedCredentials)
  case confirmed(SealedCredentials)
}

/// The user names of a device, and its passwords as ciphertext.
package struct SealedCredentials: Hashable, Sendable, Codable {
  /// Of the CPE at the ACS.
  package let username: String
  /// Ciphertext of both passwords; see the service that seals them.
  package let secrets: [UInt8]

  package init(username: String, secrets: [UInt8]) {
    self.username = username
    self.secrets = secrets
  }
}

/// A parameter's value as the device confirmed it: by accepting it, or by reporting it. Of a parameter that cannot be
/// read back, such as a password, the value is a digest.
package struct ParameterFact: Hashable, Sendable, Codable {
  package let path: String
  package let value: String
  package let moment: Timestamp

  package init(path: String, value: String, moment: Timestamp) {
    self.path = path
    self.value = value
    self.moment = moment
  }
}

/// A Download that was asked of the device, by its command key.
package struct Transfer: Hashable, Sendable, Codable {
  package enum State: Hashable, Sendable, Codable {
    /// The Download may have reached the device; it has not answered.
    case requested
    /// It answered that it will do it later (status 1); a TransferComplete is to come.
    case accepted
    case failed(code: Int, text: String)
  }

  package let commandKey: String
  package let fileType: String
  package let fileName: String
  /// Of the file's content.
  package let digest: String
  /// When it came into its present state.
  package let moment: Timestamp
  package var state: State
  /// How often this content has been tried, this time included.
  package let attempt: Int

  package init(
    commandKey: String, fileType: String, fileName: String, digest: String, moment: Timestamp, state: State,
    attempt: Int
  ) {
    self.commandKey = commandKey
    self.fileType = fileType
    self.fileName = fileName
    self.digest = digest
    self.moment = moment
    self.state = state
    self.attempt = attempt
  }
}

/// A Reboot that was asked of the device, by its command key.
package struct Reboot: Hashable, Sendable, Codable {
  package enum State: String, Hashable, Sendable, Codable {
    case requested
    /// The device answered the Reboot; it is to inform with `1 BOOT`.
    case accepted
    /// It informed with `M Reboot` or `1 BOOT` since.
    case done
  }

  package let commandKey: String
  /// When it came into its present state.
  package let moment: Timestamp
  package var state: State
  /// How often it has been asked for the same reason, this time included.
  package let attempt: Int

  package init(commandKey: String, moment: Timestamp, state: State, attempt: Int = 1) {
    self.commandKey = commandKey
    self.moment = moment
    self.state = state
    self.attempt = attempt
  }
}

/// A reading of the whole data model.
package struct Discovered: Hashable, Sendable, Codable {
  /// What the device ran then: other software may have another data model.
  package let softwareVersion: String?
  package let moment: Timestamp
  /// Parameters and objects.
  package let count: Int
  /// Whether its names had to be asked for level by level.
  package let byLevel: Bool

  package init(softwareVersion: String?, moment: Timestamp, count: Int, byLevel: Bool) {
    self.softwareVersion = softwareVersion
    self.moment = moment
    self.count = count
    self.byLevel = byLevel
  }
}

/// A read-back that agreed.
package struct Verification: Hashable, Sendable, Codable {
  /// Of the goal that it was read against: a changed profile asks for a new one.
  package let fingerprint: String
  package let moment: Timestamp
  /// The name of the goal's profile; nil where an older version verified it.
  package var profile: String?

  package init(fingerprint: String, moment: Timestamp, profile: String? = nil) {
    self.fingerprint = fingerprint
    self.moment = moment
    self.profile = profile
  }
}

/// What stands between a device and its goal: it is tried again after a while, or at once for another goal.
package struct Setback: Hashable, Sendable, Codable {
  package enum Kind: Hashable, Sendable, Codable {
    /// The device answered a request with a fault (TR-069 table "Fault Codes"); the path where it named one.
    case refused(method: String, path: String?, code: Int, text: String)
    /// A parameter that it had accepted reads back otherwise.
    case mismatched(path: String, wanted: String, found: String)
  }

  package let kind: Kind
  /// Of the goal that it hinders.
  package let fingerprint: String
  /// How often in a row, this time included.
  package let attempt: Int
  package let moment: Timestamp

  package init(kind: Kind, fingerprint: String, attempt: Int, moment: Timestamp) {
    self.kind = kind
    self.fingerprint = fingerprint
    self.attempt = attempt
    self.moment = moment
  }
}
