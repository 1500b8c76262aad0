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
  /// What the ACS set of the parameters' attributes, by path.
  package var attributes: [String: Attributes] = [:]
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

/// The attributes of one parameter.
package struct Attributes: Hashable, Sendable, Codable {
  package var notification: Notification
  package var accessList: [String]

  package init(notification: Notification = .off, accessList: [String] = ["Subscriber"]) {
    self.notification = notification
    self.accessList = accessList
  }
}

/// A Download, a ScheduleDownload or an Upload that is to be made after the session.
package struct PendingTransfer: Hashable, Sendable, Codable {
  package enum Kind: String, Hashable, Sendable, Codable {
    case firmware
    case configuration
    case uploadConfiguration
    case uploadLog

    package var isUpload: Bool { self == .uploadConfiguration || self == .uploadLog }
  }

  /// A TimeWindowStruct in the router's time.
  package struct Window: Hashable, Sendable, Codable {
    package let start: Timestamp
    package let end: Timestamp
    /// How often it may be tried again in this window; nil: as often as there is time.
    package var retries: Int?
  }

  package let kind: Kind
  package let commandKey: String
  package let url: String
  package let username: String
  package let password: String
  package let targetFileName: String
  /// Bytes that the ACS announced; 0 where it did not.
  package let fileSize: Int
  package var notBefore: Timestamp
  /// Of a ScheduleDownload: the window that it is in or waits for, and the one after it.
  package var windows: [Window]?

  package var event: EventCode {
    windows != nil ? .scheduleDownloadMethod : kind.isUpload ? .uploadMethod : .downloadMethod
  }

  /// Milliseconds between the tries of a ScheduleDownload.
  private static let retryWait: Int64 = 5000

  /// The transfer as it goes on after a failure at `now`: in the same window, or in the next; nil where there is none.
  func retried(at now: Timestamp) -> PendingTransfer? {
    guard var windows, let window = windows.first else { return nil }
    let retry = now.advanced(byMilliseconds: Self.retryWait)
    var transfer = self
    if window.retries != 0, retry < window.end {
      windows[0].retries = window.retries.map { $0 - 1 }
      transfer.notBefore = retry
      transfer.windows = windows
      return transfer
    }
    return postponed(until: now)
  }

  /// The transfer in the first window that is not over at `now`, without the one that it is in; nil where none is left.
  private func postponed(until now: Timestamp) -> PendingTransfer? {
    let windows = windows?.dropFirst().filter { $0.end > now } ?? []
    guard let next = windows.first else { return nil }
    var transfer = self
    transfer.notBefore = next.start
    transfer.windows = windows
    return transfer
  }

  /// The transfer as it stands at `now`, when windows may have passed; nil where the last one has.
  func current(at now: Timestamp) -> PendingTransfer? {
    guard let window = windows?.first, window.end <= now else { return self }
    return postponed(until: now)
  }
}

/// A transfer that the ACS is to be told of.
package struct FinishedTransfer: Hashable, Sendable, Codable {
  package let transfer: PendingTransfer
  /// 0 where it went well.
  package let faultCode: Int
  package let faultText: String
  package let started: Timestamp
  package let completed: Timestamp

  package var commandKey: String { transfer.commandKey }
}
