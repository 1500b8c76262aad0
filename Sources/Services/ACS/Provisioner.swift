import CWMP
import HTTP
import Journey
import Net
import Provisioning
import Store
import Transport

/// Takes a device forward: asks the plan what is next, makes the request for it, and applies what the device answers.
/// Decisions are `Plan`'s and `Progress`'s; here they meet credentials, files and the store.
struct Provisioner: Sendable {
  let keyring: Keyring
  let files: ConfigurationFiles
  let store: FileStore
  let journey: JourneyRecorder
  let devices: DeviceDirectory
  let tasks: TaskDirectory
  let queries: any FactQueries
  let discoveryAttempts = DiscoveryAttempts()
  let fetches = FetchWatch(since: SteadyClock.now())

  /// "Invalid Parameter Name" (TR-069 table "CPE fault codes").
  private static let invalidName = 9005

  /// What one step comes to.
  enum Next {
    case request(ACSRequest)
    /// There is nothing to ask now.
    case finish
  }

  /// The row of the inventory that a device has.
  func row(of device: DeviceID, _ router: RouterID, in site: SiteConfiguration) -> Inventory.Row? {
    site.inventory.row(
      serialNumber: device.serialNumber, oui: device.oui, hardware: journey.router(router)?.hardware)
  }

  func goal(for device: Device, _ router: RouterID, in site: SiteConfiguration) throws(GoalError) -> Goal {
    var circumstances = circumstances(of: router, in: site)
    circumstances.sharesCredentials = sharesCredentials(device, in: site)
    return try goal(for: device, router, circumstances, in: site)
  }

  /// The goal of a session's device, made once in a session unless something changes that it follows from.
  func goal(of session: inout ACSSession, in site: SiteConfiguration) throws(GoalError) -> Goal {
    var circumstances = circumstances(of: session.router, in: site)
    circumstances.stun = stunAdvice(for: session, in: site)
    circumstances.sharesCredentials = session.model.sharesCredentials
    if let known = session.goal, known.site == site.version, known.circumstances == circumstances {
      return known.goal.value
    }
    let goal = try goal(for: session.device, session.router, circumstances, in: site)
    session.goal = ACSSession.KnownGoal(site: site.version, circumstances: circumstances, goal: Boxed(goal))
    return goal
  }

  private func goal(
    for device: Device, _ router: RouterID, _ circumstances: Circumstances, in site: SiteConfiguration
  ) throws(GoalError) -> Goal {
    let row = site.inventory.row(
      serialNumber: device.id.serialNumber, oui: device.id.oui, hardware: circumstances.hardware)
    return try Goal(
      for: device, row: row, profile: try site.profiles.profile(for: device, row: row), circumstances,
      digest: HashFunctions.crypto.sha256)
  }

  private func basis(of session: ACSSession, in site: SiteConfiguration) -> DeviceDirectory.Basis {
    let known = journey.router(session.router)
    return DeviceDirectory.Basis(
      site: site.version, hardware: known?.hardware, address: known?.address, seen: session.address,
      reached: session.reached)
  }

  /// Nil where STUN is not served, or the router needs none.
  private func stunAdvice(for session: ACSSession, in site: SiteConfiguration) -> STUNAdvice? {
    guard let stun = site.stun, let server = session.reached,
      STUNAdvice.isMeant(for: session.device, seenAt: session.address, reachable: site.connectionRequestsTo),
      !session.device.needsCredentials, let sealed = session.device.held,
      let secrets = try? keyring.open(sealed, of: session.device.id)
    else { return nil }
    return STUNAdvice(
      server: server, port: stun.port, username: STUNUsername.padded(secrets.connectionRequestUsername),
      password: secrets.connectionRequestPassword, period: stun.period)
  }

  private func circumstances(of router: RouterID, in site: SiteConfiguration) -> Circumstances {
    let known = journey.router(router)
    return Circumstances(hardware: known?.hardware, address: known?.address, url: site.url.text)
  }

