package import CWMP

/// What other profiles, templates or an other inventory would bring upon routers: how many would be configured again,
/// and how.
package struct Outlook: Hashable, Sendable {
  /// Of the routers that would have one profile.
  package struct Part: Hashable, Sendable {
    /// Routers whose goal would be another.
    package var routers = 0
    /// Of them, those that would be asked to download a file, to reboot, or to take parameters.
    package var downloads = 0
    package var reboots = 0
    package var parameters = 0
    /// Of them, those that are what they should be and would be asked to download or reboot.
    package var disturbed = 0
    /// Serial numbers of the first of them.
    package var examples: [String] = []
  }

  /// By the name of the profile.
  package private(set) var parts: [String: Part] = [:]
  /// Routers that wait for somebody to admit them, and would be admitted.
  package private(set) var admitted = 0
  /// Admitted routers that would be quarantined.
  package private(set) var quarantined = 0
  /// Admitted routers that could be planned for and no longer could, with the reason of the first.
  package private(set) var unplannable = 0
  package private(set) var problem: String?
  /// Routers that there was no time to look at.
  package var unseen = 0

  static let examplesTold = 3

  package init() {}

  /// Whether a person is to say yes first: a router that is what it should be would download or reboot, or nobody knows.
  package var needsConfirmation: Bool { unseen > 0 || parts.values.contains { $0.disturbed > 0 } }

  /// - Parameters:
  ///   - admission: what would be decided of the device.
  ///   - former: its goal now; asked for only where that matters.
  package mutating func note(
    _ device: Device, admission: Admission, former: () -> Result<Goal, GoalError>, next: Result<Goal, GoalError>
  ) {
    switch (device.admission, admission) {
    case (.admitted, .admitted): break
    case (.admitted, .quarantined), (.admitted, .undecided):
      quarantined += 1
      return
    case (.quarantined, .admitted), (.undecided, .admitted):
      admitted += 1
      return
    case (.quarantined, _), (.undecided, _): return
    }
    switch next {
    case .failure(let error):
      guard case .success = former() else { return }
      unplannable += 1
      problem = problem ?? "\(error)"
    case .success(let goal):
      guard device.verified?.fingerprint != goal.fingerprint else { return }
      let former = try? former().get()
      guard former?.fingerprint != goal.fingerprint || former?.secures != goal.secures else { return }
      note(device, former, goal)
    }
  }

  private mutating func note(_ device: Device, _ former: Goal?, _ goal: Goal) {
    let downloads = goal.configuration.map { $0.digest != device.configuration } ?? false
    let parameters = !Plan.unconfirmed(device, goal) { !$0.isOptional }.isEmpty
    let isBooted = device.reboot.map { $0.state == .done && $0.commandKey.hasPrefix(CommandKey.rebootStem(goal)) }
    let reboots = goal.reboots && isBooted != true
    guard downloads || parameters || reboots else { return }
    var part = parts[goal.profile] ?? Part()
    part.routers += 1
    part.downloads += downloads ? 1 : 0
    part.parameters += parameters ? 1 : 0
    part.reboots += reboots ? 1 : 0
    if downloads || reboots, former.map({ Self.isSettled(device, $0) }) ?? false { part.disturbed += 1 }
    if part.examples.count < Self.examplesTold { part.examples.append(device.id.serialNumber) }
    parts[goal.profile] = part
  }

  /// Whether the device has got what the goal gives it. One that still waits for its file loses nothing by another.
  private static func isSettled(_ device: Device, _ goal: Goal) -> Bool {
    device.verified?.fingerprint == goal.fingerprint || Plan.isConfigured(device, goal)
      || goal.configuration.map { $0.digest == device.configuration } ?? false
  }
}

extension Outlook {
  /// One sentence for each thing that would happen; none where nothing would.
  package var sentences: [String] {
    var sentences = parts.sorted { $0.key < $1.key }.map { Self.sentence($0.key, $0.value) }
    if admitted > 0 { sentences.append("\(Self.routers(admitted)) that wait would be admitted and provisioned.") }
    if quarantined > 0 { sentences.append("\(Self.routers(quarantined)) would be quarantined at the next Inform.") }
    if unplannable > 0 {
      sentences.append("\(Self.routers(unplannable)) could no longer be provisioned: \(problem ?? "").")
    }
    if unseen > 0 { sentences.append("\(Self.routers(unseen)) were not looked at: it would have taken too long.") }
    return sentences
  }

  private static func sentence(_ profile: String, _ part: Part) -> String {
    var work: [String] = []
    if part.downloads > 0 { work.append("\(part.downloads) would download a configuration") }
    if part.reboots > 0 { work.append("\(part.reboots) would be rebooted") }
    if part.parameters > 0 { work.append("\(part.parameters) would be given parameters") }
    let more = part.routers > part.examples.count ? ", …" : ""
    let examples = part.examples.joined(separator: ", ") + more
    return "Profile \(profile.quoted) changes for \(routers(part.routers)) (\(examples)): "
      + work.joined(separator: ", ") + "."
  }

  private static func routers(_ count: Int) -> String { count == 1 ? "1 router" : "\(count) routers" }
}
