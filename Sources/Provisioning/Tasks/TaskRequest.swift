package import CWMP

/// What an operator asks of a router, one method of TR-069 annex A each. A path that begins with `~.` is under the
/// router's own root, whichever that is.
package enum TaskRequest: Hashable, Sendable, Codable {
  case getRPCMethods
  case getParameterValues([String])
  case setParameterValues([ParameterValue])
  case getParameterNames(path: String, nextLevel: Bool)
  case getParameterAttributes([String])
  case setParameterAttributes([Attributes])
  case addObject(path: String)
  case deleteObject(path: String)
  case download(File, delay: Int)
  /// In one window, in seconds from when it is sent.
  case scheduleDownload(File, start: Int, end: Int, mode: String)
  /// Into the store of files, under a name of the router's.
  case upload(fileType: String, delay: Int)
  case reboot
  case factoryReset
  case scheduleInform(delay: Int)
  /// `commandKey` of the transfer.
  case cancelTransfer(commandKey: String)
  case getQueuedTransfers
  case changeDUState([Operation])
  /// Reads the whole tree below the path, or all of it, by whatever way the router takes.
  case discover(path: String)

  /// A parameter's notification (0 to 6) and who beside the ACS may write it; nil leaves one as it is.
  package struct Attributes: Hashable, Sendable, Codable {
    package var path: String
    package var notification: Int?
    package var accessList: [String]?

    package init(path: String, notification: Int? = nil, accessList: [String]? = nil) {
      self.path = path
      self.notification = notification
      self.accessList = accessList
    }
  }

  /// A file for the router: one of the store's by name, or wherever a URL leads.
  package struct File: Hashable, Sendable, Codable {
    package var name: String?
    package var url: String?
    /// Such as `1 Firmware Upgrade Image`.
    package var fileType: String
    package var targetFileName: String

    package init(name: String? = nil, url: String? = nil, fileType: String, targetFileName: String = "") {
      self.name = name
      self.url = url
      self.fileType = fileType
      self.targetFileName = targetFileName
    }
  }

  /// One operation of ChangeDUState (TR-069 annex A.4.1.10).
  package enum Operation: Hashable, Sendable, Codable {
    case install(url: String, uuid: String, environment: String)
    case update(url: String, uuid: String, version: String)
    case uninstall(uuid: String, version: String, environment: String)
  }
}

extension TaskRequest {
  /// The method's name, or `Discover`, which is several.
  package var method: String {
    switch self {
    case .getRPCMethods: "GetRPCMethods"
    case .getParameterValues: "GetParameterValues"
    case .setParameterValues: "SetParameterValues"
    case .getParameterNames: "GetParameterNames"
    case .getParameterAttributes: "GetParameterAttributes"
    case .setParameterAttributes: "SetParameterAttributes"
    case .addObject: "AddObject"
    case .deleteObject: "DeleteObject"
    case .download: "Download"
    case .scheduleDownload: "ScheduleDownload"
    case .upload: "Upload"
    case .reboot: "Reboot"
    case .factoryReset: "FactoryReset"
    case .scheduleInform: "ScheduleInform"
    case .cancelTransfer: "CancelTransfer"
    case .getQueuedTransfers: "GetAllQueuedTransfers"
    case .changeDUState: "ChangeDUState"
    case .discover: "Discover"
    }
  }

  /// Whether the router may be asked twice where it is not known if it was asked once.
  var isRepeatable: Bool {
    switch self {
    case .getRPCMethods, .getParameterValues, .setParameterValues, .getParameterNames, .getParameterAttributes,
      .setParameterAttributes, .getQueuedTransfers, .scheduleInform, .cancelTransfer, .discover:
      true
    // A second one would add a second object, or fetch, install or reboot a second time.
    case .addObject, .deleteObject, .download, .scheduleDownload, .upload, .reboot, .factoryReset, .changeDUState:
      false
    }
  }