  /// Whether the device keeps the credentials that all are given for their first session.
  func sharesCredentials(_ device: Device, in site: SiteConfiguration) -> Bool {
    !site.models.isEmpty && site.models.model(of: device).sharesCredentials
  }

  /// Decides what is next and commits what must be on record before its request leaves: what the plan says, and where
  /// it has nothing to say, what an operator asked for.
  func next(
    for session: inout ACSSession, in site: SiteConfiguration, after request: HTTP.Request, isCrowded: Bool,
    at now: Timestamp
  ) async throws -> Next {
    guard case .admitted = session.device.admission else { return .finish }
    if let request = try await nextOfPlan(for: &session, in: site, after: request, at: now) {
      return .request(request)
    }
    if let request = try await nextOfTasks(for: &session, in: site, after: request, at: now) {
      return .request(request)
    }
    // While a crowd waits, nobody's data model is read: the next session does.
    if !isCrowded, let request = try await beginDiscovery(for: &session, in: site, at: now) {
      return .request(request)
    }
    return .finish
  }

  /// Whether there is nothing to ask of a router whose session has just begun: its plan was found to be done before,
  /// and nobody else asks for anything.
  func isSettled(_ session: ACSSession, in site: SiteConfiguration) -> Bool {
    guard case .admitted = session.device.admission, session.purpose == nil, session.discovery == nil else {
      return false
    }
    return devices.isDone(session.deviceID, on: basis(of: session, in: site))
      && tasks.open(of: session.deviceID).isEmpty && !wantsDiscovery(session, in: site)
  }

  private func nextOfPlan(
    for session: inout ACSSession, in site: SiteConfiguration, after request: HTTP.Request, at now: Timestamp
  ) async throws -> ACSRequest? {
    let basis = basis(of: session, in: site)
    if devices.isDone(session.device.id, on: basis) {
      session.purpose = .step(.done)
      session.readBack = nil
      return nil
    }
    while true {
      let goal: Goal
      do throws(GoalError) {
        goal = try self.goal(of: &session, in: site)
      } catch {
        journey.sighting(of: session.router, .unplannable(reason: "\(error)"))
        return nil
      }
      let step = Plan.next(for: session.device, goal: goal, at: now)
      session.purpose = .step(step)
      if Progress.begins(step, for: goal, session.device) {
        var progress = Progress(of: session.device)
        progress.goalChanged(goal)
        try await commit(progress, to: &session, at: now)
      }
      var progress = Progress(of: session.device)
      // What was read before something else was done is not what the router has after it.
      if case .readBack = step {} else { session.readBack = nil }
      switch step {
      case .secure:
        let sealed = try proposal(for: session.device)
        if session.device.offered != sealed {
          progress.credentialsProposed(sealed)
          try await commit(progress, to: &session, at: now)
        }
        return .setParameterValues(try credentials(sealed, for: session.device))
      case .setParameters(_, .stun) where !session.hasSTUNNotifications:
        return .setParameterAttributes(
          SetParameterAttributes(
            parameters: STUNAdvice.notified(session.device.dataModel).map {
              AttributeChange(path: $0, notification: .active)
            }))
      case .setParameters(let values, _):
        return .setParameterValues(SetParameterValues(parameters: values))
      case .download(let file, let commandKey, let attempt):
        progress.downloadRequested(file, commandKey: commandKey, attempt: attempt, at: now)
        try await commit(progress, to: &session, at: now)
        return .download(
          Download(
            commandKey: commandKey, fileType: .configuration,
            url: files.url(of: file, for: session.device.id, after: request, at: now),
            fileSize: file.content.count, targetFileName: file.name))
      case .reboot(let commandKey, let attempt):
        progress.rebootRequested(commandKey: commandKey, attempt: attempt, at: now)
        try await commit(progress, to: &session, at: now)
        return .reboot(RebootRequest(commandKey: commandKey))
      case .readBack(let paths) where !paths.isEmpty:
        var readBack = session.readBack ?? ReadBack(of: paths)
        if readBack.paths != paths { readBack = ReadBack(of: paths) }
        session.readBack = readBack
        return .getParameterValues(GetParameterValues(paths: readBack.next ?? paths))
      case .readBack:
        progress.readBack([], goal: goal, at: now)
        try await commit(progress, to: &session, at: now)
      case .done:
        devices.noteDone(session.device, on: basis)
        return nil
      case .awaitTransfer, .awaitBoot, .halted:
        return nil
      }
    }
  }

