package import CWMP
package import Net

/// What the router keeps through a power cut.
package struct Flash: Hashable, Sendable, Codable {
  /// The next startup configuration; nil on a router that is new.
  package var startupConfiguration: String?
  /// Whether that has been executed before: its `cwmp acs` lines count the first time, as the running configuration is
  /// changed by the ACS from then on.
  package var isExecuted = false
  package var softwareVersion: String
  /// Of the image that the next start loads.
  package var nextSoftwareVersion: String?
  /// By the command line or the ACS; the later overwrites the earlier.
  package var assigned = ACSParameters()
  /// What the ACS set of the other parameters, by path.
  package var parameters: [String: String] = [:]
  package var events = EventStore()
  package var pending: [PendingTransfer] = []
  package var finished: [FinishedTransfer] = []
  /// What ScheduleInform asked for.
  package var schedule: [ScheduledInform] = []
  /// The URL of the ACS that last answered an Inform; with another it is a BOOTSTRAP.
  package var contactedURL: String?
  /// The values of parameters with active notification as they were last told.
  package var reported: [String: String] = [:]
  /// The last leased address.
  package var address: String?
  /// The path of the connection request URL, random, without its slash.
  package var connectionRequestPath: String

  package init(softwareVersion: String, connectionRequestPath: String) {
    self.softwareVersion = softwareVersion
    self.connectionRequestPath = connectionRequestPath
  }
}

package struct ScheduledInform: Hashable, Sendable, Codable {
  package let moment: Timestamp
  package let commandKey: String
}

/// A Download or an Upload that is to be made after the session.
package struct PendingTransfer: Hashable, Sendable, Codable {
  package enum Kind: String, Hashable, Sendable, Codable {
    case firmware
    case configuration
    case uploadConfiguration
    case uploadLog

    package var isUpload: Bool { self == .uploadConfiguration || self == .uploadLog }
    package var event: EventCode { isUpload ? .uploadMethod : .downloadMethod }
  }

  package let kind: Kind
  package let commandKey: String
  package let url: String
  package let username: String
  package let password: String
  package let targetFileName: String
  /// Bytes that the ACS announced; 0 where it did not.
  package let fileSize: Int
  package let notBefore: Timestamp
}

/// A transfer that the ACS is to be told of.
package struct FinishedTransfer: Hashable, Sendable, Codable {
  package let kind: PendingTransfer.Kind
  package let commandKey: String
  /// 0 where it went well.
  package let faultCode: Int
  package let faultText: String
  package let started: Timestamp
  package let completed: Timestamp
}
