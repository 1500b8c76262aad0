package import CWMP

extension TaskRequest {
  /// Whether it has secrets in it, or had them until it ended.
  package var isConfidential: Bool {
    if case .setParameterValues(let values) = self { return values.contains(where: \.isConfidential) }
    let urls = urls
    return urls.contains { $0.contains(":***@") } || urls.map(URLSecrets.blanked) != urls
  }

  /// What is kept of it once it has ended.
  var withoutSecrets: TaskRequest {
    switch self {
    case .setParameterValues(let values):
      .setParameterValues(
        values.map { value in
          value.isConfidential ? ParameterValue(path: value.path, value: "", type: value.type) : value
        })
    case .download(let file, let delay): .download(file.withoutSecrets, delay: delay)
    case .scheduleDownload(let file, let start, let end, let mode):
      .scheduleDownload(file.withoutSecrets, start: start, end: end, mode: mode)
    case .changeDUState(let operations): .changeDUState(operations.map(\.withoutSecrets))
    case .getRPCMethods, .getParameterValues, .getParameterNames, .getParameterAttributes, .setParameterAttributes,
      .addObject, .deleteObject, .upload, .reboot, .factoryReset, .scheduleInform, .cancelTransfer, .getQueuedTransfers,
      .discover:
      self
    }
  }

  private var urls: [String] {
    switch self {
    case .download(let file, _), .scheduleDownload(let file, _, _, _): file.url.map { [$0] } ?? []
    case .changeDUState(let operations): operations.compactMap(\.url)
    case .getRPCMethods, .getParameterValues, .setParameterValues, .getParameterNames, .getParameterAttributes,
      .setParameterAttributes, .addObject, .deleteObject, .upload, .reboot, .factoryReset, .scheduleInform,
      .cancelTransfer, .getQueuedTransfers, .discover:
      []
    }
  }
}

extension TaskRequest.File {
  fileprivate var withoutSecrets: Self {
    var file = self
    file.url = url.map(URLSecrets.blanked)
    return file
  }
}

extension TaskRequest.Operation {
  fileprivate var url: String? {
    switch self {
    case .install(let url, _, _), .update(let url, _, _): url
    case .uninstall: nil
    }
  }

  fileprivate var withoutSecrets: Self {
    switch self {
    case .install(let url, let uuid, let environment):
      .install(url: URLSecrets.blanked(url), uuid: uuid, environment: environment)
    case .update(let url, let uuid, let version): .update(url: URLSecrets.blanked(url), uuid: uuid, version: version)
    case .uninstall: self
    }
  }
}

extension ParameterValue {
  /// Whether its value is shown to nobody, and kept no longer than it takes to set it.
  package var isConfidential: Bool { Goal.Parameter.isConfidential(path) }
}

extension RequestProblem {
  /// As it may be shown.
  package var withoutSecrets: RequestProblem {
    guard case .illegalValue(let path, _, let type) = self, Goal.Parameter.isConfidential(path) else { return self }
    return .illegalValue(path: path, value: "***", type: type)
  }
}
