import Net

// What the operator is told, as values that are the same over the control socket, in `--json` and in print. Moments are
// ISO 8601 text in UTC.

/// One router and how far it has come.
package struct RouterReport: Codable, Sendable, Equatable {
  package var router: Int64
  package var hardware: String?
  package var address: String?
  package var serialNumber: String?
  package var device: String?
  package var hostname: String?
  package var vendorClass: String?
  package var firstSeen: String
  /// `provisioned`, `lapsed`, `on its way` or `stopped`.
  package var standing: String
  /// The last milestone reached, in the words of the journey.
  package var milestone: String?
  /// The first milestone that is missing.
  package var missing: String?
  /// Why it is missing, with the evidence.
  package var cause: String?
  /// The same as one word that never changes, such as `silent` or `drifted`.
  package var causeKind: String?
  /// What to try.
  package var advice: String?
  package var milestones: [MilestoneReport]
}

package struct MilestoneReport: Codable, Sendable, Equatable {
  package var name: String
  package var moment: String?
  /// Whether the router has to reach it: a profile without firmware needs no upgrade.
  package var expected: Bool
}

/// One thing that happened, as the timeline shows it.
package struct EventReport: Codable, Sendable, Equatable {
  /// In the order of commits, over all routers.
  package var number: Int64
  package var router: Int64
  /// The router's shortest name: its serial number, or its hardware address, or its number.
  package var name: String
  package var moment: String
  /// The kind of the event, a stable word.
  package var event: String
  package var text: String
  /// The milestone that it reaches.
  package var milestone: String?
  /// Whether it tells of something that went wrong.
  package var trouble: Bool
}

package struct JourneyReport: Codable, Sendable, Equatable {
  package var router: RouterReport
  package var events: [EventReport]
}

package struct LeaseReport: Codable, Sendable, Equatable {
  package var address: String
  package var hardware: String?
  /// Option 61 in hexadecimal, where the client sent one.
  package var clientIdentifier: String?
  package var hostname: String?
  package var vendorClass: String?
  /// `bound`, `expired`, `released` or `declined`; `free` for a reserved address that nobody has had.
  package var state: String
  package var start: String?
  package var expiry: String?
  /// For whom the operator has reserved the address: a hardware address or a client identifier.
  package var reservation: String?
}

package struct DeviceReport: Codable, Sendable, Equatable {
  package var device: String
  package var serialNumber: String
  package var productClass: String
  package var manufacturer: String
  package var softwareVersion: String?
  package var address: String?
  /// `admitted`, `quarantined` or `undecided`, with its reason.
  package var admission: String
  package var admissionReason: String?
  package var standing: String
  package var lastInform: String
  /// How it writes booleans, `digits` or `words`, and whether its times have milliseconds, once it has shown it.
  package var booleans: String?
  package var milliseconds: Bool?
}

package struct StatusReport: Codable, Sendable, Equatable {
  package var version: String
  package var started: String
  package var url: String
  package var interfaces: [InterfaceReport]
  package var routers: Int
  package var provisioned: Int
  package var leases: Int
  package var devices: Int
  /// Whether addresses are given here.
  package var dhcp: Bool
  /// The clients that another DHCP server is left to answer (`dhcp.answer: known`), the latest first.
  package var leftAlone: [LeftAloneReport]
  /// What is wrong at present, one sentence each; empty where all is well.
  package var problems: [String]
  package var counters: [String: Int]

  package init(
    version: String, started: String, url: String, interfaces: [InterfaceReport], routers: Int, provisioned: Int,
    leases: Int, devices: Int, dhcp: Bool = true, leftAlone: [LeftAloneReport] = [], problems: [String],
    counters: [String: Int]
  ) {
    self.version = version
    self.started = started
    self.url = url
    self.interfaces = interfaces
    self.routers = routers
    self.provisioned = provisioned
    self.leases = leases
    self.devices = devices
    self.dhcp = dhcp
    self.leftAlone = leftAlone
    self.problems = problems
    self.counters = counters
  }
}

/// A client that was not answered since nothing makes it known.
package struct LeftAloneReport: Codable, Sendable, Equatable {
  package var hardware: String
  package var vendorClass: String?
  package var hostname: String?
  package var messages: Int
  package var lastSeen: String

  package init(hardware: String, vendorClass: String?, hostname: String?, messages: Int, lastSeen: String) {
    self.hardware = hardware
    self.vendorClass = vendorClass
    self.hostname = hostname
    self.messages = messages
    self.lastSeen = lastSeen
  }
}

/// A configuration that was taken.
package struct ReloadReport: Codable, Sendable, Equatable {
  package var status: StatusReport
  /// What changes for the routers on record, one sentence each.
  package var changes: [String]

  package init(status: StatusReport, changes: [String]) {
    self.status = status
    self.changes = changes
  }
}

package struct InterfaceReport: Codable, Sendable, Equatable {
  package var name: String
  package var address: String?
  package var subnet: String?

  package init(name: String, address: String?, subnet: String?) {
    self.name = name
    self.address = address
    self.subnet = subnet
  }
}

/// Why an operation was not done; `error` is for a machine, `text` for a person.
package struct ErrorReport: Codable, Sendable, Equatable, Error {
  package var error: String
  package var text: String

  package init(error: String, text: String) {
    self.error = error
    self.text = text
  }

  /// Whether the one who asked spelled something wrong, or asked for what there is not.
  package var isMistake: Bool {
    [
      "unknownRouter", "unknownTask", "unknownFile", "unknownLease", "unknownTranscript", "unknownKind", "illegalTask",
      "misspelled", "notAnAddress", "notAClient", "notAName", "badRequest",
    ].contains(error)
  }

  /// Whether the configuration is what has to be mended.
  package var isConfiguration: Bool { error == "configuration" }

  /// `; did you mean "…"?` where one of the names is near, else `end`.
  package static func suggestion(for name: String, among names: some Sequence<String>, end: String = "") -> String {
    Spelling.nearest(to: name, among: names).map { "; did you mean \"\($0)\"?" } ?? end
  }
}
