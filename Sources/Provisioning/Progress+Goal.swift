package import CWMP

extension Progress {
  /// Whether the device was provisioned by another goal than this, and work begins for this one.
  package static func begins(_ step: Step, for goal: Goal, _ device: Device) -> Bool {
    guard let verified = device.verified, verified.fingerprint != goal.fingerprint else { return false }
    switch step {
    case .setParameters(_, .profile), .setParameters(_, .periodicInform), .download, .reboot: return true
    case .setParameters(_, .stun), .secure, .awaitTransfer, .awaitBoot, .readBack, .done, .halted: return false
    }
  }

  /// The device was provisioned, and is configured again: it is told why before anything is asked of it.
  package mutating func goalChanged(_ goal: Goal) {
    outcomes.append(.goalChanged(reason: Self.changes(of: device, goal)))
    device.verified = nil
  }

  /// What the goal wants otherwise than the device has it.
  private static func changes(of device: Device, _ goal: Goal) -> String {
    var changes: [String] = []
    if let file = goal.configuration, file.digest != device.configuration {
      changes.append("the file \(file.name.quoted)" + (goal.source.map { " made from \($0)" } ?? ""))
    }
    let paths = Plan.unconfirmed(device, goal) { !$0.isOptional }.map(\.path)
    if !paths.isEmpty {
      let more = paths.count > 3 ? " and \(paths.count - 3) more" : ""
      let named = paths.prefix(3).joined(separator: ", ") + more
      changes.append((paths.count == 1 ? "the parameter " : "the parameters ") + named)
    }
    if changes.isEmpty { changes.append("its reboot") }
    let former = device.verified?.profile.flatMap { $0 == goal.profile ? nil : $0 }
    let profile = "profile \(goal.profile.quoted)" + (former.map { " in place of \($0.quoted)" } ?? "")
    return "\(profile) wants otherwise \(changes.joined(separator: " and "))"
  }
}