  /// Whether it changes nothing at the router.
  var isReading: Bool {
    switch self {
    case .getRPCMethods, .getParameterValues, .getParameterNames, .getParameterAttributes, .getQueuedTransfers,
      .discover:
      true
    case .setParameterValues, .setParameterAttributes, .addObject, .deleteObject, .download, .scheduleDownload, .upload,
      .reboot, .factoryReset, .scheduleInform, .cancelTransfer, .changeDUState:
      false
    }
  }

  var isTransfer: Bool {
    switch self {
    case .download, .scheduleDownload, .upload: true
    case .getRPCMethods, .getParameterValues, .setParameterValues, .getParameterNames, .getParameterAttributes,
      .setParameterAttributes, .addObject, .deleteObject, .reboot, .factoryReset, .scheduleInform, .cancelTransfer,
      .getQueuedTransfers, .changeDUState, .discover:
      false
    }
  }

  /// Seconds that it may take from the router's answer to the word that it is done; nil where the answer is that word.
  var completionTime: Int64? {
    switch self {
    case .download(_, let delay), .upload(_, let delay): Int64(delay) + 3600
    case .scheduleDownload(_, _, let end, _): Int64(end) + 3600
    case .changeDUState: 86_400
    case .reboot, .factoryReset: 900
    case .getRPCMethods, .getParameterValues, .setParameterValues, .getParameterNames, .getParameterAttributes,
      .setParameterAttributes, .addObject, .deleteObject, .scheduleInform, .cancelTransfer, .getQueuedTransfers,
      .discover:
      nil
    }
  }
}

extension TaskRequest: CustomStringConvertible {
  package var description: String {
    switch self {
    case .getRPCMethods, .reboot, .factoryReset, .getQueuedTransfers: method
    case .getParameterValues(let paths), .getParameterAttributes(let paths):
      "\(method) \(Self.listed(paths))"
    case .setParameterValues(let values):
      "\(method) \(Self.listed(values.map { $0.isConfidential ? $0.path : "\($0.path)=\($0.value)" }))"
    case .getParameterNames(let path, let nextLevel):
      "\(method) \(path.isEmpty ? "(root)" : path)" + (nextLevel ? ", one level" : "")
    case .setParameterAttributes(let attributes): "\(method) \(Self.listed(attributes.map(\.path)))"
    case .addObject(let path), .deleteObject(let path): "\(method) \(path)"
    case .download(let file, let delay): "\(method) \(file)" + Self.later(delay)
    case .scheduleDownload(let file, let start, let end, _): "\(method) \(file), in \(start) to \(end) s"
    case .upload(let type, let delay): "\(method) \(type)" + Self.later(delay)
    case .scheduleInform(let delay): "\(method) in \(delay) s"
    case .cancelTransfer(let key): "\(method) \(key)"
    case .changeDUState(let operations): "\(method) \(Self.listed(operations.map(\.description)))"
    case .discover(let path): path.isEmpty ? method : "\(method) \(path)"
    }
  }

  private static func listed(_ words: [String]) -> String {
    words.prefix(4).map { $0.isEmpty ? "(root)" : $0 }.joined(separator: ", ")
      + (words.count > 4 ? " and \(words.count - 4) more" : "")
  }

  private static func later(_ delay: Int) -> String { delay > 0 ? ", after \(delay) s" : "" }
}

extension TaskRequest.Operation: CustomStringConvertible {
  package var description: String {
    switch self {
    case .install(let url, _, _): "install \(URLSecrets.blanked(url))"
    case .update(let url, let uuid, _): "update \(uuid)" + (url.isEmpty ? "" : " from \(URLSecrets.blanked(url))")
    case .uninstall(let uuid, _, _): "uninstall \(uuid)"
    }
  }
}

extension TaskRequest.File: CustomStringConvertible {
  package var description: String { "\(name ?? url.map(URLSecrets.blanked) ?? "") (\(fileType))" }
}