  /// Applies and commits what the device answered to the outstanding request.
  func apply(
    _ answer: CWMP.Session.Answer, to request: ACSRequest, of session: inout ACSSession, in site: SiteConfiguration,
    at now: Timestamp
  ) async throws {
    let step: Step
    switch session.purpose {
    case .step(let asked): step = asked
    case .task(let task):
      try await apply(answer, to: request, of: task, &session, at: now)
      return try await noteDrift(by: answer, to: request, of: &session, in: site, at: now)
    case .discovery:
      try await learn(from: answer, &session, at: now)
      return try await noteDrift(by: answer, to: request, of: &session, in: site, at: now)
    case nil: return
    }
    session.purpose = nil
    var progress = Progress(of: session.device)
    guard let goal = try? goal(of: &session, in: site) else { return }
    if case .readBack = step, var readBack = session.readBack {
      readBack.take(answer)
      session.readBack = readBack.next == nil ? nil : readBack
      guard readBack.next == nil else { return }
      if let fault = readBack.fault {
        progress.refused(method: request.method.rawValue, by: fault, goal: goal, at: now)
      } else {
        progress.readBack(readBack.values, goal: goal, at: now)
      }
      return try await commit(progress, to: &session, at: now)
    }
    if case .setParameterAttributes = request { session.hasSTUNNotifications = true }
    let judged = Self.judged(answer)
    if case .response = judged { progress.noteSet(by: request, at: now) }
    switch judged {
    case .fault(let told):
      let fault = told.withoutSecrets(of: request)
      if case .download = request {
        progress.downloadFailed(code: fault.code, text: fault.text, at: now)
      } else if case .setParameters(_, .stun) = step {
        if case .setParameterAttributes = request, fault.code != Self.invalidName {
          // It has no notifications, and may have a STUN client all the same.
          return
        }
        progress.stunRefused(code: fault.parameters.first?.code ?? fault.code)
      } else {
        progress.refused(
          method: request.method.rawValue, by: fault.naming(request, of: step), goal: goal, at: now)
      }
    case .response(.setParameterValues):
      switch step {
      case .secure: progress.credentialsAccepted()
      case .setParameters(let values, _): progress.parametersAccepted(values, goal: goal, at: now)
      default: break
      }
    case .response(.download(let response)):
      progress.downloadAccepted(
        status: response.status == .done ? 0 : 1, wasFetched: wasFetched(of: session.device), goal: goal, at: now)
    case .response(.reboot): progress.rebootAccepted(at: now)
    case .response: break
    }
    try await commit(progress, to: &session, at: now)
  }

  func complete(
    _ transfer: TransferComplete, of session: inout ACSSession, in site: SiteConfiguration, at now: Timestamp
  ) async throws {
    let key = transfer.commandKey.isEmpty ? session.toldTransferKey ?? "" : transfer.commandKey
    let (code, text) = (transfer.fault?.code ?? 0, transfer.fault?.text ?? "")
    var progress = Progress(of: session.device)
    if try await completeTask(commandKey: key, code: code, text: text, of: session, at: now) {
      if code == 0 { progress.noteSet("the transfer of \(key)", at: now) }
      return try await commit(progress, to: &session, at: now)
    }
    progress.transferCompleted(
      commandKey: key, code: code, text: text, wasFetched: wasFetched(of: session.device),
      goal: try? goal(of: &session, in: site), at: now)
    try await commit(progress, to: &session, at: now)
  }

