import CWMP
import Net

// A router that takes credentials of its own and logs in with the shared ones again. It is given new ones a few times,
// and then left as it is for a while: it would go on so for ever, and no password is worth more for being new.
extension Progress {
  /// How often in a row it is given new ones.
  package static let renewals = 3
  /// Seconds after which it is given new ones once more.
  package static let renewalPause: Int64 = 86_400

  /// To log in with credentials is to confirm them.
  ///
  /// - Parameter isReset: whether the device says why it has lost its own: a factory reset, or the configuration or the
  ///   reboot that it was asked for.
  mutating func noteLogin(_ login: Contact.Login, isReset: Bool, _ sharesCredentials: Bool, at now: Timestamp) {
    switch (login, device.credentials) {
    case (.own, .proposed):
      device.relapse = nil
      credentialsAccepted()
    case (.own, .confirmed) where device.relapse != nil:
      let wasDoubted = device.relapse?.isDoubted == true
      device.relapse = nil
      guard wasDoubted else { break }
      // What it lacked to be provisioned it has now; that is told once it was read back.
      device.verified = nil
      outcomes.append(.secured)
    case (.bootstrap, .confirmed) where sharesCredentials: device.credentials = .bootstrap
    case (.bootstrap, .confirmed): relapse(isReset: isReset, at: now)
    default: break
    }
  }

  /// It logged in with the shared credentials although it had confirmed its own.
  private mutating func relapse(isReset: Bool, at now: Timestamp) {
    let former = device.relapse
    let isDue = former.map { now.seconds(since: $0.moment) >= Self.renewalPause } ?? true
    if former?.isLeft == true, !isDue { return }
    // After the pause, one more try shows whether it has learned to keep them.
    let count = former.map { $0.isLeft ? Self.renewals : min($0.count, Self.renewals) + 1 } ?? 1
    let isLeft = count > Self.renewals
    device.relapse = Relapse(
      count: count, moment: isLeft ? former?.moment ?? now : now,
      isDoubted: !isReset || former?.isDoubted == true || count > 2,
      isLeft: isLeft)
    if !isLeft { device.credentials = .bootstrap }
    outcomes.append(.credentialsLost(times: count, isLeft: isLeft))
  }

  /// A person has it tried anew.
  package mutating func retryCredentials() {
    guard device.relapse != nil else { return }
    device.relapse = nil
    device.credentials = .bootstrap
  }
}
