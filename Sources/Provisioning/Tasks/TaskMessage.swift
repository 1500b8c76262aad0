package import CWMP

extension DeviceTask {
  /// The URL of a file for the router, with its size in bytes where that is known.
  package struct Location: Hashable, Sendable {
    package var url: String
    package var size: Int

    package init(url: String, size: Int = 0) {
      self.url = url
      self.size = size
    }
  }

  /// The message that asks for it in this namespace. `location` finds where the file of a transfer is, or is to go; it is
  /// asked for transfers alone. Nil for `discover`, which is no single message, and where a location is missing.
  package func message(
    root: DataModel, in namespace: Namespace = .newest, location: (TaskRequest) -> Location?
  ) -> ACSRequest? {
    switch request {
    case .getRPCMethods: return .getRPCMethods
    case .getParameterValues(let paths): return .getParameterValues(GetParameterValues(paths: paths.map(root.path)))
    case .setParameterValues(let values):
      return .setParameterValues(
        SetParameterValues(
          parameters: values.map { ParameterValue(path: root.path($0.path), value: $0.value, type: $0.type) },
          parameterKey: commandKey))
    case .getParameterNames(let path, let nextLevel):
      return .getParameterNames(GetParameterNames(path: root.path(path), nextLevel: nextLevel))
    case .getParameterAttributes(let paths):
      return .getParameterAttributes(GetParameterAttributes(paths: paths.map(root.path)))
    case .setParameterAttributes(let attributes):
      return .setParameterAttributes(
        SetParameterAttributes(
          parameters: attributes.map {
            AttributeChange(
              path: root.path($0.path), notification: $0.notification.map { Notification(rawValue: $0) },
              accessList: $0.accessList)
          }))
    case .addObject(let path): return .addObject(AddObject(path: root.path(path), parameterKey: commandKey))
    case .deleteObject(let path): return .deleteObject(DeleteObject(path: root.path(path), parameterKey: commandKey))
    case .download(let file, let delay):
      return location(request).map { place in
        .download(
          Download(
            commandKey: commandKey, fileType: Download.FileType(rawValue: file.fileType), url: place.url,
            fileSize: place.size, targetFileName: file.targetFileName, delay: delay))
      }
    case .scheduleDownload(let file, let start, let end, let mode):
      return location(request).map { place in
        .scheduleDownload(
          ScheduleDownload(
            commandKey: commandKey, fileType: Download.FileType(rawValue: file.fileType), url: place.url,
            fileSize: place.size, targetFileName: file.targetFileName,
            windows: [TimeWindow(start: start, end: end, mode: TimeWindow.Mode(rawValue: mode))]))
      }
    case .upload(let fileType, let delay):
      return location(request).map { place in
        .upload(
          Upload(
            commandKey: commandKey, fileType: Upload.FileType(rawValue: fileType), url: place.url, delay: delay))
      }
    case .reboot: return .reboot(RebootRequest(commandKey: commandKey))
    case .factoryReset: return .factoryReset
    case .scheduleInform(let delay): return .scheduleInform(ScheduleInform(delay: delay, commandKey: commandKey))
    case .cancelTransfer(let key): return .cancelTransfer(CancelTransfer(commandKey: key))
    case .getQueuedTransfers:
      return namespace.has(.getAllQueuedTransfers) ? .getAllQueuedTransfers : .getQueuedTransfers
    case .changeDUState(let operations):
      return .changeDUState(ChangeDUState(operations: operations.map(\.message), commandKey: commandKey))
    case .discover: return nil
    }
  }
}

extension TaskRequest.Operation {
  fileprivate var message: DeploymentOperation {
    func given(_ text: String) -> String? { text.isEmpty ? nil : text }
    return switch self {
    case .install(let url, let uuid, let environment):
      .install(DeploymentOperation.Install(url: url, uuid: given(uuid), environment: given(environment)))
    case .update(let url, let uuid, let version):
      .update(DeploymentOperation.Update(uuid: given(uuid), version: given(version), url: given(url)))
    case .uninstall(let uuid, let version, let environment):
      .uninstall(DeploymentOperation.Uninstall(uuid: uuid, version: given(version), environment: given(environment)))
    }
  }
}
