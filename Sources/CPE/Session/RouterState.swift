package import CWMP
package import Net

/// The router as its CWMP part sees it: what flash holds and what only lasts until the next restart.
package struct RouterState: Sendable {
  package let identity: RouterIdentity
  package var flash: Flash
  package private(set) var tree: ParameterTree
  /// What option 43 told.
  package private(set) var discovered = ACSParameters()
  /// `cwmp acs default`: what counts where nobody else says anything.
  package let standard: ACSParameters
  package var isCWMPEnabled = false
  package private(set) var sysname = "H3C"
  /// Sessions that failed since the last good one.
  package private(set) var retryCount = 0
  /// When the next session may be tried; nil: at once.
  package private(set) var retryMoment: Timestamp?
  package private(set) var lastSession: Timestamp
  private let started: Timestamp

  /// The router at a start: the image that flash names runs, and what the ACS set holds.
  /// Without STUN, its data model has no parameters for that.
  package init(
    identity: RouterIdentity, flash: Flash, standard: ACSParameters = ACSParameters(), hasSTUN: Bool = true,
    now: Timestamp
  ) {
    var flash = flash
    if let next = flash.nextSoftwareVersion {
      flash.softwareVersion = next
      flash.nextSoftwareVersion = nil
    }
    flash.events.restarted()
    flash.events.add(.boot)
    self.identity = identity
    self.flash = flash
    self.standard = standard
    started = now
    lastSession = now
    tree = ParameterTree.factory(of: identity, hasSTUN: hasSTUN)
    tree[Path.softwareVersion] = flash.softwareVersion
    for (path, value) in flash.parameters { tree[path] = value }
    for (path, attributes) in flash.attributes { tree.set(attributes, of: path) }
    showACS()
  }

  /// What the router uses: {command line, ACS} before option 43 before the default (HPE MSR, "Configuring CWMP").
  package var acs: ACSParameters { flash.assigned.orElse(discovered).orElse(standard) }

  package mutating func discovered(_ parameters: ACSParameters) {
    discovered = parameters
    showACS()
  }

  /// Runs a configuration. Its ACS lines count unless flash says that they did before.
  package mutating func execute(_ file: ComwareConfiguration, cwmpByDefault: Bool) {
    if let sysname = file.sysname { self.sysname = sysname }
    isCWMPEnabled = file.cwmp ?? cwmpByDefault
    if !flash.isExecuted { flash.assigned = file.acs.orElse(flash.assigned) }
    if flash.startupConfiguration != nil { flash.isExecuted = true }
    showACS()
  }

  /// A file becomes the next startup configuration.
  package mutating func store(startupConfiguration text: String, isExecuted: Bool = false) {
    flash.startupConfiguration = text
    flash.isExecuted = isExecuted
    showACS()
  }

  /// The interface's address and the URL of the connection request listener there.
  package mutating func bound(to address: IPv4Address, connectionRequestURL: String) {
    flash.address = "\(address)"
    tree[Path.externalAddress] = "\(address)"
    tree[Path.connectionRequestURL] = connectionRequestURL
    noteChanges()
  }

  /// Where the STUN server sees the router; nil where STUN is off.
  package mutating func bound(_ binding: STUNClient.Binding?) {
    tree[Path.udpConnectionRequestAddress] = binding.map { "\($0.place)" } ?? ""
    tree[Path.isNATDetected] = binding?.isNATDetected == true ? "1" : "0"
    noteChanges()
  }

  package mutating func tell(time now: Timestamp) {
    tree[Path.upTime] = "\(now.seconds(since: started))"
    tree["InternetGatewayDevice.Time.CurrentLocalTime"] = "\(now)"
  }

  private mutating func showACS() {
    tree[Path.url] = acs.url ?? ""
    tree[Path.username] = acs.username ?? ""
    tree[Path.password] = acs.password ?? ""
    tree[Path.configFile] = String((flash.startupConfiguration ?? "").prefix(32_768))
  }

  /// An active notification is due where a value is another than the ACS knows, and not by its own doing.
  private mutating func noteChanges() {
    guard hasChanged(tree.paths { $0 == .active }) else { return }
    flash.events.add(.valueChange)
  }

  /// A session begins: passive notifications go with its Inform.
  package mutating func notePassiveChanges() {
    guard hasChanged(tree.paths { $0.goesWithInform }) else { return }
    flash.events.add(.valueChange)
  }

  private func hasChanged(_ paths: [String]) -> Bool {
    paths.contains { path in flash.reported[path].map { $0 != tree[path] } ?? false }
  }
}

// MARK: - What methods do

extension RouterState {
  /// SetParameterValues: gives every refusal, or nothing where all is set.
  package mutating func set(_ values: [ParameterValue], key: String) -> [ParameterTree.Refusal] {
    let refusals = tree.set(values)
    guard refusals.isEmpty else { return refusals }
    for value in values {
      switch value.path {
      case Path.url: flash.assigned.url = value.value.isEmpty ? nil : value.value
      case Path.username: flash.assigned.username = value.value
      case Path.password: flash.assigned.password = value.value
      case Path.configFile: store(startupConfiguration: value.value)
      default: flash.parameters[value.path] = value.value
      }
      // The ACS needs no notice of what it set itself.
      if flash.reported[value.path] != nil { flash.reported[value.path] = value.value }
    }
    tree[Path.parameterKey] = key
    flash.parameters[Path.parameterKey] = key
    showACS()
    return []
  }

