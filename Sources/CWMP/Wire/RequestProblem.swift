/// Why a request must not be sent: a CPE need not take it, and the schemas do not. The limits are those of TR-069
/// annex A, in characters.
package enum RequestProblem: Hashable, Sendable {
  case tooLong(argument: String, count: Int, limit: Int)
  case tooMany(argument: String, count: Int, limit: Int)
  case empty(argument: String)
  /// The path of an object ends in a dot.
  case notAnObject(path: String)
  case repeated(path: String)
  case outOfRange(argument: String, value: Int)
  /// A value that is no text of its type.
  case illegalValue(path: String, value: String, type: ValueType)
  /// Not in the form that CWMP has for the argument.
  case malformed(argument: String, text: String)
  /// The namespace that the router speaks does not have the method.
  case notInNamespace(Method, Namespace)
}

extension RequestProblem: CustomStringConvertible {
  package var description: String {
    switch self {
    case .tooLong(let argument, let count, let limit):
      "\(argument) has \(count) characters; CWMP allows \(limit)"
    case .tooMany(let argument, let count, let limit):
      "\(argument) has \(count) entries; CWMP allows \(limit)"
    case .empty(let argument): "\(argument) is empty"
    case .notAnObject(let path): "\(path) does not end in a dot"
    case .repeated(let path): "\(path) stands in the list twice"
    case .outOfRange(let argument, let value): "\(argument) cannot be \(value)"
    case .illegalValue(let path, let value, let type): "\(path) is of type \(type.rawValue), and \"\(value)\" is none"
    case .malformed(let argument, let text): "\(argument) cannot be \"\(text)\""
    case .notInNamespace(let method, let namespace):
      "the router speaks \(namespace.urn), which has no \(method.rawValue): that came with cwmp-1-\(method.firstMinor)"
    }
  }
}

extension ACSRequest {
  /// The first problem that it has in this namespace, if there is one. To be asked before it is sent.
  package func problem(in namespace: Namespace) -> RequestProblem? {
    namespace.has(method) ? problem : .notInNamespace(method, namespace)
  }

  /// The first problem of its arguments, if there is one.
  package var problem: RequestProblem? {
    switch self {
    case .getRPCMethods, .factoryReset, .getQueuedTransfers, .getAllQueuedTransfers:
      return nil
    case .setParameterValues(let request):
      var paths: Set<String> = []
      for parameter in request.parameters {
        if let problem = tooLong("Name", parameter.path, 256) { return problem }
        if !paths.insert(parameter.path).inserted { return .repeated(path: parameter.path) }
        if !parameter.type.accepts(parameter.value) {
          return .illegalValue(path: parameter.path, value: parameter.value.shortened, type: parameter.type)
        }
      }
      return request.parameters.isEmpty ? .empty(argument: "ParameterList") : key(request.parameterKey)
    case .getParameterValues(let request):
      return names(request.paths)
    case .getParameterAttributes(let request):
      return names(request.paths)
    case .getParameterNames(let request):
      return tooLong("ParameterPath", request.path, 256)
    case .addObject(let request):
      return object(request.path) ?? key(request.parameterKey)
    case .deleteObject(let request):
      return object(request.path) ?? key(request.parameterKey)
    case .download(let request):
      return tooLong("CommandKey", request.commandKey, 32)
        ?? transfer(request.fileType.rawValue, request.url, request.username, request.password)
        ?? tooLong("TargetFileName", request.targetFileName, 256) ?? tooLong("SuccessURL", request.successURL, 256)
        ?? tooLong("FailureURL", request.failureURL, 256) ?? unsigned("FileSize", request.fileSize)
        ?? unsigned("DelaySeconds", request.delay)
    case .upload(let request):
      return tooLong("CommandKey", request.commandKey, 32)
        ?? transfer(request.fileType.rawValue, request.url, request.username, request.password)
        ?? unsigned("DelaySeconds", request.delay)
    case .reboot(let request):
      return tooLong("CommandKey", request.commandKey, 32)
    case .scheduleInform(let request):
      if request.delay == 0 { return .outOfRange(argument: "DelaySeconds", value: 0) }
      return unsigned("DelaySeconds", request.delay) ?? tooLong("CommandKey", request.commandKey, 32)
    case .setParameterAttributes(let request):
      return problem(of: request)
    case .scheduleDownload(let request):
      return problem(of: request)
    case .cancelTransfer(let request):
      return tooLong("CommandKey", request.commandKey, 32)
    case .changeDUState(let request):
      return problem(of: request)
    }
  }

  func transfer(_ type: String, _ url: String, _ username: String, _ password: String) -> RequestProblem? {
    if type.isEmpty { return .empty(argument: "FileType") }
    if url.isEmpty { return .empty(argument: "URL") }
    return tooLong("FileType", type, 64) ?? tooLong("URL", url, 256) ?? tooLong("Username", username, 256)
      ?? tooLong("Password", password, 256)
  }

  private func names(_ paths: [String]) -> RequestProblem? {
    paths.isEmpty
      ? .empty(argument: "ParameterNames") : paths.lazy.compactMap { tooLong("ParameterNames", $0, 256) }.first
  }

  private func object(_ path: String) -> RequestProblem? {
    path.hasSuffix(".") ? tooLong("ObjectName", path, 256) : .notAnObject(path: path)
  }

  private func key(_ key: String) -> RequestProblem? {
    tooLong("ParameterKey", key, 32)
  }

  func unsigned(_ argument: String, _ value: Int) -> RequestProblem? {
    UInt32(exactly: value) == nil ? .outOfRange(argument: argument, value: value) : nil
  }

  func tooLong(_ argument: String, _ text: String, _ limit: Int) -> RequestProblem? {
    let count = text.unicodeScalars.count
    return count > limit ? .tooLong(argument: argument, count: count, limit: limit) : nil
  }
}
