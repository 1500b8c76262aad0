package import CWMP
package import Net

/// What comes next for a router, by the difference between what it has confirmed and its goal. Nothing is remembered as
/// done but what the router confirmed: a session may be cut anywhere, and the next one asks again and goes on.
package enum Plan {
  /// How long things may take and when they are tried again, in seconds. Of a list, the n-th number follows the n-th
  /// attempt, and the last one every further attempt.
  package struct Limits: Hashable, Sendable {
    /// For the answer to a request that was sent, over as many sessions as there are.
    package var request: Int64 = 3600
    /// From DownloadResponse to TransferComplete.
    package var transfer: Int64 = 3600
    /// From RebootResponse to the Inform with `1 BOOT`.
    package var reboot: Int64 = 900
    /// After a failed download.
    package var downloadRetries: [Int64] = [60, 300, 3600]
    /// After a reboot that did not happen, beyond ``reboot`` itself.
    package var rebootRetries: [Int64] = [0, 0, 21_600]
    /// After a request that the router refused: the same request will hardly fare better.
    package var refusalRetries: [Int64] = [300, 3600, 21_600]
    /// After a read-back that differs: the first time, the value is set once more at once.
    package var mismatchRetries: [Int64] = [0, 300, 3600]

    package init() {}

    static func delay(_ delays: [Int64], after attempt: Int) -> Int64 {
      delays.isEmpty ? 0 : delays[min(max(attempt, 1), delays.count) - 1]
    }
  }

  package static func next(
    for device: Device, goal: Goal, at now: Timestamp, limits: Limits = Limits()
  ) -> Step {
    guard case .admitted = device.admission else { return .halted(.notAdmitted, retryAt: nil) }
    if let setback = device.setback, setback.fingerprint == goal.fingerprint {
      let retry = setback.moment.advanced(bySeconds: limits.delay(after: setback))
      if now < retry { return .halted(.setback(setback.kind), retryAt: retry) }
    }
    if goal.secures, device.needsCredentials { return .secure }
    let missing = unconfirmed(device, goal) { !$0.isOptional }
    let periodic = missing.filter { Goal.isPeriodicInform($0.path) }
    if !periodic.isEmpty { return .setParameters(periodic, .periodicInform) }
    let optional = unconfirmed(device, goal) { $0.isOptional }
    if !optional.isEmpty { return .setParameters(optional, .stun) }
    if !missing.isEmpty { return .setParameters(missing, .profile) }
    return configuration(device, goal, now, limits) ?? reboot(device, goal, now, limits)
      ?? verification(device, goal) ?? .done
  }

  /// Whether the router has confirmed all parameters and the configuration of its goal.
  static func isConfigured(_ device: Device, _ goal: Goal) -> Bool {
    unconfirmed(device, goal) { !$0.isOptional }.isEmpty
      && (goal.configuration.map { $0.digest == device.configuration } ?? true)
  }

  static func unconfirmed(
    _ device: Device, _ goal: Goal, where isMeant: (Goal.Parameter) -> Bool
  ) -> [ParameterValue] {
    let confirmed = Dictionary(device.parameters.map { ($0.path, $0.value) }) { $1 }
    return goal.parameters.filter { parameter in
      isMeant(parameter) && confirmed[parameter.wanted.path].map { !parameter.agrees(with: $0) } ?? true
    }.map(\.wanted)
  }

  private static func configuration(_ device: Device, _ goal: Goal, _ now: Timestamp, _ limits: Limits) -> Step? {
    guard let file = goal.configuration, file.digest != device.configuration else { return nil }
    func attempt(_ number: Int) -> Step {
      .download(file, commandKey: CommandKey.download(file.digest, attempt: number), attempt: number)
    }
    func retry(after transfer: Transfer, from moment: Timestamp, because halt: Halt) -> Step {
      let retry = moment.advanced(bySeconds: Limits.delay(limits.downloadRetries, after: transfer.attempt))
      return now < retry ? .halted(halt, retryAt: retry) : attempt(transfer.attempt &+ 1)
    }
    guard let transfer = device.transfer else { return attempt(1) }
    let unanswered = Halt.downloadUnanswered(file: transfer.fileName, attempt: transfer.attempt)
    switch transfer.state {
    case .accepted:
      let end = transfer.moment.advanced(bySeconds: limits.transfer)
      // Also one for a former goal: it is to end before the next begins.
      if now < end { return .awaitTransfer(until: end) }
      return transfer.digest == file.digest ? retry(after: transfer, from: end, because: unanswered) : attempt(1)
    case _ where transfer.digest != file.digest: return attempt(1)
    case .requested:
      let end = transfer.moment.advanced(bySeconds: limits.request)
      return now < end ? attempt(transfer.attempt) : retry(after: transfer, from: end, because: unanswered)
    case .failed(let code, let text):
      let halt = Halt.downloadFailed(file: file.name, code: code, text: text, attempt: transfer.attempt)
      return retry(after: transfer, from: transfer.moment, because: halt)
    }
  }

  private static func reboot(_ device: Device, _ goal: Goal, _ now: Timestamp, _ limits: Limits) -> Step? {
    guard goal.reboots else { return nil }
    func attempt(_ number: Int) -> Step {
      .reboot(commandKey: CommandKey.reboot(goal, attempt: number), attempt: number)
    }
    guard let reboot = device.reboot, reboot.commandKey.hasPrefix(CommandKey.rebootStem(goal)) else {
      return attempt(1)
    }
    let end: Timestamp
    switch reboot.state {
    case .done: return nil
    case .requested:
      end = reboot.moment.advanced(bySeconds: limits.request)
      if now < end { return attempt(reboot.attempt) }
    case .accepted:
      end = reboot.moment.advanced(bySeconds: limits.reboot)
      if now < end { return .awaitBoot(until: end) }
    }
    let retry = end.advanced(bySeconds: Limits.delay(limits.rebootRetries, after: reboot.attempt))
    return now < retry
      ? .halted(.rebootUnanswered(attempt: reboot.attempt), retryAt: retry) : attempt(reboot.attempt &+ 1)
  }

  private static func verification(_ device: Device, _ goal: Goal) -> Step? {
    let paths = goal.parameters.filter(\.isVerified).map(\.wanted.path)
    guard let verified = device.verified, verified.fingerprint == goal.fingerprint else { return .readBack(paths) }
    guard goal.verifiesEachBoot, let boot = device.lastBoot, boot > verified.moment else { return nil }
    return .readBack(paths)
  }
}

extension Plan.Limits {
  fileprivate func delay(after setback: Setback) -> Int64 {
    switch setback.kind {
    case .refused: Self.delay(refusalRetries, after: setback.attempt)
    case .mismatched: Self.delay(mismatchRetries, after: setback.attempt)
    }
  }
}