  /// SetParameterAttributes: all of them or none.
  package mutating func set(_ changes: [AttributeChange]) throws(ParameterTree.Refusal) {
    for (path, attributes) in try tree.changed(by: changes) {
      tree.set(attributes, of: path)
      flash.attributes[path] = attributes
      // Changes count from now on.
      flash.reported[path] = attributes.notification.goesWithInform ? tree[path] : nil
    }
  }

  /// The ACS took the Inform with these events.
  package mutating func informed(_ events: [InformEvent], at url: String) {
    flash.contactedURL = url
    flash.events.delivered(events)
    for path in tree.paths(where: { $0.goesWithInform }) { flash.reported[path] = tree[path] }
  }

  package mutating func transferAcknowledged(_ transfer: FinishedTransfer) {
    guard let place = flash.finished.firstIndex(of: transfer) else { return }
    flash.finished.remove(at: place)
    flash.events.transferAcknowledged(
      transfer.transfer.event, commandKey: transfer.commandKey, isLast: flash.finished.isEmpty)
  }

  /// A transfer has been made, in vain or not; one that has windows left is made again.
  package mutating func finish(_ transfer: PendingTransfer, fault: TransferFault?, started: Timestamp, now: Timestamp) {
    if fault != nil, let retry = transfer.retried(at: now), let place = flash.pending.firstIndex(of: transfer) {
      flash.pending[place] = retry
      return
    }
    flash.pending.removeAll { $0 == transfer }
    flash.finished.append(
      FinishedTransfer(
        transfer: transfer, faultCode: fault?.code ?? 0, faultText: fault?.text ?? "", started: started, completed: now)
    )
    flash.events.add(.transferComplete)
    flash.events.add(transfer.event, commandKey: transfer.commandKey)
  }

  /// ScheduleDownloads whose windows have passed go on to the next, or have failed.
  private mutating func passWindows(now: Timestamp) {
    let pending = flash.pending
    flash.pending = pending.compactMap { $0.current(at: now) }
    for transfer in pending where transfer.current(at: now) == nil {
      let fault = TransferFault(code: 9020, text: "the time windows have passed")
      finish(transfer, fault: fault, started: now, now: now)
    }
  }

  package mutating func sessionSucceeded(now: Timestamp) {
    retryCount = 0
    retryMoment = nil
    lastSession = now
  }

  /// Gives the milliseconds until the next try.
  @discardableResult
  package mutating func sessionFailed(_ schedule: RetrySchedule, now: Timestamp, random: UInt32) -> Int64 {
    flash.events.sessionFailed()
    retryCount += 1
    let wait = schedule.wait(before: retryCount, random: random)
    retryMoment = now.advanced(byMilliseconds: wait)
    lastSession = now
    return wait
  }
}

// MARK: - What is next

extension RouterState {
  package enum Duty: Hashable, Sendable {
    case session
    case transfer(PendingTransfer)
    /// Nil: nothing, until something happens.
    case wait(until: Timestamp?)
  }

  /// What the router has to do at this moment of itself. Events that have come due are added.
  package mutating func duty(now: Timestamp) -> Duty {
    guard isCWMPEnabled, acs.url != nil else { return .wait(until: nil) }
    for due in flash.schedule where due.moment <= now {
      flash.events.add(.scheduled)
      flash.events.add(.scheduleInformMethod, commandKey: due.commandKey)
    }
    flash.schedule.removeAll { $0.moment <= now }
    let periodic = nextPeriodicInform
    if let periodic, periodic <= now { flash.events.add(.periodic) }
    if acs.url != flash.contactedURL, !flash.events.contains(.bootstrap) {
      flash.finished = []
      flash.pending = []
      flash.events.add(.bootstrap)
    }

    passWindows(now: now)

    // A session that failed after its Inform was answered has no event left, and is tried again all the same.
    let isDue = !flash.events.isEmpty || retryMoment != nil
    let retry = retryMoment ?? now
    if isDue, retry <= now { return .session }
    if let transfer = flash.pending.first(where: { $0.notBefore <= now }) { return .transfer(transfer) }
    let moments =
      flash.schedule.map(\.moment) + flash.pending.map(\.notBefore) + flash.pending.compactMap(\.windows?.first?.end)
      + (isDue ? [retry] : []) + (isDue ? [] : [periodic].compactMap(\.self))
    return .wait(until: moments.min())
  }

  /// One interval after the last session. PeriodicInformTime is kept and has no effect: it only sets the phase.
  package var nextPeriodicInform: Timestamp? {
    guard ["1", "true"].contains(tree[Path.periodicInformEnable] ?? ""),
      let interval = tree[Path.periodicInformInterval].flatMap({ UInt32($0) }), interval > 0
    else { return nil }
    return lastSession.advanced(bySeconds: Int64(interval))
  }
}
