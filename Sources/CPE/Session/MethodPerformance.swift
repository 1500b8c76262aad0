import CWMP
import Net

/// What the router does when the ACS calls a method (TR-069 annex A): its answer, or the fault.
struct MethodPerformance {
  /// The answer is this fault, and nothing was done.
  struct Refused: Error {
    let fault: Fault
  }

  private(set) var router: RouterState
  private(set) var commands: [CPESession.Command] = []
  private let now: Timestamp

  /// Transfers that may wait at once (TR-069 annex A.3.2.8).
  private static let transferLimit = 16
  /// Bytes of a CommandKey or a ParameterKey.
  private static let keyLimit = 32

  init(router: RouterState, now: Timestamp) {
    self.router = router
    self.now = now
  }

  mutating func perform(_ request: ACSRequest) throws(Refused) -> CPEResponse {
    switch request {
    case .getRPCMethods: return .getRPCMethods(GetRPCMethodsResponse(methods: Self.methods.map(\.rawValue)))
    case .setParameterValues(let request): return try set(request)
    case .getParameterValues(let request): return try get(request)
    case .getParameterNames(let request): return try names(request)
    case .addObject(let request): throw Self.noSuchObject(request.path)
    case .deleteObject(let request): throw Self.noSuchObject(request.path)
    case .download(let request): return try download(request)
    case .upload(let request): return try upload(request)
    case .reboot(let request):
      commands.append(.reboot(commandKey: try Self.key(request.commandKey)))
      return .reboot
    case .factoryReset:
      commands.append(.factoryReset)
      return .factoryReset
    case .scheduleInform(let request):
      guard request.delay > 0 else { throw Self.invalidArguments("DelaySeconds is 0") }
      let moment = now.advanced(bySeconds: Int64(request.delay))
      router.flash.schedule.append(ScheduledInform(moment: moment, commandKey: try Self.key(request.commandKey)))
      return .scheduleInform
    }
  }

  private static let methods: [Method] = [
    .getRPCMethods, .setParameterValues, .getParameterValues, .getParameterNames, .addObject, .deleteObject, .download,
    .upload, .reboot, .factoryReset, .scheduleInform,
  ]

  private mutating func set(_ request: SetParameterValues) throws(Refused) -> CPEResponse {
    let key = try Self.key(request.parameterKey)
    let refusals = router.set(request.parameters, key: key)
    guard refusals.isEmpty else {
      let faults = refusals.map { ParameterFault(path: $0.path, code: $0.code, text: $0.text) }
      throw Refused(fault: Fault(code: 9003, text: "Invalid arguments", parameters: faults))
    }
    return .setParameterValues(SetParameterValuesResponse(status: .done))
  }

  private func get(_ request: GetParameterValues) throws(Refused) -> CPEResponse {
    guard !request.paths.isEmpty else { throw Self.invalidArguments("ParameterNames is empty") }
    do throws(ParameterTree.Refusal) {
      return .getParameterValues(GetParameterValuesResponse(parameters: try router.tree.values(of: request.paths)))
    } catch {
      throw Refused(error)
    }
  }

  private func names(_ request: GetParameterNames) throws(Refused) -> CPEResponse {
    do throws(ParameterTree.Refusal) {
      let names = try router.tree.names(below: request.path, nextLevel: request.nextLevel)
      return .getParameterNames(
        GetParameterNamesResponse(
          parameters: names.map { ParameterInfo(path: $0.name, isWritable: $0.isWritable) }))
    } catch {
      throw Refused(error)
    }
  }

  private mutating func download(_ request: Download) throws(Refused) -> CPEResponse {
    let kind: PendingTransfer.Kind
    switch request.fileType {
    case .firmware: kind = .firmware
    case .configuration: kind = .configuration
    default: throw Self.invalidArguments("the file type \(request.fileType.rawValue) is not supported")
    }
    try queue(
      PendingTransfer(
        kind: kind, commandKey: try Self.key(request.commandKey), url: request.url, username: request.username,
        password: request.password, targetFileName: request.targetFileName, fileSize: request.fileSize,
        notBefore: now.advanced(bySeconds: Int64(request.delay))))
    return .download(DownloadResponse(status: .pending))
  }

  private mutating func upload(_ request: Upload) throws(Refused) -> CPEResponse {
    let kind: PendingTransfer.Kind
    switch request.fileType {
    case .configuration: kind = .uploadConfiguration
    case .log: kind = .uploadLog
    default: throw Self.invalidArguments("the file type \(request.fileType.rawValue) is not supported")
    }
    try queue(
      PendingTransfer(
        kind: kind, commandKey: try Self.key(request.commandKey), url: request.url, username: request.username,
        password: request.password, targetFileName: "", fileSize: 0,
        notBefore: now.advanced(bySeconds: Int64(request.delay))))
    return .upload(UploadResponse(status: .pending))
  }

  private mutating func queue(_ transfer: PendingTransfer) throws(Refused) {
    let scheme = transfer.url.lowercased()
    guard scheme.hasPrefix("http://") || scheme.hasPrefix("https://") else {
      throw Refused(9013, "Unsupported protocol for file transfer")
    }
    guard router.flash.pending.count + router.flash.finished.count < Self.transferLimit else {
      throw Refused(9004, "Resources exceeded: \(Self.transferLimit) transfers wait")
    }
    router.flash.pending.append(transfer)
  }

  private static func key(_ text: String) throws(Refused) -> String {
    guard text.utf8.count <= keyLimit else { throw invalidArguments("a key has more than \(keyLimit) characters") }
    return text
  }

  /// The tree has no object of which instances can be made.
  private static func noSuchObject(_ path: String) -> Refused {
    path.hasSuffix(".")
      ? Refused(9005, "Invalid parameter name: \(path) has no instances")
      : invalidArguments("an object's name ends in a dot")
  }

  private static func invalidArguments(_ text: String) -> Refused {
    Refused(9003, "Invalid arguments: \(text)")
  }
}

extension MethodPerformance.Refused {
  fileprivate init(_ code: Int, _ text: String) {
    fault = Fault(code: code, text: text)
  }

  fileprivate init(_ refusal: ParameterTree.Refusal) {
    self.init(refusal.code, "\(refusal.text): \(refusal.path)")
  }
}
