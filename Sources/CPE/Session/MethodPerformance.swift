import CWMP
import Net

/// What the router does when the ACS calls a method (TR-069 annex A): its answer, or the fault.
struct MethodPerformance {
  /// The answer is this fault, and nothing was done.
  struct Refused: Error {
    let fault: Fault
  }

  var router: RouterState
  private(set) var commands: [CPESession.Command] = []
  let now: Timestamp

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
    case .setParameterAttributes(let request): return try set(request)
    case .getParameterAttributes(let request): return try get(request)
    case .scheduleDownload(let request): return try schedule(request)
    case .cancelTransfer(let request): return try cancel(request)
    case .getQueuedTransfers: return .getQueuedTransfers(GetQueuedTransfersResponse(transfers: queue.map(\.transfer)))
    case .getAllQueuedTransfers: return .getAllQueuedTransfers(GetAllQueuedTransfersResponse(transfers: queue))
    case .changeDUState: throw Refused(9000, "Method not supported: the router runs no modules")
    }
  }

  private static let methods: [Method] = [
    .getRPCMethods, .setParameterValues, .getParameterValues, .getParameterNames, .addObject, .deleteObject, .download,
    .upload, .reboot, .factoryReset, .scheduleInform, .setParameterAttributes, .getParameterAttributes,
    .scheduleDownload, .cancelTransfer, .getQueuedTransfers, .getAllQueuedTransfers,
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

  private mutating func set(_ request: SetParameterAttributes) throws(Refused) -> CPEResponse {
    do throws(ParameterTree.Refusal) {
      try router.set(request.parameters)
      return .setParameterAttributes
    } catch {
      throw Refused(error)
    }
  }

  private func get(_ request: GetParameterAttributes) throws(Refused) -> CPEResponse {
    guard !request.paths.isEmpty else { throw Self.invalidArguments("ParameterNames is empty") }
    do throws(ParameterTree.Refusal) {
      let attributes = try router.tree.attributes(of: request.paths)
      return .getParameterAttributes(GetParameterAttributesResponse(parameters: attributes))
    } catch {
      throw Refused(error)
    }
  }

  static func key(_ text: String) throws(Refused) -> String {
    guard text.utf8.count <= keyLimit else { throw invalidArguments("a key has more than \(keyLimit) characters") }
    return text
  }

  /// The tree has no object of which instances can be made.
  private static func noSuchObject(_ path: String) -> Refused {
    path.hasSuffix(".")
      ? Refused(9005, "Invalid parameter name: \(path) has no instances")
      : invalidArguments("an object's name ends in a dot")
  }

  static func invalidArguments(_ text: String) -> Refused {
    Refused(9003, "Invalid arguments: \(text)")
  }
}

extension MethodPerformance.Refused {
  init(_ code: Int, _ text: String) {
    fault = Fault(code: code, text: text)
  }

  fileprivate init(_ refusal: ParameterTree.Refusal) {
    self.init(refusal.code, "\(refusal.text): \(refusal.path)")
  }
}
