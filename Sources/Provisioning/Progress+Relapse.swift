import CWMP
package import Net

// A router that takes credentials of its own and logs in with the shared ones again. It is given new ones a few times,
// and then left as it is for a while: it would go on so for ever, and no password is worth more for being new. Its own
// end only when it has logged in with the new ones.
extension Progress {
  /// How often in a row it is given new ones.
  package static let renewals = 3
  /// Seconds after which it is given new ones once more.
  package static let renewalPause: Int64 = 86_400

  /// To log in with credentials is to confirm them.
  ///
  /// - Parameter isReset: whether the device says why it has lost its own: a factory reset, or the configuration or the
  ///   reboot that it was asked for.
  mutating func noteLogin(
    _ login: Contact.Login, isReset: Bool, isBootstrap: Bool, _ sharesCredentials: Bool, at now: Timestamp
  ) {
    switch (login, device.credentials) {
    case (.own, .proposed):
      device.relapse = nil
      device.usesOwn = true
      credentialsAccepted()
    case (.own, .confirmed): usedOwn()
    case (.next, .confirmed): renewed(isBootstrap: isBootstrap)
    // It is known for itself: that it took them is enough.
    case (.certificate, .confirmed):
      if case .accepted? = device.renewal { renewed(isBootstrap: isBootstrap) }
    case (.bootstrap, .confirmed) where sharesCredentials:
      device.credentials = .bootstrap
      (device.renewal, device.usesOwn) = (nil, false)
    case (.bootstrap, .confirmed):
      // A loss that is under way is not counted again.
      guard !device.needsCredentials else { break }
      relapse(isReset: isReset, at: now)
    case (.bootstrap, _), (.own, .bootstrap), (.next, _), (.certificate, _), (.link, _), (.none, _): break
    }
  }

  /// It logged in with its own: whoever was given new ones in its place was another.
  private mutating func usedOwn() {
    let wasLost = device.renewal != nil || device.relapse?.isDoubted == true
    device.usesOwn = true
    (device.renewal, device.relapse, device.approval) = (nil, nil, nil)
    guard wasLost else { return }
    // The router has now all that it lacked. It is told as provisioned once that was read back.
    device.verified = nil
    outcomes.append(.secured)
  }

  /// It logged in with the new ones, or is known to have them: its former ones end.
  private mutating func renewed(isBootstrap: Bool) {
    guard let renewal = device.renewal, let sealed = renewal.sealed else { return }
    let wasDoubted = device.relapse?.isDoubted == true
    let isNews = renewal == .proposed(sealed) || wasDoubted || isBootstrap
    device.credentials = .confirmed(sealed)
    device.usesOwn = true
    (device.renewal, device.relapse, device.approval) = (nil, nil, nil)
    clearRefusal()
    if wasDoubted { device.verified = nil }
    if isNews { outcomes.append(.secured) }
  }

  /// It is to be given new ones: those that it did not answer to, or others.
  mutating func renew() {
    if device.offered == nil { device.renewal = .due }
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
    if !isLeft { renew() }
    outcomes.append(.credentialsLost(times: count, isLeft: isLeft))
  }

  /// A person has it tried anew.
  package mutating func retryCredentials() {
    guard device.relapse != nil else { return }
    device.relapse = nil
    if case .confirmed = device.credentials { renew() }
  }

  /// A person takes whoever comes from that address with the shared credentials for the device.
  package mutating func approve(claimFrom address: IPv4Address, at now: Timestamp) {
    device.approval = Approval(address: address, moment: now)
  }
}
