import CWMP
package import Net

extension Progress {
  /// A Download is about to be sent.
  package mutating func downloadRequested(_ file: Goal.File, commandKey: String, attempt: Int, at now: Timestamp) {
    let isRepeated = device.transfer?.commandKey == commandKey && device.transfer?.state == .requested
    device.transfer = Transfer(
      commandKey: commandKey, fileType: Self.configurationFileType, fileName: file.name, digest: file.digest,
      moment: isRepeated ? device.transfer?.moment ?? now : now, state: .requested, attempt: attempt)
    device.verified = nil
    device.doubtfulFile = nil
    outcomes.append(.downloadRequested(file: file.name, commandKey: commandKey))
  }

  /// The FileType of configuration files (TR-069 table "Download Arguments").
  package static let configurationFileType = "3 Vendor Configuration File"

  /// The device answered the Download: with status 0 it has taken the file, with 1 its TransferComplete is to come.
  ///
  /// - Parameter wasFetched: whether it fetched the file; nil where that is not known.
  package mutating func downloadAccepted(status: Int, wasFetched: Bool? = nil, goal: Goal?, at now: Timestamp) {
    guard let transfer = device.transfer, transfer.state == .requested else { return }
    if status == 0 {
      complete(transfer, wasFetched: wasFetched, goal: goal, at: now)
    } else {
      device.transfer = transfer.with(.accepted, at: now)
    }
  }

  /// The device answered the Download with a fault.
  package mutating func downloadFailed(code: Int, text: String, at now: Timestamp) {
    guard let transfer = device.transfer else { return }
    fail(transfer, code: code, text: text, at: now)
  }

  /// A TransferComplete came. It is matched by its command key, of this attempt or a former one at the same content;
  /// one without a key is for the transfer that is awaited. `code` is 0 where there was no fault.
  /// `wasFetched` tells whether the device fetched the file, nil where that is not known.
  package mutating func transferCompleted(
    commandKey: String, code: Int, text: String, wasFetched: Bool? = nil, goal: Goal?, at now: Timestamp
  ) {
    guard let transfer = device.transfer, transfer.isMeant(by: commandKey) else {
      outcomes.append(.foreignTransfer(commandKey: String(commandKey.prefix(32))))
      return
    }
    guard code == 0 else {
      // A former attempt's fault says nothing about the present one.
      if commandKey.isEmpty || commandKey == transfer.commandKey { fail(transfer, code: code, text: text, at: now) }
      return
    }
    complete(transfer, wasFetched: wasFetched, goal: goal, at: now)
  }

  private mutating func complete(_ transfer: Transfer, wasFetched: Bool?, goal: Goal?, at now: Timestamp) {
    let wasConfigured = goal.map { Plan.isConfigured(device, $0) } ?? true
    device.configuration = transfer.digest
    device.transfer = nil
    noteSet("the file \(transfer.fileName.quoted)", at: now)
    outcomes.append(.downloadCompleted(file: transfer.fileName))
    if wasFetched == false {
      device.doubtfulFile = transfer.fileName
      outcomes.append(.downloadDoubtful(file: transfer.fileName))
    }
    if let goal { tellIfConfigured(goal, before: wasConfigured) }
  }

  private mutating func fail(_ transfer: Transfer, code: Int, text: String, at now: Timestamp) {
    let text = String(text.prefix(256))
    device.transfer = transfer.with(.failed(code: code, text: text), at: now)
    device.verified = nil
    outcomes.append(.downloadFailed(file: transfer.fileName, code: code, text: text))
  }

  // MARK: Reboot

  /// A Reboot is about to be sent.
  package mutating func rebootRequested(commandKey: String, attempt: Int, at now: Timestamp) {
    let isRepeated = device.reboot?.commandKey == commandKey && device.reboot?.state == .requested
    device.reboot = Reboot(
      commandKey: commandKey, moment: isRepeated ? device.reboot?.moment ?? now : now, state: .requested,
      attempt: attempt)
    device.verified = nil
    outcomes.append(.rebootRequested(commandKey: commandKey))
  }

  /// The device answered the Reboot: its Inform with `1 BOOT` is to come.
  package mutating func rebootAccepted(at now: Timestamp) {
    guard let reboot = device.reboot, reboot.state == .requested else { return }
    device.reboot = Reboot(commandKey: reboot.commandKey, moment: now, state: .accepted, attempt: reboot.attempt)
  }
}

extension Transfer {
  fileprivate func with(_ state: State, at moment: Timestamp) -> Transfer {
    Transfer(
      commandKey: commandKey, fileType: fileType, fileName: fileName, digest: digest, moment: moment, state: state,
      attempt: attempt)
  }

  fileprivate func isMeant(by key: String) -> Bool {
    guard !key.isEmpty else {
      if case .failed = state { return false }
      return true
    }
    return key == commandKey || key.hasPrefix(CommandKey.downloadStem(digest))
  }
}
