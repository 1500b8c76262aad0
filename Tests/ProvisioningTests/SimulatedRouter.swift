import CWMP
import Net
import Provisioning

/// What a router remembers, as far as provisioning concerns it.
struct SimulatedRouter {
  var hasOwnCredentials = false
  /// What its login with its own is.
  var ownLogin = Contact.Login.own
  var values: [String: String] = [:]
  var configuration: [UInt8]?
  /// Each Download that reached it, by command key.
  var downloads: [String] = []
  /// Transfers that it has not told of yet, with their faults.
  var transfers: [(key: String, code: Int)] = []
  /// Whether a transfer takes until the session after the next.
  var isSlow = false
  private var ripe: [(key: String, code: Int)] = []
  private var untold: [(key: String, code: Int)] = []
  var reboots = 0
  var events: [Contact.Occurrence] = [.init("0 BOOTSTRAP"), .init("1 BOOT")]
  /// What becomes of the next downloads.
  var faults: [Int] = []
  /// Paths that it accepts and does not keep.
  var forgets: Set<String> = []

  var contact: Contact {
    let told = transfers.isEmpty ? [] : [Contact.Occurrence("7 TRANSFER COMPLETE")]
    return Contact(
      id: msr, manufacturer: "H3C", events: events.isEmpty && told.isEmpty ? [.init("2 PERIODIC")] : events + told,
      parameters: [ParameterValue(path: root + "DeviceInfo.SoftwareVersion", value: "7.1.064")],
      login: hasOwnCredentials ? ownLogin : .bootstrap)
  }

  mutating func set(_ parameters: [ParameterValue]) {
    for parameter in parameters where !forgets.contains(parameter.path) { values[parameter.path] = parameter.value }
  }

  mutating func download(_ file: Goal.File, _ key: String) {
    downloads.append(key)
    let code = faults.isEmpty ? 0 : faults.removeFirst()
    if code == 0 { configuration = file.content }
    if isSlow { untold.append((key, code)) } else { transfers.append((key, code)) }
  }

  mutating func endSession() {
    transfers += ripe
    ripe = untold
    untold = []
  }

  mutating func reboot(_ key: String) {
    reboots += 1
    events = [.init("1 BOOT"), .init("M Reboot", commandKey: key)]
  }

  func get(_ paths: [String]) -> [ParameterValue] {
    paths.compactMap { path in values[path].map { ParameterValue(path: path, value: $0) } }
  }
}

/// What happens to the message that a cut hits.
enum Loss: CaseIterable {
  /// It never reaches the router.
  case request
  /// The router does as it is told, and its answer is lost.
  case answer
}

/// Sessions between a router and an ACS that does what the plan says and commits as a service does.
struct Walk {
  var router = SimulatedRouter()
  /// The committed record.
  var record: Device?
  var outcomes: [Outcome] = []
  var transcript: [String] = []
  var now = noon
  var profile: Profile
  /// Of all messages to the router, counted from 0, those that are lost.
  var cuts: [Int: Loss] = [:]
  var messages = 0

  init(_ profile: Profile) {
    self.profile = profile
  }

  private mutating func commit(_ progress: Progress) {
    record = progress.device
    outcomes += progress.outcomes
  }

  /// Nil where the message is lost before the router; false where its answer is.
  private mutating func deliver(_ name: String) -> Bool? {
    defer { messages += 1 }
    transcript.append(name)
    switch cuts[messages] {
    case .request?: return nil
    case .answer?: return false
    case nil: return true
    }
  }

  /// One session; returns the step that it ended with.
  mutating func session() throws -> Step? {
    defer { router.endSession() }
    now = now.advanced(bySeconds: 30)
    router.ownLogin = record?.renewal?.sealed == nil ? .own : .next
    let contact = router.contact
    commit(Progress(record, informed: contact, at: now))
    // InformResponse
    guard let answered = deliver("Inform") else { return nil }
    router.events = []
    guard answered else { return nil }
    var record = try current()
    var progress = Progress(of: record)
    progress.decide(.decision(for: record, row: row, profile: profile))
    commit(progress)
    while let transfer = router.transfers.first {
      let goal = try goal(for: current(), profile: profile)
      var progress = Progress(of: try current())
      progress.transferCompleted(commandKey: transfer.key, code: transfer.code, text: "", goal: goal, at: now)
      commit(progress)
      guard let answered = deliver("TransferComplete") else { return nil }
      router.transfers.removeFirst()
      guard answered else { return nil }
    }
    for _ in 0..<20 {
      record = try current()
      let goal = try goal(for: record, profile: profile)
      let step = Plan.next(for: record, goal: goal, at: now)
      guard try perform(step, goal) else { return nil }
      switch step {
      case .awaitTransfer, .awaitBoot, .done, .halted: return step
      case .secure, .setParameters, .download, .reboot, .readBack: break
      }
    }
    return nil
  }

  private func current() throws -> Device {
    guard let record else { throw NoRecord() }
    return record
  }

  struct NoRecord: Error {}

  /// Whether the session goes on.
  private mutating func perform(_ step: Step, _ goal: Goal) throws -> Bool {
    var progress = Progress(of: try current())
    switch step {
    case .secure:
      if progress.device.offered == nil { progress.credentialsProposed(sealed) }
      commit(progress)
      guard let answered = deliver("secure") else { return false }
      router.hasOwnCredentials = true
      guard answered else { return false }
      progress = Progress(of: try current())
      progress.credentialsAccepted()
    case .setParameters(let values, let purpose):
      guard let answered = deliver("set \(purpose)") else { return false }
      router.set(values)
      guard answered else { return false }
      progress.parametersAccepted(values, goal: goal, at: now)
    case .download(let file, let key, let attempt):
      progress.downloadRequested(file, commandKey: key, attempt: attempt, at: now)
      commit(progress)
      guard let answered = deliver("download \(attempt)") else { return false }
      router.download(file, key)
      guard answered else { return false }
      progress = Progress(of: try current())
      progress.downloadAccepted(status: 1, goal: goal, at: now)
    case .reboot(let key, let attempt):
      progress.rebootRequested(commandKey: key, attempt: attempt, at: now)
      commit(progress)
      guard let answered = deliver("reboot") else { return false }
      router.reboot(key)
      guard answered else { return false }
      progress = Progress(of: try current())
      progress.rebootAccepted(at: now)
    case .readBack(let paths):
      guard deliver("read back") == true else { return false }
      progress.readBack(router.get(paths), goal: goal, at: now)
    case .awaitTransfer, .awaitBoot, .done, .halted: return true
    }
    commit(progress)
    return true
  }

  /// Sessions until one ends with nothing left to do; false where so many are not enough.
  mutating func finish(within sessions: Int) throws -> Bool {
    for _ in 0..<sessions where try session() == .done { return true }
    return false
  }
}