  /// Whether it fetched the file that it is asked to download; nil where that is not known.
  private func wasFetched(of device: Device) -> Bool? {
    device.transfer.flatMap { fetches.hasFetched($0.digest, by: device.id, asked: $0.moment) }
  }

  func commit(_ progress: Progress, to session: inout ACSSession, at now: Timestamp) async throws(StoreError) {
    let events = progress.outcomes.flatMap(Fact.facts).map {
      Change.event(Event(router: session.router, moment: now, fact: $0))
    }
    if progress.device != session.device || !events.isEmpty {
      try await journey.commit([.device(progress.device)] + events)
    }
    session.device = progress.device
  }

  // MARK: - Credentials

  /// Those that were proposed before and not confirmed, or new ones.
  private func proposal(for device: Device) throws -> SealedCredentials {
    try device.offered ?? keyring.make(for: device.id)
  }

  /// All in one request: SetParameterValues is atomic (TR-069 section A.3.2.1), so a router has all of them or none.
  private func credentials(_ sealed: SealedCredentials, for device: Device) throws -> SetParameterValues {
    let secrets = try keyring.open(sealed, of: device.id)
    let server = device.dataModel.rawValue + "ManagementServer."
    return SetParameterValues(parameters: [
      ParameterValue(path: server + "Username", value: sealed.username),
      ParameterValue(path: server + "Password", value: secrets.password),
      ParameterValue(path: server + "ConnectionRequestUsername", value: secrets.connectionRequestUsername),
      ParameterValue(path: server + "ConnectionRequestPassword", value: secrets.connectionRequestPassword),
    ])
  }
}

extension Fact {
  /// An outcome of provisioning in the words of the journey.
  static func facts(of outcome: Provisioning.Outcome) -> [Fact] {
    switch outcome {
    case .informed(let events, let version): [.informed(events: events, softwareVersion: version)]
    case .factoryReset, .foreignTransfer: []
    case .credentialsLost(let times, let isLeft): [.credentialsLost(times: times, isLeft: isLeft)]
    case .flapping(let boots, let seconds, let lastSet):
      [.flapping(boots: boots, seconds: seconds, lastSet: lastSet)]
    case .goalChanged(let reason): [.goalChanged(reason: reason)]
    case .rebooted: [.rebooted]
    case .admitted(let by): [.admitted(by: by)]
    case .quarantined(let reason): [.quarantined(reason: reason)]
    case .secured: [.secured]
    case .parametersSet(let count): [.parametersSet(count: count)]
    case .parameterRefused(let path, let code, let text): [.parameterRefused(path: path, code: code, text: text)]
    case .requestRefused(let method, let code, let text): [.requestRefused(method: method, code: code, text: text)]
    case .downloadRequested(let file, let key): [.downloadRequested(file: file, commandKey: key)]
    case .downloadCompleted(let file): [.downloadCompleted(file: file)]
    case .downloadDoubtful(let file): [.downloadDoubtful(file: file)]
    case .drifted(let path, let wanted, let found): [.drifted(path: path, wanted: wanted, found: found)]
    case .restored(let path): [.restored(path: path)]
    case .downloadFailed(let file, let code, let text): [.downloadFailed(file: file, code: code, text: text)]
    case .downloadWished(let type, let arguments, let answer):
      [.downloadWished(fileType: type, arguments: arguments, answer: "\(answer)")]
    case .configured: [.configured]
    case .rebootRequested(let key): [.rebootRequested(commandKey: key)]
    case .mismatched(let path, let wanted, let found): [.mismatched(path: path, wanted: wanted, found: found)]
    case .verified: [.verified]
    case .provisioned: [.provisioned]
    }
  }
}
