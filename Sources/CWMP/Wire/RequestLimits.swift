import Net

// The limits of the requests whose arguments are lists of structures (TR-069 annexes A.3.2.4, A.4.1.8 and A.4.1.10).
extension ACSRequest {
  func problem(of request: SetParameterAttributes) -> RequestProblem? {
    if request.parameters.isEmpty { return .empty(argument: "ParameterList") }
    var paths: Set<String> = []
    for parameter in request.parameters {
      if let problem = tooLong("Name", parameter.path, 256) { return problem }
      if !paths.insert(parameter.path).inserted { return .repeated(path: parameter.path) }
      if let notification = parameter.notification, !Notification.range.contains(notification.rawValue) {
        return .outOfRange(argument: "Notification", value: notification.rawValue)
      }
      for entry in parameter.accessList ?? [] {
        if let problem = tooLong("AccessList", entry, 64) { return problem }
        // Besides the one entry of the standard there are vendors' own.
        if entry != "Subscriber", !entry.hasPrefix("X_") {
          return .malformed(argument: "AccessList", text: entry.shortened)
        }
      }
    }
    return nil
  }

  func problem(of request: ScheduleDownload) -> RequestProblem? {
    tooLong("CommandKey", request.commandKey, 32)
      ?? transfer(request.fileType.rawValue, request.url, request.username, request.password)
      ?? unsigned("FileSize", request.fileSize) ?? tooLong("TargetFileName", request.targetFileName, 256)
      ?? problem(of: request.windows)
  }

  private func problem(of windows: [TimeWindow]) -> RequestProblem? {
    if windows.isEmpty { return .empty(argument: "TimeWindowList") }
    if windows.count > 2 { return .tooMany(argument: "TimeWindowList", count: windows.count, limit: 2) }
    var previousEnd = 0
    for window in windows {
      if let problem = unsigned("WindowStart", window.start) ?? unsigned("WindowEnd", window.end) { return problem }
      if window.start < previousEnd { return .outOfRange(argument: "WindowStart", value: window.start) }
      if window.end <= window.start { return .outOfRange(argument: "WindowEnd", value: window.end) }
      previousEnd = window.end
      if window.mode.rawValue.isEmpty { return .empty(argument: "WindowMode") }
      if let problem = tooLong("WindowMode", window.mode.rawValue, 64)
        ?? tooLong("UserMessage", window.userMessage, 256)
      {
        return problem
      }
      if Int32(exactly: window.maxRetries) == nil {
        return .outOfRange(argument: "MaxRetries", value: window.maxRetries)
      }
    }
    return nil
  }

  func problem(of request: ChangeDUState) -> RequestProblem? {
    if request.operations.isEmpty { return .empty(argument: "Operations") }
    if request.operations.count > ChangeDUState.operationLimit {
      return .tooMany(argument: "Operations", count: request.operations.count, limit: ChangeDUState.operationLimit)
    }
    return request.operations.lazy.compactMap(problem(of:)).first ?? tooLong("CommandKey", request.commandKey, 32)
  }

  private func problem(of operation: DeploymentOperation) -> RequestProblem? {
    switch operation {
    case .install(let install):
      if install.url.isEmpty { return .empty(argument: "URL") }
      return tooLong("URL", install.url, 1024) ?? uuid(install.uuid) ?? tooLong("Username", install.username ?? "", 256)
        ?? tooLong("Password", install.password ?? "", 256)
        ?? tooLong("ExecutionEnvRef", install.environment ?? "", 256)
    case .update(let update):
      return uuid(update.uuid) ?? tooLong("Version", update.version ?? "", 32) ?? tooLong("URL", update.url ?? "", 1024)
        ?? tooLong("Username", update.username ?? "", 256) ?? tooLong("Password", update.password ?? "", 256)
    case .uninstall(let uninstall):
      return uuid(uninstall.uuid) ?? tooLong("Version", uninstall.version ?? "", 32)
        ?? tooLong("ExecutionEnvRef", uninstall.environment ?? "", 256)
    }
  }

  /// In the form of RFC 4122 section 3, such as `f81d4fae-7dec-11d0-a765-00a0c91e6bf6`.
  private func uuid(_ text: String?) -> RequestProblem? {
    guard let text else { return nil }
    let groups = text.split(separator: "-", omittingEmptySubsequences: false)
    let isLegal =
      groups.map(\.utf8.count) == [8, 4, 4, 4, 12] && groups.allSatisfy { $0.utf8.allSatisfy(Hexadecimal.isDigit) }
    return isLegal ? nil : .malformed(argument: "UUID", text: text.shortened)
  }
}
