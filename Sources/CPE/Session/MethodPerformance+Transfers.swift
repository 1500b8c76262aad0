import CWMP
import Net

// The files that the ACS has the router fetch and send.
extension MethodPerformance {
  /// Transfers that may wait at once (TR-069 annex A.3.2.8).
  private static let transferLimit = 16

  mutating func download(_ request: Download) throws(Refused) -> CPEResponse {
    try append(
      PendingTransfer(
        kind: try Self.kind(of: request.fileType), commandKey: try Self.key(request.commandKey), url: request.url,
        username: request.username, password: request.password, targetFileName: request.targetFileName,
        fileSize: request.fileSize, notBefore: now.advanced(bySeconds: Int64(request.delay))))
    return .download(DownloadResponse(status: .pending))
  }

  /// Like a Download that waits for its window. The router is always idle when it is not in a session.
  mutating func schedule(_ request: ScheduleDownload) throws(Refused) -> CPEResponse {
    guard (1...2).contains(request.windows.count) else { throw Self.invalidArguments("there are one or two windows") }
    var windows: [PendingTransfer.Window] = []
    var end = 0
    for window in request.windows {
      guard window.start >= end, window.end > window.start else {
        throw Self.invalidArguments("a window ends before it starts, or before the one ahead of it")
      }
      end = window.end
      switch window.mode {
      case .atAnyTime, .immediately, .whenIdle: break
      default: throw Self.invalidArguments("the window mode \(window.mode.rawValue) is not supported")
      }
      windows.append(
        PendingTransfer.Window(
          start: now.advanced(bySeconds: Int64(window.start)), end: now.advanced(bySeconds: Int64(window.end)),
          retries: window.maxRetries < 0 ? nil : window.maxRetries))
    }
    try append(
      PendingTransfer(
        kind: try Self.kind(of: request.fileType), commandKey: try Self.key(request.commandKey), url: request.url,
        username: request.username, password: request.password, targetFileName: request.targetFileName,
        fileSize: request.fileSize, notBefore: windows.first?.start ?? now, windows: windows))
    return .scheduleDownload
  }

  mutating func upload(_ request: Upload) throws(Refused) -> CPEResponse {
    let kind: PendingTransfer.Kind
    switch request.fileType {
    case .configuration: kind = .uploadConfiguration
    case .log: kind = .uploadLog
    default: throw Self.invalidArguments("the file type \(request.fileType.rawValue) is not supported")
    }
    try append(
      PendingTransfer(
        kind: kind, commandKey: try Self.key(request.commandKey), url: request.url, username: request.username,
        password: request.password, targetFileName: "", fileSize: 0,
        notBefore: now.advanced(bySeconds: Int64(request.delay))))
    return .upload(UploadResponse(status: .pending))
  }

  /// What was made already cannot be taken back: its TransferComplete will come. A key that nothing waits under is no
  /// mistake of the ACS: what it names may have come to its end meanwhile.
  mutating func cancel(_ request: CancelTransfer) throws(Refused) -> CPEResponse {
    if router.flash.finished.contains(where: { $0.commandKey == request.commandKey }) {
      throw Refused(9021, "Cancelation of file transfer not permitted: it is complete")
    }
    router.flash.pending.removeAll { $0.commandKey == request.commandKey }
    return .cancelTransfer
  }

  /// No transfer is made while a session lasts: each waits to be made, or to be told.
  var queue: [DescribedTransfer] {
    router.flash.finished.map { Self.description(of: $0.transfer, .completed) }
      + router.flash.pending.map { Self.description(of: $0, .notStarted) }
  }

  private mutating func append(_ transfer: PendingTransfer) throws(Refused) {
    let scheme = transfer.url.lowercased()
    guard scheme.hasPrefix("http://") || scheme.hasPrefix("https://") else {
      throw Refused(9013, "Unsupported protocol for file transfer")
    }
    guard router.flash.pending.count + router.flash.finished.count < Self.transferLimit else {
      throw Refused(9004, "Resources exceeded: \(Self.transferLimit) transfers wait")
    }
    router.flash.pending.append(transfer)
  }

  private static func kind(of type: Download.FileType) throws(Refused) -> PendingTransfer.Kind {
    switch type {
    case .firmware: .firmware
    case .configuration: .configuration
    default: throw invalidArguments("the file type \(type.rawValue) is not supported")
    }
  }

  private static func description(of transfer: PendingTransfer, _ state: QueuedTransfer.State) -> DescribedTransfer {
    let fileType: TransferFileType
    switch transfer.kind {
    case .firmware: fileType = .firmware
    case .configuration, .uploadConfiguration: fileType = .configuration
    case .uploadLog: fileType = .log
    }
    return DescribedTransfer(
      QueuedTransfer(commandKey: transfer.commandKey, state: state), isDownload: !transfer.kind.isUpload,
      fileType: fileType, fileSize: transfer.fileSize, targetFileName: transfer.targetFileName)
  }
}
