package import CWMP
package import Net

/// Applies to a device's record what the device has said: the record to be committed, and what to tell of it. A request
/// is noted, and that committed, before it is sent.
package struct Progress: Hashable, Sendable {
  package internal(set) var device: Device
  /// In the order in which they came about.
  package internal(set) var outcomes: [Outcome] = []

  package init(of device: Device) {
    self.device = device
  }

  /// The admission that was decided. Told only where it is another one.
  package mutating func decide(_ admission: Admission) {
    guard admission != device.admission else { return }
    device.admission = admission
    switch admission {
    case .undecided: break
    case .admitted(let by): outcomes.append(.admitted(by: by))
    case .quarantined(let reason): outcomes.append(.quarantined(reason: reason))
    }
  }

  /// It is known for itself at this port of a relay.
  package mutating func noteRelayPort(_ port: [UInt8]?) {
    device.relayPort = port
  }

  // MARK: Credentials

  /// These credentials are about to be sent.
  package mutating func credentialsProposed(_ credentials: SealedCredentials) {
    if case .confirmed = device.credentials {
      device.renewal = .proposed(credentials)
    } else {
      device.credentials = .proposed(credentials)
    }
  }

  /// The device accepted the credentials that were proposed to it.
  package mutating func credentialsAccepted() {
    switch (device.credentials, device.renewal) {
    case (.proposed(let credentials), _): device.credentials = .confirmed(credentials)
    case (.confirmed, .proposed(let credentials)?): device.renewal = .accepted(credentials)
    case (.bootstrap, _), (.confirmed, _): return
    }
    clearRefusal()
    if device.isSecured { outcomes.append(.secured) }
  }

  // MARK: Parameters

  /// The device answered SetParameterValues with these values without fault.
  package mutating func parametersAccepted(_ values: [ParameterValue], goal: Goal, at now: Timestamp) {
    let wasConfigured = Plan.isConfigured(device, goal)
    let paths = Set(values.map(\.path))
    let accepted = goal.parameters.filter { paths.contains($0.wanted.path) }
    remember(accepted.map { ParameterFact(path: $0.wanted.path, value: $0.mark, moment: now) })
    clearRefusal()
    if accepted.contains(where: { !$0.isOptional }) { device.verified = nil }
    device.drifts.removeAll { paths.contains($0.path) }
    outcomes.append(.parametersSet(count: values.count))
    tellIfConfigured(goal, before: wasConfigured)
  }

  /// The device answered SetParameterValues for the optional parameters of ``STUNAdvice`` with a fault.
  package mutating func stunRefused(code: Int) {
    device.stunRefusal = STUNRefusal(softwareVersion: device.softwareVersion, code: code)
  }

  /// The device answered a request with a fault; `path` where it named a parameter. For a Download see
  /// ``downloadFailed(code:text:at:)``.
  package mutating func refused(
    method: String, path: String?, code: Int, text: String, goal: Goal, at now: Timestamp
  ) {
    let parameters = path.map { [ParameterFault(path: $0, code: code, text: text)] } ?? []
    refused(method: method, by: Fault(code: code, text: text, parameters: parameters), goal: goal, at: now)
  }

  /// The same, with all that the fault names.
  package mutating func refused(method: String, by fault: Fault, goal: Goal, at now: Timestamp) {
    var attempt = 1
    if let last = device.setback, case .refused = last.kind, last.fingerprint == goal.fingerprint {
      attempt = last.attempt &+ 1
    }
    func cut(_ text: String) -> String { String(text.prefix(256)) }
    let first = fault.parameters.first
    device.setback = Setback(
      kind: .refused(
        method: method, path: (first?.path).map(cut), code: first?.code ?? fault.code,
        text: cut(first?.text ?? fault.text)),
      fingerprint: goal.fingerprint, attempt: attempt, moment: now)
    device.verified = nil
    guard first != nil else {
      outcomes.append(.requestRefused(method: method, code: fault.code, text: cut(fault.text)))
      return
    }
    // The last one that is told is the one that the setback names.
    for parameter in fault.parameters.prefix(Self.refusalsTold).reversed() {
      outcomes.append(
        .parameterRefused(path: cut(parameter.path), code: parameter.code, text: cut(parameter.text)))
    }
  }

  /// Parameters of one fault.
  static let refusalsTold = 64

  /// The device answered GetParameterValues for the paths of a ``Step/readBack(_:)``. A path that it left out counts as
  /// not set (some leave out what they do not have).
  package mutating func readBack(_ values: [ParameterValue], goal: Goal, at now: Timestamp) {
    device.habits.learn(from: values)
    let found = Dictionary(values.map { ($0.path, $0.value) }) { $1 }
    var mismatches: [Setback.Kind] = []
    for parameter in goal.parameters where parameter.isVerified {
      let path = parameter.wanted.path
      if let value = found[path], parameter.agrees(with: value) { continue }
      device.parameters.removeAll { $0.path == path }
      mismatches.append(
        .mismatched(path: path, wanted: parameter.mark, found: String((found[path] ?? "").prefix(256))))
    }
    device.drifts = []
    guard let first = mismatches.first else {
      let paths = Set(goal.parameters.map(\.wanted.path))
      device.parameters.removeAll { !paths.contains($0.path) }
      device.verified = Verification(fingerprint: goal.fingerprint, moment: now, profile: goal.profile)
      device.setback = nil
      outcomes.append(.verified)
      if device.isSecured || !goal.secures { outcomes.append(.provisioned) }
      return
    }
    var attempt = 1
    if let last = device.setback, case .mismatched = last.kind, last.fingerprint == goal.fingerprint {
      attempt = last.attempt &+ 1
    }
    device.setback = Setback(kind: first, fingerprint: goal.fingerprint, attempt: attempt, moment: now)
    device.verified = nil
    for case .mismatched(let path, let wanted, let found) in mismatches.prefix(Self.mismatchesTold) {
      outcomes.append(.mismatched(path: path, wanted: wanted, found: found))
    }
  }

  /// Of one read-back.
  static let mismatchesTold = 8

  // MARK: Shared

  private mutating func remember(_ facts: [ParameterFact]) {
    let paths = Set(facts.map(\.path))
    device.parameters = device.parameters.filter { !paths.contains($0.path) } + facts
  }

  mutating func clearRefusal() {
    if case .refused? = device.setback?.kind { device.setback = nil }
  }

  mutating func tellIfConfigured(_ goal: Goal, before: Bool) {
    if !before, Plan.isConfigured(device, goal) { outcomes.append(.configured) }
  }
}
